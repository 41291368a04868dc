"""The shapes of what the server answers. Lists are pages: `total` counts all that was asked for, `next_offset` is where the next
page begins (None: there is none)."""

from __future__ import annotations

from pydantic import BaseModel, Field

from trueup.model.names import Category, Driver, Effort, Severity


class Place(BaseModel):
    """A place in a file. `file` is relative to the project; line 0 is the file as a whole."""

    file: str
    line: int


class Paged(BaseModel):
    """A page of a list."""

    total: int
    offset: int
    next_offset: int | None = Field(description="where the next page begins; null: this is the last")


class FindingTold(BaseModel):
    """One finding. `more_locations` counts those that are left out."""

    id: str = Field(description="stays the same as long as the finding is there")
    code: str = Field(description="the check; explain_check tells what it means")
    severity: Severity
    category: Category
    table: str
    column: str
    index: str
    model: str
    message: str
    expected: str
    found: str
    locations: list[Place]
    more_locations: int
    recommendation: str
    effort: Effort
    drivers: list[Driver] = Field(
        description="the servers that it holds on, where several are audited for; else empty"
    )


class Findings(Paged):
    """Findings, gravest first. `verdict` is about the whole audit; `cannot_tell` counts questions that could not be answered and
    `gaps` statements that could not be read (tool `unknowns` lists them): unknown is not absent."""

    verdict: str
    findings: list[FindingTold]
    cannot_tell: int
    gaps: int


class InventoryTable(BaseModel):
    """One table. `status`: present, missing, renamed (it is there under the name `matched`), extra (not required)."""

    table: str
    status: str
    matched: str
    required_by: list[Place]
    migration: Place | None
    model: str
    factory: str
    tests: int
    columns_required: int
    columns_present: int
    findings: int


class Inventory(Paged):
    """The project at a glance, and its tables."""

    framework: str
    driver: Driver
    driver_why: str
    verdict: str
    severities: dict[str, int]
    crashes: list[str] = Field(
        description="parts of Trueup that failed: what they would have found is not known"
    )
    tables: list[InventoryTable]


class ColumnTold(BaseModel):
    name: str
    type: str
    nullable: bool
    default: str | None
    auto_increment: bool
    unknown: list[str] = Field(description="parts that could not be read")
    at: Place


class IndexTold(BaseModel):
    name: str
    columns: list[str]
    expressions: list[str]
    unique: bool
    primary: bool
    kind: str
    where: str | None
    implied: bool = Field(description="made by the server itself")
    at: Place


class ForeignKeyTold(BaseModel):
    name: str | None
    columns: list[str]
    foreign_table: str
    foreign_columns: list[str]
    on_delete: str
    on_update: str
    at: Place


class CheckTold(BaseModel):
    name: str | None
    expression: str


class TableSchema(Paged):
    """A table as the migrations leave it on the server of `driver`. The page is one of its columns."""

    table: str
    driver: Driver
    at: Place
    columns: list[ColumnTold]
    indexes: list[IndexTold]
    foreign_keys: list[ForeignKeyTold]
    checks: list[CheckTold]
    touched: list[Place] = Field(description="statements that changed the table after its creation")


class QueryTold(BaseModel):
    """One place of the code that reaches the table. `grade`: how the indexes serve it (served, partly, unserved, unbounded, cannot
    tell), "" for what has none, such as an insert."""

    at: Place
    kind: str
    method: str
    model: str
    tables: list[str]
    filters: list[str]
    sorts: list[str]
    limited: bool
    loop: bool
    followed: bool = Field(description="false: parts could not be followed, there may be more conditions")
    grade: str
    indexes: list[str]
    why: str


class QueriesTold(Paged):
    """The query sites of a table. `unresolved`: places of the whole project whose table could not be told."""

    table: str
    queries: list[QueryTold]
    advice: list[str] = Field(description="what to do with the table's indexes")
    unresolved: int


class CheckExplained(BaseModel):
    code: str
    title: str
    severity: Severity = Field(description="the gravest that it gives")
    category: Category
    why: str
    fix: str
    findings: int = Field(description="how many it has in this project")


class Unknown(BaseModel):
    """A question that a check could not decide (`code` says which), or a statement that could not be read (`code` is "")."""

    code: str
    subject: str
    reason: str
    at: Place


class Unknowns(Paged):
    unknowns: list[Unknown]


class Brief(BaseModel):
    id: str
    code: str
    severity: Severity
    table: str
    message: str


class FailureTold(BaseModel):
    at: Place
    reason: str = Field(description="in the server's words as far as they can be told")
    code: str


class DriverTrial(BaseModel):
    """The migration on one driver. Where it would fail, nothing is said of findings."""

    driver: Driver
    would_fail: bool
    failures: list[FailureTold]
    not_understood: list[Unknown] = Field(
        description="statements of the migration that could not be read: they did nothing here"
    )
    down_problem: str = Field(description='why down() does not restore what was before; "": it does')
    changes: list[str]
    more_changes: int
    gone_total: int
    gone: list[Brief]
    new_total: int
    new: list[FindingTold]
    left_total: int
    cannot_tell_now: list[Unknown] = Field(description="what could be told before and cannot be told now")
    crashes: list[str]


class Trial(Paged):
    """What the audit would find after the migration. `remaining` is a page of what it would still find on the audited driver."""

    migration: str = Field(description="the path that the migration was tried under; nothing was written")
    drivers: list[DriverTrial]
    remaining: list[FindingTold]


class FileTold(BaseModel):
    path: str
    text: str
    cut: bool = Field(description="the text is longer than what is told here")


class RemedyTrial(BaseModel):
    driver: Driver
    passed: bool
    problem: str


class RemedyTold(BaseModel):
    """`withheld`: why it is not offered; "" where it is. `patches` are unified diffs."""

    id: str
    title: str
    concern: str
    table: str
    finding_ids: list[str]
    more_finding_ids: int
    steps: list[str]
    files: list[FileTold]
    patches: list[FileTold]
    depends_on: list[str]
    destructive: bool
    effort: Effort
    risks: list[str]
    rollback: str
    trials: list[RemedyTrial]
    withheld: str


class Remedies(Paged):
    remedies: list[RemedyTold]
    without_remedy: list[str] = Field(
        description="ids of findings asked for that have none: a person must decide"
    )


class Plan(BaseModel):
    """The plan of the audit ticket, as Markdown, page by page; `page` counts from 1."""

    path: str = Field(description="where `trueup plan` would write it")
    page: int
    pages: int
    text: str


class TicketTold(BaseModel):
    """`action`: what `trueup tickets --write` would do with it: create, update, propose, close, keep, withdraw; "" where no audit
    ticket says where tickets go."""

    number: int
    title: str
    phase: str
    path: str
    effort: str
    action: str
    tables: list[str]
    needs: list[int] = Field(description="numbers of the tickets that come before it")
    finding_ids: list[str]
    more_finding_ids: int


class Tickets(Paged):
    """`text` is the whole ticket where one number was asked for."""

    tickets: list[TicketTold]
    notes: list[str]
    text: str
