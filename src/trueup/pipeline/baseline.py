"""A baseline: findings that were accepted. Either a file that people keep (`trueup.baseline/1`, TOML), where each has a reason,
somebody who accepted it and a last day; or the JSON report of an earlier audit, whose findings are known."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Iterator, Mapping

from trueup.config.toml import read_toml
from trueup.errors import ConfigError, Mistake
from trueup.model.acceptance import Acceptance, Accepted
from trueup.model.locations import Location

FORMAT = "trueup.baseline/1"
DEFAULT = "trueup-baseline.toml"
"""In the project's root; used where nothing else is named."""
NEVER = "never"
MAX_CHARACTERS = 10_000_000
"""Of a baseline: some 50,000 findings."""
FIELDS = ("id", "code", "subject", "message", "reason", "author", "since", "expires")
_EXPECTED = "a file kept by trueup baseline, or a report written by trueup audit --format json"


def baseline_path(given: str, root: str) -> str:
    """The baseline that counts: the one that is named, else the project's own, else none."""
    own = os.path.join(root, DEFAULT)
    return given or (own if os.path.isfile(own) else "")


def read_baseline(path: str) -> tuple[Accepted, ...]:
    """The entries, none without a path or where the file is yet to be written. Raises ConfigError with every mistake in it."""
    if not path or not os.path.lexists(path):
        return ()
    try:
        text = baseline_text(path)
    except (OSError, ValueError) as problem:
        raise ConfigError(Mistake(path, f"the baseline can't be read: {problem}", _EXPECTED)) from problem
    return _of_report(path, text) if text.lstrip().startswith("{") else read_entries(path, text)


def baseline_text(path: str) -> str:
    """The file's text. Raises OSError, and ValueError for what is no UTF-8 or longer than MAX_CHARACTERS."""
    with open(path, encoding="utf-8") as file:
        text = file.read(MAX_CHARACTERS + 1)
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"it is longer than {MAX_CHARACTERS:,} characters")
    return text


def _of_report(path: str, text: str) -> tuple[Accepted, ...]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ConfigError(Mistake(path, f"the baseline can't be read: {problem}", _EXPECTED)) from problem
    found = (
        read.get("findings") if isinstance(read, dict) and read.get("format") == "trueup.audit/1" else None
    )
    if not isinstance(found, list):
        raise ConfigError(Mistake(path, "is no baseline", _EXPECTED))
    known = Acceptance("baseline", "in the report of an earlier audit", at=Location(os.path.basename(path)))
    return tuple(
        Accepted(str(f["id"]), str(f.get("code", "")), "", str(f.get("message", "")), known)
        for f in found
        if isinstance(f, dict) and "id" in f
    )


def read_entries(path: str, text: str) -> tuple[Accepted, ...]:
    """The entries of a `trueup.baseline/1` file. Raises ConfigError with every mistake in it."""
    try:
        read = read_toml(text)
    except ValueError as problem:  # not only TOMLDecodeError: a number of 5,000 digits is refused by int()
        raise ConfigError(Mistake(path, f"is no valid TOML: {problem}", _EXPECTED)) from problem
    entries = read.get("accepted", [])
    if read.get("format") != FORMAT or not isinstance(entries, list):
        raise ConfigError(Mistake(path, "is no baseline", f'format = "{FORMAT}" at its head'))
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*accepted\s*\]\]", line)]
    mistakes: list[Mistake] = []
    found: dict[str, Accepted] = {}
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else 0
        where = f"{path}:{line}" if line else path
        wrong = list(_mistakes(entry, where)) if isinstance(entry, dict) else [Mistake(where, "is no entry")]
        mistakes.extend(wrong)
        if not wrong:
            one = _entry(entry, Location(os.path.basename(path), line))
            if one.id in found:
                mistakes.append(Mistake(where, f"the finding {one.id} is accepted twice"))
            found[one.id] = one
    if mistakes:
        raise ConfigError(*mistakes)
    return tuple(found.values())


def _mistakes(entry: Mapping[str, object], where: str) -> Iterator[Mistake]:
    for name in entry:
        if name not in FIELDS:
            yield Mistake(where, f"an entry has no '{name}'", f"known: {', '.join(FIELDS)}")
    for name, what in (
        ("id", "the finding's id"),
        ("reason", "why it is accepted"),
        ("author", "who accepts it"),
    ):
        value = entry.get(name)
        if not isinstance(value, str) or not value.strip():
            yield Mistake(where, f"an entry needs '{name}'", what)
    if _day(entry.get("expires")) is None:
        yield Mistake(where, "an entry needs 'expires'", f'a date such as 2027-03-31, or "{NEVER}"')


def _day(value: object) -> str | None:
    """A date as text, "" for never, None for what is neither."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if value == NEVER:
        return ""
    try:
        return datetime.date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def _entry(entry: Mapping[str, object], at: Location) -> Accepted:
    def text(name: str) -> str:
        return str(entry.get(name, ""))

    acceptance = Acceptance("baseline", text("reason"), text("author"), _day(entry.get("expires")) or "", at)
    return Accepted(text("id"), text("code"), text("subject"), text("message"), acceptance)


def is_expired(entry: Accepted, today: datetime.date) -> bool:
    """Whether its last day is over."""
    return bool(entry.acceptance.expires) and entry.acceptance.expires < today.isoformat()
