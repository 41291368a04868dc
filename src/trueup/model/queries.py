"""How the code reaches the database: query sites with their tables, columns and the path by which they were found."""

from __future__ import annotations

from typing import Literal

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.structs import Struct

QueryKind = Literal[
    "select",
    "aggregate",
    "exists",
    "insert",
    "update",
    "upsert",
    "delete",
    "truncate",
    "statement",
    "rule",
    "binding",
    "assertion",
    "factory",
    "builder",
]
Role = Literal["select", "filter", "sort", "group", "having", "join", "aggregate", "write", "match"]
Area = Literal["src", "test", "seeder", "factory", "migration", "view", "route"]


class Literalish(Struct, frozen=True):
    """What is known of a value that is compared or written. `kind`: "string", "int", "float", "bool", "null", "array",
    "column", "expression", "date", "enum", "unknown"; `text` its PHP text where it is a literal; `values` of a literal list;
    `prefix` how a string begins whose end is not known ("%" of `"%$name"`)."""

    kind: str = "unknown"
    text: str = ""
    values: tuple[str, ...] = ()
    prefix: str = ""


UNKNOWN_VALUE = Literalish()


class ColumnUse(Struct, frozen=True):
    """One use of a column. `table` is the real table it was resolved to, or "" where several are possible; `candidates` are then
    those. `qualified`: the code itself writes `table.column`. `certain` is False where only some paths of the code use it.
    `json_path` is True for `col->path`. `function` names a function over the column ("date", "month", "lower", ...)."""

    column: str
    role: Role
    table: str = ""
    at: Location = NOWHERE
    operator: str = ""
    value: Literalish = UNKNOWN_VALUE
    qualified: bool = False
    certain: bool = True
    json_path: bool = False
    function: str = ""
    descending: bool = False
    candidates: tuple[str, ...] = ()
    alternative: bool = False
    """The name is one of several that the value can be; which of them goes with which table is not known."""
    path: str = ""
    """The member of a JSON column, as written ("meta->plan")."""
    bracket: str = ""
    """The brackets that a condition stands in, outermost first ("1.3"); those joined to what is before them by OR end in "o"."""
    either: bool = False
    """The condition is joined to what is before it by OR."""
    inverted: bool = False
    """Eloquent negates it twice: `whereNot()` with an array asks for the rows that it seems to leave out."""


class TableRef(Struct, frozen=True):
    """A table of a query. `how` says where its name comes from: "literal", "model App\\Models\\User", "relation User::posts",
    "config x.y", "constant X::T", "join", "subquery". `derived`: a subquery, whose columns are `columns`."""

    name: str
    alias: str = ""
    how: str = ""
    at: Location = NOWHERE
    derived: bool = False
    columns: tuple[str, ...] = ()


class QuerySite(Struct, frozen=True):
    """One place where a query runs (or is built, kind "builder", where no terminal call was seen).

    `tables[0]` is the main table. `open`: parts could not be followed (columns may be missing). `complete_payload`: for
    writes, every written column is known. `limited`: LIMIT is given. `loop`: the site runs once per turn of an enclosing
    loop. `trail` is the path of reasoning, one short step a line. `via`: "query", "eloquent", "relation", "sql", "rule",
    "binding", "assertion", "factory". `model` is the class where the query goes through one. `aliases` are names that a
    select list makes."""

    at: Location
    kind: QueryKind
    tables: tuple[TableRef, ...]
    columns: tuple[ColumnUse, ...] = ()
    via: str = "query"
    model: str = ""
    area: Area = "src"
    method: str = ""
    terminal: str = ""
    aliases: tuple[str, ...] = ()
    limited: bool = False
    open: bool = False
    complete_payload: bool = False
    loop: bool = False
    sql: str = ""
    connection: str | None = None
    trail: tuple[str, ...] = ()
    soft_deletes: bool = False
    distinct: bool = False
    offset: bool = False
    ambiguous: bool = False
    """The query is one of several that the code may run here: a column may be meant for another of them."""
    guarded: bool = False
    """The code around asks `Schema::hasTable()` or `hasColumn()` first."""
    relation: str = ""
    """The relation whose query it is: "App\\Models\\User::posts"."""
    scoped: bool = False
    """The model's global scopes apply."""
    loose: bool = False
    """A condition that is no column's (`orWhereHas`, `orWhereExists`) is joined by OR."""
    narrowed: bool = False
    """Rows of another table must be there, or not (`whereHas`, `whereExists`, `whereDoesntHave`), not joined by OR."""
    star: bool = False
    """The select list has a `*`, a table's or all."""
    row_loop: str = ""
    """The method that runs it in a loop through the rows of a query: there are more turns as a table grows. "" for none."""
    inherited: bool = False
    """The code is a base class's, and nothing was seen that calls it for the subclass whose table this is."""
    variants: tuple[QuerySite, ...] = ()
    """The different queries that the place runs, where there are several; this site tells what any of them may do."""

    @property
    def table(self) -> str:
        return self.tables[0].name if self.tables else ""


class FieldRules(Struct, frozen=True):
    """The validation rules of a field that is a column: `rules` as written ("max:255"); `whole` False where some are objects or
    could not be told."""

    table: str
    column: str
    rules: tuple[str, ...]
    at: Location
    whole: bool = True


class LazyLoad(Struct, frozen=True):
    """A relation that is read from each row of a query, one query a row, because nothing loaded it before. `origin`: where the rows
    come from; `limited`: their number is bounded there. `model` is fully qualified."""

    model: str
    relation: str
    at: Location
    origin: Location
    limited: bool = False
    method: str = ""
    area: Area = "src"


class ScopeUse(Struct, frozen=True):
    """A condition that a model's global scope adds to each of its queries."""

    model: str
    column: ColumnUse


class Queries(Struct, frozen=True):
    """`unresolved` are the places that reach the database but whose table could not be told; each is a gap too."""

    sites: tuple[QuerySite, ...] = ()
    unresolved: tuple[Gap, ...] = ()
    fields: tuple[FieldRules, ...] = ()
    """Validation rules whose column is known, sorted by place."""
    lazy: tuple[LazyLoad, ...] = ()
    """Relations that are loaded row by row, sorted by place."""
    scopes: tuple[ScopeUse, ...] = ()
    """What global scopes add, sorted by model."""
    limits: tuple[Gap, ...] = ()
    """Code that was not followed to its end, sorted: no sites, but there may be more behind them."""

    @property
    def total(self) -> int:
        return len(self.sites) + len(self.unresolved)


NO_QUERIES = Queries()
