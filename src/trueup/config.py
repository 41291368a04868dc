"""Settings: what the options say, else trueup.toml, else [tool.trueup] of pyproject.toml.

Every mistake in either is gathered and told at once, with the file and line and the nearest right name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal, get_args

from trueup.errors import Mistake
from trueup.model.names import DRIVERS, SEVERITIES, Driver, Severity
from trueup.model.roles import SetRoles

FailOn = Literal["error", "warning", "never"]
FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)

ALIASES = {
    "postgres": "pgsql",
    "postgresql": "pgsql",
    "psql": "pgsql",
    "maria": "mariadb",
    "md": "markdown",
    "text": "terminal",
}
"""What people say for a value that goes by another name here."""

EVIDENCE_ROWS = (100, 10_000, 1_000_000)
"""The fewest, the usual and the most rows of the largest tables."""

FILES = ("trueup.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a command, as typed: nothing is checked yet. None or empty: not given."""

    specs: tuple[str, ...] = ()
    driver: str | None = None
    server_version: str | None = None
    database_url: str | None = None
    evidence: bool = False
    evidence_rows: str | None = None
    evidence_urls: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str | None = None
    fail_on: str | None = None
    format: str | None = None
    formats: tuple[str, ...] = ()
    """The formats that the command knows."""
    output: str | None = None
    mistakes: tuple[Mistake, ...] = ()
    """Mistakes that the command line itself has found."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is settled, checked. `origins` says for each setting where it comes from: "--driver", "trueup.toml:3"."""

    specs: tuple[str, ...] = ()
    """Specification documents, absolute or relative to where the command was given."""
    driver: Driver | None = None
    drivers: tuple[Driver, ...] = ()
    """Further drivers to replay the migrations for."""
    paths: tuple[str, ...] = ()
    """Migration folders, relative to the project root, in place of those that are found."""
    select: tuple[str, ...] = ()
    """Codes, or beginnings of codes, of the checks that run; empty: all."""
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    roles: tuple[SetRoles, ...] = ()
    """Which tables and columns play which part in cost tracking, where that is not to be found out."""
    """Severities that replace a check's own, by code."""
    fail_on: FailOn = "error"
    server_version: str = ""
    database_url: str = ""
    evidence_rows: int = 0
    """Rows of the largest tables that queries are measured on; 0: no evidence is asked for."""
    evidence_urls: tuple[str, ...] = ()
    """Servers on which Trueup may make scratch databases; empty: SQLite."""
    baseline: str = ""
    """A JSON report of an earlier audit, whose findings are known."""
    format: str = ""
    origins: tuple[tuple[str, str], ...] = field(default=())

    def origin(self, name: str) -> str:
        """Where the setting `name` comes from; "" where it is the default."""
        return next((where for setting, where in self.origins if setting == name), "")


_OF_THE_MOMENT = ("origins", "format", "database_url", "evidence_rows", "evidence_urls")
SETTINGS = tuple(f.name for f in fields(Settings) if f.name not in _OF_THE_MOMENT)
"""What the file may set: not the format and what else is a matter of the moment, nor a URL, which holds a password."""


def read_settings(
    root: str | None, options: Options, codes: Sequence[str] | None = None
) -> tuple[Settings, list[Mistake]]:
    """The settings and every mistake in the options and in the project's own file. `root` None: no project, options only.
    `codes` are those of the checks; None: codes are not checked."""
    gathering = _Gathering(root, codes)
    gathering.mistakes.extend(options.mistakes)
    settings = Settings()
    if root is not None:
        settings = _from_file(root, settings, gathering)
    settings = _from_options(settings, options, gathering)
    return settings, gathering.mistakes


