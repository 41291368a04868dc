"""How well the indexes serve a shape: its grade, and why in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.compare.indexes import lowered
from trueup.indexes.selectivity import Statistics
from trueup.indexes.serving import Demand, best_use, demand_of, is_enough, is_usable, joined_by
from trueup.model.schema import Index, Table
from trueup.model.shapes import Grade, JoinEdge, Predicate, QueryShape, ServedBy, Use


def served(
    shape: QueryShape, statistics: Statistics, indexes: dict[str, tuple[Index, ...]] | None = None
) -> ServedBy:
    """How the indexes (those of the schema, or `indexes` by lower-case table name) serve a shape."""
    schema = statistics.schema
    table = schema.table(shape.table) if shape.table else None
    if table is None or shape.tables[0].derived:
        return ServedBy(shape, "cannot tell", why="the main table is a subquery or none that migrations make")
    there = indexes or {}

    def of(one: Table) -> tuple[Index, ...]:
        return there.get(one.name.lower(), one.indexes)

    uses = [
        u
        for t in _tables(shape, statistics)
        if (u := best_use(demand_of(shape, t, statistics), statistics, of(t), shape.predicates))
    ]
    own = next((u for u in uses if u.table == table.name), None)
    driving = own or _driving(shape, table, uses, of(table))
    return _graded(shape, table, statistics, driving, tuple(uses), of(table))


def _tables(shape: QueryShape, statistics: Statistics) -> Iterator[Table]:
    seen: set[str] = set()
    for ref in shape.tables:
        found = statistics.schema.table(ref.name) if ref.name and not ref.derived else None
        if found is not None and found.name not in seen:
            seen.add(found.name)
            yield found


def _driving(shape: QueryShape, table: Table, uses: Sequence[Use], indexes: Sequence[Index]) -> Use | None:
    """A joined table whose index finds the rows, where the main table is then found by the join's column."""
    for use in uses:
        columns = (_meeting(e, table, use.table) for e in shape.joins if not e.outer)
        if any(c and any(is_usable(i) and lowered(i.columns)[0] == c for i in indexes) for c in columns):
            return use
    return None


def _meeting(edge: JoinEdge, table: Table, other: str) -> str:
    """The column of `table` by which a join goes to the other one, or ""."""
    mine, its = table.name.lower(), other.lower()
    if (edge.left_table.lower(), edge.right_table.lower()) == (mine, its):
        return edge.left_column.lower()
    reverse = (edge.right_table.lower(), edge.left_table.lower()) == (mine, its)
    return edge.right_column.lower() if reverse else ""


def _graded(
    shape: QueryShape,
    table: Table,
    statistics: Statistics,
    use: Use | None,
    uses: tuple[Use, ...],
    indexes: Sequence[Index],
) -> ServedBy:
    demand = demand_of(shape, table, statistics)
    left = tuple(_left(shape, table, use, indexes))
    doubtful = shape.open or not shape.certain
    if use is not None and use.table != table.name:
        return ServedBy(
            shape, "served", uses, left, f"found by way of {use.table}, whose index {use.index} leads"
        )
    if use is not None and is_enough(use, demand):
        unjoined = _unjoined(shape, table, statistics, uses)
        if unjoined:
            why = f"{_how(use)}; no index of {unjoined} leads with the column that it is joined by"
            return ServedBy(shape, "partly", uses, left, why)
        return ServedBy(shape, "served", uses, left, _how(use))
    if use is not None and (demand.high or demand.tail or use.equality or use.filled):
        return ServedBy(shape, "partly", uses, left, f"{_how(use)}; what is left is done row by row")
    if _any_of(shape, table, statistics, indexes):
        return ServedBy(shape, "served", uses, left, "each of the alternatives has its index")
    fulltext = _by_fulltext(shape, table, indexes)
    if fulltext:
        return ServedBy(shape, "served", uses, left, f"the full-text index {fulltext} finds the rows")
    if _extreme(shape, table, indexes):
        return ServedBy(shape, "served", uses, left, "the first or last entry of an index is the answer")
    return ServedBy(
        shape, _unhelped(shape, table, demand, doubtful), uses, left, _why_not(shape, table, demand, doubtful)
    )


def _unjoined(shape: QueryShape, table: Table, statistics: Statistics, uses: Sequence[Use]) -> str:
    """A joined table whose rows no index finds, or ""."""
    reached = {u.table.lower() for u in uses}
    for other in _tables(shape, statistics):
        if other.name != table.name and any(joined_by(shape, other)) and other.name.lower() not in reached:
            return other.name
    return ""


