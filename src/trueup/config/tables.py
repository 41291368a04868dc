"""Settings that are tables: severities, accepted findings by path and table, folders of phases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from trueup.config.gathering import Gathering, nearest, shown
from trueup.model.acceptance import IgnoreRule
from trueup.model.locations import Location
from trueup.model.names import SEVERITIES, Severity
from trueup.model.tickets import PHASES, Phase

if TYPE_CHECKING:
    from trueup.config.file import Lines


def _table(value: object, what: str, example: str, where: str, gathering: Gathering) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    gathering.wrong(where, f"{shown(value)} is no table of {what}", f"such as {example}")
    return {}


def severities(
    key: str, value: object, lines: Lines, gathering: Gathering
) -> tuple[tuple[str, Severity], ...]:
    table = _table(value, "severities", '{ TBL001 = "warning" }', lines.where(key), gathering)
    found: list[tuple[str, Severity]] = []
    for code, severity in table.items():
        place = lines.where(key, str(code))
        codes = gathering.check_codes((str(code),), place) or ()
        chosen = gathering.choice(severity, place, SEVERITIES)
        found.extend((c, s) for c in codes for s in SEVERITIES if s == chosen)
    return tuple(sorted(found))


def ignores(
    paths: bool, key: str, value: object, lines: Lines, gathering: Gathering
) -> tuple[IgnoreRule, ...]:
    """Rules by path, or else by table."""
    example = '{ "database/legacy/*" = ["COL"] }' if paths else '{ "telescope_*" = ["all"] }'
    table = _table(value, "patterns", example, lines.where(key), gathering)
    rules = []
    for pattern, codes in table.items():
        place = lines.where(key, pattern)
        checked = gathering.check_codes(gathering.texts(codes, place), place) or ()
        file, _, line = place.partition(":")
        at = Location(file, int(line or 0))
        rules.append(IgnoreRule("path" if paths else "table", pattern, checked, at))
    return tuple(rules)


def phases(key: str, value: object, lines: Lines, gathering: Gathering) -> tuple[tuple[Phase, str], ...]:
    example = '{ Implementation = "docs/tickets/implementation" }'
    table = _table(value, "folders", example, lines.where(key), gathering)
    found: list[tuple[Phase, str]] = []
    for name, folder in table.items():
        place = lines.where(key, name)
        chosen = next((p for p in PHASES if p.lower() == name.lower().replace("_", " ")), None)
        if chosen is None:
            gathering.wrong(place, f"there is no phase '{name}'", nearest(name, PHASES))
        text = gathering.text(folder, place)
        if text is not None and (
            os.path.isabs(text) or os.path.normpath(text).split(os.sep)[0] in ("..", ".")
        ):
            gathering.wrong(place, f"'{text}' is no folder inside the project", "relative to its root")
        elif text is not None and chosen is not None:
            found.append((chosen, os.path.normpath(text).replace(os.sep, "/")))
    return tuple(sorted(found, key=lambda entry: PHASES.index(entry[0])))
