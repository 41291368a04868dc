"""Type equivalence, row by row: (required, its dialect, existing, the project's driver) → the verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.compare.types import TypeVerdict, VerdictKind, judge_type
from trueup.model.names import DRIVERS, Driver

Row = tuple[str, Driver | None, str, Driver, VerdictKind, str]

EQUAL: list[tuple[str, Driver | None, str, Driver]] = [
    ("BIGINT UNSIGNED", "mysql", "bigint(20) unsigned", "mysql"),
    ("BIGINT UNSIGNED", "mysql", "bigint", "pgsql"),
    ("INT UNSIGNED", "mysql", "integer", "pgsql"),
    ("TINYINT", "mysql", "smallint", "pgsql"),
    ("MEDIUMINT UNSIGNED", "mysql", "integer", "pgsql"),
    ("INT", "mysql", "int(11)", "mysql"),
    ("SERIAL", "pgsql", "integer", "pgsql"),
    ("BIGSERIAL", "pgsql", "bigint", "mysql"),
    ("BOOLEAN", "mysql", "tinyint(1)", "mysql"),
    ("TINYINT(1)", "mysql", "boolean", "pgsql"),
    ("BOOLEAN", "pgsql", "tinyint(1)", "sqlite"),
    ("DECIMAL(10,6)", "mysql", "numeric(10,6)", "pgsql"),
    ("DECIMAL(10,6) UNSIGNED", "mysql", "numeric(10,6)", "pgsql"),
    ("VARCHAR(50)", "mysql", "character varying(50)", "pgsql"),
    ("CHAR(3)", "mysql", "varchar(3)", "mysql"),
    ("TEXT", "mysql", "text", "mysql"),
    ("TEXT", "pgsql", "text", "mysql"),
    ("LONGTEXT", "mysql", "text", "pgsql"),
    ("JSON", "mysql", "json", "mysql"),
    ("JSON", "mysql", "jsonb", "pgsql"),
    ("JSON", "mysql", "longtext", "mariadb"),
    ("JSON", "mysql", "text", "sqlite"),
    ("DATETIME", "mysql", "datetime", "mysql"),
    ("DATETIME", "mysql", "timestamp(0) without time zone", "pgsql"),
    ("TIMESTAMP", "mysql", "timestamp(0) without time zone", "pgsql"),
    ("TIMESTAMP", "pgsql", "timestamp(0) without time zone", "pgsql"),
    ("TIMESTAMPTZ", "pgsql", "timestamp", "mysql"),
    ("UUID", "pgsql", "char(36)", "mysql"),
    ("CHAR(36)", "mysql", "uuid", "pgsql"),
    ("ENUM('a','b')", "mysql", "enum('b','a')", "mysql"),
    ("VARCHAR(20)", "mysql", "varchar", "sqlite"),
    ("DECIMAL(20,8)", "mysql", "numeric", "sqlite"),
    ("BIGINT", "mysql", "integer", "sqlite"),
    ("DOUBLE", "mysql", "double precision", "pgsql"),
    ("geometry", "mysql", "geometry", "mysql"),
]


@pytest.mark.parametrize(("required", "dialect", "existing", "driver"), EQUAL)
def test_equal(required: str, dialect: Driver | None, existing: str, driver: Driver) -> None:
    verdict = judge_type(required, existing, driver, dialect)
    assert (verdict.kind, verdict.loses) == ("compatible", False), verdict


WIDER: list[Row] = [
    ("INT", "mysql", "bigint", "mysql", "wider", "it holds larger numbers"),
    ("INT UNSIGNED", "mysql", "bigint", "mysql", "wider", "it holds larger numbers"),
    ("BOOLEAN", "mysql", "smallint", "mysql", "wider", "it also holds other numbers"),
    ("DECIMAL(10,4)", "mysql", "decimal(12,6)", "mysql", "wider", "it keeps more digits"),
    ("SMALLINT", "mysql", "decimal(12,2)", "mysql", "wider", "it also keeps fractions"),
    ("FLOAT", "mysql", "double", "mysql", "wider", "it is more precise"),
    ("VARCHAR(50)", "mysql", "varchar(255)", "mysql", "wider", "it holds longer texts"),
    ("VARCHAR(50)", "mysql", "text", "pgsql", "wider", "it has no limit"),
    (
        "ENUM('a','b')",
        "mysql",
        "varchar(255)",
        "mysql",
        "wider",
        "it accepts any text, not only the listed values",
    ),
    ("ENUM('a')", "mysql", "enum('a','b')", "mysql", "wider", "it also accepts 'b'"),
    ("DATE", "mysql", "timestamp", "mysql", "wider", "it also keeps a time of day"),
    (
        "TIMESTAMP",
        "mysql",
        "datetime",
        "mysql",
        "wider",
        "it reaches beyond 2038, and does not follow the session's time zone",
    ),
]
NARROWER: list[Row] = [
    (
        "BIGINT",
        "mysql",
        "int",
        "mysql",
        "narrower",
        "it ends at 2,147,483,647 instead of 9,223,372,036,854,775,807",
    ),
    (
        "BIGINT UNSIGNED",
        "mysql",
        "bigint",
        "mysql",
        "narrower",
        "it ends at 9,223,372,036,854,775,807 instead of 18,446,744,073,709,551,615",
    ),
    ("INT", "mysql", "int unsigned", "mysql", "narrower", "it holds no negative numbers"),
    (
        "DECIMAL(10,6)",
        "mysql",
        "decimal(10,4)",
        "mysql",
        "narrower",
        "it keeps 4 digits after the point instead of 6",
    ),
    (
        "DECIMAL(10,2)",
        "mysql",
        "decimal(8,2)",
        "mysql",
        "narrower",
        "it keeps 6 digits before the point instead of 8",
    ),
    (
        "DECIMAL(10,2)",
        "mysql",
        "bigint",
        "mysql",
        "narrower",
        "it keeps no digits after the point instead of 2",
    ),
    ("INT", "mysql", "decimal(5,2)", "mysql", "narrower", "it keeps 3 digits before the point instead of 10"),
    ("DOUBLE", "mysql", "float", "mysql", "narrower", "it is less precise"),
    ("VARCHAR(100)", "mysql", "varchar(50)", "mysql", "narrower", "it ends at 50 characters instead of 100"),
    ("TEXT", "mysql", "varchar(255)", "mysql", "narrower", "it ends at 255 characters instead of 65,535"),
    ("VARCHAR(20)", "mysql", "enum('a','b')", "mysql", "narrower", "it accepts only 'a', 'b'"),
    ("ENUM('a','b')", "mysql", "enum('a')", "mysql", "narrower", "it does not accept 'b'"),
    (
        "ENUM('open','closed')",
        "mysql",
        "varchar(4)",
        "mysql",
        "narrower",
        "it ends at 4 characters, and the longest value has 6",
    ),
    ("TIMESTAMPTZ", "pgsql", "timestamp(0) without time zone", "pgsql", "narrower", "the time zone is lost"),
    ("DATETIME", "mysql", "timestamp", "mysql", "narrower", "it ends on 2038-01-19"),
    ("TIMESTAMP", "mysql", "date", "mysql", "narrower", "it keeps no time of day"),
    ("DATETIME(6)", "mysql", "datetime", "mysql", "narrower", "it keeps no digits of a second instead of 6"),
    ("UUID", "pgsql", "varchar(32)", "mysql", "narrower", "it ends at 32 characters instead of 36"),
    ("JSON", "mysql", "varchar(255)", "mysql", "narrower", "it ends at 255 characters"),
    ("TEXT", "pgsql", "json", "pgsql", "narrower", "it accepts only valid JSON"),
]


@pytest.mark.parametrize(("required", "dialect", "existing", "driver", "kind", "reason"), WIDER + NARROWER)
def test_wider_and_narrower(
    required: str, dialect: Driver | None, existing: str, driver: Driver, kind: VerdictKind, reason: str
) -> None:
    verdict = judge_type(required, existing, driver, dialect)
    assert (verdict.kind, verdict.reason, verdict.loses) == (kind, reason, kind == "narrower")


DIFFERENT: list[tuple[str, Driver | None, str, Driver, bool, str]] = [
    (
        "DECIMAL(10,6)",
        "mysql",
        "double",
        "mysql",
        True,
        "binary floating point cannot hold decimal fractions exactly, so sums drift",
    ),
    (
        "BIGINT",
        "mysql",
        "varchar(255)",
        "mysql",
        False,
        "it keeps numbers as text, compared and sorted character by character",
    ),
    (
        "BIGINT",
        "mysql",
        "varchar(10)",
        "mysql",
        True,
        "it keeps numbers as text, compared and sorted character by character",
    ),
    ("VARCHAR(255)", "mysql", "bigint", "mysql", True, "it holds no text"),
    ("JSON", "mysql", "text", "mysql", False, "it holds any text: nothing checks that it is JSON"),
    ("UUID", "pgsql", "bigint", "mysql", True, "it holds no UUID"),
    (
        "TIMESTAMP",
        "mysql",
        "varchar(50)",
        "mysql",
        False,
        "it keeps dates and times as text, compared and sorted character by character",
    ),
    (
        "INT",
        "mysql",
        "text",
        "sqlite",
        False,
        "its affinity is text, not numeric: SQLite converts or keeps values as they come",
    ),
]


@pytest.mark.parametrize(("required", "dialect", "existing", "driver", "loses", "reason"), DIFFERENT)
def test_different(
    required: str, dialect: Driver | None, existing: str, driver: Driver, loses: bool, reason: str
) -> None:
    assert judge_type(required, existing, driver, dialect) == TypeVerdict("different", reason, loses)


def test_keys_are_never_negative() -> None:
    assert judge_type("BIGINT", "bigint unsigned", "mysql", "mysql", key=True) == TypeVerdict("compatible")
    assert judge_type("BIGINT", "bigint unsigned", "mysql", "mysql") == TypeVerdict(
        "narrower", "it holds no negative numbers", loses=True, sign_only=True
    )


def test_enum_values_may_stand_in_a_check() -> None:
    verdict = judge_type("ENUM('a','b')", "character varying(255)", "pgsql", "mysql", existing_values=("a",))
    assert verdict == TypeVerdict("narrower", "it does not accept 'b'", loses=True)


def test_unread_values_are_not_guessed() -> None:
    assert judge_type("ENUM", "enum('a')", "mysql").kind == "unknown"


def test_types_of_no_known_family() -> None:
    assert judge_type("money_bag", "money_bag", "pgsql").kind == "compatible"
    assert judge_type("money_bag", "bigint", "pgsql").kind == "unknown"


def test_no_required_type_is_no_demand() -> None:
    assert judge_type(None, "bigint", "mysql") == TypeVerdict("compatible")


TYPES = [
    *(
        "tinyint",
        "smallint",
        "int",
        "bigint",
        "bigint unsigned",
        "decimal(10,2)",
        "decimal(16,8)",
        "float",
        "double",
        "boolean",
    ),
    *(
        "char(3)",
        "varchar(50)",
        "varchar(255)",
        "text",
        "longtext",
        "json",
        "uuid",
        "date",
        "datetime",
        "timestamp",
        "time",
    ),
    *(
        "enum('a','b')",
        "set('a')",
        "blob",
        "varbinary(20)",
        "inet",
        "geometry",
        "interval",
        "what is this",
        "",
    ),
]


@given(
    st.sampled_from(TYPES),
    st.sampled_from(TYPES),
    st.sampled_from(DRIVERS),
    st.sampled_from([None, *DRIVERS]),
)
def test_any_two_types_have_a_verdict(
    required: str, existing: str, driver: Driver, dialect: Driver | None
) -> None:
    verdict = judge_type(required, existing, driver, dialect)
    assert verdict.loses <= (verdict.kind in ("narrower", "different"))
    assert bool(verdict.reason) or verdict.kind == "compatible"


@given(st.sampled_from(TYPES), st.sampled_from(DRIVERS))
def test_a_type_is_compatible_with_itself(text: str, driver: Driver) -> None:
    assert judge_type(text, text, driver, driver).kind == "compatible"


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_crashes(required: str, existing: str) -> None:
    judge_type(required, existing, "mysql")
