"""Query shapes and the indexes that serve them: what an analysis of query performance talks about.

A shape is what queries have in common whose only difference is the values that they look for: the same tables, predicates, joins,
sort and limit. Two query sites of one shape want the same index."""

from __future__ import annotations

import hashlib
from typing import Literal

from trueup.model.locations import Location
from trueup.model.queries import UNKNOWN_VALUE, Literalish, QueryKind, TableRef
from trueup.structs import Struct

PredicateKind = Literal["equality", "range", "other"]
Implied = Literal["", "soft deletes", "global scope", "morph"]
Grade = Literal["served", "partly", "unserved", "unbounded", "cannot tell"]
AdviceAction = Literal["add", "replace", "drop", "keep"]

GRADES: tuple[Grade, ...] = ("unserved", "unbounded", "partly", "cannot tell", "served")
"""Worst first."""


class Predicate(Struct, frozen=True):
    """A condition on one column, all of which hold at once. `operator` as the code gives it, in lower case ("=", "in", "is null",
    "<", "between", "like", "json contains", ...). kind: "equality" (one value, or a list of them), "range" (an interval of an
    ordered index), "other" (no index of the ordinary kind finds the rows: `!=`, `%x`, a function over the column).

    sargable: an ordinary index on the column finds the rows. function: what stands over the column ("date", "lower", ...), or
    "". json_path: the condition is on a member of a JSON column, `path` says which ("meta->plan"). implied: the framework adds
    it, and why. value: what it is compared with, as far as that can be told."""

    table: str
    column: str
    operator: str
    kind: PredicateKind = "equality"
    sargable: bool = True
    function: str = ""
    json_path: bool = False
    implied: Implied = ""
    value: Literalish = UNKNOWN_VALUE
    path: str = ""
    certain: bool = True
    """It holds on each path of the code; else only where a filter is asked for."""

    @property
    def servable(self) -> bool:
        """Whether an ordinary index can find the rows, on every path of the code."""
        return self.sargable and self.kind != "other" and self.certain

    @property
    def key(self) -> str:
        """Everything but the value."""
        over = f"{self.function}({self.path or self.column})" if self.function else self.path or self.column
        note = f" [{self.implied}]" if self.implied else "" if self.certain else " [perhaps]"
        return f"{self.table}.{over} {self.operator}{note}".lower()


class JoinEdge(Struct, frozen=True):
    """An equality of two tables' columns by which they are joined. `right` is the table that the join adds; `outer`: a LEFT JOIN,
    whose left side is read first."""

    left_table: str
    left_column: str
    right_table: str
    right_column: str
    outer: bool = False

    @property
    def key(self) -> str:
        arrow = "=>" if self.outer else "="
        return f"{self.left_table}.{self.left_column} {arrow} {self.right_table}.{self.right_column}".lower()


class Sort(Struct, frozen=True):
    """One part of ORDER BY. `function` is what stands over the column, or ""."""

    table: str
    column: str
    descending: bool = False
    function: str = ""

    @property
    def key(self) -> str:
        over = f"{self.function}({self.column})" if self.function else self.column
        return f"{self.table}.{over}{' desc' if self.descending else ''}".lower()


