"""Names in raw fragments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.sources.laravel.queries.raw import read_fragment

CASES: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]], ...] = (
    ("a", (("a", ""),), ()),
    ("t.a desc, b", (("t.a", ""), ("b", "")), ()),
    ("COUNT(*) as n", (), ("n",)),
    ("DATE(created_at) date, count(*) uploads", (("created_at", "date"),), ("date", "uploads")),
    (
        "SUM(price * quantity) AS total, name",
        (("price", "sum"), ("quantity", "sum"), ("name", "")),
        ("total",),
    ),
    ("CASE WHEN status = 'paid' THEN 1 ELSE 0 END paid", (("status", ""),), ("paid",)),
    ("created_at > NOW() - INTERVAL 1 DAY", (("created_at", ""),), ()),
    ('`order` = ? and "text" = :name', (("order", ""),), ()),
    ("JSON_EXTRACT(meta, '$.a') = 1", (("meta", "json_extract"),), ()),
    ("CAST(a AS UNSIGNED) > 1", (("a", "cast"),), ()),
    ("id in (select post_id from likes)", (), ()),
)


@pytest.mark.parametrize(("text", "columns", "aliases"), CASES, ids=[c[0] for c in CASES])
def test_names_in_a_fragment(
    text: str, columns: tuple[tuple[str, str], ...], aliases: tuple[str, ...]
) -> None:
    fragment = read_fragment(text)
    assert (fragment.columns, fragment.aliases) == (columns, aliases)


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    assert all(name for name, _ in read_fragment(text).columns)
