"""Defaults by meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.compare.defaults import DefaultValue, parse_default, same_default

SAME: list[tuple[str | None, str | None, bool]] = [
    (None, "NULL", False),
    (None, "NULL::character varying", False),
    ("'0'", "0", False),
    ("0.00", "'0'", False),
    ("'0.00'", "'0'", True),
    ("TRUE", "1", False),
    ("TRUE", "'1'", False),
    ("false", "b'0'", False),
    ("'USD'", "'USD'::character varying", False),
    ("'USD'", "USD", False),
    ("CURRENT_TIMESTAMP", "now()", False),
    ("CURRENT_TIMESTAMP", "current_timestamp()", False),
    ("CURRENT_TIMESTAMP(6)", "(CURRENT_TIMESTAMP)", False),
    ("'[50, 75]'", "('[50,75]')", False),
    ("'[]'", "(json_array())", False),
    ("'it''s'", "'it\\'s'", False),
    ("(uuid())", "uuid()", False),
    ("80.0", "80.00", False),
    ("1e2", "100", False),
]
OTHER: list[tuple[str | None, str | None, bool]] = [
    ("'USD'", "'EUR'", False),
    ("0", None, False),
    ("CURRENT_TIMESTAMP", None, False),
    ("CURRENT_TIMESTAMP", "'2024-01-01'", False),
    ("'0.00'", "'0'", False),
    ("''", None, False),
    ("'[50]'", "'[75]'", False),
    ("uuid()", "gen_random_uuid()", False),
]


@pytest.mark.parametrize(("one", "other", "numeric"), SAME)
def test_same(one: str | None, other: str | None, numeric: bool) -> None:
    assert same_default(one, other, numeric=numeric)
    assert same_default(other, one, numeric=numeric)


@pytest.mark.parametrize(("one", "other", "numeric"), OTHER)
def test_other(one: str | None, other: str | None, numeric: bool) -> None:
    assert not same_default(one, other, numeric=numeric)
    assert not same_default(other, one, numeric=numeric)


def test_parsed() -> None:
    assert parse_default("('it''s'::text)") == DefaultValue("literal", "it's")
    assert parse_default("NEXTVAL('t_id_seq'::regclass)") == DefaultValue(
        "expression", "nextval('t_id_seq'::regclass)"
    )
    assert parse_default("-1.5") == DefaultValue("number", "-1.5")


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_crashes(one: str, other: str) -> None:
    assert same_default(one, one)
    assert same_default(one, other) == same_default(other, one)
