"""DBML blocks (dbdiagram.io, dbdocs) → required tables: tables, column settings, indexes, references, enums, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap, Location
from trueup.model.spec import RequiredCheck, RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable
from trueup.sources.spec.dbml_parts import Settings, TableBody
from trueup.sources.spec.dbml_tokens import Token, TokenStream, is_name, tokens
from trueup.sources.spec.from_ddl import bare_name, key_columns_not_null
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import is_generic
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field, replace

_STARTS = re.compile(
    r"(?im)^[^\S\n]*+(?:Table|TablePartial)\s++[\w\".`]++(?:\s++as\s++\w++)?\s*+(?:\[[^\]\n]*+\]\s*+)?\{"
)
MOST_INSERTED = 100_000
"""Columns and indexes that partials may bring into the tables of one block: partials of partials double with every line."""
_SKIPPED = frozenset(("project", "tablegroup", "note", "diagramview", "records"))


class _Reference(Struct, frozen=True):
    """`many` is the side that holds the foreign key: (table, columns)."""

    holder: tuple[str, tuple[str, ...]]
    target: tuple[str, tuple[str, ...]]
    on_delete: str | None
    on_update: str | None
    at: Location


class _Parsed(Struct):
    tables: list[RequiredTable] = field(default_factory=list)
    partials: dict[str, RequiredTable] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    references: list[_Reference] = field(default_factory=list)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    inserted: int = 0
    """Columns and indexes that partials brought so far."""


def is_dbml(text: str) -> bool:
    return _STARTS.search(text) is not None


def read_dbml(text: str, first: int, setting: Setting) -> Iterator[RequiredTable | Gap]:
    """The tables of one block. What can't be read is a gap, and reading goes on behind it."""
    reader = _Reader(list(tokens(text, first)), setting)
    reader.read()
    parsed = reader.parsed
    keys = _foreign_keys(parsed)
    for table in parsed.tables:
        columns = tuple(_with_enum(c, parsed) for c in table.columns)
        held = tuple(sorted(keys.pop(table.name.lower(), []), key=lambda k: (k.at, k.columns)))
        yield key_columns_not_null(replace(table, columns=columns, foreign_keys=held))
    yield from parsed.gaps


def _foreign_keys(parsed: _Parsed) -> dict[str, list[RequiredForeignKey]]:
    """The keys by the name of the table that holds them, in lower case."""
    keys: dict[str, list[RequiredForeignKey]] = {}
    for reference in parsed.references:
        holder = parsed.aliases.get(reference.holder[0], reference.holder[0])
        target = parsed.aliases.get(reference.target[0], reference.target[0])
        key = RequiredForeignKey(
            reference.holder[1],
            target,
            reference.target[1],
            reference.on_delete,
            reference.on_update,
            None,
            reference.at,
        )
        keys.setdefault(holder.lower(), []).append(key)
    return keys


def _with_enum(column: RequiredColumn, parsed: _Parsed) -> RequiredColumn:
    values = parsed.enums.get((column.type or "").lower())
    if not values:
        return column
    written = "enum(" + ",".join("'" + v.replace("'", "''") + "'" for v in values) + ")"
    return replace(column, type=written, values=values, loose_type=False)


