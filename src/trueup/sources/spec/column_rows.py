"""One row of a table of columns: its names, their types, defaults, keys and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.spec import RequiredCheck, RequiredColumn, RequiredForeignKey, RequiredIndex
from trueup.sources.markdown.blocks import Row
from trueup.sources.markdown.words import code_spans, plain
from trueup.sources.spec.prose_keys import key_written
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.shorthands import made_by
from trueup.sources.spec.types_written import Flags, WrittenType, is_generic, read_flags, read_type
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, replace

_YES = re.compile(
    r"(?i)\W*(yes|y|true|ja|oui|s[ií]|sim|null|nullable|optional|required|not null|是|✓|✔|✅|☑|x|o|○|да)\b|.*[✓✔✅☑○]"
)
_NO = re.compile(r"(?i)\W*(no|n|false|nein|non|não|not null|否|нет)\b|.*[✗✘❌✕×]")


class Cells(Struct, frozen=True):
    """One row's cells by role."""

    row: Row
    by_role: dict[str, str]

    def get(self, role: str) -> str:
        return self.by_role.get(role, "")


def is_understood(row: Cells, setting: Setting) -> bool:
    """Whether all that the row's first cell says was understood."""
    if key_row(row, setting):
        return True
    names = column_names(row.get("name"))
    return bool(names) and len(list(cells_by_name(row))) == len(names)


def cells_by_name(row: Cells) -> Iterator[tuple[str, Cells]]:
    """Each name with its own cells: "name, size | string / int" are two columns of two types. Beside a shorthand without a type
    ("audit_columns, timestamps") a name is the document's own shorthand, no column."""
    names = column_names(row.get("name"))
    types = [t.strip() for t in row.get("type").split("/")]
    short = [n for n in names if made_by(n)]
    if KEY_WORDS.match(plain(row.get("name"))):
        return
    for number, name in enumerate(names):
        if len(names) > 1 and len(types) == len(names) and all(read_type(t).type for t in types):
            yield name, replace(row, by_role={**row.by_role, "type": types[number]})
        elif name in short or not short or re.search(r"\w", row.get("type")):
            yield name, row


KEY_WORDS = re.compile(
    r"(?i)(?:primary key|unique(?: index| key| constraint)?|(?:composite |compound )?index|key|foreign key)\b\s*+(?:[:(]|on\b)"
)


def key_row(row: Cells, setting: Setting) -> RequiredIndex | RequiredForeignKey | None:
    """A row that is no column but a key: "UNIQUE (a, b)"."""
    text = plain(row.get("name"))
    return key_written(text, setting.at(row.row.line)) if KEY_WORDS.match(text) else None


def column_names(cell: str) -> tuple[str, ...]:
    """Column names in a cell: "`id` (PK)", "created_at / updated_at"."""
    spans = [s.text for s in code_spans(cell)]
    texts = spans or re.split(
        r"(?:(?<!\s)\s++)?[/,]\s*+|(?<!\s)\s++and\s++", re.sub(r"\([^)]{0,200}+\)", "", plain(cell))
    )
    names = [re.sub(r"^[^\w]+|[^\w]+$", "", t.strip()) for t in texts]
    return tuple(names) if names and all(re.fullmatch(r"[A-Za-z_]\w{0,63}", n) for n in names) else ()


def read_column(name: str, row: Cells, rows: list[Cells], setting: Setting) -> tuple[RequiredColumn, Flags]:
    written = read_type(row.get("type"))
    flags = _joined(
        written.flags,
        read_flags(row.get("key")),
        _of_key_header(row),
        read_flags(_reference_cell(row)),
    )
    flags = _joined(flags, _of_description(row, flags))
    written = _with_values(written, row)
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


_QUOTED = r"(?:'[^'\n]{1,60}+'|\"[^\"\n]{1,60}+\"|`[^`\n]{1,60}+`)"
_VALUES = re.compile(rf"(?:^|[:\[(])\s*+({_QUOTED}(?:\s*+[,/|]\s*+{_QUOTED})++)(?=\s*+(?:$|[\]),;.]))")


def _with_values(written: WrittenType, row: Cells) -> WrittenType:
    """A bare "ENUM" with the values that another cell lists: "['draft', 'done']", "enum: 'draft', 'done'", "`draft`, `done`"."""
    if not written.type or written.type.lower() != "enum":
        return written
    lists = [m[1] for cell in row.row.cells for m in _VALUES.finditer(cell.strip())]
    if len(lists) != 1:
        return written
    values = tuple(v[1:-1] for v in re.findall(_QUOTED, lists[0]))
    listed = ", ".join("'" + v.replace("'", "''") + "'" for v in values)
    return replace(written, type=f"enum({listed})", values=values)


