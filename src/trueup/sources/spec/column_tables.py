"""Markdown tables that list a database table's columns.

A table counts where its header names a column of names and one of types, its types are those of a database, and a database
table's name stands right above it or in its heading. Tables of options, request fields or events look alike: they count only
with the words "table" or "schema" near, or with types that only a database has (VARCHAR(255), BIGINT UNSIGNED)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap
from trueup.model.spec import (
    RequiredCheck,
    RequiredColumn,
    RequiredForeignKey,
    RequiredIndex,
    RequiredTable,
)
from trueup.sources.markdown.blocks import PipeTable, Row
from trueup.sources.markdown.words import code_spans, label, plain
from trueup.sources.spec.from_ddl import key_columns_not_null
from trueup.sources.spec.naming import table_name_above
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import Flags, is_generic, read_flags, read_type, speaks_sql
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, replace

_HEADERS: dict[str, str] = {
    "name": (
        "column|column name|columns|field|field name|fields|name|attribute|attribute name|col|spalte"
        "|spaltenname|feld|colonne|champ|nom"
        "|columna|campo|nombre|coluna|nome|kolom|veld|kolumn|поле|столбец|колонка|列名|字段|字段名|カラム|カラム名|컬럼|필드"
    ),
    "type": (
        "type|data type|datatype|column type|sql type|db type|field type|typ|datentyp|type de données"
        "|tipo|tipo de dato|tipo de datos"
        "|tipo de dados|datatyp|gegevenstype|тип|тип данных|类型|数据类型|型|データ型|타입"
    ),
    "null": (
        "null|nullable|allow null|allows null|is null|nulls|optional|nul|null ok|null allowed|可空|允许空|nulo"
    ),
    "not null": (
        "not null|required|mandatory|is required|pflicht|pflichtfeld|obligatoire|obligatorio|obrigatório|必填|nn"
    ),
    "default": (
        "default|default value|defaults|standard|standardwert|défaut|valeur par défaut|predeterminado"
        "|padrão|默认|默认值|по умолчанию"
    ),
    "key": (
        "key|keys|index|indexes|indices|constraint|constraints|extra|attributes|modifiers|pk|fk|pk/fk"
        "|schlüssel|clé|clave|键|索引|约束"
    ),
    "length": ("length|size|len|länge|longueur|longitud|长度"),
    "references": ("references|reference|foreign key|relation|relationship|refers to|ref|foreign|verweis"),
    "description": (
        "description|comment|comments|notes|note|purpose|remarks|meaning|details|explanation|beschreibung"
        "|bemerkung|descripción|descrição|描述|说明|备注"
    ),
}
_ROLE_OF = {word: role for role, words in _HEADERS.items() for word in words.split("|")}
_API = re.compile(
    r"\b(requests?|responses?|parameters?|params|endpoints?|api|payloads?|config(?:uration)?|options?"
    r"|settings|arguments?|args|props|environment|env"
    r"|events?|dto|webhooks?|forms?|validation|query string|headers?|commands?|flags?|methods?|variables?"
    r"|components?|input|output)\b"
)
_DATABASE = re.compile(
    r"\b(tables?|schema|database|db|columns?|migrations?|entit(?:y|ies)|erd?|data model|tabelle|tabla|数据库|数据表|表)\b"
)
_YES = re.compile(
    r"(?i)\W*(yes|y|true|ja|oui|s[ií]|sim|null|nullable|optional|required|not null|是|✓|✔|✅|☑|x|o|○|да)\b|.*[✓✔✅☑○]"
)
_NO = re.compile(r"(?i)\W*(no|n|false|nein|non|não|not null|否|нет)\b|.*[✗✘❌✕×]")


class _Cells(Struct, frozen=True):
    """One row's cells by role."""

    row: Row
    by_role: dict[str, str]

    def get(self, role: str) -> str:
        return self.by_role.get(role, "")