class _Reader(TokenStream):
    def __init__(self, stream: list[Token], setting: Setting) -> None:
        super().__init__(stream)
        self.setting = setting
        self.parsed = _Parsed()

    def gap(self, line: int, reason: str) -> None:
        self.parsed.gaps.append(self.setting.gap(line, reason, "spec-dbml"))

    # The language

    def read(self) -> None:
        while (token := self.next()) is not None:
            word = token.text.lower() if token.kind == "word" else ""
            if word in ("table", "tablepartial"):
                self._table(token, partial=word == "tablepartial")
            elif word == "ref":
                self._reference_element(token)
            elif word == "enum":
                self._enum()
            elif word in _SKIPPED:
                self.skip_block()
            elif token.text != "}":
                self.gap(token.line, f"no element of DBML: {token.text[:40]!r}")
                self.skip_line()

    def _path(self) -> str:
        """A possibly qualified name: `schema.table`."""
        token = self.next(skip_lines=False)
        parts = [token.text] if token and is_name(token) else []
        while parts and self.take(".", skip_lines=False):
            part = self.peek(skip_lines=False)
            if part is None or not is_name(part):
                break
            self.position += 1
            parts.append(part.text)
        return ".".join(parts)

    def _table(self, start: Token, partial: bool) -> None:
        name = bare_name(self._path())
        if self.take("as", skip_lines=False):
            alias = self.next(skip_lines=False)
            if alias is not None:
                self.parsed.aliases[alias.text] = name
        settings = self._settings() if (t := self.peek(skip_lines=False)) and t.text == "[" else {}
        if not name or not self.take("{"):
            self.gap(start.line, "a table without a name or a body")
            return
        table = RequiredTable(
            name,
            "dbml",
            at=self.setting.at(start.line),
            section=self.setting.section,
            existing=self.setting.role == "current",
            missing_reported=self.setting.missing and self.setting.role != "current",
        )
        body = TableBody(name, settings.get("note"))
        self._table_body(body, start)
        table = body.on(table)
        if partial:
            self.parsed.partials[name] = table
        else:
            self.parsed.tables.append(table)

    def _table_body(self, table: TableBody, start: Token) -> None:
        while (token := self.next()) is not None:
            if token.text == "}" and token.kind == "sign":
                return
            word = token.text.lower() if token.kind == "word" else ""
            after = self.peek(skip_lines=False)
            if word == "indexes" and after is not None and after.text == "{":
                self._indexes(table)
            elif word == "checks" and after is not None and after.text == "{":
                self._checks(table)
            elif word == "note" and after is not None and after.text in (":", "{"):
                table.comment = self._note()
            elif token.text == "~":
                self._with_partial(table, token)
            elif is_name(token):
                self._column(table, token)
            else:
                self.gap(token.line, f"no column: {token.text[:40]!r}")
                self.skip_line()
        self.gap(start.line, f"the block ends inside table {table.name}")

    def _with_partial(self, table: TableBody, sign: Token) -> None:
        token = self.next(skip_lines=False)
        partial = self.parsed.partials.get(token.text) if token else None
        if partial is None:
            self.gap(token.line if token else sign.line, "a table partial that is not defined above")
            table.complete = False
            return
        self.parsed.inserted += len(partial.columns) + len(partial.indexes)
        if self.parsed.inserted > MOST_INSERTED:
            self.gap(sign.line, f"table partials that bring more than {MOST_INSERTED:,} columns")
            table.complete = False
            return
        table.columns += partial.columns
        table.indexes += partial.indexes

    def _note(self) -> str:
        self.next(skip_lines=False)
        token = self.next()
        text = token.text if token and token.kind in ("string", "name") else ""
        closing = self.peek()
        if closing is not None and closing.text == "}" and self.stream[self.position - 2].text == "{":
            self.position += 1
        return text

    def _column(self, table: TableBody, name: Token) -> None:
        type_ = self._type()
        if not type_:
            self.gap(name.line, f"a column without a type: {name.text[:40]!r}")
            self.skip_line()
            return
        after = self.peek(skip_lines=False)
        settings = self._settings() if after is not None and after.text == "[" else {}
        column = self._column_of(name, type_, settings)
        at = column.at
        if "pk" in settings or "primary key" in settings:
            table.indexes.append(RequiredIndex((name.text,), None, True, True, at))
        elif "unique" in settings:
            table.indexes.append(RequiredIndex((name.text,), None, True, False, at))
        if settings.get("check"):
            table.checks.append(RequiredCheck(settings["check"], (name.text,), at=at))
        for reference in [v for k, v in settings.items() if k.startswith("ref")]:
            self._inline_reference(table.name, name.text, reference, at)
        table.columns.append(column)

    def _column_of(self, name: Token, type_: str, settings: dict[str, str]) -> RequiredColumn:
        nullable = False if "not null" in settings or "pk" in settings or "primary key" in settings else None
        default = settings.get("default")
        none = default is not None and default.lower() == "null"
        return RequiredColumn(
            name.text,
            type_,
            True if nullable is None and "null" in settings else nullable,
            None if none else default,
            default is not None,
            True if "increment" in settings else None,
            self.setting.at(name.line),
            settings.get("note"),
            None,
            parse_type(type_).values,
            self.setting.written(name.line),
            is_generic(type_),
        )

    def _type(self) -> str:
        """`varchar(255)`, `"bigint unsigned"`, `int[]`, `schema.enum_name`."""
        start = self.peek(skip_lines=False)
        if start is None or start.kind not in ("word", "name"):
            return ""
        text = self._path().rsplit(".", 1)[-1]
        while (token := self.peek(skip_lines=False)) is not None:
            if token.text == "(":
                text += self._brackets()
            elif token.kind in ("word", "name") and token.text.lower() in (
                "unsigned",
                "precision",
                "varying",
                "with",
                "time",
                "zone",
                "without",
            ):
                text += " " + token.text
                self.position += 1
            elif token.text == "[" and not token.spaced and self._array():
                text += "[]"
            else:
                return text
        return text

    def _array(self) -> bool:
        closing = self.stream[self.position + 1] if self.position + 1 < len(self.stream) else None
        if closing is None or closing.text != "]":
            return False
        self.position += 2
        return True

    def _brackets(self) -> str:
        text = ""
        while (token := self.next(skip_lines=False)) is not None and token.kind != "newline":
            text += "'" + token.text.replace("'", "''") + "'" if token.kind == "string" else token.text
            if token.text == ")" and token.kind == "sign":
                break
        return text

    def _settings(self) -> dict[str, str]:
        self.next(skip_lines=False)
        settings = Settings()
        while (token := self.next()) is not None and not settings.ended_by(token):
            pass
        return settings.found

    def _indexes(self, table: TableBody) -> None:
        self.next()
        while (token := self.next()) is not None and token.text != "}":
            parts = self._index_parts(token)
            after = self.peek(skip_lines=False)
            settings = self._settings() if after is not None and after.text == "[" else {}
            if not parts:
                self.gap(token.line, "an index of an expression is not compared")
                continue
            primary = "pk" in settings or "primary key" in settings
            kind = settings.get("type", "btree").lower()
            made = RequiredIndex(
                tuple(parts), settings.get("name", "").strip("'") or None, primary or "unique" in settings, primary,
                self.setting.at(token.line), None, kind,
            )  # fmt: skip
            table.indexes.append(made)

    def _index_parts(self, token: Token) -> list[str]:
        if token.text != "(" or token.kind != "sign":
            return [token.text] if is_name(token) else []
        parts: list[str] = []
        whole = True
        while (inner := self.next()) is not None and inner.text != ")":
            if is_name(inner):
                parts.append(inner.text)
            elif inner.kind == "expression":
                whole = False
        return parts if whole else []

    def _checks(self, table: TableBody) -> None:
        self.next()
        while (token := self.next()) is not None and token.text != "}":
            after = self.peek(skip_lines=False)
            settings = self._settings() if after is not None and after.text == "[" else {}
            made = RequiredCheck(
                token.text, name=settings.get("name", "").strip("'") or None, at=self.setting.at(token.line)
            )
            table.checks.append(made)

    def _enum(self) -> None:
        name = bare_name(self._path()).lower()
        values: list[str] = []
        if not self.take("{"):
            return
        while (token := self.next()) is not None and token.text != "}":
            values.append(token.text)
            after = self.peek(skip_lines=False)
            if after is not None and after.text == "[":
                self._settings()
        self.parsed.enums[name] = tuple(values)

    # References

    def _reference_element(self, start: Token) -> None:
        after = self.peek()
        if after is not None and after.kind in ("word", "name") and after.text not in (":", "{"):
            self.position += 1
        if self.take("{"):
            while (token := self.peek()) is not None and token.text != "}":
                self._reference(token.line)
            self.next()
        elif self.take(":"):
            self._reference(start.line)
        else:
            self.gap(start.line, "a reference without its two ends")
            self.skip_line()

    def _reference(self, line: int) -> None:
        before = self.position
        left = self._end()
        sign = self.next(skip_lines=False)
        right = self._end()
        after = self.peek(skip_lines=False)
        settings = self._settings() if after is not None and after.text == "[" else {}
        if not left or not right or sign is None or sign.text not in ("<", ">", "-", "<>"):
            self.gap(line, "a reference that can't be read")
            self.skip_line()
            self.position = max(self.position, before + 1)
            return
        self._refer(left, sign.text, right, settings, self.setting.at(line))

    def _end(self) -> tuple[str, tuple[str, ...]] | None:
        """`users.id`, `schema.users.id`, `merchants.(id, country)`."""
        path = [p for p in self._path().split(".") if p]
        token = self.peek(skip_lines=False)
        if token is not None and token.text == "(" and path:
            self.position += 1
            columns: list[str] = []
            while (
                (inner := self.next(skip_lines=False)) is not None
                and inner.text != ")"
                and inner.kind != "newline"
            ):
                columns += [inner.text] if inner.kind in ("word", "name") else []
            return path[-1], tuple(columns)
        return (path[-2], (path[-1],)) if len(path) > 1 else None

    def _refer(
        self,
        left: tuple[str, tuple[str, ...]],
        sign: str,
        right: tuple[str, tuple[str, ...]],
        settings: dict[str, str],
        at: Location,
    ) -> None:
        if sign == "<>":
            self.gap(at.line, "a many-to-many reference: the table between is not named")
            return
        holder, target = (right, left) if sign == "<" else (left, right)
        on_delete, on_update = (
            settings.get("delete", "").lower() or None,
            settings.get("update", "").lower() or None,
        )
        self.parsed.references.append(_Reference(holder, target, on_delete, on_update, at))

    def _inline_reference(self, table: str, column: str, text: str, at: Location) -> None:
        match = re.fullmatch(r"(<>|[<>-])\s*+(?:.*\.)?([^.]+)\.([^.]+)", text.strip())
        if match:
            self._refer((table, (column,)), match[1], (match[2].strip(), (match[3].strip(),)), {}, at)
        else:
            self.gap(at.line, "a reference that can't be read")
