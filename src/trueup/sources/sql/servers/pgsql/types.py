"""Types as PostgreSQL reports them (`format_type`), those it does not know, and which casts it makes by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.words import words

_SYNONYMS = {
    "int": "integer",
    "int4": "integer",
    "int2": "smallint",
    "int8": "bigint",
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
    "decimal": "numeric",
    "dec": "numeric",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "varchar": "character varying",
    "char varying": "character varying",
    "national character varying": "character varying",
    "char": "character",
    "nchar": "character",
    "national char": "character",
    "national character": "character",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "time": "time without time zone",
}
SERIALS = frozenset(("serial", "serial2", "serial4", "serial8", "bigserial", "smallserial"))
_PLAIN = frozenset(
    words(
        """smallint integer bigint numeric real boolean text name bytea date uuid json jsonb inet cidr macaddr macaddr8 money xml
        tsvector tsquery point line lseg box path polygon circle int4range int8range numrange tsrange tstzrange daterange
        int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange oid regclass regproc regtype
        pg_lsn bpchar interval jsonpath txid_snapshot"""
    )
) | {"double precision", "character varying", "character", "bit", "bit varying"}
_MOMENTS = re.compile(r"^(timestamp|time)(?:\s*\(\s*(\d+)\s*\))?(?:\s+(with|without)\s+time\s+zone)?$")
_SIZED = re.compile(r"^([\w. ]*[\w.])\s*+\(\s*+([^)]*+)\)\s*+(.*)$", re.S)
_ARRAY = re.compile(r"(?:(?<!\s)\s++)?(?:\[\s*+\d*+\s*+\]|\barray\b)", re.I)
_EXTENSIONS = {
    "citext": ("citext",),
    "hstore": ("hstore",),
    "postgis": ("geometry", "geography", "raster"),
    "vector": ("vector", "halfvec", "sparsevec"),
    "ltree": ("ltree", "lquery"),
    "isn": ("isbn", "isbn13", "ean13"),
    "cube": ("cube",),
    "seg": ("seg",),
}
_BY_EXTENSION = {name: extension for extension, names in _EXTENSIONS.items() for name in names}


def bad_parameter(reason: str) -> Refused:
    return Refused(reason, "22023")


def spell(written: str, types: Mapping[str, tuple[str, ...]], extensions: Set[str]) -> str:
    """`written` as `format_type` tells it. `types` are the schema's own, `extensions` those created. Raises `Refused`
    (42704 for a type that does not exist, 22023 for bad modifiers, 42601)."""
    text = " ".join(written.split())
    lowered = text.lower()
    array = _ARRAY.search(lowered)
    base = _ARRAY.sub("", text).strip()
    spelled = _spell_base(base, types, extensions)
    return f"{spelled}[]" if array else spelled


def _spell_base(text: str, types: Mapping[str, tuple[str, ...]], extensions: Set[str]) -> str:
    lowered = _unquoted(text.lower())
    moment = _MOMENTS.match(
        _SYNONYMS.get(lowered, lowered) if "(" not in lowered else lowered.replace("tz", "")
    )
    if moment and not lowered.startswith("timestamptz("):
        return _moment(
            moment.group(1), moment.group(2), moment.group(3) == "with" or lowered.startswith("timetz")
        )
    if lowered.startswith("timestamptz"):
        return _moment("timestamp", moment.group(2) if moment else None, True)
    sized = _SIZED.match(lowered)
    name = _unquoted(sized.group(1)) if sized else lowered
    arguments = [a.strip() for a in sized.group(2).split(",")] if sized else []
    if name == "float":
        return _float(arguments)
    if name.startswith("interval"):
        return f"interval({arguments[0]})" if arguments else lowered
    name = _SYNONYMS.get(name, name)
    if name not in _PLAIN:
        return _own(text, name, arguments, types, extensions)
    return _with_modifiers(name, arguments)


def _unquoted(name: str) -> str:
    return name.strip().removeprefix("pg_catalog.").removeprefix("public.").strip('"')


def _own(
    text: str, name: str, arguments: list[str], types: Mapping[str, tuple[str, ...]], extensions: Set[str]
) -> str:
    """A type of the schema or of an extension."""
    plain = text.split("(")[0].strip().removeprefix("public.")
    exact = plain.strip('"') if plain.startswith('"') else plain.lower()
    if exact in types:
        return exact if re.fullmatch(r"[a-z_][a-z0-9_$]*", exact) else f'"{exact}"'
    extension = _BY_EXTENSION.get(name)
    if extension is not None and extension in extensions:
        return (
            f"{name}({','.join(a.capitalize() if a.isalpha() else a for a in arguments)})"
            if arguments
            else name
        )
    if "." in plain:
        return plain.lower()
    raise Refused(
        f'type "{plain.lower() if not plain.startswith(chr(34)) else exact}" does not exist', "42704"
    )


def _moment(base: str, digits: str | None, zone: bool) -> str:
    size = f"({min(int(digits), 6)})" if digits is not None else ""
    return f"{base}{size} {'with' if zone else 'without'} time zone"


def _float(arguments: list[str]) -> str:
    if not arguments:
        return "double precision"
    bits = int(arguments[0]) if arguments[0].isdigit() else 0
    if not 1 <= bits <= 53:
        raise bad_parameter(
            "precision for type float must be at least 1 bit"
            if bits < 1
            else "precision for type float must be less than 54 bits"
        )
    return "real" if bits <= 24 else "double precision"


def _with_modifiers(name: str, arguments: list[str]) -> str:
    if name in ("character", "bit") and not arguments:
        return f"{name}(1)"
    if not arguments:
        return name
    if name == "bpchar":
        name = "character"
    if name in ("character varying", "character", "bit", "bit varying"):
        return _with_length(name, arguments[0])
    if name == "numeric":
        return _numeric(arguments)
    raise Refused('syntax error at or near "("', "42601")


def _with_length(name: str, length: str) -> str:
    short = {"character varying": "varchar", "character": "char", "bit": "bit", "bit varying": "varbit"}[name]
    number = int(length) if length.isdigit() else 0
    if number < 1:
        raise bad_parameter(f"length for type {short} must be at least 1")
    if number > 10_485_760:
        raise bad_parameter(f"length for type {short} cannot exceed 10485760")
    return f"{name}({number})"


def _numeric(arguments: list[str]) -> str:
    precision = int(arguments[0]) if arguments[0].isdigit() else 0
    scale = int(arguments[1]) if len(arguments) > 1 and arguments[1].lstrip("-").isdigit() else 0
    if not 1 <= precision <= 1000:
        raise bad_parameter(f"NUMERIC precision {precision} must be between 1 and 1000")
    if not -1000 <= scale <= 1000:
        raise bad_parameter(f"NUMERIC scale {scale} must be between -1000 and 1000")
    return f"numeric({precision},{scale})"


def base_of(spelled: str) -> str:
    """The type without its modifiers: "character varying(255)" → "character varying", "timestamp(0) without time zone" →
    "timestamp without time zone"."""
    return re.sub(r"(?:(?<!\s)\s++)?\([^)]{0,200}+\)", "", spelled)


_NUMBERS = frozenset(("smallint", "integer", "bigint", "numeric", "real", "double precision"))
STRINGS = frozenset(("text", "character varying", "character", "bpchar", "name", "citext"))
_ASSIGNED = frozenset(
    pair
    for source, targets in {
        "date": "timestamp without time zone|timestamp with time zone",
        "timestamp without time zone": "date|timestamp with time zone|time without time zone",
        "timestamp with time zone": "date|timestamp without time zone|time without time zone|time with time zone",
        "time without time zone": "interval|time with time zone",
        "time with time zone": "time without time zone",
        "interval": "time without time zone",
        "json": "jsonb",
        "jsonb": "json",
        "inet": "cidr",
        "cidr": "inet",
        "bit": "bit varying",
        "bit varying": "bit",
        "money": "numeric",
        "numeric": "money",
        "integer": "money",
        "bigint": "money",
        "macaddr": "macaddr8",
        "macaddr8": "macaddr",
    }.items()
    for pair in ((source, target) for target in targets.split("|"))
)
_IMPLICIT = frozenset(
    (("smallint", t) for t in ("integer", "bigint", "numeric", "real", "double precision")),
)
_ORDER = {"smallint": 0, "integer": 1, "bigint": 2, "numeric": 3, "real": 4, "double precision": 5}


def assignable(source: str, target: str) -> bool:
    """Does ALTER COLUMN TYPE cast `source` to `target` without USING?"""
    one, two = base_of(source), base_of(target)
    if one == two or two in STRINGS:
        return True
    if one in _NUMBERS and two in _NUMBERS:
        return True
    return (one, two) in _ASSIGNED


_WHOLE = frozenset(("smallint", "integer", "bigint"))
_DATES = frozenset(("date", "timestamp without time zone", "timestamp with time zone"))
_FLOATS = frozenset(("real", "double precision"))


def comparable(child: str, parent: str) -> bool:
    """Can a foreign key of type `child` point to `parent`? There must be an equality operator that uses the parent's index."""
    one, two = base_of(child), base_of(parent)
    if one == two:
        return True
    for group in (_WHOLE, _DATES, _FLOATS, STRINGS):
        if one in group and two in group:
            return True
    if one in _ORDER and two in _ORDER and two not in _WHOLE:
        return _ORDER[one] < _ORDER[two]
    return (one, two) in (("cidr", "inet"), ("inet", "cidr"))


WITHOUT_BTREE = frozenset(words("json xml point line lseg box path polygon circle jsonpath txid_snapshot"))
_GIN = frozenset(words("jsonb tsvector hstore"))
_GIST = frozenset(
    words(
        "point box circle polygon tsvector tsquery inet geometry geography daterange tsrange tstzrange int4range"
    )
) | {
    "numrange",
    "int8range",
    "ltree",
    "cube",
}


def has_operator_class(spelled: str, method: str) -> bool:
    """Does the type have a default operator class for this index method? Yes where it can't be told."""
    base = base_of(spelled)
    if base.endswith("[]"):
        return method in ("btree", "gin", "hash") and base_of(base[:-2]) not in ("json", "xml", "point")
    if base not in _PLAIN and base not in ("timestamp without time zone",):
        return True
    if method in ("btree", "hash"):
        return base not in WITHOUT_BTREE
    if method == "gin":
        return base in _GIN
    if method == "gist":
        return base in _GIST
    return True