def is_column_table(table: PipeTable) -> bool:
    """By the header alone: it has a column of names and one of types."""
    roles = _roles(table.header)
    return "name" in roles and "type" in roles


def read_column_table(
    table: PipeTable, setting: Setting, defined_above: str = ""
) -> Iterator[RequiredTable | Gap]:
    """The definition that a column table gives, or a gap for one that claims to be a schema and can't be read. `defined_above`
    is the table whose definition stands above in the same part of the document: a table headed "Fields" explains that one's."""
    roles = _roles(table.header)
    rows = [_Cells(r, _by_role(roles, r)) for r in table.rows]
    told = [read_type(r.get("type")).type is not None for r in rows if re.search(r"\w", r.get("type"))]
    if not told or sum(told) * 10 < len(told) * 6 or not _about_a_database(table, rows, setting):
        return
    name = table_name_above(table.lead, setting.headings)
    if name is None and _explains(table, setting):
        name = defined_above or None
    if name is not None:
        yield _definition(name, table, rows, setting)
        yield from _unnamed(rows, setting)
    elif any(speaks_sql(r.get("type")) for r in rows):
        reason = "a table of columns without the name of its database table"
        yield setting.gap(table.line, reason, "spec-table-name")


def _definition(name: str, table: PipeTable, rows: list[_Cells], setting: Setting) -> RequiredTable:
    indexes: list[RequiredIndex] = []
    keys: list[RequiredForeignKey] = []
    checks: list[RequiredCheck] = []
    columns: list[RequiredColumn] = []
    for row in rows:
        for column_name in _names(row.get("name")):
            column, flags = _column(column_name, row, rows, setting)
            columns.append(column)
            indexes.extend(_indexes(column, flags))
            keys.extend(_keys(column, flags))
            checks.extend(_checks(column, row))
    made = RequiredTable(
        name=name,
        kind="markdown",
        columns=tuple(columns),
        indexes=_with_one_key(indexes),
        foreign_keys=tuple(keys),
        checks=tuple(checks),
        at=setting.at(table.line),
        complete=all(_names(r.get("name")) for r in rows),
        section=setting.section,
        existing=setting.role == "current",
        missing_reported=setting.missing and setting.role != "current",
    )
    return key_columns_not_null(made)


def _unnamed(rows: list[_Cells], setting: Setting) -> Iterator[Gap]:
    """Rows whose first cell is no column's name, other than "..."."""
    for row in rows:
        text = plain(row.get("name"))
        if not _names(row.get("name")) and not re.fullmatch(r"\W*(?:etc)?\W*", text):
            yield setting.gap(row.row.line, f"no column name: {text[:60]!r}", "spec-column")


def _explains(table: PipeTable, setting: Setting) -> bool:
    words = label(table.lead.rsplit("\n", 1)[-1]), label(setting.headings[-1] if setting.headings else "")
    return any(
        re.fullmatch(
            r"(?:the )?(?:fields?|columns?|attributes?)(?: (?:descriptions?|details|reference|overview|definitions?))?",
            w,
        )
        for w in words
    )


def _roles(header: Row) -> tuple[str, ...]:
    """The role of each cell of the header, "" for none; each role once, except "key" and "description"."""
    roles: list[str] = []
    for cell in header.cells:
        role = _ROLE_OF.get(label(cell).rstrip("?"), "")
        roles.append("" if role in roles and role not in ("key", "description") else role)
    return tuple(roles)


def _by_role(roles: tuple[str, ...], row: Row) -> dict[str, str]:
    """The cells of one row; several "key" columns (Key, Extra) are taken together."""
    found: dict[str, str] = {}
    for role, cell in zip(roles, row.cells, strict=False):
        if role:
            found[role] = f"{found[role]} {cell}" if found.get(role) else cell
    return found


