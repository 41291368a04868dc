"""Type texts of any dialect, written or reported, → `ColumnType`."""

from __future__ import annotations

import re
from functools import lru_cache

from trueup.model.names import Driver
from trueup.model.types import ColumnType, TypeFamily
from trueup.structs import replace

_Base = tuple[TypeFamily, str]

_INTEGERS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("tinyint", "int1", "tinyinteger"), ("tinyint", 8)),
    **dict.fromkeys(("smallint", "int2", "smallinteger"), ("smallint", 16)),
    **dict.fromkeys(("mediumint", "int3", "middleint", "mediuminteger"), ("mediumint", 24)),
    **dict.fromkeys(("int", "integer", "int4", "signed integer"), ("integer", 32)),
    **dict.fromkeys(("bigint", "int8", "biginteger", "big integer", "long", "foreignid"), ("bigint", 64)),
}
_COUNTERS: dict[str, tuple[str, int, bool]] = {
    "smallserial": ("smallint", 16, False),
    "serial2": ("smallint", 16, False),
    "serial": ("integer", 32, False),
    "serial4": ("integer", 32, False),
    "bigserial": ("bigint", 64, False),
    "serial8": ("bigint", 64, False),
    "tinyincrements": ("tinyint", 8, True),
    "smallincrements": ("smallint", 16, True),
    "mediumincrements": ("mediumint", 24, True),
    "increments": ("integer", 32, True),
    "integerincrements": ("integer", 32, True),
    "bigincrements": ("bigint", 64, True),
}
_TEXT_BYTES = {"tiny": 255, "medium": 16_777_215, "long": 4_294_967_295}
_TEXTS: dict[str, _Base] = {
    **{f"{size}text": ("text", f"{size}text") for size in _TEXT_BYTES},
    **{f"{size}blob": ("binary", f"{size}blob") for size in _TEXT_BYTES},
    **dict.fromkeys(("text", "clob", "ntext", "citext"), ("text", "text")),
    **dict.fromkeys(("long varchar", "long char varying", "long character varying"), ("text", "mediumtext")),
    **dict.fromkeys(("blob", "bytea", "image"), ("binary", "blob")),
    "long varbinary": ("binary", "mediumblob"),
}
_STRINGS = (
    "varchar",
    "character varying",
    "char varying",
    "nvarchar",
    "varchar2",
    "nvarchar2",
    "varcharacter",
    "national varchar",
    "national character varying",
    "national char varying",
    "nchar varchar",
    "nchar varying",
    "varying character",
    "string",
)
_FIXED_STRINGS = (
    "char",
    "character",
    "nchar",
    "bpchar",
    "national char",
    "national character",
    "native character",
)
_TIMES: dict[str, tuple[TypeFamily, str, bool]] = {
    "date": ("date", "date", False),
    **dict.fromkeys(("datetime", "datetime2", "smalldatetime"), ("datetime", "datetime", False)),
    **dict.fromkeys(("datetimetz", "datetimeoffset"), ("datetime", "datetime", True)),
    **dict.fromkeys(("timestamp", "timestamp without time zone"), ("timestamp", "timestamp", False)),
    **dict.fromkeys(("timestamptz", "timestamp with time zone"), ("timestamp", "timestamp", True)),
    **dict.fromkeys(("time", "time without time zone"), ("time", "time", False)),
    **dict.fromkeys(("timetz", "time with time zone"), ("time", "time", True)),
    "year": ("year", "year", False),
    "interval": ("interval", "interval", False),
}
_GEOMETRIES = (
    "geometry",
    "geography",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
)
_PLAIN: dict[str, _Base] = {
    **dict.fromkeys(("boolean", "bool"), ("boolean", "boolean")),
    "json": ("json", "json"),
    "jsonb": ("json", "jsonb"),
    **dict.fromkeys(("uuid", "guid", "uniqueidentifier", "foreignuuid"), ("uuid", "uuid")),
    **dict.fromkeys(("inet", "inet4", "inet6", "ipaddress"), ("inet", "inet")),
    "cidr": ("inet", "cidr"),
    **dict.fromkeys(("macaddr", "macaddr8", "macaddress"), ("macaddr", "macaddr")),
    **dict.fromkeys(("enum", "enumeration"), ("enum", "enum")),
    "set": ("set", "set"),
}
_DECIMALS = ("decimal", "numeric", "dec", "fixed", "number")
_FLOATS = {"float": None, "real": None, "double": 64, "double precision": 64, "float4": 32, "float8": 64}
_LARAVEL_LENGTHS = {"ulid": 26, "foreignulid": 26, "remembertoken": 100}

