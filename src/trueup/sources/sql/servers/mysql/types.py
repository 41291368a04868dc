"""Types as MySQL and MariaDB report them, and those that they refuse."""

from __future__ import annotations

import re

from trueup.model.types import ColumnType
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.types import parse_type
from trueup.sources.sql.words import words
from trueup.structs import Struct

_WIDTHS = {
    "tinyint": (4, 3),
    "smallint": (6, 5),
    "mediumint": (9, 8),
    "integer": (11, 10),
    "bigint": (20, 20),
}
_BYTES_PER_CHARACTER = {
    "utf8mb4": 4,
    "utf8": 3,
    "utf8mb3": 3,
    "ucs2": 2,
    "utf16": 4,
    "utf32": 4,
    "gbk": 2,
    "big5": 2,
    "sjis": 2,
}
_CHARSETS = frozenset(
    words(
        """armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr gb2312
        gb18030 gbk geostd8 greek hebrew hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7
        tis620 ucs2 ujis utf16 utf16le utf32 utf8 utf8mb3 utf8mb4"""
    )
)
_WIDTH = re.compile(r"\(\s*(\d+)\s*\)")
ROW_LIMIT = 65_535


class Spelled(Struct, frozen=True):
    """A type as the server reports it, taken apart, with its character set where it has one."""

    text: str
    type: ColumnType
    charset: str | None = None


def bytes_per_character(charset: str | None) -> int:
    return _BYTES_PER_CHARACTER.get((charset or "utf8mb4").lower(), 1)


def charset_of(collation: str | None) -> str | None:
    return collation.split("_")[0] if collation else None


def full_charset(name: str) -> str:
    """In lower case; "utf8" is what both servers call utf8mb3 for short."""
    return "utf8mb3" if name.lower() == "utf8" else name.lower()


def spell(column: str, written: str, charset: str, *, mariadb: bool) -> Spelled:
    """`written` as the server will report it: text whose character set is "binary" becomes bytes. Raises `Refused` (1063, 1074,
    1291, 1425 to 1427, 1439)."""
    kind = parse_type(written, "mariadb" if mariadb else "mysql")
    return _SPELLERS.get(kind.family, _plain)(column, kind, charset, mariadb)


def loosened(written: str, charset: str, *, mariadb: bool) -> str:
    """Without strict mode a VARCHAR that is too long becomes a TEXT that holds as much, with a warning."""
    kind = parse_type(written, "mariadb" if mariadb else "mysql")
    wide = bytes_per_character(charset)
    if kind.family != "string" or kind.fixed or (kind.length or 0) <= ROW_LIMIT // wide:
        return written
    return _sized("text", (kind.length or 0) * wide)


def check_charset(name: str | None) -> None:
    if name is not None and name.lower() not in _CHARSETS:
        raise Refused(f"Unknown character set: '{name}'", "1115")


