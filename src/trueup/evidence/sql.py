"""Query shapes as the SQL that Laravel's grammar of a driver sends for them, with their values written in.

Source: laravel/framework 12, Illuminate/Database/Query/Grammars. Values stand in the text as PDO binds them: numbers as numbers
on MySQL and SQLite, all as untyped text on PostgreSQL."""

from __future__ import annotations

import json
import re
from datetime import datetime

from trueup.evidence.parameters import Parameter, Parameters
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.model.shapes import Predicate, QueryShape, Sort
from trueup.sources.sql.writing import MYSQL, Writer
from trueup.structs import Struct

PAGE = 15
"""LIMIT where the code gives one: Laravel's page."""

PAGES_IN = 1
"""OFFSET skips this many pages: the second page is asked for."""

_COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=", "<=>")
_LIKES = ("like", "not like", "ilike", "not ilike")
_NEGATIVES = ("not in", "not between", "not null", *_LIKES)
_PARTS = ("date", "time", "day", "month", "year")
_PLAIN_FUNCTIONS = ("lower", "upper", "trim", "abs", "length")


class Unwritable(Exception):
    """The shape can't be asked: its text says why."""


class Statement(Struct, frozen=True):
    """`sql` is what Laravel sends. `reading` finds the same rows without changing them: what is measured of an UPDATE or DELETE."""

    sql: str
    reading: str


def statement_of(shape: QueryShape, schema: Schema, parameters: Parameters) -> Statement:
    """The shape's statement. Raises Unwritable where part of it can't be said in SQL, or its tables don't hang together."""
    return _Query(shape, schema, parameters).statement()


