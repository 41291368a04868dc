"""The list of a table's keys, settled as `mysql_prepare_create_table` does: generated keys give way to written ones, names are made
up, parts are checked."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Location
from trueup.model.schema import Column, Index
from trueup.sources.sql.ddl import IndexDef
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.mysql.columns import check_name
from trueup.sources.sql.servers.mysql.types import bytes_per_character, key_bytes
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, replace

KEY_LIMIT = 3072
KEYS_LIMIT = 64
_PREFIXED = frozenset(("string", "text", "binary"))
_BTREE = ("", "btree", "hash", "rtree")


class Key(Struct):
    """A key while it is settled. `generated`: made for a foreign key. `old` is the index it was before this statement."""

    kind: str
    parts: list[tuple[str, int]]
    name: str | None = None
    generated: bool = False
    at: Location = NOWHERE
    expressions: tuple[str, ...] = ()
    method: str = ""
    old: Index | None = None
    ignored: bool = False

    @property
    def comparable(self) -> list[tuple[str, int]]:
        return [(column.lower(), length) for column, length in self.parts]


def from_index(index: Index) -> Key:
    lengths = index.prefix_lengths or (0,) * len(index.columns)
    kind = index.kind if index.kind in ("fulltext", "spatial") else "index"
    if index.unique:
        kind = "primary" if index.primary else "unique"
    parts = list(zip(index.columns, lengths, strict=True))
    return Key(kind, parts, index.name, index.implied, index.at, index.expressions, index.kind, index)


def from_written(index: IndexDef) -> Key:
    parts = [(part.column, part.length) for part in index.parts if part.column is not None]
    expressions = tuple(part.expression for part in index.parts if part.expression is not None)
    name = None if index.kind == "primary" else index.name
    if name is None and index.name is not None:
        check_name(index.name)
    return Key(index.kind, parts, name, False, index.at, expressions, index.method or "")


def settle(state: TableState, keys: list[Key], *, mariadb: bool) -> dict[str, Index]:
    """The indexes that remain of `keys` (old ones first), by lower-cased name. Raises `Refused` (1059, 1061, 1068
    to 1072, 1075, 1089, 1170, 1280, 1283)."""
    _drop_generated(keys)
    found: dict[str, Index] = {}
    for key in keys:
        if key.ignored:
            continue
        if key.name is not None and key.old is None:
            check_name(key.name)
        _add(state, found, key, mariadb)
    if len(found) > KEYS_LIMIT:
        raise Refused(f"Too many keys specified; max {KEYS_LIMIT} keys allowed", "1069")
    _check_counters(state, found)
    return found


def _drop_generated(keys: list[Key]) -> None:
    """A key made for a foreign key is left out where another one begins with its columns."""
    if not any(key.generated for key in keys):
        return
    for place, key in enumerate(keys):
        for other in keys[:place]:
            if other.ignored or not _covers(key, other):
                continue
            if not other.generated or (key.generated and len(key.parts) < len(other.parts)):
                key.ignored = True
            else:
                other.ignored = True
            break


def _covers(one: Key, other: Key) -> bool:
    """Is the generated one of the two a prefix of the other?"""
    if one.generated:
        if other.generated and len(one.parts) > len(other.parts):
            one, other = other, one
    elif other.generated:
        one, other = other, one
    else:
        return False
    if other.kind in ("fulltext", "spatial") or other.expressions:
        return False
    return other.comparable[: len(one.parts)] == one.comparable


def _add(state: TableState, found: dict[str, Index], key: Key, mariadb: bool) -> None:
    if key.old is None and key.parts:
        _index(state, Key(key.kind, key.parts[:1]), "", mariadb)
    if key.kind == "primary":
        if "primary" in found:
            raise Refused("Multiple primary key defined", "1068")
        name = "primary"
    elif key.name is None:
        name = _made_up(found, key.parts[0][0] if key.parts else "functional_index")
    else:
        name = key.name
        _check_key_name(found, name)
    found[name.lower()] = _index(state, key, name, mariadb)


def _check_key_name(found: dict[str, Index], name: str) -> None:
    if name.lower() in ("primary", "gen_clust_index"):
        raise Refused(f"Incorrect index name '{name}'", "1280")
    if name.lower() in found:
        raise Refused(f"Duplicate key name '{name}'", "1061")


def _made_up(found: dict[str, Index], column: str) -> str:
    """The name of a key without one: its first column, then column_2, column_3, ..."""
    if column.lower() not in found and column.lower() != "primary":
        return column
    number = 2
    while f"{column}_{number}".lower() in found:
        number += 1
    return f"{column}_{number}"


def _part_columns(state: TableState, key: Key) -> list[Column]:
    columns: list[Column] = []
    seen: set[str] = set()
    for name, _ in key.parts:
        column = state.columns.get(name.lower())
        if column is None:
            raise Refused(f"Key column '{name}' doesn't exist in table", "1072")
        if name.lower() in seen:
            raise Refused(f"Duplicate column name '{name}'", "1060")
        seen.add(name.lower())
        columns.append(column)
    return columns


def _index(state: TableState, key: Key, name: str, mariadb: bool) -> Index:
    columns = _part_columns(state, key)
    if len(columns) > (32 if mariadb else 16):
        raise Refused(f"Too many key parts specified; max {32 if mariadb else 16} parts allowed", "1070")
    lengths: list[int] = []
    if key.kind == "fulltext":
        _check_fulltext(columns)
        lengths = [0] * len(columns)
    elif key.kind == "spatial":
        _check_spatial(columns)
        lengths = [0] * len(columns)
    else:
        lengths = _lengths(columns, key, mariadb)
    if key.kind == "primary":
        _make_not_null(state, columns)
    kind = key.kind if key.kind in ("fulltext", "spatial", "vector") else "btree"
    return Index(
        name,
        tuple(column.name for column in columns),
        key.kind in ("primary", "unique"),
        key.kind == "primary",
        key.at,
        kind,
        None,
        key.expressions,
        key.generated,
        tuple(lengths) if any(lengths) else (),
    )


def _make_not_null(state: TableState, columns: list[Column]) -> None:
    for column in columns:
        if column.generated is not None and not column.stored:
            raise Refused("Primary key cannot be defined upon a generated column", "1903")
        if column.nullable:
            state.columns[column.name.lower()] = replace(column, nullable=False)


def _check_fulltext(columns: list[Column]) -> None:
    for column in columns:
        if parse_type(column.type, "mysql").family not in ("string", "text"):
            raise Refused(f"Column '{column.name}' cannot be part of FULLTEXT index", "1283")


def _check_spatial(columns: list[Column]) -> None:
    for column in columns:
        if parse_type(column.type, "mysql").family != "geometry":
            raise Refused("A SPATIAL index may only contain a geometrical type column", "1687")
        if column.nullable:
            raise Refused("All parts of a SPATIAL index must be NOT NULL", "1252")


def too_long() -> Refused:
    return Refused(f"Specified key was too long; max key length is {KEY_LIMIT} bytes", "1071")


def _lengths(columns: list[Column], key: Key, mariadb: bool) -> list[int]:
    """Prefix lengths: those written, and those that MariaDB cuts a long column of a plain key to."""
    lengths: list[int] = []
    total = 0
    whole_too_long = False
    hashed = key.kind == "unique" and mariadb
    for column, (_, written) in zip(columns, key.parts, strict=True):
        kind = parse_type(column.type, "mysql")
        length = _prefix(column, written)
        unbounded = kind.family in ("text", "json", "geometry") or "blob" in kind.name
        if unbounded and not length:
            if kind.family == "json" and not mariadb:
                raise Refused(
                    f"JSON column '{column.name}' supports indexing only via generated columns on a specified JSON path.",
                    "3152",
                )
            if hashed:
                whole_too_long = True
                lengths.append(0)
                continue
            if key.kind == "primary" or not mariadb:
                raise Refused(
                    f"BLOB/TEXT column '{column.name}' used in key specification without a key length", "1170"
                )
        size = min(key_bytes(kind, column.charset, length), 2**32)
        if size > KEY_LIMIT:
            if hashed:
                whole_too_long = True
                lengths.append(length)
                continue
            if key.kind == "primary" or not mariadb:
                raise too_long()
            length = KEY_LIMIT // (bytes_per_character(column.charset) if column.charset else 1)
            size = KEY_LIMIT
        total += size
        lengths.append(length)
    if total > KEY_LIMIT and not hashed:
        raise too_long()
    if hashed and (total > KEY_LIMIT or whole_too_long):
        _check_hashed(columns, key)
    return lengths


def is_hashed(columns: list[Column], prefixes: tuple[int, ...]) -> bool:
    """Is a unique key over these columns too long for anything but a hash?"""
    total = 0
    for column, length in zip(columns, prefixes or (0,) * len(columns), strict=True):
        total += min(key_bytes(parse_type(column.type, "mysql"), column.charset, length), 2**32)
    return total > KEY_LIMIT


def _check_hashed(columns: list[Column], key: Key) -> None:
    """MariaDB makes a hash of a unique key that is too long, but not of a counter."""
    for column in columns:
        if column.auto_increment:
            name = key.name or columns[0].name
            raise Refused(
                f"AUTO_INCREMENT column `{column.name}` cannot be used in the UNIQUE index `{name}`", "4169"
            )


def _prefix(column: Column, written: int) -> int:
    """A prefix as it will be held: 0 for the whole column. Refused on what is no string (1089)."""
    if not written:
        return 0
    kind = parse_type(column.type, "mysql")
    unbounded = kind.family == "text" or "blob" in kind.name
    whole = kind.length or 0
    if kind.family not in _PREFIXED or (not unbounded and written > whole):
        raise Refused(
            "Incorrect prefix key; the used key part isn't a string, the used length is longer than the key part, or the storage "
            "engine doesn't support unique prefix keys",
            "1089",
        )
    return 0 if written == whole and not unbounded else written


def _check_counters(state: TableState, found: dict[str, Index]) -> None:
    counters = [column for column in state.columns.values() if column.auto_increment]
    if not counters:
        return
    leads = any(
        index.columns and index.columns[0].lower() == counters[0].name.lower() for index in found.values()
    )
    if len(counters) > 1 or not leads:
        raise Refused(
            "Incorrect table definition; there can be only one auto column and it must be defined as a key",
            "1075",
        )