_MODIFIERS = re.compile(
    r"\b(?:(?:character\s++set|charset|collate)\s*+(?:=\s*+)?[\w'\"`]++|zerofill|ascii|unicode"
    r"|(?:not\s++)?null|auto_increment|autoincrement)(?!\w)",
    re.I,
)
_SRID = re.compile(r"\b(?:srid\s+|ref_system_id\s*=\s*)(\d+)", re.I)
_QUOTED_ITEM = re.compile(r"'((?:[^'\\]|''|\\.)*)'|\"((?:[^\"\\]|\"\"|\\.)*)\"|([^,\s][^,]*)", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


@lru_cache(maxsize=4096)
def parse_type(text: str, driver: Driver | None = None) -> ColumnType:
    """The type written as `text`, in any dialect, as `driver` understands it (None: by common meaning: SERIAL is
    PostgreSQL's, TINYINT(1) a boolean). Never fails: what is not known is of family "other"."""
    head, arguments, tail = _take_apart(text)
    words = f"{head} {tail}"
    array = "[" in words or bool(re.search(r"\barray\b", words, re.I))
    srid = _SRID.search(words)
    words = _MODIFIERS.sub(" ", _SRID.sub(" ", words))
    unsigned = bool(re.search(r"unsigned", words, re.I))
    name = _base_name(words)
    found = _numeric(name, arguments, text, driver, unsigned) or _textual(name, arguments, text, driver)
    found = found or _other(name, arguments, text, driver, int(srid.group(1)) if srid else None)
    return _as_array(found) if array else found


_INSIDE = re.compile(r"'(?:[^'\\]++|\\.?)*+(?:'|\Z)|\"(?:[^\"\\]++|\\.?)*+(?:\"|\Z)|[()]", re.S)


def _take_apart(text: str) -> tuple[str, str, str]:
    """`text` as what stands before, inside and after its first parentheses; quotes inside are respected."""
    start = text.find("(")
    if start < 0:
        return text, "", ""
    depth = 0
    for found in _INSIDE.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth == 0:
            return text[:start], text[start + 1 : found.start()], text[found.end() :]
    return text[:start], text[start + 1 :], ""


def _base_name(words: str) -> str:
    words = re.sub(r"\[[^\[\]]*+\]|[\"`]|\bunsigned|\b(?:signed|array)\b", " ", words.lower())
    name = " ".join(words.split())
    for schema in ("pg_catalog.", "public."):
        name = name.removeprefix(schema)
    if name.endswith(" binary") and name != "binary":
        name = name.removesuffix(" binary")
    return name


def _numbers(arguments: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d{1,10}", arguments)]


def _numeric(name: str, arguments: str, raw: str, driver: Driver | None, unsigned: bool) -> ColumnType | None:
    if name in _INTEGERS:
        return _integer(name, arguments, raw, driver, unsigned)
    if name in _COUNTERS or (name == "id" and driver is None):
        base, bits, positive = _COUNTERS.get(name, ("bigint", 64, True))
        if driver in ("mysql", "mariadb") and name == "serial":
            base, bits, positive = "bigint", 64, True
        return ColumnType("integer", raw, base, bits=bits, unsigned=positive or unsigned, auto_increment=True)
    digits = _numbers(arguments)
    if name in _DECIMALS:
        if not digits and driver in ("mysql", "mariadb"):
            digits = [10]
        scale = digits[1] if len(digits) > 1 else 0 if digits else None
        precision = digits[0] if digits else None
        return ColumnType("decimal", raw, "decimal", unsigned=unsigned, precision=precision, scale=scale)
    if name in _FLOATS:
        bits = _FLOATS[name] or _float_bits(name, digits, driver)
        base = "double" if bits == 64 else "float"
        two = len(digits) > 1
        precision, scale = (digits[0], digits[1]) if two else (None, None)
        return ColumnType("float", raw, base, bits=bits, unsigned=unsigned, precision=precision, scale=scale)
    return None


def _integer(name: str, arguments: str, raw: str, driver: Driver | None, unsigned: bool) -> ColumnType:
    base, bits = _INTEGERS[name]
    if base == "tinyint" and _numbers(arguments) == [1] and not unsigned:
        return ColumnType("boolean", raw, "boolean", bits=8)
    if driver == "sqlite":
        bits = 64
    if name == "foreignid" and driver is None:
        unsigned = True
    return ColumnType("integer", raw, base, bits=bits, unsigned=unsigned)


def _float_bits(name: str, digits: list[int], driver: Driver | None) -> int:
    if driver == "sqlite":
        return 64
    if len(digits) == 1:
        return 32 if digits[0] <= 24 else 64
    if driver == "pgsql":
        return 64 if name == "float" else 32
    if driver is None:
        return 32
    return 64 if name == "real" else 32


def _textual(name: str, arguments: str, raw: str, driver: Driver | None) -> ColumnType | None:
    numbers = _numbers(arguments)
    length = numbers[0] if numbers else None
    if name in _STRINGS:
        return ColumnType("string", raw, "varchar", length=length)
    if name in _FIXED_STRINGS:
        if length is None and driver in ("mysql", "mariadb", "pgsql") and name != "bpchar":
            length = 1
        return ColumnType("string", raw, "char", length=length, fixed=True)
    if name in _LARAVEL_LENGTHS:
        fixed = name != "remembertoken"
        base = "char" if fixed else "varchar"
        return ColumnType("string", raw, base, length=length or _LARAVEL_LENGTHS[name], fixed=fixed)
    if name in _TEXTS:
        return _text(name, length, raw, driver)
    if name in ("varbinary", "binary varying", "raw"):
        return ColumnType("binary", raw, "varbinary", length=length)
    if name == "binary":
        if length is None and driver in ("mysql", "mariadb"):
            length = 1
        return ColumnType("binary", raw, "binary", length=length, fixed=True)
    if name in ("bit", "bit varying", "varbit"):
        return ColumnType(
            "bit", raw, "bit", length=length or (1 if name == "bit" else None), fixed=name == "bit"
        )
    return None


def _text(name: str, length: int | None, raw: str, driver: Driver | None) -> ColumnType:
    family, base = _TEXTS[name]
    size = next((n for prefix, n in _TEXT_BYTES.items() if base.startswith(prefix)), None)
    if size is None and driver in ("mysql", "mariadb"):
        size = 65_535
    return ColumnType(family, raw, base, length=length or size)


def _other(name: str, arguments: str, raw: str, driver: Driver | None, srid: int | None) -> ColumnType:
    numbers = _numbers(arguments)
    if name in _TIMES or name.startswith("interval "):
        family, base, zone = _TIMES[name.split()[0] if name.startswith("interval") else name]
        if family in ("date", "year"):
            return ColumnType(family, raw, base)
        return ColumnType(family, raw, base, time_zone=zone, fraction=numbers[0] if numbers else None)
    if name in _GEOMETRIES:
        return _geometry(name, arguments, raw, srid)
    if name in _PLAIN:
        plain, base = _PLAIN[name]
        values = _values(arguments, driver) if plain in ("enum", "set") else ()
        bits = 8 if base == "boolean" and driver in ("mysql", "mariadb") else None
        return ColumnType(plain, raw, base, bits=bits, values=values)
    if name in ("vector", "halfvec", "sparsevec"):
        return ColumnType("vector", raw, name, length=numbers[0] if numbers else None)
    return ColumnType("other", raw, name)


def _geometry(name: str, arguments: str, raw: str, srid: int | None) -> ColumnType:
    if name not in ("geometry", "geography"):
        return ColumnType("geometry", raw, "geometry", subtype=name, srid=srid)
    parts = [p.strip().lower() for p in arguments.split(",")]
    numbers = _numbers(arguments)
    subtype = parts[0] if parts[0].isalpha() else ""
    return ColumnType("geometry", raw, name, subtype=subtype, srid=numbers[-1] if numbers else srid)


def _values(arguments: str, driver: Driver | None) -> tuple[str, ...]:
    """The items of an ENUM or SET. Backslashes escape, except where the server is known to keep them."""
    keep = driver in ("pgsql", "sqlite")
    found: list[str] = []
    for single, double, bare in _QUOTED_ITEM.findall(arguments):
        if bare:
            found.append(bare.strip())
            continue
        quote = "'" if single or not double else '"'
        value = (single or double).replace(quote * 2, quote)
        if not keep:
            value = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), value, flags=re.S)
        found.append(value)
    return tuple(found)


def _as_array(found: ColumnType) -> ColumnType:
    return replace(found, array=True)
