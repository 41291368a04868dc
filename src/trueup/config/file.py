"""Settings from trueup.toml, or from [tool.trueup] of pyproject.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from trueup.config.declared import SETTINGS, Declared, Shape, declared
from trueup.config.gathering import Gathering, nearest
from trueup.config.roles import read_roles
from trueup.config.settings import Settings, with_setting
from trueup.config.tables import ignores, phases, severities

FILES = ("trueup.toml", "pyproject.toml")

MAX_CHARACTERS = 1_000_000
MOST_UNKNOWN = 50
"""Unknown settings that are told one by one, each with its line and the nearest name."""


def from_file(root: str, settings: Settings, gathering: Gathering) -> Settings:
    """`settings` with what the first file of FILES that speaks of Trueup sets."""
    for name in FILES:
        path = os.path.join(root, name)
        if not os.path.isfile(path):
            continue
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read(MAX_CHARACTERS + 1)
        except (OSError, UnicodeDecodeError) as problem:
            gathering.wrong(name, f"can't be read: {problem}")
            continue
        if len(text) > MAX_CHARACTERS:
            gathering.wrong(name, f"is longer than {MAX_CHARACTERS:,} characters")
            continue
        table = _table(name, text, gathering)
        if table is not None:
            return _from_table(settings, table, Lines(name, text), gathering)
    return settings


def _table(name: str, text: str, gathering: Gathering) -> Mapping[str, object] | None:
    """The settings in a file; None where it has none."""
    if name == "pyproject.toml" and "trueup" not in text:
        return None
    from trueup.config.toml import read_toml

    try:
        read = read_toml(text)
    except ValueError as problem:  # not only TOMLDecodeError: a number of 5,000 digits is refused by int()
        gathering.wrong(name, f"is no valid TOML: {problem}")
        return None
    for key in ("tool", "trueup") if name == "pyproject.toml" else ():
        inner = read.get(key)
        if not isinstance(inner, dict):
            return None
        read = inner
    return read


class Lines:
    """Where in the file a key stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def where(self, *path: str) -> str:
        """The place of a key within the tables around it, as far as it is found; the file's name where nothing is."""
        line = 0
        for depth in range(len(path)):
            line = self._line(path[: depth + 1], line) or line
        return f"{self.name}:{line}" if line else self.name

    def _line(self, path: tuple[str, ...], after: int) -> int:
        """The line, at or after that of the table around it, of `key =` or of the header `[a.key]`."""
        key = rf"""["']?{re.escape(path[-1])}["']?"""
        dotted = r"\.".join(rf"""["']?{re.escape(part)}["']?""" for part in path)
        pattern = re.compile(rf"\s*{key}\s*=|\s*\[(?:tool\.trueup\.)?{dotted}\]|.*[{{,]\s*{key}\s*=")
        start = max(after - 1, 0)
        return next((n for n, text in enumerate(self.lines[start:], start + 1) if pattern.match(text)), 0)


def _from_table(
    settings: Settings, table: Mapping[str, object], lines: Lines, gathering: Gathering
) -> Settings:
    unknown = 0
    for key, value in sorted(
        table.items(), key=lambda item: item[0] != "checks"
    ):  # what is selected may be theirs
        name = key.replace("-", "_")
        if name not in SETTINGS:
            unknown += 1
            if unknown <= MOST_UNKNOWN:
                gathering.wrong(lines.where(key), f"there is no setting '{key}'", nearest(name, SETTINGS))
            continue
        where = lines.where(key)
        read = _value(declared(name), key, value, lines, gathering)
        if name in ("ignore_paths", "ignore_tables"):
            name, read = "ignore_rules", (*settings.ignore_rules, *(read if isinstance(read, tuple) else ()))
        if name == "checks" and isinstance(read, tuple):
            read = tuple(dict.fromkeys((*settings.checks, *read)))
        settings = with_setting(settings, name, read, where)
    if unknown > MOST_UNKNOWN:
        gathering.wrong(
            lines.name, f"there are {unknown - MOST_UNKNOWN:,} more settings that Trueup does not know"
        )
    return settings


def _value(one: Declared, key: str, value: object, lines: Lines, gathering: Gathering) -> object:
    """The checked value of a setting in the file, or None where it is a mistake, which is then told."""
    where, root = lines.where(key), gathering.root or "."
    readers: Mapping[Shape, Callable[[], object]] = {
        "text": lambda: gathering.text(value, where),
        "choice": lambda: gathering.choice(value, where, one.choices),
        "choices": lambda: _choices(one, gathering.texts(value, where), where, gathering),
        "codes": lambda: gathering.check_codes(gathering.texts(value, where), where),
        "checks": lambda: _checks(gathering.texts(value, where), where, gathering),
        "folders": lambda: gathering.existing(gathering.texts(value, where), where, root),
        "files": lambda: _under(root, gathering.existing(gathering.texts(value, where), where, root)),
        "file": lambda: _file(root, gathering.text(value, where), where, gathering),
        "severities": lambda: severities(key, value, lines, gathering),
        "ignores": lambda: ignores(one.name == "ignore_paths", key, value, lines, gathering),
        "roles": lambda: read_roles(value, lambda dotted: lines.where(*dotted.split(".")), gathering.wrong),
        "phases": lambda: phases(key, value, lines, gathering),
    }
    return readers[one.shape]()


def _checks(values: tuple[str, ...] | None, where: str, gathering: Gathering) -> tuple[str, ...] | None:
    """Checks of the user's own; None where they are not to be loaded. They are code of the project, which is run only where the
    user says so."""
    if gathering.project_checks:
        return gathering.own(values, where, gathering.root or ".")
    gathering.left_out.extend([where] if values else ())
    return None


def _choices(one: Declared, values: tuple[str, ...] | None, where: str, gathering: Gathering) -> object:
    checked = [gathering.choice(value, where, one.choices) for value in values or ()]
    return tuple(dict.fromkeys(value for value in checked if value))


def _under(root: str, values: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(os.path.join(root, value) for value in values)


def _file(root: str, value: str | None, where: str, gathering: Gathering) -> str | None:
    """A file that must be there, unless the command is about to write it."""
    if value is None:
        return None
    if not gathering.may_lack_baseline:
        gathering.existing((value,), where, root)
    return os.path.join(root, value)