def _unhelped(shape: QueryShape, table: Table, demand: Demand, doubtful: bool) -> Grade:
    asked = [
        p for p in shape.predicates if p.table.lower() == table.name.lower() and p.implied != "soft deletes"
    ]
    certain = [p for p in asked if p.certain]
    blind = any(not p.sargable or p.kind != "other" for p in certain)
    if doubtful and not blind and not demand.tail:
        return "cannot tell"
    if any(p.operator in {"raw", "?"} for p in certain) and not demand.servable:
        return "cannot tell"
    if demand.servable or any(not p.sargable for p in certain) or shape.alternatives:
        return "unserved"
    if shape.limited:
        return "served" if not certain and not demand.tail else "partly"
    return "unbounded"


def _why_not(shape: QueryShape, table: Table, demand: Demand, doubtful: bool) -> str:
    match _unhelped(shape, table, demand, doubtful):
        case "cannot tell":
            return "conditions that can't be told decide it"
        case "unserved":
            bare = [p for p in shape.predicates if not p.sargable and p.certain]
            if bare and not demand.servable:
                return f"no index of {table.name} can find rows by {', '.join(dict.fromkeys(shown(p) for p in bare))}"
            return f"no index of {table.name} leads with what it looks for"
        case "unbounded":
            return "it reads every row of the table, or a good part of them"
        case "partly":
            return "its conditions narrow little down; it reads on until it has enough"
        case _:
            return "it reads no more rows than it gives"


def _how(use: Use) -> str:
    if use.single:
        return f"{use.index} finds the one row"
    parts = []
    if use.equality:
        parts.append(f"finds rows by {', '.join(use.columns[: use.equality]) or 'its key'}")
    if use.range:
        parts.append("by a range" if use.equality else "finds rows by a range")
    if use.filled:
        column = use.columns[use.equality]
        parts.append(f"of them those with a {column}" if use.equality else f"finds rows that have a {column}")
    if use.sorted:
        parts.append("gives them in order")
    if use.covering:
        parts.append("needs not look at the rows")
    return f"{use.index} {', '.join(parts)}"


def shown(predicate: Predicate) -> str:
    """A predicate as a reader would write it, its value left out."""
    column = predicate.path or predicate.column
    over = f"{predicate.function}({column})" if predicate.function else column
    if predicate.operator.endswith("null"):
        return f"{over} {predicate.operator}"
    if predicate.operator == "raw" or predicate.function.startswith("json_"):
        return over
    if predicate.operator.startswith("compared"):
        return f"{over} {predicate.operator}"
    value = (
        f"'{predicate.value.text or predicate.value.prefix + '…'}'" if predicate.operator == "like" else "?"
    )
    return f"{over} {predicate.operator} {value}"


def _left(shape: QueryShape, table: Table, use: Use | None, indexes: Sequence[Index]) -> Iterator[str]:
    """What no index does of the main table's conditions and order."""
    del indexes
    own = use is not None and use.table == table.name
    helped = {c.lower() for c in (use.columns[: use.equality + use.range] if own and use is not None else ())}
    filled = use.columns[use.equality].lower() if own and use is not None and use.filled else ""
    for one in shape.predicates:
        if one.table.lower() != table.name.lower() or (one.column.lower() in helped and one.servable):
            continue
        if one.operator != "is not null" or one.column.lower() != filled:
            yield shown(one)
    for group in shape.alternatives:
        yield "(" + " or ".join(shown(p) for p in group) + ")"
    if shape.sorts and not (own and use is not None and use.sorted):
        yield "order by " + ", ".join(s.column + (" desc" if s.descending else "") for s in shape.sorts)


def _any_of(shape: QueryShape, table: Table, statistics: Statistics, indexes: Sequence[Index]) -> bool:
    """Whether a group of alternatives is served: each of them finds its rows by an index of its own (index merge, bitmap OR)."""
    leading = {lowered(i.columns)[0] for i in indexes if is_usable(i)}
    name = table.name.lower()
    return any(
        all(
            p.table.lower() == name
            and p.servable
            and p.column.lower() in leading
            and (p.kind == "range" or statistics.selectivity(table, p.column) == "high")
            and p.operator != "is null"
            for p in group
        )
        for group in shape.alternatives
    )


def _by_fulltext(shape: QueryShape, table: Table, indexes: Sequence[Index]) -> str:
    wanted = {
        p.column.lower()
        for p in shape.predicates
        if p.operator == "match" and p.table.lower() == table.name.lower()
    }
    kinds = {"fulltext", "gin", "gist"}
    found = (
        i.name
        for i in indexes
        if wanted and i.kind in kinds and (wanted <= set(lowered(i.columns)) or i.expressions)
    )
    return next(found, "")


def _extreme(shape: QueryShape, table: Table, indexes: Sequence[Index]) -> bool:
    """MIN or MAX of an indexed column, or a count that any narrow index answers is still a scan: only the former is free."""
    if (
        not shape.aggregate
        or shape.predicates
        or shape.alternatives
        or not shape.projection
        or len(shape.tables) > 1
    ):
        return False
    extreme = {"min", "max"} & set(shape.functions)
    column = shape.projection[0][1].lower()
    return bool(extreme) and any(is_usable(i) and lowered(i.columns)[0] == column for i in indexes)
