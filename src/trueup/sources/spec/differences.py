"""How two definitions of one table differ, column by column, by meaning: VARCHAR(255) and `string` are one type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.names import Driver
from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type

# Kinds of types that a loose word ("string", "int") may stand for.
_KINDS = {
    **dict.fromkeys(("integer", "boolean", "bit", "year"), "whole"),
    **dict.fromkeys(("decimal", "float"), "fraction"),
    **dict.fromkeys(("string", "text", "enum", "set", "uuid", "inet", "macaddr"), "words"),
    **dict.fromkeys(("date", "datetime", "timestamp"), "moment"),
}
_STATES_KEYS = ("sql", "php", "dbml")


def differences(used: RequiredTable, other: RequiredTable) -> tuple[str, ...]:
    """Short texts, each naming the column (or key) and both readings with their places; empty where the two agree. What one of
    them does not say is no difference: a partial definition lacks nothing, a diagram may leave columns and indexes out."""
    return (*_columns(used, other), *_indexes(used, other), *_foreign_keys(used, other))


def _columns(used: RequiredTable, other: RequiredTable) -> Iterator[str]:
    both_whole = used.complete and other.complete
    for column in used.columns:
        counterpart = other.column(column.name)
        if counterpart is not None:
            if not _agree(column, used.dialect, counterpart, other.dialect):
                yield f"{column.name}: {_reading(column)} ({column.at}), {_reading(counterpart)} ({counterpart.at})"
        elif both_whole and other.kind != "mermaid":
            yield f"{column.name}: {_reading(column)} ({column.at}), not in the other ({other.at})"
    for column in other.columns:
        if used.column(column.name) is None and both_whole and used.kind != "mermaid":
            yield f"{column.name}: not in the one used ({used.at}), {_reading(column)} ({column.at})"


def _agree(a: RequiredColumn, a_dialect: Driver | None, b: RequiredColumn, b_dialect: Driver | None) -> bool:
    if None not in (a.nullable, b.nullable) and a.nullable != b.nullable:
        return False
    if a.default_known and b.default_known and _plain_default(a.default) != _plain_default(b.default):
        return False
    if a.type is None or b.type is None:
        return True
    left, right = parse_type(a.type, a_dialect), parse_type(b.type, b_dialect)
    if a.loose_type or b.loose_type:
        return _kind(left) == _kind(right) or "other" in (left.family, right.family)
    return same_type(left, right, one_dialect=a_dialect == b_dialect)


def same_type(left: ColumnType, right: ColumnType, one_dialect: bool = True) -> bool:
    """Whether two type texts mean the same; a part that one does not write (a length) matches any."""
    if _is_boolean(left) and _is_boolean(right):
        return True
    if left.family != right.family:
        moments = {left.family, right.family} == {"datetime", "timestamp"}
        return moments and not one_dialect
    if left.family == "other":
        return left.name == right.name
    pairs: tuple[tuple[object, object], ...] = (
        (left.bits, right.bits),
        (left.length, right.length),
        (left.precision, right.precision),
        (left.scale, right.scale),
        (left.fraction, right.fraction),
        (left.values or None, right.values or None),
    )
    if any(None not in pair and pair[0] != pair[1] for pair in pairs):
        return False
    return (
        (left.unsigned == right.unsigned or not one_dialect)
        and left.array == right.array
        and left.fixed == right.fixed
    )


def _is_boolean(found: ColumnType) -> bool:
    return (
        found.family == "boolean" or re.fullmatch(r"(?i)tinyint\s*\(\s*1\s*\)", found.raw.strip()) is not None
    )


def _kind(found: ColumnType) -> str:
    return _KINDS.get(found.family, found.family)


def _plain_default(default: str | None) -> str:
    text = (default or "null").strip().lower().strip("()")
    text = re.sub(r"^'(.*)'$", r"\1", text)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return str(float(text))
    if text in ("true", "false"):
        return str(float(text == "true"))
    return "now" if re.fullmatch(r"current_timestamp(\(\d*\))?|now\(?", text) else text


def _reading(column: RequiredColumn) -> str:
    parts = [column.type or "no type given"]
    if column.nullable is not None:
        parts.append("NULL" if column.nullable else "NOT NULL")
    if column.default_known:
        parts.append(f"DEFAULT {column.default or 'NULL'}")
    return " ".join(parts)


def _indexes(used: RequiredTable, other: RequiredTable) -> Iterator[str]:
    if not (used.complete and other.complete and used.kind in _STATES_KEYS and other.kind in _STATES_KEYS):
        return
    mine, theirs = {_key_of(i): i for i in used.indexes}, {_key_of(i): i for i in other.indexes}
    for key, index in mine.items():
        if key not in theirs:
            yield f"{_index_words(index)}: in {index.at}, not in the other ({other.at})"
    for key, index in theirs.items():
        if key not in mine:
            yield f"{_index_words(index)}: not in the one used ({used.at}), in {index.at}"


def _key_of(index: RequiredIndex) -> tuple[tuple[str, ...], bool, bool]:
    return tuple(c.lower() for c in index.columns), index.unique, index.primary


def _index_words(index: RequiredIndex) -> str:
    kind = "primary key" if index.primary else "unique index" if index.unique else "index"
    return f"{kind} ({', '.join(index.columns)})"


def _foreign_keys(used: RequiredTable, other: RequiredTable) -> Iterator[str]:
    mine, theirs = ({tuple(c.lower() for c in k.columns): k for k in t.foreign_keys} for t in (used, other))
    states = used.complete and other.complete and used.kind in _STATES_KEYS and other.kind in _STATES_KEYS
    for columns, key in mine.items():
        counterpart = theirs.get(columns)
        if counterpart is None:
            if states:
                yield f"{_key_words(key)}: in {key.at}, not in the other ({other.at})"
        elif not _same_key(key, counterpart):
            yield f"{_key_words(key)} ({key.at}), {_key_words(counterpart)} ({counterpart.at})"
    for columns, key in theirs.items():
        if columns not in mine and states:
            yield f"{_key_words(key)}: not in the one used ({used.at}), in {key.at}"


def _same_key(a: RequiredForeignKey, b: RequiredForeignKey) -> bool:
    if a.foreign_table.lower() != b.foreign_table.lower():
        return False
    return a.on_delete is None or b.on_delete is None or a.on_delete == b.on_delete


def _key_words(key: RequiredForeignKey) -> str:
    action = f" on delete {key.on_delete}" if key.on_delete else ""
    return f"foreign key ({', '.join(key.columns)}) to {key.foreign_table}{action}"