def _plain(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    return Spelled(" ".join(kind.raw.lower().split()), kind)


def _integer(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    raw = kind.raw.lower()
    zerofill = "zerofill" in raw
    unsigned = kind.unsigned or zerofill
    name = "int" if kind.name == "integer" else kind.name
    found = _WIDTH.search(raw)
    if found and int(found.group(1)) > 255:
        raise Refused(f"Display width out of range for '{column}' (max = 255)", "1439")
    width = int(found.group(1)) if found else _WIDTHS[kind.name][unsigned]
    shown = mariadb or zerofill
    text = (
        name
        + (f"({width})" if shown else "")
        + (" unsigned" if unsigned else "")
        + (" zerofill" if zerofill else "")
    )
    return Spelled(text, parse_type(text, "mysql"))


def _boolean(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    return Spelled("tinyint(1)", parse_type("tinyint(1)", "mysql"))


def _sign(kind: ColumnType) -> str:
    zerofill = "zerofill" in kind.raw.lower()
    return (" unsigned" if kind.unsigned or zerofill else "") + (" zerofill" if zerofill else "")


def _decimal(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    precision, scale = kind.precision if kind.precision is not None else 10, kind.scale or 0
    precision = precision or 10
    if precision > 65:
        raise Refused(f"Too big precision specified for '{column}'. Maximum is 65", "1426")
    if scale > (38 if mariadb else 30):
        raise Refused(
            f"Too big scale {scale} specified for '{column}'. Maximum is {38 if mariadb else 30}", "1425"
        )
    if scale > precision:
        raise _wider(column)
    text = f"decimal({precision},{scale}){_sign(kind)}"
    return Spelled(text, parse_type(text, "mysql"))


def _wider(column: str) -> Refused:
    return Refused(f"For float(M,D), double(M,D) or decimal(M,D), M must be >= D (column '{column}')", "1427")


def _float(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    size = _WIDTH.search(kind.raw)
    if size and int(size.group(1)) > 53 and kind.name == "double":
        raise Refused(f"Incorrect column specifier for column '{column}'", "1063")
    digits = ""
    if kind.precision is not None:
        if kind.precision > 255:
            raise Refused(f"Display width out of range for '{column}' (max = 255)", "1439")
        if (kind.scale or 0) > kind.precision:
            raise _wider(column)
        digits = f"({kind.precision},{kind.scale})"
    text = f"{kind.name}{digits}{_sign(kind)}"
    return Spelled(text, parse_type(text, "mysql"))


def _string(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    length = kind.length if kind.length is not None else 1
    if kind.raw.lower().startswith(("national", "nchar", "nvarchar")):
        charset = "utf8mb3"
    if charset.lower() == "binary":
        bytes_ = parse_type(f"{'binary' if kind.fixed else 'varbinary'}({length})", "mysql")
        return _binary(column, bytes_, charset, mariadb)
    most = 255 if kind.fixed else ROW_LIMIT // bytes_per_character(charset)
    if length > most:
        raise Refused(
            f"Column length too big for column '{column}' (max = {most}); use BLOB or TEXT instead", "1074"
        )
    text = f"{kind.name}({length})"
    return Spelled(text, parse_type(text, "mysql"), charset)


def _text(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    name = kind.name
    if name == "text" and _WIDTH.search(kind.raw):
        name = _sized("text", (kind.length or 0) * bytes_per_character(charset))
    if charset.lower() == "binary":
        name = name.replace("text", "blob")
        return Spelled(name, parse_type(name, "mysql"))
    return Spelled(name, parse_type(name, "mysql"), charset)


def _sized(base: str, size: int) -> str:
    for prefix, limit in (("tiny", 255), ("", 65_535), ("medium", 16_777_215)):
        if size <= limit:
            return prefix + base
    return f"long{base}"


def _binary(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    if "blob" in kind.name:
        name = (
            _sized("blob", kind.length or 0) if kind.name == "blob" and _WIDTH.search(kind.raw) else kind.name
        )
        return Spelled(name, parse_type(name, "mysql"))
    length = kind.length if kind.length is not None else 1
    most = 255 if kind.fixed else (65_532 if mariadb else 65_535)
    if length > most:
        raise Refused(
            f"Column length too big for column '{column}' (max = {most}); use BLOB or TEXT instead", "1074"
        )
    text = f"{kind.name}({length})"
    return Spelled(text, parse_type(text, "mysql"))


def _bit(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    length = kind.length or 1
    if length > 64:
        raise Refused(f"Display width out of range for '{column}' (max = 64)", "1439")
    return Spelled(f"bit({length})", parse_type(f"bit({length})", "mysql"))


def _moment(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    fraction = kind.fraction or 0
    if fraction > 6:
        raise Refused(f"Too big precision specified for '{column}'. Maximum is 6", "1426")
    text = f"{kind.name}({fraction})" if fraction else kind.name
    return Spelled(text, parse_type(text, "mysql"))


def _year(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    text = "year(4)" if mariadb else "year"
    return Spelled(text, parse_type(text, "mysql"))


def _json(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    if mariadb:
        return Spelled("longtext", parse_type("longtext", "mysql"), "utf8mb4")
    return Spelled("json", parse_type("json", "mysql"))


def _choice(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    seen: set[str] = set()
    for value in kind.values:
        if value.lower().rstrip() in seen:
            raise Refused(
                f"Column '{column}' has duplicated value '{value}' in {kind.family.upper()}", "1291"
            )
        seen.add(value.lower().rstrip())
    quoted = ",".join("'" + v.rstrip().replace("'", "''") + "'" for v in kind.values)
    text = f"{kind.family}({quoted})"
    return Spelled(text, parse_type(text, "pgsql"), charset)


def _geometry(column: str, kind: ColumnType, charset: str, mariadb: bool) -> Spelled:
    text = kind.subtype if kind.subtype and kind.name == "geometry" and "(" not in kind.raw else "geometry"
    if not mariadb and text == "geometrycollection":
        text = "geomcollection"
    return Spelled(text, parse_type(text, "mysql"))


_SPELLERS = {
    "integer": _integer,
    "boolean": _boolean,
    "decimal": _decimal,
    "float": _float,
    "string": _string,
    "text": _text,
    "binary": _binary,
    "bit": _bit,
    "datetime": _moment,
    "timestamp": _moment,
    "time": _moment,
    "year": _year,
    "json": _json,
    "enum": _choice,
    "set": _choice,
    "geometry": _geometry,
}


def row_bytes(kind: ColumnType, charset: str | None) -> int:
    """What the column takes of a row's 65,535 bytes; texts and blobs take a pointer."""
    width = bytes_per_character(charset)
    family = kind.family
    if family == "string":
        size = (kind.length or 0) * width
        return size if kind.fixed else size + (1 if size < 256 else 2)
    if family == "binary" and "blob" not in kind.name:
        size = kind.length or 0
        return size if kind.fixed else size + (1 if size < 256 else 2)
    if family in ("text", "binary", "json"):
        return {"tiny": 9, "medi": 11, "long": 12}.get(kind.name[:4], 10)
    if family == "geometry":
        return 12
    if family in ("integer", "boolean", "float"):
        return (kind.bits or 8) // 8
    if family == "decimal":
        return _decimal_bytes(kind.precision or 10, kind.scale or 0)
    if family == "enum":
        return 1 if len(kind.values) < 256 else 2
    if family == "set":
        return min(8, (len(kind.values) + 7) // 8)
    return {"date": 3, "datetime": 5, "timestamp": 4, "time": 3, "year": 1, "uuid": 16}.get(family, 8) + (
        (kind.fraction or 0) + 1
    ) // 2


def _decimal_bytes(precision: int, scale: int) -> int:
    left = (0, 1, 1, 2, 2, 3, 3, 4, 4)
    whole = precision - scale
    return whole // 9 * 4 + left[whole % 9] + scale // 9 * 4 + left[scale % 9]


def key_bytes(kind: ColumnType, charset: str | None, length: int) -> int:
    """What a part of a key takes of the 3,072 bytes. `length`: its prefix in characters (bytes for binaries), 0 for the whole."""
    if kind.family in ("string", "text"):
        whole = kind.length or 0
        return (length or whole) * bytes_per_character(charset)
    if kind.family == "binary":
        return length or (kind.length or 0)
    if kind.family == "json":
        return 4_294_967_295
    return row_bytes(kind, charset)
