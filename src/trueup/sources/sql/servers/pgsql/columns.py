"""Columns and checks of a PostgreSQL table."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from trueup.model.schema import Check, Column
from trueup.sources.sql.ddl import CheckDef, ColumnDef, CreateTable
from trueup.sources.sql.expressions import allowed_values, names_in
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.pgsql.defaults import reported_default
from trueup.sources.sql.servers.pgsql.names import chosen, cut
from trueup.sources.sql.servers.pgsql.types import SERIALS, base_of, spell
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.words import word_set

if TYPE_CHECKING:
    from trueup.sources.sql.servers.pgsql.server import PgsqlServer

COLUMNS_LIMIT = 1600
_BARE = re.compile(
    r"(?:^|\band\b|\bor\b|\()\s*+(?!not\b)([A-Za-z_]\w*+)\s*+(?:\bis\s|=|<|>|!=|\bin\b|\blike\b|\bbetween\b)",
    re.I,
)
_FOREIGN_COLLATION = re.compile(r"^(?:utf8|utf8mb3|utf8mb4|latin1|ascii|ucs2|utf16|utf32)_|^binary$", re.I)
_SIZED_NUMBER = re.compile(r"numeric\((\d+),(\d+)\)")
_PLAIN_NUMBER = re.compile(r"'?(-?\d+(?:\.\d+)?)'?(?:::\w+)?$")
_STRINGS = re.compile(r"'(?:[^']|'')*'")
_NAMES = re.compile(r'(?<![\w.:"])([A-Za-z_]\w*)(?!\s*[(.]|\w)')
_TYPED = re.compile(r"::|\b(?:as|at|from|for|in|interval|using|collate|over|filter|within|array|row)\b", re.I)
_WORDS = word_set(
    "AND OR NOT IS NULL TRUE FALSE CASE WHEN THEN ELSE END LIKE ILIKE BETWEEN DISTINCT SIMILAR TO"
)
_VOLATILE = re.compile(
    r"\b(?:(?:concat|concat_ws|format|now|random|clock_timestamp|to_char|gen_random_uuid)\s*\(|current_(?:timestamp|date|time)\b)",
    re.I,
)
_SEQUENCE = re.compile(r"^nextval\(\s*'([^']+)'", re.I)


class Columns:
    """The columns of `state`, which the running statement may change."""

    def __init__(self, server: PgsqlServer, state: TableState) -> None:
        self.server = server
        self.state = state

    def add(self, written: ColumnDef) -> None:
        """Put a column at the end. Raises `Refused` (42701, 42704, 22P02, 42804, 54011, ...)."""
        name = cut(written.name)
        if name in self.state.columns:
            if self.state.name in self.server.catalog.tables:
                raise Refused(f'column "{name}" of relation "{self.state.name}" already exists', "42701")
            raise Refused(f'column "{name}" specified more than once', "42701")
        if len(self.state.columns) >= COLUMNS_LIMIT:
            raise Refused(f"tables can have at most {COLUMNS_LIMIT} columns", "54011")
        self.state.columns[name] = self._column(name, written)

    def _column(self, name: str, written: ColumnDef) -> Column:
        serial = written.type.strip().lower() in SERIALS
        check_collation(written.collation)
        kind = spell(written.type, self.server.types, self.server.extensions)
        counter = serial or written.identity is not None
        if written.identity is not None and kind not in ("smallint", "integer", "bigint"):
            raise Refused("identity column type must be smallint, integer, or bigint", "22023")
        default = self._default(name, kind, written, serial)
        if written.identity is not None:
            self.state.extra[f"identity:{name}"] = written.identity
            self._sequence(name)
        return Column(
            name,
            kind,
            written.nullable is not False and not counter and not written.primary,
            default,
            # Laravel's introspection knows no identity columns: only a default that counts is one.
            (default or "").startswith("nextval("),
            written.at,
            None,
            written.collation,
            None,
            None,
            written.generated,
            written.stored,
            self.server.types.get(base_of(kind).strip('"'), ()),
            identity=written.identity is not None,
        )

    def _default(self, name: str, kind: str, written: ColumnDef, serial: bool) -> str | None:
        if serial:
            if written.nullable:
                reason = (
                    f'conflicting NULL/NOT NULL declarations for column "{name}" of table "{self.state.name}"'
                )
                raise Refused(reason, "42601")
            if written.default is not None:
                reason = f'multiple default values specified for column "{name}" of table "{self.state.name}"'
                raise Refused(reason, "42601")
            return f"nextval('{_as_regclass(self._sequence(name))}'::regclass)"
        if written.default is None:
            return None
        if written.generated is not None:
            reason = f'both default and generation expression specified for column "{name}" of table "{self.state.name}"'
            raise Refused(reason, "42601")
        return self.spelled_default(name, kind, written.default)

    def spelled_default(self, name: str, kind: str, text: str) -> str | None:
        sequence = _SEQUENCE.match(text.strip())
        if sequence:
            return f"nextval('{sequence.group(1).removeprefix('public.')}'::regclass)"
        return reported_default(name, kind, text, self.server.types)

    def _sequence(self, column: str) -> str:
        """Make the sequence that a serial or identity column owns."""
        name = chosen(self.state.name, column, "seq", self.server.taken)
        self.server.catalog.claim(name, "sequence", self.state.name)
        self.state.extra[f"sequence:{column}"] = name
        return name

    def add_identity(self, name: str, kind: str) -> None:
        self.state.extra[f"identity:{name}"] = kind
        self._sequence(name)

    def drop_sequence(self, column: str) -> None:
        self.state.extra.pop(f"identity:{column}", None)
        sequence = self.state.extra.pop(f"sequence:{column}", None)
        if sequence is not None:
            self.server.catalog.release(sequence)

    # Checks

    def add_checks(self, statement: CreateTable) -> None:
        for column in statement.columns:
            self.add_inline_check(column)
        for check in statement.checks:
            self.add_check(check)
        for made in self.state.columns.values():
            if made.generated is not None:
                self.check_generated(made.generated)

    def check_added(self, written: ColumnDef) -> None:
        """A column added to a table that is there: its expression is read and its default computed at once."""
        made = self.state.columns[cut(written.name)]
        if made.generated is not None:
            self.check_generated(made.generated)
        sized = _SIZED_NUMBER.match(made.type)
        number = _PLAIN_NUMBER.match(made.default or "")
        if sized and number and abs(Decimal(number[1])) >= Decimal(10) ** (int(sized[1]) - int(sized[2])):
            raise Refused("numeric field overflow", "22003")

    def check_generated(self, expression: str) -> None:
        """What is computed from other columns names columns that are there, and gives the same for the same."""
        self.check_expression(expression)
        bare = _STRINGS.sub(" ", expression)
        if not _TYPED.search(bare):
            for name in _NAMES.findall(bare):
                if name.upper() not in _WORDS:
                    self._check_named(name.lower())
        if _VOLATILE.search(bare):
            raise Refused("generation expression is not immutable", "42P17")

    def add_inline_check(self, column: ColumnDef) -> None:
        if column.check is not None:
            self.add_check(CheckDef(column.check, column.check_name, column.at), cut(column.name))

    def add_check(self, written: CheckDef, column: str | None = None) -> None:
        """A check without a name is called after its table and, where it names only one, its column."""
        self.check_expression(written.expression)
        named = tuple(c for c in self.state.columns if c.lower() in names_in(written.expression))
        middle = column if column is not None else named[0] if len(named) == 1 else None
        if written.name is not None:
            name = cut(written.name)
            self.check_free(name)
        else:
            name = chosen(self.state.name, middle, "check", self.constraint_taken)
        expression = written.expression
        self.state.checks[name] = Check(name, expression, named, allowed_values(expression), written.at)
        self.claim_constraint(name)

    def check_expression(self, expression: str) -> None:
        """Names in double quotes are columns; bare ones may be keywords."""
        bare = re.sub(r"'(?:[^']|'')*'", " ", expression)
        for name in re.findall(r'(?<![\w.:"])"([^"]+)"(?!\s*[.(])', bare):
            self._check_named(name)
        for name in _BARE.findall(bare):
            self._check_named(name.lower())

    def _check_named(self, name: str) -> None:
        if cut(name) not in self.state.columns and not self.state.unknown_columns:
            raise Refused(f'column "{name}" does not exist', "42703")

    # Names of constraints: unique in a table, looked for in the whole schema when one is made up

    def constraint_taken(self, name: str) -> bool:
        return f"constraint:{name}" in self.server.catalog.names

    def check_free(self, name: str) -> None:
        if name in self.state.checks or name in self.state.keys or f"constraint:{name}" in self.state.extra:
            raise Refused(f'constraint "{name}" for relation "{self.state.name}" already exists', "42710")

    def claim_constraint(self, name: str) -> None:
        self.server.catalog.claim(f"constraint:{name}", "constraint", self.state.name)

    def release_constraint(self, name: str) -> None:
        self.server.catalog.release(f"constraint:{name}")


def check_collation(name: str | None) -> None:
    """MySQL's collations are none here."""
    if name is not None and _FOREIGN_COLLATION.match(name):
        raise Refused(f'collation "{name}" for encoding "UTF8" does not exist', "42704")


def _as_regclass(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else f'"{name}"'
