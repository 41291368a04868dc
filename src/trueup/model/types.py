"""A column's type, taken apart: what a comparison needs to know of "bigint(20) unsigned" or "character varying(255)"."""

from __future__ import annotations

from typing import Literal

from trueup.structs import Struct

TypeFamily = Literal[
    "integer",
    "decimal",
    "float",
    "string",
    "text",
    "binary",
    "bit",
    "boolean",
    "date",
    "datetime",
    "timestamp",
    "time",
    "interval",
    "year",
    "json",
    "uuid",
    "enum",
    "set",
    "inet",
    "macaddr",
    "geometry",
    "vector",
    "other",
]


class ColumnType(Struct, frozen=True):
    """`raw` is the text that was read; `name` its base name in lower case, one spelling per synonym where the family has only
    one type of that size ("int", "integer", "int4" → "integer"; "jsonb" stays "jsonb").

    bits: 8, 16, 24, 32 or 64 of integers and booleans stored as such, 32 or 64 of floats; None where nothing says.
    length: characters of strings, bytes of binaries and of MySQL's texts and blobs, bits of "bit", dimensions of vectors.
    precision, scale: digits of decimals; scale 0 where only the precision is written; both None where nothing is.
    fraction: digits of fractional seconds, None where not written. time_zone: the type carries one.
    fixed: char and binary, as against varchar and varbinary. auto_increment: serial types and Laravel's increments.
    array: PostgreSQL's `[]`. subtype: "point" of a geometry, "" otherwise; srid its reference system."""

    family: TypeFamily
    raw: str
    name: str
    bits: int | None = None
    unsigned: bool = False
    length: int | None = None
    fixed: bool = False
    precision: int | None = None
    scale: int | None = None
    time_zone: bool = False
    fraction: int | None = None
    values: tuple[str, ...] = ()
    auto_increment: bool = False
    array: bool = False
    subtype: str = ""
    srid: int | None = None