class _Gathering:
    """Mistakes so far, and how values are checked."""

    def __init__(self, root: str | None, codes: Sequence[str] | None) -> None:
        self.root = root
        self.codes = codes
        self.mistakes: list[Mistake] = []

    def wrong(self, where: str, problem: str, expected: str = "") -> None:
        self.mistakes.append(Mistake(where, problem, expected))

    def rows(self, text: str, where: str) -> int:
        """A number of rows within EVIDENCE_ROWS, written with or without separators."""
        plain = re.sub(r"(?<=\d)[_,](?=\d)", "", text)
        least, _, most = EVIDENCE_ROWS
        if plain.isdecimal() and least <= int(plain) <= most:
            return int(plain)
        self.wrong(where, f"'{text}' is no number of rows", f"{least:,} to {most:,}")
        return least

    def text(self, value: object, where: str) -> str | None:
        if isinstance(value, str) and value:
            return value
        self.wrong(where, f"{_shown(value)} is no text", 'a text in quotes, such as "mysql"')
        return None

    def texts(self, value: object, where: str) -> tuple[str, ...] | None:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.wrong(where, f"{_shown(value)} is no list of texts", 'a list such as ["a", "b"]')
            return None
        read = [self.text(item, where) for item in value]
        return tuple(item for item in read if item is not None)

    def choice(self, value: object, where: str, choices: Sequence[str]) -> str | None:
        text = self.text(value, where)
        if text is None or text in choices:
            return text
        self.wrong(where, f"there is no '{text}'", nearest(text, choices))
        return None

    def check_codes(self, values: tuple[str, ...] | None, where: str) -> tuple[str, ...] | None:
        for value in values or ():
            if value.lower() in ("all", "optional"):
                continue
            if self.codes is not None and not any(code.startswith(value.upper()) for code in self.codes):
                self.wrong(where, f"no check has the code '{value}'", nearest(value.upper(), self.codes))
        return None if values is None else tuple(value.upper() for value in values)

    def existing(self, values: tuple[str, ...] | None, where: str, *bases: str) -> tuple[str, ...] | None:
        """The values, each of which must be there in one of the folders `bases`."""
        for value in values or ():
            if not any(os.path.exists(os.path.join(base, value)) for base in bases):
                self.wrong(where, f"there is no file or folder '{value}'", _nearest_file(bases[0], value))
        return values

    def writable(self, output: str) -> None:
        folder = os.path.dirname(output) or "."
        if os.path.isdir(output):
            self.wrong("--output", f"'{output}' is a folder", "the file to write")
        elif not os.path.isdir(folder):
            self.wrong("--output", f"there is no folder '{folder}' to write to")


