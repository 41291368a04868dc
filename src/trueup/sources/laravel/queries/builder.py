"""A query while it is being put together: its tables, its columns, and how it becomes a `QuerySite`."""

from __future__ import annotations

import re
from collections.abc import Callable

from trueup.model.eloquent import Model, Relation
from trueup.model.locations import Location
from trueup.model.queries import (
    UNKNOWN_VALUE,
    Area,
    ColumnUse,
    Literalish,
    QueryKind,
    QuerySite,
    Role,
    TableRef,
)
from trueup.sources.laravel.blade import is_template
from trueup.structs import Struct, field, replace

ColumnsOf = Callable[[str], frozenset[str] | None]
"""The lower-case column names of a table as the migrations build it; None where there is no such table."""

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_$]*$")


class Use(Struct, frozen=True):
    """A column as the code names it, not yet resolved."""

    name: str
    role: Role
    at: Location
    operator: str = ""
    value: Literalish = UNKNOWN_VALUE
    certain: bool = True
    function: str = ""
    descending: bool = False
    table: str = ""
    """Set where the framework itself qualifies the column."""
    alternative: bool = False
    bracket: str = ""
    either: bool = False
    inverted: bool = False


class Loaded(Struct, eq=False):
    """Which relations the rows of a query bring along, shared by all values that come from it. `whole` False where relations may be
    loaded that were not seen. `rows`: there may be many rows; `limited`: not more than a page of them."""

    at: Location
    eager: set[str] = field(default_factory=set)
    whole: bool = True
    rows: bool = True
    limited: bool = False

    def has(self, relation: str) -> bool:
        lowered = relation.lower()
        return not self.whole or any(e == lowered or e.startswith(lowered + ".") for e in self.eager)

    def below(self, relation: str, *, rows: bool) -> Loaded:
        """What the rows of a relation of these bring along."""
        start = relation.lower() + "."
        inner = {e.removeprefix(start) for e in self.eager if e.startswith(start)}
        return Loaded(self.at, inner, self.whole, rows, self.limited)


class Builder(Struct, eq=False):
    """A query under construction. `parent` is the outer query of a subquery; `depth` the number of branches around its birth."""

    at: Location
    tables: list[TableRef] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    model: Model | None = None
    eloquent: bool = False
    relation: Relation | None = None
    owner: Model | None = None
    parent: Builder | None = None
    via: str = "query"
    depth: int = 0
    limited: bool = False
    offset: bool = False
    distinct: bool = False
    open: bool = False
    selects: bool = False
    grouped: bool = False
    scoped: bool = True
    trail: list[str] = field(default_factory=list)
    connection: str | None = None
    pivot: str = ""
    custom: str = ""
    """The application's own builder class, where the query is of one."""
    escaped: bool = False
    finished: int = 0
    join_clause: bool = False
    ambiguous: bool = False
    method: str = ""
    loops: int = 0
    row_loop: str = ""
    eager: set[str] = field(default_factory=set)
    """Relations given to `with()`, in lower case; "*" where some could not be told."""
    bracket: str = ""
    brackets: int = 0
    loose: bool = False
    narrowed: bool = False
    star: bool = False
    unread: bool = False
    """The select list holds something that can't be told, which may make a name of any kind."""
    unscoped: bool = False
    """Some of the global scopes are taken off."""

    @property
    def table(self) -> str:
        return self.tables[0].name if self.tables else ""

    def use(
        self,
        name: str,
        role: Role,
        at: Location,
        *,
        operator: str = "",
        value: Literalish = UNKNOWN_VALUE,
        certain: bool = True,
        function: str = "",
        descending: bool = False,
        table: str = "",
        alternative: bool = False,
        either: bool = False,
    ) -> None:
        where = (self.bracket, either) if role == "filter" else ("", False)
        self.uses.append(
            Use(name, role, at, operator, value, certain, function, descending, table, alternative, *where)
        )

    def loaded(self, at: Location, *, rows: bool) -> Loaded:
        """What the rows bring along that it gives at a place. A method that is not known may load anything."""
        return Loaded(at, set(self.eager), not (self.open or "*" in self.eager), rows, self.limited)

    def clone(self) -> Builder:
        copy = replace(self)
        copy.tables, copy.uses, copy.aliases = list(self.tables), list(self.uses), list(self.aliases)
        copy.trail, copy.finished, copy.escaped = list(self.trail), 0, False
        copy.eager = set(self.eager)
        return copy

    def add_table(self, written: str, how: str, at: Location, alias: str = "") -> None:
        name, written_alias = split_alias(written)
        self.tables.append(TableRef(name, alias or written_alias, how, at))

    def scopes(self) -> list[Builder]:
        """The query and those around it, innermost first."""
        found: list[Builder] = []
        scope: Builder | None = self
        while scope is not None and scope not in found:
            found.append(scope)
            scope = scope.parent
        return found

    def known(self) -> bool:
        """Whether the main table can be told."""
        return bool(self.tables) and (bool(self.tables[0].name) or self.tables[0].derived)


def area_of(file: str) -> Area:
    lowered = "/" + file.lower()
    for mark, area in _AREAS:
        if mark in lowered:
            return area
    return "view" if is_template(file) else "src"


_AREAS: tuple[tuple[str, Area], ...] = (
    ("/tests/", "test"),
    ("/test/", "test"),
    ("/seeders/", "seeder"),
    ("/seeds/", "seeder"),
    ("/factories/", "factory"),
    ("/migrations/", "migration"),
    ("/views/", "view"),
    ("/routes/", "route"),
)


