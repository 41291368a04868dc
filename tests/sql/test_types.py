"""Every spelling of a type gives one answer, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.model.names import DRIVERS, Driver
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type

T = ColumnType

TYPES: list[tuple[Driver | None, str, ColumnType]] = [
    (None, "VARCHAR(255)", T("string", "VARCHAR(255)", "varchar", length=255)),
    (None, "string", T("string", "string", "varchar")),
    ("pgsql", "character varying(36)", T("string", "character varying(36)", "varchar", length=36)),
    ("mysql", "char(36)", T("string", "char(36)", "char", length=36, fixed=True)),
    ("sqlite", "varchar", T("string", "varchar", "varchar")),
    (None, "BIGINT UNSIGNED", T("integer", "BIGINT UNSIGNED", "bigint", bits=64, unsigned=True)),
    ("mysql", "bigint(20) unsigned", T("integer", "bigint(20) unsigned", "bigint", bits=64, unsigned=True)),
    (None, "unsignedBigInteger", T("integer", "unsignedBigInteger", "bigint", bits=64, unsigned=True)),
    ("mysql", "tinyint(1)", T("boolean", "tinyint(1)", "boolean", bits=8)),
    ("mysql", "tinyint(3) unsigned", T("integer", "tinyint(3) unsigned", "tinyint", bits=8, unsigned=True)),
    ("mariadb", "boolean", T("boolean", "boolean", "boolean", bits=8)),
    ("sqlite", "integer", T("integer", "integer", "integer", bits=64)),
    (None, "SERIAL", T("integer", "SERIAL", "integer", bits=32, auto_increment=True)),
    ("mysql", "SERIAL", T("integer", "SERIAL", "bigint", bits=64, unsigned=True, auto_increment=True)),
    (None, "BIGSERIAL", T("integer", "BIGSERIAL", "bigint", bits=64, auto_increment=True)),
    (None, "bigIncrements", T("integer", "bigIncrements", "bigint", bits=64, unsigned=True, auto_increment=True)),
    (None, "decimal(10, 6)", T("decimal", "decimal(10, 6)", "decimal", precision=10, scale=6)),
    ("pgsql", "numeric", T("decimal", "numeric", "decimal")),
    ("mysql", "numeric", T("decimal", "numeric", "decimal", precision=10, scale=0)),
    (None, "DOUBLE PRECISION", T("float", "DOUBLE PRECISION", "double", bits=64)),
    ("mysql", "float", T("float", "float", "float", bits=32)),
    ("mysql", "float(53)", T("float", "float(53)", "double", bits=64)),
    ("pgsql", "real", T("float", "real", "float", bits=32)),
    (None, "double(8,2) unsigned", T("float", "double(8,2) unsigned", "double", 64, True, precision=8, scale=2)),
    (None, "TEXT", T("text", "TEXT", "text")),
    ("mysql", "text", T("text", "text", "text", length=65_535)),
    (None, "longText", T("text", "longText", "longtext", length=4_294_967_295)),
    ("pgsql", "bytea", T("binary", "bytea", "blob")),
    ("mysql", "varbinary(16)", T("binary", "varbinary(16)", "varbinary", length=16)),
    (None, "TIMESTAMPTZ", T("timestamp", "TIMESTAMPTZ", "timestamp", time_zone=True)),
    ("pgsql", "timestamp(0) without time zone", T("timestamp", "timestamp(0) without time zone", "timestamp", fraction=0)),
    ("pgsql", "time(3) with time zone", T("time", "time(3) with time zone", "time", time_zone=True, fraction=3)),
    (None, "dateTime", T("datetime", "dateTime", "datetime")),
    ("mysql", "year(4)", T("year", "year(4)", "year")),
    (None, "JSONB", T("json", "JSONB", "jsonb")),
    (None, "text[]", T("text", "text[]", "text", array=True)),
    ("mysql", "enum('a','it''s','c)')", T("enum", "enum('a','it''s','c)')", "enum", values=("a", "it's", "c)"))),
    ("mysql", r"enum('a\'b','')", T("enum", r"enum('a\'b','')", "enum", values=("a'b", ""))),
    ("mysql", "set('x','y')", T("set", "set('x','y')", "set", values=("x", "y"))),
    ("pgsql", "inet", T("inet", "inet", "inet")),
    ("mysql", "geometry srid 4326", T("geometry", "geometry srid 4326", "geometry", srid=4326)),
    ("pgsql", "geography(Point,4326)", T("geometry", "geography(Point,4326)", "geography", subtype="point", srid=4326)),
    ("pgsql", "vector(1536)", T("vector", "vector(1536)", "vector", length=1536)),
    (None, "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", T(
        "string", "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "varchar", length=20)),
    (None, "", T("other", "", "")),
    (None, "mood", T("other", "mood", "mood")),
]  # fmt: skip


@pytest.mark.parametrize(("driver", "text", "expected"), TYPES, ids=lambda v: str(v)[:40])
def test_type(driver: Driver | None, text: str, expected: ColumnType) -> None:
    assert parse_type(text, driver) == expected


@given(st.text(max_size=60), st.sampled_from([None, *DRIVERS]))
def test_any_text_is_some_type(text: str, driver: Driver | None) -> None:
    assert parse_type(text, driver).raw == text