class QueryShape(Struct, frozen=True):
    """Query sites that want the same of the indexes.

    tables[0] is the main table (`table`), the others are joined. `predicates` hold together; each of `alternatives` is a group of
    predicates of which one must hold besides (OR). `groups`: (table, column) of GROUP BY. `projection`: (table, column) of the
    select list where it is known to be just these, None for `*`. `aggregate`: the whole result is one number. `limited`: at
    most a page of rows is fetched, or one. `exists`: it stops at the first row. `paged`: pages by OFFSET, as
    paginate() does, which counts all rows besides. `writes`: columns that an update sets. `functions`: of an aggregate ("count",
    "max").

    open: parts of the query could not be followed; there may be more predicates. certain: every predicate holds on each path
    of the code. loop: a site runs once per turn of a loop. narrowed: rows of another
    table must be there, or not. `sites` in order of their places; `kind` of their query."""

    kind: QueryKind
    tables: tuple[TableRef, ...]
    predicates: tuple[Predicate, ...] = ()
    alternatives: tuple[tuple[Predicate, ...], ...] = ()
    joins: tuple[JoinEdge, ...] = ()
    sorts: tuple[Sort, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    projection: tuple[tuple[str, str], ...] | None = None
    writes: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    aggregate: bool = False
    exists: bool = False
    limited: bool = False
    offset: bool = False
    paged: bool = False
    distinct: bool = False
    open: bool = False
    certain: bool = True
    loop: bool = False
    narrowed: bool = False
    sites: tuple[Location, ...] = ()

    @property
    def table(self) -> str:
        return self.tables[0].name if self.tables else ""

    @property
    def key(self) -> str:
        """The canonical text of the shape: what it asks, in one order, without values and places."""
        either = ["(" + " or ".join(sorted(p.key for p in g)) + ")" for g in self.alternatives]
        shown = "*" if self.projection is None else ",".join(sorted(f"{t}.{c}" for t, c in self.projection))
        flags = ("aggregate", "exists", "limited", "offset", "paged", "distinct", "open")
        parts = (
            self.kind,
            " ".join(t.name for t in self.tables),
            "where " + " and ".join([*sorted(p.key for p in self.predicates), *sorted(either)]),
            "join " + " and ".join(sorted(j.key for j in self.joins)),
            "group " + ",".join(f"{t}.{c}" for t, c in self.groups),
            "sort " + ",".join(s.key for s in self.sorts),
            "show " + shown,
            "write " + ",".join(sorted(self.writes)),
            ",".join(self.functions),
            " ".join(f for f in flags if getattr(self, f)) + ("" if self.certain else " perhaps"),
        )
        return " | ".join(parts).lower()

    @property
    def id(self) -> str:
        """Twelve hex digits over `key`; survives moved lines."""
        return hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Use(Struct, frozen=True):
    """What one index does for one table of a shape: `equality` leading columns found by equality, then perhaps a `range` on the
    next; the rows come in the order asked for (`sorted`); the index alone answers (`covering`); at most one row (`single`);
    `filled`: on the next column it finds those rows that have a value."""

    table: str
    index: str
    columns: tuple[str, ...]
    equality: int = 0
    range: bool = False
    sorted: bool = False
    covering: bool = False
    single: bool = False
    filled: bool = False


class ServedBy(Struct, frozen=True):
    """How the present indexes serve a shape: `uses` has one entry for each table that an index serves, main table first; `left`
    are the predicates and sorts of the main table that no index helps with, as texts; `why` says it in one sentence."""

    shape: QueryShape
    grade: Grade
    uses: tuple[Use, ...] = ()
    left: tuple[str, ...] = ()
    why: str = ""


class Growth(Struct, frozen=True):
    """Whether rows of a table pile up while the application runs, and by what that was decided. `rate`: "hot" where code that
    answers requests, jobs or events inserts, "grows" where a use case adds rows, "lookup" for a table that only seeders and
    migrations fill, "unknown" where nothing says."""

    table: str
    rate: Literal["hot", "grows", "lookup", "unknown"]
    why: str
    writes: int = 0
    """Sites that insert, update or delete."""
    owned: bool = False
    """Its rows belong to those of another table, or to people."""

    @property
    def matters(self) -> bool:
        """Whether advice on the table is worth reading: it grows, or its rows belong to something and who inserts was not seen."""
        return self.rate in {"hot", "grows"} or (self.rate == "unknown" and self.owned)


class Advice(Struct, frozen=True):
    """What to do with one index of a table. add: `columns` are a new index's; replace: the index of `columns` takes the place of
    those named in `replaces`; drop: the index `name` serves nothing that another does not; keep: it stays.

    name: the index's name, existing or as Laravel would call it. serves: the shapes that it serves, `needs` those of them
    that nothing else does; `sites` are the places of `serves`.
    write_cost: statements of the code that must keep it up to date (inserts, deletes, updates of its columns).
    bytes_per_row: an estimate of an entry's size in the index, key and row pointer, before page fill. `covers`: the index ends in
    columns that are only read."""

    table: str
    columns: tuple[str, ...]
    action: AdviceAction
    name: str = ""
    unique: bool = False
    replaces: tuple[str, ...] = ()
    serves: tuple[QueryShape, ...] = ()
    needs: tuple[QueryShape, ...] = ()
    sites: tuple[Location, ...] = ()
    write_cost: int = 0
    bytes_per_row: int = 0
    why: str = ""


class Performance(Struct, frozen=True):
    """The analysis of a project: its shapes with their grade (sorted by table and key), advice per table (sorted by table, then
    add, replace, drop, keep), and which tables grow."""

    served: tuple[ServedBy, ...] = ()
    advice: tuple[Advice, ...] = ()
    growth: tuple[Growth, ...] = ()

    @property
    def shapes(self) -> tuple[QueryShape, ...]:
        return tuple(s.shape for s in self.served)


NO_PERFORMANCE = Performance()
