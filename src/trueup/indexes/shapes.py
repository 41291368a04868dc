"""Query sites → query shapes: what the server is really asked, the framework's own conditions included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from trueup.indexes.brackets import Condition, combined
from trueup.indexes.memory import Memory
from trueup.indexes.predicates import predicate
from trueup.model.eloquent import Eloquent, Relation
from trueup.model.locations import Location
from trueup.model.queries import ColumnUse, Queries, QuerySite, ScopeUse, TableRef
from trueup.model.schema import Column, Schema
from trueup.model.shapes import Implied, JoinEdge, Predicate, QueryShape, Sort
from trueup.structs import Struct, replace

_AREAS = frozenset({"src", "route", "view"})
_KINDS = frozenset({"select", "aggregate", "exists", "update", "delete", "upsert", "rule", "binding"})
_OFFSET_PAGES = frozenset({"paginate", "simplePaginate", "chunk", "each", "chunkMap", "lazy", "forPage"})
_INSTANCE = "a model instance"
"""The reader's word for a write through a model: it goes by the model's key."""
_MORPHS = frozenset({"morphOne", "morphMany", "morphToMany", "morphedByMany"})


class Shaper(Struct, frozen=True):
    """What is needed to read sites: the schema that the migrations build, the models, the global scopes' conditions."""

    schema: Schema
    eloquent: Eloquent
    scopes: tuple[ScopeUse, ...] = ()

    def shape(self, site: QuerySite) -> QueryShape | None:
        """The shape of one site; None where the site asks nothing of an index (an insert, a builder that is only built)."""
        if site.kind not in _KINDS or not site.tables or site.via == "assertion":
            return None
        tables = tuple(
            dict.fromkeys(TableRef(_bare(t.name), t.alias, t.how, derived=t.derived) for t in site.tables)
        )
        joins = tuple(dict.fromkeys((*_edges(site), *self._relation_edges(site))))
        together, either = combined(tuple(self._conditions(site)))
        together = tuple(dict.fromkeys((*together, *self._added(site))))
        sorts, shown = tuple(_sorts(site)), self._projection(site)
        aggregate = site.kind == "aggregate" and not any(c.role == "group" for c in site.columns)
        exists = site.kind in {"exists", "rule"}
        return QueryShape(
            kind="exists" if site.kind == "rule" else "select" if site.kind == "binding" else site.kind,
            tables=tables,
            predicates=together,
            alternatives=either,
            joins=joins,
            sorts=() if aggregate or exists else sorts,
            groups=tuple((c.table, c.column) for c in site.columns if c.role == "group" and c.table),
            projection=shown,
            writes=tuple(sorted({c.column for c in site.columns if c.role == "write"})),
            functions=(site.terminal.lower(),) if aggregate else (),
            aggregate=aggregate,
            exists=exists,
            limited=site.limited or exists or site.kind == "binding",
            offset=site.offset,
            paged=site.terminal in _OFFSET_PAGES,
            distinct=site.distinct,
            open=site.open or site.loose or site.via == "sql" or any(t.derived for t in tables),
            certain=all(p.certain for p in (*together, *(p for g in either for p in g))),
            loop=site.loop,
            narrowed=site.narrowed,
            sites=(Location(site.at.file, site.at.line),),
        )

    # ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _conditions(self, site: QuerySite) -> Iterator[Condition]:
        names = {_bare(t.name).lower() for t in site.tables}
        uses = [c for c in site.columns if c.role in {"filter", "match"} and (c.table or len(names) == 1)]
        relation = self._relation(site)
        for position, use in enumerate(uses):
            table = _bare(use.table) or site.table
            if table.lower() not in names:
                continue  # an outer query's column: what it is compared with is a value here
            if use.value.kind == "column" and _is_own_pair(uses, position, names):
                use = replace(use, operator="compared with a column")
            implied: Implied = (
                "morph"
                if relation is not None and relation.kind in _MORPHS and use.column == relation.morph_type
                else ""
            )
            found = predicate(use, table, self._column(table, use.column), self.schema.driver, implied)
            yield Condition(found, use.bracket, use.either)

    def _added(self, site: QuerySite) -> Iterator[Predicate]:
        """What the framework adds: soft deletes, global scopes, the key of a `belongsTo`."""
        model = self.eloquent.model(site.model) if site.model else None
        if model is None or not model.table or _bare(model.table).lower() != _bare(site.table).lower():
            return
        if _INSTANCE in site.trail and model.primary_key:
            yield self._implied(site, ColumnUse(model.primary_key, "filter", operator="="), "")
        if site.soft_deletes and site.kind not in {"upsert", "rule"}:
            deleted = ColumnUse(model.deleted_at, "filter", operator="is null")
            yield self._implied(site, deleted, "soft deletes")
        for scope in self.scopes if site.scoped else ():
            if scope.model == model.name and not scope.column.bracket and not scope.column.either:
                yield self._implied(site, scope.column, "global scope")
        relation = self._relation(site)
        if relation is not None and relation.kind == "belongsTo":
            key = relation.local_key or model.primary_key
            if key:
                yield self._implied(site, ColumnUse(key, "filter", operator="="), "")

    def _implied(self, site: QuerySite, use: ColumnUse, implied: Implied) -> Predicate:
        table = _bare(site.table)
        return predicate(use, table, self._column(table, use.column), self.schema.driver, implied)

    def _column(self, table: str, column: str) -> Column | None:
        found = self.schema.table(table)
        return found.column(column) if found is not None else None

    def _relation(self, site: QuerySite) -> Relation | None:
        owner, _, method = site.relation.partition("::")
        model = self.eloquent.model(owner) if method else None
        return next((r for r in model.relations if r.method == method), None) if model is not None else None

    def _relation_edges(self, site: QuerySite) -> Iterator[JoinEdge]:
        """The join of a many-to-many relation's pivot, or of the table that a relation goes through."""
        relation = self._relation(site)
        model = self.eloquent.model(site.model) if site.model else None
        if relation is None or model is None or not model.table:
            return
        if relation.pivot_table and relation.pivot_related_key:
            key = relation.related_key or model.primary_key
            if key:
                yield JoinEdge(model.table, key, relation.pivot_table, relation.pivot_related_key)
        through = self.eloquent.model(relation.through) if relation.through else None
        if through is not None and through.table and relation.through_second_key:
            key = relation.through_local_key or through.primary_key
            if key:
                yield JoinEdge(model.table, relation.through_second_key, through.table, key)

    # ── what is read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _projection(self, site: QuerySite) -> tuple[tuple[str, str], ...] | None:
        if site.kind in {"exists", "rule", "delete", "update", "upsert"}:
            return ()
        uses = [c for c in site.columns if c.role in {"select", "aggregate"}]
        if site.kind == "aggregate":
            return _pairs(site, uses)
        if site.open or site.star or not uses or site.via == "relation":
            return None
        return _pairs(site, uses)


