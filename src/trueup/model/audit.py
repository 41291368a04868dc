"""Everything that an audit found out, ready to be told by a report."""

from __future__ import annotations

from trueup.model.acceptance import Accepted, Change, Ignore, Suppressed
from trueup.model.config import NO_CONFIG, DatabaseConfig
from trueup.model.eloquent import Eloquent
from trueup.model.enforcement import NO_ENFORCEMENT, Enforcement
from trueup.model.evidence import Evidence
from trueup.model.findings import CannotTell, Finding
from trueup.model.live import Live
from trueup.model.locations import Gap, Location
from trueup.model.migrations import MigrationFile as MigrationFile  # it is part of what is told here
from trueup.model.names import Driver
from trueup.model.pairing import Comparison
from trueup.model.project import Project
from trueup.model.queries import NO_QUERIES, Queries
from trueup.model.schema import Schema
from trueup.model.shapes import NO_PERFORMANCE, Performance
from trueup.model.spec import Specification
from trueup.model.ticket import Ticket
from trueup.structs import Struct, field


class Facts(Struct, frozen=True):
    """All that was read and paired: what a check is given. Replays of other drivers than the project's are in `others`
    (empty unless asked for); `live` is None where no live database was."""

    project: Project
    schema: Schema
    specification: Specification
    comparison: Comparison
    eloquent: Eloquent
    migrations: tuple[MigrationFile, ...] = ()
    ticket: Ticket | None = None
    others: tuple[Schema, ...] = ()
    queries: Queries = NO_QUERIES
    config: DatabaseConfig = NO_CONFIG
    live: Live | None = None
    enforcement: Enforcement = NO_ENFORCEMENT
    ignores: tuple[Ignore, ...] = ()
    """Comments that accept findings, told which of their codes no finding had; only the checks of such comments are given them."""


class Crash(Struct, frozen=True):
    """A reader or check of ours that failed on one input; the rest was still done."""

    what: str
    problem: str


class InventoryRow(Struct, frozen=True):
    """One table, required or existing."""

    table: str
    status: str
    required_by: tuple[Location, ...] = ()
    matched: str = ""
    score: float = 0.0
    candidates: tuple[tuple[str, float], ...] = ()
    model: str = ""
    factory: str = ""
    tests: tuple[str, ...] = ()
    migration: Location | None = None
    columns_required: int = 0
    columns_present: int = 0


class CriterionAnswer(Struct, frozen=True):
    """How the audit answered an acceptance criterion. `state`: "answered", "partly", "not answered"."""

    text: str
    at: Location
    state: str
    how: str


class Audit(Struct, frozen=True):
    """`driver_why` says how the driver was chosen. Findings sorted by severity, code, subject."""

    facts: Facts
    driver: Driver
    driver_why: str
    findings: tuple[Finding, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
    gaps: tuple[Gap, ...] = ()
    crashes: tuple[Crash, ...] = ()
    inventory: tuple[InventoryRow, ...] = ()
    criteria: tuple[CriterionAnswer, ...] = ()
    inputs: tuple[tuple[str, int], ...] = field(default=())
    dump: str = ""
    """The squashed dump that was loaded before the migrations, or ""."""
    performance: Performance = NO_PERFORMANCE
    """The query shapes, how the indexes serve them, and the advised set."""
    evidence: Evidence | None = None
    """What real servers did with the queries, where that was asked for."""
    suppressed: tuple[Suppressed, ...] = ()
    """Findings that hold and were accepted, in the order of findings."""
    expired: tuple[Accepted, ...] = ()
    """Entries of the baseline whose day is over: their findings are told again."""
    stale: tuple[Accepted, ...] = ()
    """Entries of the baseline that no finding has any more."""
    checked: tuple[str, ...] = ()
    """The codes of the checks that ran."""
    drivers: tuple[Driver, ...] = ()
    """All drivers that findings were looked for on, the audit's own first; empty where it was the only one."""
    change: Change | None = None
    """What the audit is compared with, where only what a change brings in was asked for."""
