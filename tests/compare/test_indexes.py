"""Which index does a required one's work."""

from __future__ import annotations

import pytest

from trueup.compare.indexes import nearest, same_action, serving
from trueup.model.schema import Index, Table
from trueup.model.spec import RequiredIndex

AB = RequiredIndex(("a", "b"))
UNIQUE_AB = RequiredIndex(("a", "b"), unique=True)
PRIMARY = RequiredIndex(("a", "b"), unique=True, primary=True)

ROWS: list[tuple[RequiredIndex, Index, bool]] = [
    (AB, Index("i", ("a", "b")), True),
    (AB, Index("i", ("A", "B", "c")), True),
    (AB, Index("i", ("b", "a")), False),
    (AB, Index("i", ("a",)), False),
    (AB, Index("i", ("a", "b"), unique=True), True),
    (AB, Index("i", ("a", "b"), primary=True), True),
    (AB, Index("i", ("a", "b"), where="b is not null"), False),
    (AB, Index("i", ("a", "b"), kind="fulltext"), False),
    (AB, Index("i", ("a", "b"), prefix_lengths=(10, 0)), False),
    (AB, Index("i", ("a", "b"), expressions=("lower(c)",)), False),
    (AB, Index("i", ("a", "b"), implied=True), True),
    (UNIQUE_AB, Index("i", ("a", "b")), False),
    (UNIQUE_AB, Index("i", ("b", "a"), unique=True), True),
    (UNIQUE_AB, Index("i", ("a",), unique=True), True),
    (UNIQUE_AB, Index("i", ("a", "b"), primary=True), True),
    (UNIQUE_AB, Index("i", ("a", "b", "c"), unique=True), False),
    (UNIQUE_AB, Index("i", ("a", "b"), unique=True, where="c = 1"), False),
    (PRIMARY, Index("i", ("a", "b"), unique=True), False),
    (PRIMARY, Index("i", ("a", "b"), primary=True), True),
    (RequiredIndex(("a",), kind="fulltext"), Index("i", ("a", "b"), kind="fulltext"), True),
    (RequiredIndex(("a",), kind="fulltext"), Index("i", ("a",)), False),
]


@pytest.mark.parametrize(("required", "index", "serves"), ROWS)
def test_serving(required: RequiredIndex, index: Index, serves: bool) -> None:
    assert (serving(required, required.columns, Table("t", indexes=(index,))) is index) is serves


def test_nearest_shares_the_longest_lead() -> None:
    one, two = Index("one", ("a",)), Index("two", ("a", "b", "x"))
    assert nearest(("a", "b", "c"), Table("t", indexes=(one, two))) is two
    assert nearest(("z",), Table("t", indexes=(one, two))) is None


def test_actions() -> None:
    assert same_action(None, "cascade")
    assert same_action("NO ACTION", "restrict")
    assert same_action("SET NULL", "set null")
    assert not same_action("CASCADE", "restrict")
