"""No regular expression takes more than about linear time on texts made for it: four times the text takes at most nine times as
long (quadratic would be sixteen). Measured in the processor time of this thread, so that a busy machine changes nothing."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.hostile.patterns import ANCHORED, FUNCTIONS, Expression, expressions, texts

LENGTH = 2_000
GROWTH = 9
FLOOR = 0.003
"""Seconds below which nothing is measured: no text of that length matters then."""
LIMIT = 0.5
PARTS = 6


class Late(BaseException):
    """Raised out of an expression that has used up its time."""


@contextmanager
def _limited() -> Iterator[None]:
    def late(*_: object) -> None:
        raise Late

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _seconds(expression: Expression, text: Any) -> float:
    begun = time.thread_time()
    try:
        with _limited():
            _use(expression.pattern, expression.ways, text)
    except Late:
        return float("inf")
    return time.thread_time() - begun


def _use(pattern: re.Pattern[Any], ways: frozenset[str], text: Any) -> None:
    if "match" in ways:
        pattern.match(text)
    if "fullmatch" in ways:
        pattern.fullmatch(text)
    if ways - ANCHORED:
        for _ in pattern.finditer(text):
            pass


def _slow(expression: Expression) -> str:
    """A text on which the expression is slow, shortened, or ""."""
    pairs = zip(texts(expression.pattern, LENGTH), texts(expression.pattern, LENGTH // 4), strict=True)
    for long, short in pairs:
        taken = _seconds(expression, long)
        if taken > FLOOR:
            taken = min(taken, _seconds(expression, long))
            base = min(_seconds(expression, short) for _ in range(3))
            if base == float("inf") or taken > max(FLOOR, GROWTH * base):
                return repr(long[:60])
    return ""


@pytest.mark.parametrize("part", range(PARTS))
def test_no_expression_takes_more_than_linear_time(part: int) -> None:
    slow = {
        f"{each.place}: {each.pattern.pattern!r}": text
        for each in expressions()[part::PARTS]
        if (text := _slow(each))
    }
    assert slow == {}


def test_expressions_are_found_wherever_they_are() -> None:
    found = {e.place: e.ways for e in expressions()}
    assert len(expressions()) > 500
    assert found["trueup.sources.markdown.blocks._KEY"] == {"match"}
    assert found["trueup.compare.roles.columns.COLUMNS"] == {"fullmatch"}
    assert found["trueup.sources.spec.prose_keys._PATTERNS"] == {"fullmatch"}
    assert any(place.startswith("trueup/sources/spec/document.py:") for place in found)


@pytest.mark.parametrize(
    ("pattern", "way", "slow"),
    [
        (r"\s+$", "search", True),
        (r"\s*(?:a)?\s*b", "match", True),
        (r"(?:a+)+b", "match", True),
        (r"[a-z]+\(", "findall", True),
        (r"/\*.*?\*/", "sub", True),
        (r"\s*+(?:a\s*+)?b", "match", False),
        (r"[a-z]+\(", "match", False),
        (r"(?<!\s)\s++$", "search", False),
    ],
)
def test_slow_ones_are_told_from_others(pattern: str, way: str, slow: bool) -> None:
    assert way in FUNCTIONS
    assert bool(_slow(Expression("here", re.compile(pattern), frozenset({way})))) is slow