def _about_a_database(table: PipeTable, rows: list[_Cells], setting: Setting) -> bool:
    near = [label(h) for h in setting.headings[-2:]] + [label(table.lead[-200:])]
    if any(speaks_sql(r.get("type")) for r in rows) or any(_DATABASE.search(n) for n in near):
        return True
    roles = _roles(table.header)
    headings_api = any(_API.search(n) for n in near)
    header = label(table.header.cells[roles.index("name")])
    return not headings_api and ("key" in roles or "null" in roles or header.startswith("column"))


def _names(cell: str) -> tuple[str, ...]:
    """Column names in a cell: "`id` (PK)", "created_at / updated_at"."""
    spans = [s.text for s in code_spans(cell)]
    texts = spans or re.split(
        r"(?:(?<!\s)\s++)?[/,]\s*+|(?<!\s)\s++and\s++", re.sub(r"\([^)]{0,200}+\)", "", plain(cell))
    )
    names = [re.sub(r"^[^\w]+|[^\w]+$", "", t.strip()) for t in texts]
    return tuple(names) if names and all(re.fullmatch(r"[A-Za-z_]\w{0,63}", n) for n in names) else ()


def _column(name: str, row: _Cells, rows: list[_Cells], setting: Setting) -> tuple[RequiredColumn, Flags]:
    written = read_type(row.get("type"))
    flags = _joined(
        written.flags,
        read_flags(row.get("key")),
        _of_key_header(row),
        read_flags(_reference_cell(row)),
        _of_description(row),
    )
    type_ = _with_length(written.type, row.get("length"))
    nullable = flags.nullable if flags.nullable is not None else _nullable(row, rows)
    default, known = _default(row, type_, replace(flags, nullable=nullable))
    counted = flags.auto_increment or "increment" in row.get("default").lower()
    column = RequiredColumn(
        name,
        type_,
        nullable,
        default,
        known,
        True if counted else None,
        setting.at(row.row.line),
        on_update=_on_update(row, type_),
        values=written.values,
        written=setting.written(row.row.line),
        loose_type=type_ is not None and is_generic(type_),
    )
    return column, flags


def _on_update(row: _Cells, type_: str | None) -> str | None:
    """ "ON UPDATE CURRENT_TIMESTAMP", or "ON UPDATE" alone at a column of moments."""
    cells = " ".join(row.get(role) for role in ("default", "key", "type"))
    moment = parse_type(type_ or "").family in ("timestamp", "datetime")
    said = re.search(r"(?i)\bon update\b(?!\s+(?:cascade|set|restrict|no))", cells)
    return "CURRENT_TIMESTAMP" if moment and said else None


def _of_key_header(row: _Cells) -> Flags:
    """A mark in a column that is itself called "PK" is dealt with by `read_flags` only if it says so; the name's own cell may
    too."""
    inner = re.findall(r"\(([^)]{0,300}+)\)", row.get("name"))
    return read_flags(" ".join(inner)) if inner else Flags()


def _reference_cell(row: _Cells) -> str:
    cell = plain(row.get("references"))
    return f"references {cell}" if re.match(r"[a-z_]\w*\s*[.(]", cell) else ""


def _of_description(row: _Cells) -> Flags:
    """A description is prose: only "primary key" at its start and references that name table and column are taken from it."""
    text = row.get("description").replace("**", "")
    found = read_flags(text)
    primary = re.match(r"(?i)(?:the\s+)?(?:primary key|pk)\b", text) is not None
    nullable = True if re.search(r"(?i)[(,]\s*nullable\b|^nullable\b|\bnullable\)?[.;]?$", text) else None
    return Flags(
        nullable,
        primary=primary,
        references=found.references,
        on_delete=found.on_delete if found.references else None,
    )


def _joined(*all_flags: Flags) -> Flags:
    joined = all_flags[0]
    for flags in all_flags[1:]:
        joined = Flags(
            joined.nullable if joined.nullable is not None else flags.nullable,
            joined.default if joined.default_known else flags.default,
            joined.default_known or flags.default_known,
            joined.primary or flags.primary,
            joined.unique or flags.unique,
            joined.indexed or flags.indexed,
            joined.auto_increment or flags.auto_increment,
            joined.references or flags.references,
            joined.on_delete or flags.on_delete,
            joined.on_update or flags.on_update,
            joined.foreign or flags.foreign,
        )
    return joined