def nearest(text: str, choices: Sequence[str]) -> str:
    """What was probably meant, and what else could be: the end of a mistake's message."""
    from difflib import get_close_matches

    near = [ALIASES[text.lower()]] if ALIASES.get(text.lower()) in choices else []
    near = near or get_close_matches(text, choices, n=1) or get_close_matches(text.lower(), choices, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    return f"{meant}known: {', '.join(choices)}" if len(choices) <= 16 else meant.strip()


def _nearest_file(base: str, path: str) -> str:
    from difflib import get_close_matches

    folder, name = os.path.split(os.path.join(base, path))
    try:
        near = get_close_matches(name, sorted(os.listdir(folder)), n=1)
    except OSError:
        near = []
    return f"did you mean '{os.path.join(os.path.dirname(path), near[0])}'?" if near else ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _set(settings: Settings, name: str, value: object, where: str) -> Settings:
    """The settings with one of them replaced, unless its value was a mistake (None)."""
    if value is None:
        return settings
    origins = tuple(o for o in settings.origins if o[0] != name)
    return replace(settings, **{name: value}, origins=(*origins, (name, where)))  # type: ignore[arg-type]  # checked by name


# The file.


def _from_file(root: str, settings: Settings, gathering: _Gathering) -> Settings:
    for name in FILES:
        path = os.path.join(root, name)
        if not os.path.isfile(path):
            continue
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as problem:
            gathering.wrong(name, f"can't be read: {problem}")
            continue
        table = _table(name, text, gathering)
        if table is not None:
            return _from_table(settings, table, _Lines(name, text), gathering)
    return settings


def _table(name: str, text: str, gathering: _Gathering) -> Mapping[str, object] | None:
    """The settings in a file; None where it has none."""
    if name == "pyproject.toml" and "trueup" not in text:
        return None
    import tomllib

    try:
        read: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        gathering.wrong(name, f"is no valid TOML: {problem}")
        return None
    for key in ("tool", "trueup") if name == "pyproject.toml" else ():
        inner = read.get(key)
        if not isinstance(inner, dict):
            return None
        read = inner
    return read


class _Lines:
    """Where in the file a key stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def where(self, key: str) -> str:
        pattern = re.compile(
            rf"""\s*["']?{re.escape(key)}["']?\s*=|\s*\[(?:tool\.trueup\.)?{re.escape(key)}\]"""
        )
        line = next((n for n, text in enumerate(self.lines, 1) if pattern.match(text)), 0)
        return f"{self.name}:{line}" if line else self.name


def _from_table(
    settings: Settings, table: Mapping[str, object], lines: _Lines, gathering: _Gathering
) -> Settings:
    for key, value in table.items():
        where = lines.where(key)
        name = key.replace("-", "_")
        if name not in SETTINGS:
            gathering.wrong(where, f"there is no setting '{key}'", nearest(name, SETTINGS))
            continue
        settings = _set(settings, name, _value(name, value, where, lines, gathering), where)
    return settings


def _value(name: str, value: object, where: str, lines: _Lines, gathering: _Gathering) -> object:
    """The checked value of a setting in the file, or None where it is a mistake, which is then told."""
    if name == "roles":
        from trueup.roles_config import read_roles

        return read_roles(value, lines.where, gathering.wrong)
    if name == "severity":
        return _severities(value, where, lines, gathering)
    root = gathering.root or "."
    readers: Mapping[str, Callable[[], object]] = {
        "driver": lambda: gathering.choice(value, where, DRIVERS),
        "drivers": lambda: _drivers(gathering.texts(value, where), where, gathering),
        "fail_on": lambda: gathering.choice(value, where, FAIL_ON),
        "select": lambda: gathering.check_codes(gathering.texts(value, where), where),
        "ignore": lambda: gathering.check_codes(gathering.texts(value, where), where),
        "paths": lambda: gathering.existing(gathering.texts(value, where), where, root),
        "specs": lambda: _under(root, gathering.existing(gathering.texts(value, where), where, root)),
        "baseline": lambda: _one(
            _under(root, gathering.existing(_tupled(gathering.text(value, where)), where, root))
        ),
    }
    return readers.get(name, lambda: gathering.text(value, where))()


def _severities(value: object, where: str, lines: _Lines, gathering: _Gathering) -> object:
    if not isinstance(value, dict):
        gathering.wrong(where, f"{_shown(value)} is no table of severities", 'such as { TBL001 = "warning" }')
        return None
    found: list[tuple[str, str]] = []
    for code, severity in value.items():
        place = lines.where(str(code))
        codes = gathering.check_codes((str(code),), place) or ()
        chosen = gathering.choice(severity, place, SEVERITIES)
        found.extend((c, chosen) for c in codes if chosen)
    return tuple(sorted(found))


def _drivers(values: tuple[str, ...] | None, where: str, gathering: _Gathering) -> object:
    checked = [gathering.choice(value, where, DRIVERS) for value in values or ()]
    return tuple(value for value in checked if value)


def _under(root: str, values: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(os.path.join(root, value) for value in values)


def _one(values: tuple[str, ...] | None) -> str | None:
    return values[0] if values else None


def _tupled(value: str | None) -> tuple[str, ...] | None:
    return None if value is None else (value,)


# The options.


def _from_options(settings: Settings, options: Options, gathering: _Gathering) -> Settings:
    if options.specs:
        settings = _set(
            settings,
            "specs",
            gathering.existing(options.specs, "--spec", ".", gathering.root or "."),
            "--spec",
        )
    if options.driver is not None:
        settings = _set(settings, "driver", gathering.choice(options.driver, "--driver", DRIVERS), "--driver")
    if options.fail_on is not None:
        settings = _set(
            settings, "fail_on", gathering.choice(options.fail_on, "--fail-on", FAIL_ON), "--fail-on"
        )
    if options.format is not None:
        settings = _set(
            settings, "format", gathering.choice(options.format, "--format", options.formats), "--format"
        )
    if options.output not in (None, "-"):
        gathering.writable(str(options.output))
    if options.baseline is not None:
        known = gathering.existing((options.baseline,), "--baseline", ".")
        settings = _set(settings, "baseline", _one(known), "--baseline")
    for name, values in (("select", options.select), ("ignore", options.ignore)):
        if values:
            split = tuple(code for value in values for code in re.split(r"[\s,]+", value) if code)
            settings = _set(settings, name, gathering.check_codes(split, f"--{name}"), f"--{name}")
    for name, text in (("server_version", options.server_version), ("database_url", options.database_url)):
        if text:
            settings = _set(settings, name, text, f"--{name.replace('_', '-')}")
    if options.evidence or options.evidence_rows or options.evidence_urls:
        rows = gathering.rows(options.evidence_rows or str(EVIDENCE_ROWS[1]), "--evidence-rows")
        settings = replace(settings, evidence_rows=rows, evidence_urls=options.evidence_urls)
    return settings
