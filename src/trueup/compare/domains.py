"""What a column type can hold, whatever server spells it: the meaning of a type's text.

Sources: MySQL 8.4 manual ch. 13, MariaDB knowledge base "Data Types", PostgreSQL 16 manual ch. 8, SQLite "Datatypes In
SQLite" (affinity)."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct


class Integer(Struct, frozen=True):
    """`bits` None: any size (SQLite's INTEGER, or a document that does not say)."""

    bits: int | None
    signed: bool = True

    @property
    def low(self) -> int:
        return -(2 ** ((self.bits or 64) - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        bits = self.bits or 64
        return int(2 ** (bits - 1 if self.signed else bits)) - 1


class Exact(Struct, frozen=True):
    """DECIMAL: `digits` in all, `scale` of them after the point; both None: any (PostgreSQL's bare numeric, SQLite)."""

    digits: int | None
    scale: int | None
    signed: bool = True


class Approximate(Struct, frozen=True):
    """Binary floating point with `bits` of mantissa: 24 (FLOAT, real) or 53 (DOUBLE)."""

    bits: int


class Text(Struct, frozen=True):
    """`length` None: unlimited, or not said. `long`: a TEXT type, asked for because a VARCHAR may be too short."""

    length: int | None
    long: bool = False


class Binary(Struct, frozen=True):
    length: int | None


class Boolean(Struct, frozen=True):
    pass


class Date(Struct, frozen=True):
    pass


class Time(Struct, frozen=True):
    pass


class Moment(Struct, frozen=True):
    """Date and time. `precision`: digits of a second, None where not said. `instant`: a point in time whatever the session's time
    zone (TIMESTAMPTZ, MySQL's TIMESTAMP). `to_2038`: the range ends on 2038-01-19. `zone`: the time zone was asked for by name."""

    precision: int | None = None
    instant: bool = False
    to_2038: bool = False
    zone: bool = False


class Json(Struct, frozen=True):
    pass


class Uuid(Struct, frozen=True):
    pass


class Choice(Struct, frozen=True):
    """ENUM, or with `many` SET. No values: they could not be read."""

    values: tuple[str, ...]
    many: bool = False


class Named(Struct, frozen=True):
    """A type that equals only itself: inet, geometry, vector, interval, ..."""

    name: str


class Unread(Struct, frozen=True):
    text: str


Domain = (
    Integer
    | Exact
    | Approximate
    | Text
    | Binary
    | Boolean
    | Date
    | Time
    | Moment
    | Json
    | Uuid
    | Choice
    | Named
    | Unread
)

_ONLY_THEMSELVES = frozenset({"interval", "inet", "macaddr", "geometry", "vector"})


def domain_of(text: str, dialect: Driver | None = None, values: tuple[str, ...] = ()) -> Domain:
    """The meaning of a type as written or as a server reports it. `dialect` None: as most servers take it. `values` are an
    ENUM's, where they are known beside the type (a CHECK on servers that have no ENUM)."""
    parsed = parse_type(text, dialect)
    if parsed.array:
        return Named(f"{parsed.name}[]")
    if parsed.family in ("enum", "set"):
        return Choice(parsed.values or values, many=parsed.family == "set")
    if values and parsed.family in ("string", "text", "other"):
        return Choice(values)
    return _number(parsed, dialect) or _text_or_bytes(parsed, dialect) or _other(parsed, dialect)


def is_numeric(text: str) -> bool:
    """Whether the type holds numbers, so that defaults are compared as numbers."""
    return isinstance(domain_of(text), (Integer, Exact, Approximate, Boolean))


def _number(parsed: ColumnType, dialect: Driver | None) -> Domain | None:
    match parsed.family:
        case "boolean":
            return Boolean()
        case "bit":
            return Boolean() if parsed.length == 1 else Named("bit")
        case "integer":
            return Integer(None if dialect == "sqlite" else parsed.bits, not parsed.unsigned)
        case "year":
            return Integer(16)
        case "decimal":
            return Exact(parsed.precision, parsed.scale, not parsed.unsigned)
        case "float":
            return Approximate(24 if parsed.bits == 32 else 53)
        case _:
            return None


def _text_or_bytes(parsed: ColumnType, dialect: Driver | None) -> Domain | None:
    unlimited = dialect in ("pgsql", "sqlite")
    match parsed.family:
        case "string":
            return Text(parsed.length)
        case "text":
            return Text(None if unlimited else parsed.length or 65_535, long=parsed.name != "tinytext")
        case "binary":
            return Binary(None if unlimited else parsed.length)
        case _:
            return None


def _other(parsed: ColumnType, dialect: Driver | None) -> Domain:
    match parsed.family:
        case "date":
            return Date()
        case "time":
            return Time()
        case "datetime" | "timestamp":
            stored_as_utc = parsed.family == "timestamp" and dialect in ("mysql", "mariadb")
            instant = parsed.time_zone or stored_as_utc
            return Moment(parsed.fraction, instant=instant, to_2038=stored_as_utc, zone=parsed.time_zone)
        case "json":
            return Json()
        case "uuid":
            return Uuid()
        case family if family in _ONLY_THEMSELVES:
            return Named(parsed.subtype or parsed.name)
        case _:
            return Unread(parsed.raw)