class _Query(Struct, frozen=True):
    shape: QueryShape
    schema: Schema
    parameters: Parameters

    @property
    def writer(self) -> Writer:
        return Writer(self.schema.driver)

    @property
    def driver(self) -> Driver:
        return self.schema.driver

    @property
    def names(self) -> list[str]:
        """The tables, each once: which of two joins of the same table (by aliases) a condition belongs to is not known."""
        return list({ref.name.lower(): ref.name for ref in self.shape.tables}.values())

    def statement(self) -> Statement:
        shape = self.shape
        if any(ref.derived for ref in shape.tables):
            raise Unwritable("it reads a subquery")
        if any(edge.left_table.lower() == edge.right_table.lower() for edge in shape.joins):
            raise Unwritable("it joins a table to itself")
        source = self.sources()
        where = self.where()
        match shape.kind:
            case "update" | "delete" if len(self.names) == 1:
                reading = f"select * from {source}{where}"
                return Statement(self.change(source, where), reading)
            case "upsert" if where:  # firstOrCreate() and its like: the search comes first
                text = f"select * from {source}{where} limit 1"
                return Statement(text, text)
            case "insert" | "upsert" | "truncate" | "statement" | "factory":
                raise Unwritable("it looks for no rows")
            case _:
                text = self.select(source, where)
                return Statement(text, text)

    # Parts.

    def sources(self) -> str:
        """FROM with its joins. Each joined table must hang on one before it."""
        first, *others = self.names
        text = self.writer.name(first)
        there = {first.lower()}
        waiting = list(others)
        while waiting:
            found = next((name for name in waiting if self.edges(name, there)), None)
            if found is None:
                raise Unwritable(f"nothing joins {waiting[0]} to the other tables")
            edges = self.edges(found, there)
            on = " and ".join(f"{self.column(*left)} = {self.column(*right)}" for left, right, _ in edges)
            how = "left" if any(outer for *_, outer in edges) else "inner"
            text += f" {how} join {self.writer.name(found)} on {on}"
            there.add(found.lower())
            waiting.remove(found)
        return text

    def edges(self, name: str, there: set[str]) -> list[tuple[tuple[str, str], tuple[str, str], bool]]:
        found = []
        for edge in self.shape.joins:
            left, right = (edge.left_table, edge.left_column), (edge.right_table, edge.right_column)
            for one, other in ((left, right), (right, left)):
                if one[0].lower() in there and other[0].lower() == name.lower():
                    found.append((one, other, edge.outer and other == right))
        return found

    def where(self) -> str:
        shape = self.shape
        # What holds on some paths of the code only, or the other way round, is left out.
        texts = [self.predicate(p) for p in shape.predicates if is_sure(p)]
        texts += [
            "(" + " or ".join(map(self.predicate, group)) + ")"
            for group in shape.alternatives
            if all(map(is_sure, group))
        ]
        return f" where {' and '.join(texts)}" if texts else ""

    def select(self, source: str, where: str) -> str:
        shape = self.shape
        if shape.exists:
            return f"select exists(select * from {source}{where}) as {self.writer.name('exists')}"
        if shape.groups:
            return self.grouped(source, where)
        if shape.aggregate:
            return f"select {self.aggregate()} as aggregate from {source}{where}"
        distinct = "distinct " if shape.distinct else ""
        return f"select {distinct}{self.shown()} from {source}{where}{self.order(shape.sorts)}{self.limit()}"

    def grouped(self, source: str, where: str) -> str:
        groups = [self.column(*group) for group in self.shape.groups if self.is_there(*group)]
        if not groups:
            return f"select {self.aggregate()} as aggregate from {source}{where}"
        sorts = tuple(s for s in self.shape.sorts if (s.table, s.column) in self.shape.groups)
        text = f"select {', '.join(groups)}, count(*) as aggregate from {source}{where} group by {', '.join(groups)}"
        return text + self.order(sorts) + self.limit()

    def aggregate(self) -> str:
        shown = self.shape.projection or ()
        numeric = [c for c in shown if self.is_number(*c)]
        return f"sum({self.column(*numeric[0])})" if len(shown) == 1 and numeric else "count(*)"

    def is_number(self, table: str, column: str) -> bool:
        found = self.schema.table(table)
        there = found.column(column) if found else None
        return bool(
            there and re.match(r"(int|bigint|smallint|decimal|numeric|double|real|float)", there.type.lower())
        )

    def shown(self) -> str:
        # A name that is no column is one that the select list makes.
        columns = tuple(c for c in self.shape.projection or () if self.is_there(*c))
        if not columns:
            return "*" if len(self.names) == 1 else f"{self.writer.name(self.shape.table)}.*"
        if self.shape.distinct:
            extra = tuple((s.table, s.column) for s in self.shape.sorts if self.is_there(s.table, s.column))
            columns = tuple(dict.fromkeys([*columns, *extra]))
        return ", ".join(self.column(*c) for c in columns)

    def order(self, sorts: tuple[Sort, ...]) -> str:
        parts = [
            f"{self.over(s.function, self.column(s.table, s.column))} {'desc' if s.descending else 'asc'}"
            for s in sorts
            if self.is_there(s.table, s.column)
        ]
        return f" order by {', '.join(parts)}" if parts else ""

    def limit(self) -> str:
        shape = self.shape
        if not (shape.limited or shape.paged):
            return ""
        return f" limit {PAGE}" + (f" offset {PAGE * PAGES_IN}" if shape.offset or shape.paged else "")

    def change(self, source: str, where: str) -> str:
        if self.shape.kind == "delete":
            return f"delete from {source}{where}"
        column = next(iter(self.shape.writes), "") or self.any_column()
        table = self.schema.table(self.shape.table)
        if table is None or table.column(column) is None:
            column = self.any_column()
        return f"update {source} set {self.writer.name(column)} = {self.writer.name(column)}{where}"

    def any_column(self) -> str:
        table = self.schema.table(self.shape.table)
        if table is None or not table.columns:
            raise Unwritable(f"{self.shape.table} is not there")
        return table.columns[-1].name

    def is_there(self, table: str, column: str) -> bool:
        """Also whether the query reads the table: on some paths of the code a join may be missing."""
        found = self.schema.table(table)
        read = table.lower() in map(str.lower, self.names)
        return read and found is not None and found.column(column) is not None

    def column(self, table: str, column: str) -> str:
        if table.lower() not in map(str.lower, self.names):
            raise Unwritable(f"it reads {table} on some paths of the code only")
        if not self.is_there(table, column):
            raise Unwritable(f"there is no column {table}.{column}")
        if len(self.names) == 1:
            return self.writer.name(column)
        return f"{self.writer.name(table)}.{self.writer.name(column)}"

    # Predicates.

    def predicate(self, p: Predicate) -> str:
        column = self.column(p.table, p.column)
        if p.operator in ("is null", "null"):
            return f"{column} is null"
        if p.operator in ("is not null", "not null"):
            return f"{column} is not null"
        if p.operator == "json contains":
            return self.contains(p, column)
        values = self.parameters.of(p)
        if not values:
            raise Unwritable(f"no row has a value of {p.table}.{p.column}")
        left = self.json(p, column) if p.json_path else column
        if p.function in _PARTS:
            return self.part(p, left, values[0])
        left = self.over(p.function, left)
        return self.compared(p.operator, left, values)

    def compared(self, operator: str, left: str, values: tuple[Parameter, ...]) -> str:
        texts = [self.value(v) for v in values]
        if operator in _COMPARISONS:
            return f"{left} {operator} {texts[0]}"
        if operator in ("in", "not in"):
            return f"{left} {operator} ({', '.join(texts)})"
        if operator in ("between", "not between") and len(texts) == 2:
            return f"{left} {operator} {texts[0]} and {texts[1]}"
        if operator in _LIKES:
            return self.like(operator, left, values[0])
        raise Unwritable(f"the operator {operator or '?'} is not understood")

    def like(self, operator: str, left: str, value: Parameter) -> str:
        pattern = value.text if "%" in value.text or "_" in value.text else f"%{value.text[:6]}%"
        if self.driver == "pgsql":
            return f"{left}::text {operator} {self.writer.string(pattern)}"
        return f"{left} {operator.replace('ilike', 'like')} {self.writer.string(pattern)}"

    def value(self, value: Parameter) -> str:
        return value.text if value.number and self.driver != "pgsql" else self.writer.string(value.text)

    def over(self, function: str, text: str) -> str:
        if not function:
            return text
        if function in _PLAIN_FUNCTIONS:
            return f"{function}({text})"
        if function in _PARTS:
            return self.part_of(function, text)
        raise Unwritable(f"the function {function} is not understood")

    def part(self, p: Predicate, left: str, value: Parameter) -> str:
        """whereDate() and its like."""
        if p.operator not in _COMPARISONS:
            raise Unwritable(f"{p.function} with {p.operator} is not understood")
        text = self.writer.string(_part_text(p.function, value.text))
        if self.driver == "sqlite":
            text = f"cast({text} as text)"
        return f"{self.part_of(p.function, left)} {p.operator} {text}"

    def part_of(self, function: str, left: str) -> str:
        if self.driver in MYSQL:
            return f"{function}({left})"
        if self.driver == "pgsql":
            return (
                f"{left}::{function}" if function in ("date", "time") else f"extract({function} from {left})"
            )
        formats = {"date": "%Y-%m-%d", "time": "%H:%M:%S", "day": "%d", "month": "%m", "year": "%Y"}
        return f"strftime('{formats[function]}', {left})"

    def json(self, p: Predicate, column: str) -> str:
        members = p.path.split("->")[1:] if p.path else []
        if not members:
            raise Unwritable(f"the member of {p.column} is not known")
        if self.driver == "pgsql":
            *outer, last = [self.writer.string(m) for m in members]
            return column + "".join(f"->{m}" for m in outer) + f"->>{last}"
        path = "'$" + "".join(f'."{m}"' for m in members).replace("'", "''") + "'"
        extracted = f"json_extract({column}, {path})"
        return f"json_unquote({extracted})" if self.driver in MYSQL else extracted

    def contains(self, p: Predicate, column: str) -> str:
        words = [text for value in self.parameters.of(p) for text in _words(value.text)]
        word = words[0] if words else "x"
        value = self.writer.string(json.dumps(word))
        if self.driver in MYSQL:
            return f"json_contains({column}, {value})"
        if self.driver == "pgsql":
            return f"({column})::jsonb @> {value}"
        return (
            f"exists (select 1 from json_each({column}) where json_each.value is {self.writer.string(word)})"
        )


def is_sure(p: Predicate) -> bool:
    """Whether the condition holds on each path as it stands. Of whereNot() with several conditions it is not known which fails."""
    return p.certain and not (p.operator.startswith("not ") and p.operator not in _NEGATIVES)


def _words(document: str) -> list[str]:
    """The texts of a JSON array, or the text itself."""
    try:
        found = json.loads(document)
    except ValueError:
        return [document]
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def _part_text(function: str, text: str) -> str:
    """A part of the moment in `text`, as Laravel binds it: months and days have two digits. Other texts stay."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    match function:
        case "date":
            return moment.strftime("%Y-%m-%d")
        case "time":
            return moment.strftime("%H:%M:%S")
        case "day":
            return moment.strftime("%d")
        case "month":
            return moment.strftime("%m")
        case _:
            return moment.strftime("%Y")
