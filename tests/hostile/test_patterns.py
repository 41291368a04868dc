"""No regular expression hangs on texts made for it. How their time grows is measured by benchmarks/patterns.py."""

from __future__ import annotations

import re
from functools import partial
from itertools import islice

import pytest

from tests.hostile.guard import hung
from tests.support.patterns import FUNCTIONS, Expression, expressions, texts, use

LENGTH = 80_000
"""Characters: linear time is some 0.01 s for each expression, quadratic 10 s and more."""
MOST = 3
"""Texts for each expression, from all over those that are made; benchmarks/patterns.py takes them all."""


def _all(expression: Expression) -> None:
    count = sum(1 for _ in texts(expression.pattern, 1))
    for text in islice(texts(expression.pattern, LENGTH), 0, None, max(1, -(-count // MOST))):
        use(expression, text)


def test_no_expression_hangs() -> None:
    steps = ((f"{each.place}: {each.pattern.pattern!r}", partial(_all, each)) for each in expressions())
    assert hung(steps, cpu_seconds=5) == ""


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "search"),
        (r"(?:a+)+b", "match"),
    ],
)
def test_slow_ones_hang(pattern: str, way: str) -> None:
    assert way in FUNCTIONS
    slow = Expression("here", re.compile(pattern), frozenset({way}))
    assert hung([("slow", partial(_all, slow))], cpu_seconds=1).startswith("slow: ended with -")


def test_expressions_are_found_wherever_they_are() -> None:
    found = {e.place: e.ways for e in expressions()}
    assert len(expressions()) > 500
    assert found["trueup.sources.markdown.blocks._KEY"] == {"match"}
    assert found["trueup.compare.roles.columns.COLUMNS"] == {"fullmatch"}
    assert found["trueup.sources.spec.prose_keys._PATTERNS"] == {"fullmatch"}
    assert any(place.startswith("trueup/sources/spec/document.py:") for place in found)


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        (r"\s+$", "    \x01\n!"),
        (r"/\*.*?\*/", "/*/*\x01\n!"),
        (r"(?:a+)+b", "aaaa\x01\n!"),
        (r"key=(?:\d ?)+;", "key=0 0 \x01\n!"),
    ],
)
def test_texts_are_made_of_what_an_expression_repeats(pattern: str, made: str) -> None:
    assert made in set(texts(re.compile(pattern), 4))