def _on_update(row: Cells, type_: str | None) -> str | None:
    """ "ON UPDATE CURRENT_TIMESTAMP", or "ON UPDATE" alone at a column of moments."""
    cells = " ".join(row.get(role) for role in ("default", "key", "type"))
    moment = parse_type(type_ or "").family in ("timestamp", "datetime")
    said = re.search(r"(?i)\bon update\b(?!\s+(?:cascade|set|restrict|no))", cells)
    return "CURRENT_TIMESTAMP" if moment and said else None


def _of_key_header(row: Cells) -> Flags:
    """A mark in a column that is itself called "PK" is dealt with by `read_flags` only if it says so; the name's own cell may
    too."""
    inner = re.findall(r"\(([^)]{0,300}+)\)", row.get("name"))
    return read_flags(" ".join(inner)) if inner else Flags()


def _reference_cell(row: Cells) -> str:
    cell = plain(row.get("references"))
    return f"references {cell}" if re.match(r"[a-z_]\w*\s*[.(]", cell) else ""


_CASCADE = re.compile(r"(?i)cascades?(?:\s*+(?:$|[,;.()—–-])|\s++deletes?\b)")


def _of_description(row: Cells, beside: Flags) -> Flags:
    """A description is prose: only "primary key" at its start, references that name table and column, and what becomes of a key's
    rows are taken from it. `beside` is what the other cells say."""
    text = row.get("description").replace("**", "")
    found = read_flags(text)
    refers = found.references or beside.references
    action = found.on_delete or ("cascade" if _CASCADE.match(text.strip()) else None)
    primary = re.match(r"(?i)(?:the\s+)?(?:primary key|pk)\b", text) is not None
    nullable = True if re.search(r"(?i)[(,]\s*nullable\b|^nullable\b|\bnullable\)?[.;]?$", text) else None
    return Flags(
        nullable,
        primary=primary,
        references=found.references,
        on_delete=action if refers else None,
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


def _default(row: Cells, type_: str | None, flags: Flags) -> tuple[str | None, bool]:
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


def _nullable(row: Cells, rows: list[Cells]) -> bool | None:
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


def indexes_of(column: RequiredColumn, flags: Flags) -> Iterator[RequiredIndex]:
    if flags.primary:
        yield RequiredIndex((column.name,), None, True, True, column.at)
    elif flags.unique:
        yield RequiredIndex((column.name,), None, True, False, column.at)
    elif flags.indexed:
        yield RequiredIndex((column.name,), None, False, False, column.at)


def keys_of(column: RequiredColumn, flags: Flags) -> Iterator[RequiredForeignKey]:
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


def checks_of(column: RequiredColumn, row: Cells) -> Iterator[RequiredCheck]:
    """ "CHECK IN ('a', 'b')", "CHECK (kind IN ('a', 'b'))"."""
    listed = re.search(
        r"(?i)\bcheck\b\s*+(?:\(\s*+)?(?:[`\w]+\s*+)?\bin\s*+\(((?:\s*+'[^']*+'\s*+,?)++)\)", row.get("key")
    )
    if listed:
        values = tuple(re.findall(r"'([^']*)'", listed[1]))
        yield RequiredCheck(
            f"{column.name} IN ({listed[1].strip()})", (column.name,), values, None, column.at
        )


def with_one_key(indexes: list[RequiredIndex]) -> tuple[RequiredIndex, ...]:
    """Several columns marked PK are one key; "x_type" and "x_id" that are both marked INDEX are one index, as `morphs()` makes."""
    single = {i.columns[0].lower(): i for i in indexes if len(i.columns) == 1 and not i.unique}
    pairs = [(t, i) for n, t in single.items() if n.endswith("_type") and (i := single.get(n[:-4] + "id"))]
    for kind, key in pairs:
        indexes = [
            replace(i, columns=kind.columns + key.columns) if i is kind else i
            for i in indexes
            if i is not key
        ]
    marked = [i for i in indexes if i.primary]
    if len(marked) < 2:
        return tuple(indexes)
    key = replace(marked[0], columns=tuple(c for i in marked for c in i.columns))
    return (key, *(i for i in indexes if not i.primary))