def split_alias(written: str) -> tuple[str, str]:
    """ "posts as p" → ("posts", "p"), as the grammar cuts it."""
    parts = re.split(r"(?<!\s)\s++as\s++", written.strip(), maxsplit=1, flags=re.IGNORECASE)
    return (parts[0].strip(), parts[1].strip()) if len(parts) == 2 else (parts[0], "")


def finish(
    builder: Builder,
    kind: QueryKind,
    terminal: str,
    at: Location,
    columns_of: ColumnsOf,
    *,
    complete_payload: bool = False,
) -> QuerySite:
    """The builder as a site, its columns resolved against the tables that they can belong to."""
    columns = tuple(c for u in builder.uses if (c := resolve(u, builder, columns_of)) is not None)
    return QuerySite(
        at=at,
        kind=kind,
        tables=tuple(builder.tables),
        columns=tuple(dict.fromkeys(columns)),
        via=builder.via,
        model=builder.model.name if builder.model else "",
        area=area_of(at.file),
        method=builder.method,
        terminal=terminal,
        aliases=tuple(dict.fromkeys(builder.aliases)),
        limited=builder.limited,
        open=builder.open,
        complete_payload=complete_payload,
        loop=builder.loops > 0,
        connection=builder.connection,
        trail=tuple(builder.trail),
        soft_deletes=builder.scoped
        and builder.eloquent
        and builder.model is not None
        and builder.model.soft_deletes,
        distinct=builder.distinct,
        offset=builder.offset,
        relation=f"{builder.owner.name}::{builder.relation.method}"
        if builder.owner is not None and builder.relation is not None
        else "",
        scoped=builder.scoped and builder.eloquent and not builder.unscoped,
        loose=builder.loose,
        narrowed=builder.narrowed,
        star=builder.star,
        row_loop=builder.row_loop,
    )


def resolve(use: Use, builder: Builder, columns_of: ColumnsOf) -> ColumnUse | None:
    """The column of a use, with its table. None for `*`, expressions, and names that the query itself makes."""
    name, _ = split_alias(use.name)
    name, _, path = name.partition("->")
    name = name.strip().strip('`"')
    qualifier, _, column = name.rpartition(".")
    if column == "*" or not _PLAIN.match(column):
        return None
    if use.role not in {"write", "match"} and not qualifier and column in builder.aliases:
        return None
    table, candidates, known = _owner(qualifier or use.table, column, use, builder, columns_of)
    if not known or (builder.unread and not qualifier and _may_be_made(use, table, column, columns_of)):
        return None
    return ColumnUse(
        column=column,
        role=use.role,
        table=table,
        at=use.at,
        operator=use.operator,
        value=use.value,
        qualified=bool(qualifier),
        certain=use.certain,
        json_path=bool(path),
        path=f"{column}->{path}" if path else "",
        bracket=use.bracket,
        either=use.either,
        function=use.function,
        descending=use.descending,
        candidates=candidates,
        alternative=use.alternative,
        inverted=use.inverted,
    )


def _may_be_made(use: Use, table: str, column: str, columns_of: ColumnsOf) -> bool:
    """Whether a name behind a select list that can't be told may be one that the list makes: it is no column of the table."""
    columns = columns_of(table) if table else None
    return use.role in {"sort", "group", "having"} and columns is not None and column.lower() not in columns


def _owner(
    qualifier: str, column: str, use: Use, builder: Builder, columns_of: ColumnsOf
) -> tuple[str, tuple[str, ...], bool]:
    """(table, candidates, whether anything can be said)."""
    if qualifier:
        return _qualified(qualifier, builder)
    if not builder.tables:
        return "", (), False
    if use.role in {"write", "match"} or (len(builder.tables) == 1 and builder.parent is None):
        first = builder.tables[0]
        return (first.name, (), bool(first.name)) if not first.derived else ("", (), False)
    return _unqualified(column, builder, columns_of)


def _qualified(qualifier: str, builder: Builder) -> tuple[str, tuple[str, ...], bool]:
    wanted = qualifier.strip('`"').rsplit(".", 1)[-1].strip('`"').lower()
    for scope in builder.scopes():
        for table in scope.tables:
            if wanted in {
                table.alias.lower(),
                table.name.rsplit(".", 1)[-1].lower() if not table.alias else "",
            }:
                return ("", (), False) if table.derived or not table.name else (table.name, (), True)
        for table in scope.tables:
            if table.name.rsplit(".", 1)[-1].lower() == wanted and not table.derived:
                return table.name, (), True
        if scope.open or not scope.known():
            return "", (), False
    return qualifier.strip('`"'), (), True


def _unqualified(column: str, builder: Builder, columns_of: ColumnsOf) -> tuple[str, tuple[str, ...], bool]:
    """Own tables first, then those of the outer queries, as SQL looks names up."""
    lowered, everywhere = column.lower(), []
    for scope in builder.scopes():
        having: list[str] = []
        for table in scope.tables:
            if table.derived or not table.name:
                return "", (), False
            columns = columns_of(table.name)
            if columns is None:
                return ("", (), False) if len(scope.tables) > 1 or scope.parent else (table.name, (), True)
            everywhere.append(table.name)
            if lowered in columns:
                having.append(table.name)
        if having:
            return (having[0], (), True) if len(having) == 1 else ("", tuple(having), True)
        if scope.open or (scope is not builder and column in scope.aliases):
            return "", (), False
    own = builder.tables[0].name
    return (own, (), True) if len(builder.tables) == 1 else ("", tuple(dict.fromkeys(everywhere)), True)