def _with_length(type_: str | None, length: str) -> str | None:
    digits = re.fullmatch(r"\s*(\d+(?:\s*,\s*\d+)?)\s*", length)
    return f"{type_}({digits[1]})" if type_ and digits and "(" not in type_ else type_


_NO_DEFAULT = re.compile(
    r"(?i)[-–—/]*|n/?a|none|no default|auto(?:[_ -]?increment(?:ed)?)?|\(?empty\)?|required"
)


def _default(row: _Cells, type_: str | None, flags: Flags) -> tuple[str | None, bool]:
    cell = plain(row.get("default")).strip()
    if _NO_DEFAULT.fullmatch(cell) or (cell.upper() == "NULL" and flags.nullable is False):
        return flags.default, flags.default_known
    if cell.upper() == "NULL":
        return None, True
    if re.fullmatch(r"(?i)yes|no|[yn✓✔✅✗✘❌]", cell):
        return None, False
    if cell.lower() == "now":
        return "CURRENT_TIMESTAMP", True
    if (
        re.fullmatch(r"'.*'|[-+]?\d+(?:\.\d+)?|\w+\(.*\)|\(.*\)", cell)
        or cell.lower() in ("true", "false")
        or cell.upper().startswith("CURRENT_")
    ):
        return cell, True
    return (
        ("'" + cell.strip("\"'").replace("'", "''") + "'", True)
        if type_ and len(cell) <= 100
        else (None, False)
    )


def _nullable(row: _Cells, rows: list[_Cells]) -> bool | None:
    for role, yes in (("null", True), ("not null", False)):
        cell = row.get(role)
        if role not in row.by_role:
            continue
        if _NO.match(cell):
            return not yes
        if _YES.match(cell):
            return yes
        if not re.sub(r"[-–—\s]", "", cell) and any(_YES.match(r.get(role)) for r in rows):
            return not yes
    return None


def _indexes(column: RequiredColumn, flags: Flags) -> Iterator[RequiredIndex]:
    if flags.primary:
        yield RequiredIndex((column.name,), None, True, True, column.at)
    elif flags.unique:
        yield RequiredIndex((column.name,), None, True, False, column.at)
    elif flags.indexed:
        yield RequiredIndex((column.name,), None, False, False, column.at)


def _keys(column: RequiredColumn, flags: Flags) -> Iterator[RequiredForeignKey]:
    if flags.references:
        table, foreign = flags.references
        yield RequiredForeignKey(
            (column.name,),
            table,
            (foreign,) if foreign else (),
            flags.on_delete,
            flags.on_update,
            None,
            column.at,
        )


def _checks(column: RequiredColumn, row: _Cells) -> Iterator[RequiredCheck]:
    """ "CHECK IN ('a', 'b')", "CHECK (kind IN ('a', 'b'))"."""
    listed = re.search(
        r"(?i)\bcheck\b\s*+(?:\(\s*+)?(?:[`\w]+\s*+)?\bin\s*+\(((?:\s*+'[^']*+'\s*+,?)++)\)", row.get("key")
    )
    if listed:
        values = tuple(re.findall(r"'([^']*)'", listed[1]))
        yield RequiredCheck(
            f"{column.name} IN ({listed[1].strip()})", (column.name,), values, None, column.at
        )


def _with_one_key(indexes: list[RequiredIndex]) -> tuple[RequiredIndex, ...]:
    """Several columns marked PK are one key."""
    marked = [i for i in indexes if i.primary]
    if len(marked) < 2:
        return tuple(indexes)
    key = replace(marked[0], columns=tuple(c for i in marked for c in i.columns))
    return (key, *(i for i in indexes if not i.primary))
