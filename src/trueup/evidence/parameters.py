"""What a query looks for: values of rows that are there, so that the plan is one of a real search and not of one in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from trueup.evidence.columns import Known, Value
from trueup.evidence.rows import Reference, Sample, Wanted
from trueup.model.queries import Literalish
from trueup.model.schema import Schema, Table
from trueup.model.shapes import Growth, JoinEdge, Predicate, QueryShape
from trueup.structs import Struct, field

LOW, HIGH = 0.10, 0.90
"""`<` looks for the oldest tenth, `>` for the newest."""

_LITERAL = ("string", "int", "float", "bool", "enum")


class Parameter(Struct, frozen=True):
    """A value as it is bound: `text`, and whether the code binds a number (which MySQL compares differently)."""

    text: str
    number: bool = False


class Parameters(Struct):
    """Values for the predicates of one shape, all of one row of each table where the rows allow it; `rare`: of a row whose
    values few others have."""

    shape: QueryShape
    samples: Mapping[str, Sample]
    rare: bool = False
    _rows: dict[str, dict[str, Value]] = field(default_factory=dict)

    def of(self, predicate: Predicate) -> tuple[Parameter, ...]:
        """The values that the predicate needs: several for a list, two for an interval, none for IS NULL. Empty too where no row
        has a value to look for."""
        literal = literals_of(predicate.value)
        match predicate.operator:
            case "in" | "not in":
                return literal or self._several(predicate)
            case "between" | "not between":
                return literal if len(literal) == 2 else self._interval(predicate)
            case "<" | "<=":
                return literal[:1] or self._edge(predicate, LOW)
            case ">" | ">=":
                return literal[:1] or self._edge(predicate, HIGH if not self._is_bounded(predicate) else 0.85)
            case _:
                return literal[:1] or self._one(predicate)

    def _is_bounded(self, predicate: Predicate) -> bool:
        return any(
            other.column == predicate.column
            and other.table == predicate.table
            and other.operator in ("<", "<=")
            for other in self.shape.predicates
        )

    def _one(self, predicate: Predicate) -> tuple[Parameter, ...]:
        value = self.row(predicate.table).get(predicate.column)
        if value is None:
            value = next(iter(self._values(predicate)), None)
        return () if value is None else (as_parameter(value),)

    def _several(self, predicate: Predicate) -> tuple[Parameter, ...]:
        """Three, the row's own first."""
        own = self.row(predicate.table).get(predicate.column)
        values = list(dict.fromkeys([*([own] if own is not None else []), *self._values(predicate)]))
        step = max(1, len(values) // 3)
        return tuple(as_parameter(v) for v in values[::step][:3])

    def _interval(self, predicate: Predicate) -> tuple[Parameter, ...]:
        return (*self._edge(predicate, 0.85), *self._edge(predicate, 0.95))

    def _edge(self, predicate: Predicate, share: float) -> tuple[Parameter, ...]:
        # With an upper bound as well, the two must leave something between them.
        if predicate.operator in ("<", "<=") and self._has_lower(predicate):
            share = 0.95
        values = sorted(self._values(predicate), key=_order)
        return (as_parameter(values[min(len(values) - 1, int(share * len(values)))]),) if values else ()

    def _has_lower(self, predicate: Predicate) -> bool:
        return any(
            other.column == predicate.column
            and other.table == predicate.table
            and other.operator in (">", ">=")
            for other in self.shape.predicates
        )

    def _values(self, predicate: Predicate) -> list[Value]:
        sample = self.samples.get(predicate.table, Sample())
        return [v for row in sample.rows if (v := row.get(predicate.column)) is not None]

    def row(self, table: str) -> dict[str, Value]:
        """The row of the table that the query looks for: one that fits the values in the code and, for a joined table, one that
        belongs to the other's row."""
        if table not in self._rows:
            self._rows[table] = {}  # no circle through joins
            self._rows[table] = self._pick(table)
        return self._rows[table]

    def _pick(self, table: str) -> dict[str, Value]:
        rows = self.samples.get(table, Sample()).rows
        wanted = [p for p in self.shape.predicates if p.table == table]
        best = max((self._fit(row, wanted) for row in rows), default=0)
        fitting = [row for row in rows if self._fit(row, wanted) == best]
        joined = list(self._joined(table, fitting)) or fitting
        if self.rare and joined:
            keys = [tuple(row.get(p.column) for p in wanted) for row in joined]
            counts = Counter(keys)
            return joined[min(range(len(keys)), key=lambda n: counts[keys[n]])]
        return joined[len(joined) // 2] if joined else {}

    def _fit(self, row: Mapping[str, Value], wanted: Sequence[Predicate]) -> int:
        """How many predicates the row can answer."""
        return sum(_fits(row.get(p.column), p) for p in wanted)

    def _joined(self, table: str, rows: list[dict[str, Value]]) -> Iterator[dict[str, Value]]:
        for edge in self.shape.joins:
            for mine, column, other, key in _both_ways(edge):
                if mine == table and other in self._rows:
                    value = self._rows[other].get(key)
                    yield from (row for row in rows if value is not None and row.get(column) == value)


def _both_ways(edge: JoinEdge) -> tuple[tuple[str, str, str, str], ...]:
    left, right = (edge.left_table, edge.left_column), (edge.right_table, edge.right_column)
    return ((*left, *right), (*right, *left))


def _fits(value: Value, predicate: Predicate) -> bool:
    if predicate.operator in ("is null", "null"):
        return value is None
    if value is None:
        return False
    literal = {p.text for p in literals_of(predicate.value)}
    return not literal or predicate.operator not in ("=", "in") or str(value) in literal


def literals_of(value: Literalish) -> tuple[Parameter, ...]:
    """The values that the code itself writes, or none."""
    if value.kind == "bool":
        return (Parameter("1" if value.text.lower() == "true" else "0", number=True),)
    if value.kind in _LITERAL and value.text:
        return (Parameter(value.text, number=value.kind in ("int", "float")),)
    return tuple(Parameter(text) for text in value.values)


def as_parameter(value: Value) -> Parameter:
    return Parameter(str(value), number=isinstance(value, int))


def _order(value: Value) -> tuple[float, str]:
    try:
        return (float(value or 0), "")
    except ValueError:
        return (0.0, str(value))


# What the code knows of the rows.


def wanted_of(schema: Schema, shapes: Sequence[QueryShape], growth: Sequence[Growth]) -> Wanted:
    """The tables to fill, which stay small, what refers to what, and the values that the code compares columns with."""
    names = {ref.name for shape in shapes for ref in shape.tables if schema.table(ref.name)}
    spelled = {name: found.name for name in names if (found := schema.table(name))}
    return Wanted(
        tuple(sorted(spelled.values())),
        frozenset(g.table for g in growth if g.rate == "lookup"),
        {**_named_references(schema), **_joined_references(schema, shapes)},
        _known(shapes),
    )


def _joined_references(schema: Schema, shapes: Sequence[QueryShape]) -> dict[Reference, Reference]:
    found: dict[Reference, Reference] = {}
    for edge in (edge for shape in shapes for edge in shape.joins):
        for mine, column, other, key in _both_ways(edge):
            table = schema.table(other)
            if table and is_key(table, key) and not _is_own_key(schema, mine, column):
                found[(mine, column)] = (table.name, key)
    return found


def is_key(table: Table, column: str) -> bool:
    return any((i.primary or i.unique) and i.columns == (column,) for i in table.indexes)


def _is_own_key(schema: Schema, table: str, column: str) -> bool:
    found = schema.table(table)
    return found is not None and found.primary_key is not None and found.primary_key.columns == (column,)


def _named_references(schema: Schema) -> dict[Reference, Reference]:
    """`x_id` of a table without a foreign key for it refers to the table of x's, where there is just one, by its id."""
    found: dict[Reference, Reference] = {}
    for table in schema.tables:
        keyed = {name for key in table.foreign_keys for name in key.columns}
        for column in table.columns:
            if not column.name.endswith("_id") or column.name in keyed:
                continue
            thing = column.name.removesuffix("_id")
            plural = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
            meant = [t for t in schema.tables if t.name == plural] or [
                t for t in schema.tables if t.name.endswith("_" + plural)
            ]
            if len(meant) == 1 and is_key(meant[0], "id"):
                found[(table.name, column.name)] = (meant[0].name, "id")
    return found


def _known(shapes: Sequence[QueryShape]) -> dict[Reference, Known]:
    values: dict[Reference, set[str]] = {}
    members: dict[Reference, set[str]] = {}
    listed: set[Reference] = set()
    for predicate in (p for s in shapes for p in (*s.predicates, *(q for g in s.alternatives for q in g))):
        at = (predicate.table, predicate.column)
        values.setdefault(at, set()).update(_texts(predicate))
        if predicate.json_path and "->" in predicate.path:
            members.setdefault(at, set()).add(predicate.path.split("->", 1)[1])
        if predicate.operator == "json contains" and not predicate.json_path:
            listed.add(at)
    return {
        at: Known(tuple(sorted(values[at])), tuple(sorted(members.get(at, ()))), at in listed - set(members))
        for at in values
        if values[at] or at in members or at in listed
    }


def _texts(predicate: Predicate) -> set[str]:
    if predicate.operator not in ("=", "in") or predicate.value.kind == "bool":
        return set()
    return {p.text for p in literals_of(predicate.value)}
