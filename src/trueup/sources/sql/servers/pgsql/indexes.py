"""Indexes of a PostgreSQL table, and the constraints that stand on them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.model.schema import Index
from trueup.sources.sql.ddl import IndexDef, KeyPart
from trueup.sources.sql.expressions import names_in
from trueup.sources.sql.reader.refusals import unknown_functions
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.pgsql.columns import Columns
from trueup.sources.sql.servers.pgsql.names import chosen, cut, joined
from trueup.sources.sql.servers.pgsql.types import base_of, has_operator_class
from trueup.sources.sql.servers.refused import Refused
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.pgsql.server import PgsqlServer

_CALL = re.compile(r"(?<!\w)([A-Za-z_]\w*+)\s*+\(([^()]*+)")
_FUNCTION_NAME = re.compile(r"^\(*\s*(?:pg_catalog\.)?([A-Za-z_]\w*)\s*\(")
_METHODS = frozenset(("btree", "hash", "gin", "gist", "brin", "spgist"))
_BY_EXTENSION = frozenset(("hnsw", "ivfflat", "bloom", "rum"))


class Indexes:
    """The indexes of `state`, which the running statement may change."""

    def __init__(self, server: PgsqlServer, state: TableState) -> None:
        self.server = server
        self.state = state

    def add_constraints(self, written: list[IndexDef]) -> None:
        """PRIMARY KEY first, then each UNIQUE; of two with the same columns one is made."""
        primary = [i for i in written if i.kind == "primary"]
        for index in written:
            check_parts(self.state.columns, index)
        if primary and self._primary() is not None:
            self._parts(primary[0], "btree")
        if len(primary) > 1 or (primary and self._primary() is not None):
            raise Refused(f'multiple primary keys for table "{self.state.name}" are not allowed', "42P16")
        kept: list[IndexDef] = []
        for index in [*primary, *(i for i in written if i.kind != "primary")]:
            twin = next((n for n, k in enumerate(kept) if _same(k, index) and not index.using_index), None)
            if twin is None:
                kept.append(index)
            elif kept[twin].name is None:
                kept[twin] = replace(kept[twin], name=index.name)
        for index in kept:
            self.add(index)

    def _primary(self) -> Index | None:
        return next((i for i in self.state.indexes.values() if i.primary), None)

    def add(self, written: IndexDef) -> None:
        """An index, or a constraint with its index. Raises `Refused` (42P07, 42710, 42703, 42704, 42883)."""
        if written.using_index is not None:
            self._adopt(written)
            return
        constraint = written.constraint or written.kind == "primary"
        method = written.method or (
            "gin" if written.kind == "fulltext" else "gist" if written.kind == "spatial" else "btree"
        )
        if method not in _METHODS and method not in _BY_EXTENSION:
            raise Refused(f'access method "{method}" does not exist', "42704")
        columns, expressions = self._parts(written, method)
        if written.where is not None:
            Columns(self.server, self.state).check_expression(written.where)
            self._check_functions(written.where)
        name = self._name(written, constraint)
        index = Index(
            name,
            columns,
            written.kind in ("unique", "primary"),
            written.kind == "primary",
            written.at,
            method,
            written.where,
            expressions,
        )
        self._claim(index, constraint)
        if written.kind == "primary":
            for column in columns:
                self.state.columns[column] = replace(self.state.columns[column], nullable=False)

    def _claim(self, index: Index, constraint: bool) -> None:
        self.state.indexes[index.name] = index
        self.server.catalog.claim(index.name, "index", self.state.name)
        if constraint:
            self.state.extra[f"constraint:{index.name}"] = "primary" if index.primary else "unique"
            Columns(self.server, self.state).claim_constraint(index.name)

    def _parts(self, written: IndexDef, method: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        columns: list[str] = []
        expressions: list[str] = []
        for part in written.parts:
            if part.column is None:
                expression = part.expression or ""
                Columns(self.server, self.state).check_expression(expression)
                self._check_functions(expression)
                expressions.append(expression)
                continue
            column = self.state.columns.get(cut(part.column))
            if column is None:
                if self.state.unknown_columns:
                    columns.append(cut(part.column))
                    continue
                raise Refused(f'column "{cut(part.column)}" does not exist', "42703")
            if part.operator_class is None and not has_operator_class(column.type, method):
                kind = base_of(column.type)
                raise Refused(
                    f'data type {kind} has no default operator class for access method "{method}"', "42704"
                )
            columns.append(column.name)
        return tuple(columns), tuple(expressions)

    def _check_functions(self, expression: str) -> None:
        """Functions of other servers do not exist here."""
        unknown = unknown_functions("pgsql")
        for name, arguments in _CALL.findall(re.sub(r"'((?:[^']|'')*)'", "''", expression)):
            if name.upper() in unknown and not any(
                k == "function" and n == name.lower() for k, n in self.server.catalog.notes
            ):
                shown = ", ".join(self._argument(a.strip()) for a in arguments.split(",") if a.strip())
                raise Refused(f"function {name.lower()}({shown}) does not exist", "42883")

    def _argument(self, text: str) -> str:
        column = self.state.columns.get(text.strip('"'))
        if column is not None:
            return base_of(column.type)
        return "integer" if text.isdigit() else "unknown"

    def _name(self, written: IndexDef, constraint: bool) -> str:
        if written.name is not None:
            name = cut(written.name)
            if constraint:
                Columns(self.server, self.state).check_free(name)
            self.server.check_free(name)
            return name
        columns = Columns(self.server, self.state)

        def taken(candidate: str) -> bool:
            return self.server.taken(candidate) or (constraint and columns.constraint_taken(candidate))

        if written.kind == "primary":
            return chosen(self.state.name, None, "pkey", taken)
        middle = joined(_part_name(part) for part in written.parts)
        return chosen(self.state.name, middle, "key" if constraint else "idx", taken)

    def _adopt(self, written: IndexDef) -> None:
        """ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's, under its name."""
        old = cut(written.using_index or "")
        index = self.state.indexes.get(old)
        if index is None:
            raise Refused(f'index "{old}" does not exist', "42704")
        if not index.unique or index.where is not None or index.expressions:
            raise Refused(f'"{old}" is not a unique index', "42809")
        name = cut(written.name) if written.name is not None else old
        if name != old:
            self.rename(old, name)
        index = replace(self.state.indexes[name], primary=written.kind == "primary")
        self._claim(index, True)
        if index.primary:
            for column in index.columns:
                self.state.columns[column] = replace(self.state.columns[column], nullable=False)

    def drop(self, name: str) -> None:
        del self.state.indexes[name]
        self.server.catalog.release(name)
        if self.state.extra.pop(f"constraint:{name}", None) is not None:
            Columns(self.server, self.state).release_constraint(name)

    def rename(self, old: str, new: str) -> None:
        """The constraint goes by its index's name."""
        index = replace(self.state.indexes[old], name=new)
        constraint = f"constraint:{old}" in self.state.extra
        self.drop(old)
        self._claim(index, constraint)

    def using(self, column: str) -> list[Index]:
        """The indexes that stand on a column, in their parts, expressions or predicate."""
        found = []
        for index in self.state.indexes.values():
            texts = (*index.expressions, index.where or "")
            if column in index.columns or any(column.lower() in names_in(text) for text in texts):
                found.append(index)
        return found


def check_parts(columns: Iterable[str], index: IndexDef) -> None:
    """A constraint names columns that are there, each once."""
    if not index.constraint:
        return
    what = "primary key" if index.kind == "primary" else "unique"
    there = set(columns)
    seen: set[str] = set()
    for part in index.parts:
        name = cut(part.column or "")
        if name not in there:
            raise Refused(f'column "{name}" named in key does not exist', "42703")
        if name in seen:
            raise Refused(f'column "{name}" appears twice in {what} constraint', "42701")
        seen.add(name)


def _same(one: IndexDef, other: IndexDef) -> bool:
    return [p.column for p in one.parts] == [
        p.column for p in other.parts
    ] and one.nulls_not_distinct == other.nulls_not_distinct


def _part_name(part: KeyPart) -> str:
    """What a part adds to a made-up name: its column, its function's name, or "expr"."""
    if part.column is not None:
        return cut(part.column)
    found = _FUNCTION_NAME.match(part.expression or "")
    text = (part.expression or "").strip()
    whole = found is not None and text.endswith(")") and text.count("(") == text.count(")")
    if found is None or not whole or re.search(r"\)\s*[-+*/|]", text):
        return "expr"
    return found.group(1).lower()
