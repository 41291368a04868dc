"""A proposal → what the server is asked: a count, up to ten keys, the query that shows all, the statement that mends them.

The server counts; no row is fetched but the keys of ten."""

from __future__ import annotations

from trueup.model.preflight import Proposal
from trueup.model.schema import Schema, Table
from trueup.preflight.dialect import Dialect
from trueup.preflight.types import lossy
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

EXAMPLES = 10


class Question(Struct, frozen=True):
    """`count` answers one number; "" where no row can violate it, and nothing need be asked. `key`: the columns of `examples`."""

    count: str
    examples: str
    key: tuple[str, ...]
    query: str
    cleanup: str
    note: str = ""


class Unaskable(Struct, frozen=True):
    reason: str


def question(
    proposal: Proposal, live: Schema, dialect: Dialect, prefix: str = "", percent: float | None = None
) -> Question | Unaskable:
    """`live` is the server's schema with table names as in proposals; `prefix` goes before them on the server; `percent` asks only
    a sample of the rows."""
    table = live.table(proposal.table)
    if table is None:
        return Unaskable(f"the server has no table {proposal.table}")
    missing = [c for c in proposal.columns if table.column(c) is None]
    if missing:
        return Unaskable(f"{proposal.table} has no column {missing[0]} on the server")
    asking = _Asking(proposal, table, live, dialect, prefix, percent)
    if not asking.source:
        return Unaskable("a sample of it can't be taken: it has no single integer primary key")
    return asking.unique() if proposal.kind == "unique" else asking.by_condition()


