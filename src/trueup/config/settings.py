"""What a command was asked (`Options`, unchecked) and what is settled (`Settings`, checked)."""

from __future__ import annotations

from typing import Literal, get_args

from trueup.errors import Mistake
from trueup.model.acceptance import IgnoreRule
from trueup.model.names import Driver, Severity
from trueup.model.roles import SetRoles
from trueup.model.tickets import Phase
from trueup.structs import Struct, field, replace

FailOn = Literal["error", "warning", "never"]
FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)


class Options(Struct, frozen=True):
    """The options of a command, as typed: nothing is checked yet. None or empty: not given."""

    specs: tuple[str, ...] = ()
    driver: str | None = None
    several: bool = False
    """Whether the command takes several drivers, "mysql,pgsql": the first is the one that is told of most."""
    server_version: str | None = None
    database_url: str | None = None
    evidence: bool = False
    evidence_rows: str | None = None
    evidence_minutes: str | None = None
    evidence_urls: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    """Checks of the user's own: files, or names of entry points."""
    own_checks: bool = False
    """Those that the project's own file names are loaded too: they are the project's code."""
    baseline: str | None = None
    fail_on: str | None = None
    format: str | None = None
    formats: tuple[str, ...] = ()
    """The formats that the command knows."""
    output: str | None = None
    writes_baseline: bool = False
    """Whether the command is about to write the baseline, which need not be there then."""
    mistakes: tuple[Mistake, ...] = ()
    """Mistakes that the command line itself has found."""


class Settings(Struct, frozen=True):
    """What is settled, checked. `origins` says for each setting where it comes from: "--driver", "trueup.toml:3"."""

    specs: tuple[str, ...] = ()
    """Specification documents, absolute or relative to where the command was given."""
    driver: Driver | None = None
    drivers: tuple[Driver, ...] = ()
    """Further drivers to audit for."""
    paths: tuple[str, ...] = ()
    """Migration folders, relative to the project root, in place of those that are found."""
    select: tuple[str, ...] = ()
    """Codes, or beginnings of codes, of the checks that run; empty: all."""
    ignore: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    """Checks of the user's own: absolute paths of files, and names of entry points."""
    checks_left_out: tuple[str, ...] = ()
    """Where the project's own file names checks that were not loaded ("trueup.toml:3")."""
    ignore_rules: tuple[IgnoreRule, ...] = ()
    """From `ignore_paths` and `ignore_tables`: findings that are accepted by their place or their table."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Severities that replace a check's own, by code."""
    fail_on: FailOn = "error"
    server_version: str = ""
    database_url: str = ""
    evidence_rows: int = 0
    """Rows of the largest tables that queries are measured on; 0: no evidence is asked for."""
    evidence_minutes: int = 0
    """What one of their servers may take."""
    evidence_urls: tuple[str, ...] = ()
    """Servers on which Trueup may make scratch databases; empty: SQLite."""
    baseline: str = ""
    """A file of accepted findings, or a JSON report of an earlier audit, whose findings are known."""
    roles: tuple[SetRoles, ...] = ()
    """Which tables and columns play which part in cost tracking, where that is not to be found out."""
    phases: tuple[tuple[Phase, str], ...] = ()
    """Folders of the tickets of a phase, relative to the root, in place of those that the audit ticket names."""
    format: str = ""
    origins: tuple[tuple[str, str], ...] = field(default=())

    def origin(self, name: str) -> str:
        """Where the setting `name` comes from; "" where it is the default."""
        return next((where for setting, where in self.origins if setting == name), "")


def with_setting(settings: Settings, name: str, value: object, where: str) -> Settings:
    """The settings with one of them replaced, unless its value was a mistake (None)."""
    if value is None:
        return settings
    origins = tuple(o for o in settings.origins if o[0] != name)
    return replace(settings, **{name: value}, origins=(*origins, (name, where)))
