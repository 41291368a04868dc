"""Constraints that a specification or a finding proposes, and whether today's rows would survive them. Nouns only."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import Driver
from trueup.structs import Struct

ProposalKind = Literal["foreign key", "unique", "not null", "type", "values", "check"]
Survival = Literal["survives", "fails", "cannot tell"]


class Proposal(Struct, frozen=True):
    """A constraint that could be added to an existing table. `table` and `columns` as they exist, without a table prefix.

    "foreign key": to `foreign_table` (`foreign_columns`). "type": the columns' one becomes `type`, as `dialect` writes it.
    "values": only `values`. "check": `expression` in the table's own column names. `where`: only these rows (a partial index).
    `default` is SQL for what a NULL could become, "" where nothing says. `codes` and `findings` are those that propose it, sorted,
    by code and id; `at` where it is asked for."""

    kind: ProposalKind
    table: str
    columns: tuple[str, ...]
    foreign_table: str = ""
    foreign_columns: tuple[str, ...] = ()
    type: str = ""
    dialect: Driver | None = None
    values: tuple[str, ...] = ()
    expression: str = ""
    where: str = ""
    default: str = ""
    codes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    at: Location = NOWHERE

    @property
    def text(self) -> str:
        """The constraint in a few words: "orders (user_id) → users (id)", "orders.status NOT NULL"."""
        columns = ", ".join(self.columns)
        match self.kind:
            case "foreign key":
                return f"{self.table} ({columns}) → {self.foreign_table} ({', '.join(self.foreign_columns)})"
            case "unique":
                return f"{self.table} UNIQUE ({columns})" + (f" WHERE {self.where}" if self.where else "")
            case "not null":
                return f"{self.table}.{columns} NOT NULL"
            case "type":
                return f"{self.table}.{columns} {self.type}"
            case "values":
                return f"{self.table}.{columns} IN ({', '.join(self.values)})"
            case "check":
                return f"{self.table} CHECK ({self.expression})"


class Answer(Struct, frozen=True):
    """Whether the rows of today would survive. `violations` are rows that would be refused or changed (of a unique key: those
    beyond the first of each), counted by the server; None where it was not. `rows` is the server's estimate of the table's rows.
    `expected` is its estimate of violations, where its statistics allow one.

    `examples` are up to ten keys of such rows under `example_columns`; `query` shows all of them; `cleanup` mends them, once a
    person has read it. `reason` says why it cannot be told, or what else is to be known. `sampled`: percent of the rows that were
    asked, None for all."""

    proposal: Proposal
    verdict: Survival
    violations: int | None = None
    rows: int | None = None
    expected: int | None = None
    example_columns: tuple[str, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()
    query: str = ""
    cleanup: str = ""
    reason: str = ""
    sampled: float | None = None


class Preflight(Struct, frozen=True):
    """`database` as it may be shown; `seconds` is the limit of each question."""

    project: str
    database: str
    driver: Driver
    version: str
    seconds: float
    sample: float | None = None
    answers: tuple[Answer, ...] = ()