def _pairs(site: QuerySite, uses: Iterable[ColumnUse]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((_bare(c.table) or site.table, c.column) for c in uses))


def _bare(name: str) -> str:
    """A table's name without its database or schema."""
    return name.rsplit(".", 1)[-1]


def _is_own_pair(uses: list[ColumnUse], position: int, names: set[str]) -> bool:
    """Whether a column is compared with another of this query's own, rather than with one of a query around it."""
    use = uses[position]
    others = [
        o
        for o in (*uses[max(0, position - 1) : position], *uses[position + 1 : position + 2])
        if o.value.kind == "column" and o.at == use.at
    ]
    return all((_bare(o.table).lower() or next(iter(names))) in names for o in others)


def _edges(site: QuerySite) -> Iterator[JoinEdge]:
    """The equalities of joins: two columns that one ON names, one after the other."""
    uses = [c for c in site.columns if c.role == "join" and c.table]
    outer = {_bare(t.name).lower() for t in site.tables if t.how == "left join"}
    order = [_bare(t.name).lower() for t in site.tables]
    position = 0
    while position + 1 < len(uses):
        one, two = uses[position], uses[position + 1]
        left, right = _bare(one.table), _bare(two.table)
        if one.at != two.at or left.lower() == right.lower():
            position += 1
            continue
        if _rank(order, left) > _rank(order, right):
            one, two, left, right = two, one, right, left
        yield JoinEdge(left, one.column, right, two.column, right.lower() in outer)
        position += 2


def _rank(order: list[str], table: str) -> int:
    return order.index(table.lower()) if table.lower() in order else len(order)


def _sorts(site: QuerySite) -> Iterator[Sort]:
    for use in site.columns:
        if (
            use.role == "sort"
            and use.certain
            and not use.alternative
            and (use.table or len(site.tables) == 1)
        ):
            yield Sort(_bare(use.table) or site.table, use.column, use.descending, use.function)


def shapes_of(
    schema: Schema, eloquent: Eloquent, queries: Queries, memory: Memory | None = None
) -> tuple[QueryShape, ...]:
    """The shapes of the application's own queries (tests, seeders, factories and migrations apart), sorted by table and key."""
    shaper = Shaper(schema, eloquent, queries.scopes)
    found: dict[str, list[QueryShape]] = {}
    for site in queries.sites:
        if site.area not in _AREAS:
            continue
        for variant in (site,) if site.kind == "rule" else site.variants or (site,):
            keyed = _keyed(shaper, variant, memory) if not variant.inherited else None
            if keyed is not None:
                found.setdefault(keyed[0], []).append(keyed[1])
    shapes = ((key, _together(tuple(several), memory)) for key, several in found.items())
    return tuple(shape for _, shape in sorted(shapes, key=lambda s: (s[1].table.lower(), s[0])))


def _keyed(shaper: Shaper, site: QuerySite, memory: Memory | None) -> tuple[str, QueryShape] | None:
    """A site's shape with its key. It hangs on the site and on its tables."""

    def make() -> tuple[str, QueryShape] | None:
        shape = shaper.shape(site)
        return (shape.key, shape) if shape is not None else None

    if memory is None:
        return make()
    tables = tuple(shaper.schema.table(_bare(name)) for name in _names(site))
    return memory.recall("shape", (site, shaper.scopes, *tables), (shaper.schema.driver,), make)


def _names(site: QuerySite) -> Iterator[str]:
    yield site.table
    yield from (ref.name for ref in site.tables)


def _together(several: tuple[QueryShape, ...], memory: Memory | None) -> QueryShape:
    """One shape of several with one key."""
    if len(several) == 1:
        return several[0]
    if memory is None:
        return reduce(_merged, several)
    return memory.recall("together", several, (), lambda: reduce(_merged, several))


def _merged(known: QueryShape, new: QueryShape) -> QueryShape:
    return replace(known, loop=known.loop or new.loop, sites=tuple(sorted({*known.sites, *new.sites})))