class _Asking:
    """One proposal about one table, in one dialect. `c` stands for a row of the table, `p` for one that it refers to."""

    def __init__(
        self,
        proposal: Proposal,
        table: Table,
        live: Schema,
        dialect: Dialect,
        prefix: str,
        percent: float | None,
    ) -> None:
        self.proposal, self.table, self.live, self.dialect, self.prefix = (
            proposal,
            table,
            live,
            dialect,
            prefix,
        )
        self.name = dialect.name(prefix + table.name)
        key = table.primary_key
        self.key = key.columns if key is not None else ()
        self.source, self.sample = dialect.sampled(prefix + table.name, "c", percent, self._whole_key())
        self.columns = tuple(f"c.{dialect.name(column)}" for column in proposal.columns)

    def _whole_key(self) -> str:
        column = self.table.column(self.key[0]) if len(self.key) == 1 else None
        whole = column is not None and parse_type(column.type, self.dialect.driver).family == "integer"
        return self.key[0] if whole else ""

    # Conditions on a row

    def by_condition(self) -> Question | Unaskable:
        condition = self._condition()
        if isinstance(condition, Unaskable):
            return condition
        if not condition:
            return Question("", "", (), "", "", "no value of the one type is lost in the other")
        shown = self.key or self.proposal.columns
        keys = ", ".join(f"c.{self.dialect.name(k)}" for k in shown)
        where = f"{condition} AND {self.sample}" if self.sample else condition
        found = f"FROM {self.source} WHERE {where}"
        every = f"SELECT c.* FROM {self.name} AS c WHERE {condition}"
        return Question(
            f"SELECT COUNT(*) {found}",
            f"SELECT {keys} {found} ORDER BY {keys} LIMIT {EXAMPLES}",
            shown,
            every + ";",
            self._cleanup(condition),
        )

    def _condition(self) -> str | Unaskable:
        value = self.columns[0] if self.columns else ""
        match self.proposal.kind:
            case "not null":
                return f"{value} IS NULL"
            case "values":
                listed = ", ".join(map(self.dialect.string, self.proposal.values))
                shown = self.dialect.text(value) if self.dialect.driver == "pgsql" else value
                return f"{value} IS NOT NULL AND {shown} NOT IN ({listed})"
            case "check":
                return f"NOT ({self.proposal.expression})"
            case "type":
                return self._type(value)
            case _:
                return self._orphans()

    def _type(self, value: str) -> str | Unaskable:
        column = self.table.column(self.proposal.columns[0])
        assert column is not None, self.proposal
        have = parse_type(column.type, self.live.driver)
        want = parse_type(self.proposal.type, self.proposal.dialect or self.live.driver)
        condition = lossy(value, have, want, self.dialect)
        if condition is None:
            return Unaskable(f"how values of {column.type} become {self.proposal.type} is not known")
        return f"({condition})" if " OR " in condition else condition

    def _orphans(self) -> str | Unaskable:
        other = self.live.table(self.proposal.foreign_table)
        if other is None:
            return Unaskable(f"the server has no table {self.proposal.foreign_table} to refer to")
        lacking = [c for c in self.proposal.foreign_columns if other.column(c) is None]
        if lacking:
            return Unaskable(f"{other.name} has no column {lacking[0]} on the server")
        there = " AND ".join(f"{c} IS NOT NULL" for c in self.columns)
        return f"{there} AND NOT EXISTS (SELECT 1 FROM {self._parent()} AS p WHERE {self._joined(other)})"

    def _parent(self) -> str:
        return self.dialect.name(self.prefix + self.proposal.foreign_table)

    def _joined(self, other: Table) -> str:
        """The two keys compared; as text where they are of two kinds, since PostgreSQL compares no others."""
        pairs = []
        for own, name, foreign in zip(
            self.columns, self.proposal.columns, self.proposal.foreign_columns, strict=False
        ):
            referred = f"p.{self.dialect.name(foreign)}"
            mine, theirs = self.table.column(name), other.column(foreign)
            kinds = {parse_type(c.type, self.live.driver).family for c in (mine, theirs) if c is not None}
            same = len(kinds) < 2 or self.dialect.driver == "sqlite"
            pairs.append(
                f"{referred} = {own}" if same else f"{self.dialect.text(referred)} = {self.dialect.text(own)}"
            )
        return " AND ".join(pairs)

    # Statements that mend

    def _cleanup(self, condition: str) -> str:
        value = self.dialect.name(self.proposal.columns[0]) if self.proposal.columns else ""
        match self.proposal.kind:
            case "not null":
                default = self.proposal.default or "/* what it should be */"
                return f"UPDATE {self.name} AS c SET {value} = {default} WHERE {condition};"
            case "foreign key":
                return self._without_orphans(condition)
            case "values" | "type":
                return f"UPDATE {self.name} AS c SET {value} = /* what it should be */ WHERE {condition};"
            case _:
                return f"UPDATE {self.name} AS c SET /* what it should be */ WHERE {condition};"

    def _without_orphans(self, condition: str) -> str:
        """Forgets the parent where that may be NULL, else deletes the row. MySQL lets no statement read the table that it
        changes in a subquery, but joins it."""
        columns = [self.table.column(c) for c in self.proposal.columns]
        forget = all(c is not None and c.nullable for c in columns)
        if not self.dialect.is_mysql:
            nulls = ", ".join(f"{self.dialect.name(c)} = NULL" for c in self.proposal.columns)
            act = f"UPDATE {self.name} AS c SET {nulls}" if forget else f"DELETE FROM {self.name} AS c"
            return f"{act} WHERE {condition};"
        other = self.live.table(self.proposal.foreign_table)
        joined = self._joined(other) if other else ""
        absent = f"p.{self.dialect.name(self.proposal.foreign_columns[0])} IS NULL"
        there = " AND ".join(f"{c} IS NOT NULL" for c in self.columns)
        tables = f"{self.name} AS c LEFT JOIN {self._parent()} AS p ON {joined}"
        if forget:
            nulls = ", ".join(f"{c} = NULL" for c in self.columns)
            return f"UPDATE {tables} SET {nulls} WHERE {there} AND {absent};"
        return f"DELETE c FROM {tables} WHERE {there} AND {absent};"

    # Groups of rows

    def unique(self) -> Question | Unaskable:
        """NULLs are never equal to one another, on any of the four servers."""
        conditions = [f"{c} IS NOT NULL" for c in self.columns]
        conditions += [f"({self.proposal.where})"] if self.proposal.where else []
        columns = ", ".join(self.columns)
        where = " AND ".join([*conditions, *([self.sample] if self.sample else [])])
        grouped = f"FROM {self.source} WHERE {where} GROUP BY {columns} HAVING COUNT(*) > 1"
        every = (
            f"FROM {self.name} AS c WHERE {' AND '.join(conditions)} GROUP BY {columns} HAVING COUNT(*) > 1"
        )
        return Question(
            f"SELECT COALESCE(SUM(n - 1), 0) FROM (SELECT COUNT(*) AS n {grouped}) AS d",
            f"SELECT {columns} {grouped} ORDER BY {columns} LIMIT {EXAMPLES}",
            self.proposal.columns,
            f"SELECT {columns}, COUNT(*) {every};",
            self._without_doubles(),
        )

    def _without_doubles(self) -> str:
        """Keeps the row with the smallest key of each group."""
        if len(self.key) != 1:
            return ""
        key = self.dialect.name(self.key[0])
        same = " AND ".join(
            f"k.{self.dialect.name(c)} = c.{self.dialect.name(c)}" for c in self.proposal.columns
        )
        where = f" AND ({self.proposal.where})" if self.proposal.where else ""
        if self.dialect.is_mysql:
            return f"DELETE c FROM {self.name} AS c JOIN {self.name} AS k ON {same} AND k.{key} < c.{key};"
        earlier = f"SELECT 1 FROM {self.name} AS k WHERE {same} AND k.{key} < c.{key}"
        return f"DELETE FROM {self.name} AS c WHERE EXISTS ({earlier}){where};"
