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
from trueup.sources.markdown.words import label, plain
from trueup.sources.spec.column_rows import (
    Cells,
    cells_by_name,
    checks_of,
    indexes_of,
    is_understood,
    key_row,
    keys_of,
    read_column,
    with_one_key,
)
from trueup.sources.spec.from_ddl import key_columns_not_null
from trueup.sources.spec.naming import table_name_above
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.types_written import read_type, speaks_sql

_HEADERS: dict[str, str] = {
    "name": (
        "column|column name|columns|field|field name|fields|name|attribute|attribute name|col|spalte"
        "|spaltenname|feld|colonne|champ|nom"
        "|columna|campo|nombre|coluna|nome|kolom|nama kolom|field nama|veld|kolumn|colonna|kolumna|sütun|alan"
        "|cột|tên cột|trường|ustun|поле|столбец|колонка|列名|字段|字段名|カラム|カラム名|컬럼|컬럼명|필드"
    ),
    "type": (
        "type|data type|datatype|column type|sql type|db type|field type|typ|datentyp|type de données"
        "|tipo|tipo de dato|tipo de datos|tipo sql|tipo di dato"
        "|tipo de dados|datatyp|gegevenstype|tipe|tipe data|jenis data|tip|veri tipi|kiểu|kiểu dữ liệu|tur"
        "|тип|тип данных|类型|数据类型|型|データ型|타입|자료형"
    ),
    "null": (
        "null|nullable|allow null|allows null|is null|nulls|optional|nul|null ok|null allowed|可空|允许空|nulo|boleh null"
    ),
    "not null": (
        "not null|required|mandatory|is required|pflicht|pflichtfeld|obligatoire|obligatorio|obrigatório|wajib|必填|nn"
    ),
    "default": (
        "default|default value|defaults|standard|standardwert|défaut|valeur par défaut|predeterminado"
        "|padrão|mặc định|varsayılan|默认|默认值|по умолчанию|デフォルト|デフォルト値|기본값"
    ),
    "key": (
        "key|keys|index|indexes|indices|constraint|constraints|extra|attributes|modifiers|pk|fk|pk/fk"
        "|schlüssel|clé|clave|restricciones|restricción|restrições|contraintes|vincoli|kendala|batasan|constraint/index"
        "|ràng buộc|ограничения|键|索引|约束|制約|제약조건"
    ),
    "length": ("length|size|len|länge|longueur|longitud|长度"),
    "references": ("references|reference|foreign key|relation|relationship|refers to|ref|foreign|verweis"),
    "description": (
        "description|comment|comments|notes|note|purpose|remarks|meaning|details|explanation|beschreibung"
        "|bemerkung|descripción|descrição|keterangan|deskripsi|catatan|fungsi|descrizione|açıklama|mô tả|ghi chú|détails"
        "|описание|примечание|描述|说明|备注|説明|備考|内容|설명"
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


_SHARE_TOLD = 0.6
"""Of the cells of a column of types this share must be types, or marks that only a database table has."""
_MARK = re.compile(r"(?i)(?:pk|fk|primary key|foreign key)\b")


def is_column_table(table: PipeTable) -> bool:
    """Whether it has a column of names and one of types; the types may begin the column of notes."""
    roles = _roles(table.header)
    return "name" in roles and ("type" in roles or _types_in_notes(table, roles))


def _types_in_notes(table: PipeTable, roles: tuple[str, ...]) -> bool:
    """ "| `code` | string(64), unique |" under "| Column | Notes |": the first word of the notes is a database's type."""
    if "description" not in roles or not label(table.header.cells[roles.index("name")]).startswith("col"):
        return False
    at = roles.index("description")
    cells = [r.cells[at] for r in table.rows if len(r.cells) > at]
    return any(speaks_sql(c) for c in cells) and _mostly_types(cells)


def _mostly_types(cells: list[str]) -> bool:
    told = [
        read_type(c).type is not None or _MARK.match(plain(c)) is not None
        for c in cells
        if re.search(r"\w", c)
    ]
    return bool(told) and sum(told) >= len(told) * _SHARE_TOLD


def read_column_table(
    table: PipeTable, setting: Setting, defined_above: str = ""
) -> Iterator[RequiredTable | Gap]:
    """The definition that a column table gives, or a gap for one that claims to be a schema and can't be read. `defined_above`
    is the table whose definition stands above in the same part of the document: a table headed "Fields" explains that one's."""
    roles = _roles(table.header)
    if "type" not in roles:
        roles = tuple("type" if n == roles.index("description") else r for n, r in enumerate(roles))
    rows = [Cells(r, _by_role(roles, r)) for r in table.rows]
    if not _mostly_types([r.get("type") for r in rows]) or not _about_a_database(table, rows, setting):
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


def _definition(name: str, table: PipeTable, rows: list[Cells], setting: Setting) -> RequiredTable:
    indexes: list[RequiredIndex] = []
    keys: list[RequiredForeignKey] = []
    checks: list[RequiredCheck] = []
    columns: list[RequiredColumn] = []
    for row in rows:
        for column_name, one in cells_by_name(row):
            column, flags = read_column(column_name, one, rows, setting)
            columns.append(column)
            indexes.extend(indexes_of(column, flags))
            keys.extend(keys_of(column, flags))
            checks.extend(checks_of(column, one))
        key = key_row(row, setting)
        if isinstance(key, RequiredIndex):
            indexes.append(key)
        elif isinstance(key, RequiredForeignKey):
            keys.append(key)
    made = RequiredTable(
        name=name,
        kind="markdown",
        columns=tuple(columns),
        indexes=with_one_key(indexes),
        foreign_keys=tuple(keys),
        checks=tuple(checks),
        at=setting.at(table.line),
        complete=all(is_understood(r, setting) for r in rows) and not _adds(table, setting),
        section=setting.section,
        existing=setting.role == "current",
        missing_reported=setting.missing and setting.role != "current",
    )
    return key_columns_not_null(made)


def _unnamed(rows: list[Cells], setting: Setting) -> Iterator[Gap]:
    """Rows whose first cell is no column's name, other than "..."."""
    for row in rows:
        text = plain(row.get("name"))
        if not is_understood(row, setting) and not re.fullmatch(r"\W*(?:etc)?\W*", text):
            yield setting.gap(row.row.line, f"no column name: {text[:60]!r}", "spec-column")


_ADDS = re.compile(
    r"\b(?:added (?:by|in|to|columns?|fields?)|(?:columns?|fields?) (?:added|to add)|additions? to|modifications?|modified"
    r"|(?:new|extra|additional) (?:columns?|fields?)|(?:changes|alterations?|extensions?) (?:to|of|on)|alter table"
    r"|kolom (?:tambahan|baru)|columnas (?:añadidas|agregadas|nuevas|adicionales)|(?:colunas|campos) (?:adicionais|novos|novas))\b"
)


def _adds(table: PipeTable, setting: Setting) -> bool:
    """Whether the heading or the caption says that these are columns which a table gets besides those it has."""
    near = table.lead.rstrip().rsplit("\n", 1)[-1], setting.headings[-1] if setting.headings else ""
    return any(len(n) <= 200 and _ADDS.search(label(n)) for n in near)


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


def _about_a_database(table: PipeTable, rows: list[Cells], setting: Setting) -> bool:
    near = [label(h) for h in setting.headings[-2:]] + [label(table.lead[-200:])]
    if any(speaks_sql(r.get("type")) for r in rows) or any(_DATABASE.search(n) for n in near):
        return True
    roles = _roles(table.header)
    headings_api = any(_API.search(n) for n in near)
    header = label(table.header.cells[roles.index("name")])
    return not headings_api and ("key" in roles or "null" in roles or header.startswith("column"))
