"""The exponent of growth, on work whose growth is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from trueup.evidence.growth import growth_of, time_exponent
from trueup.model.evidence import Growth, Measure, Plan, Work

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def measures(amount: Callable[[int], float | None], seconds: Callable[[int], float | None]) -> list[Measure]:
    return [Measure(n, Plan(()), Work(amount(n), "rows", seconds(n))) for n in SIZES]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (lambda n: 1.0, Growth(0.0, "constant", "rows")),
        (lambda n: 0.0, Growth(0.0, "constant", "rows")),
        (lambda n: 20 * math.log2(n), Growth(0.1, "logarithmic", "rows")),
        (lambda n: math.sqrt(n), Growth(0.5, "sublinear", "rows")),
        (lambda n: 3.0 * n, Growth(1.0, "linear", "rows")),
        (lambda n: n * math.log(n), Growth(1.1, "linear", "rows")),
        (lambda n: 1.0 * n * n, Growth(2.0, "superlinear", "rows")),
    ],
)
def test_growth_is_told_by_rows_examined(amount: Callable[[int], float], expected: Growth) -> None:
    assert growth_of(measures(amount, lambda n: 0.001)) == expected


def test_time_tells_where_rows_are_not_known() -> None:
    assert growth_of(measures(lambda n: None, lambda n: n * 1e-6)) == Growth(1.0, "linear", "time")


def test_two_sizes_tell_nothing() -> None:
    assert growth_of(measures(lambda n: float(n), lambda n: 1.0)[:2]) is None


def test_the_time_has_an_exponent_of_its_own() -> None:
    assert time_exponent(measures(lambda n: 1.0, lambda n: n * 1e-6)) == 1.0
