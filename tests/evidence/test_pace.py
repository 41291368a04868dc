"""What the next size will take, told by the one before."""

from __future__ import annotations

import pytest

from trueup.evidence.pace import Spent, in_words, seconds_for

SMALL = Spent(rows=50_000, filling=2.0, asking=1.0, bytes=5_000_000)


@pytest.mark.parametrize(
    ("rows", "shapes", "seconds"),
    [
        (50_000, 10, 2.0 * 1.3 + 1.0 * 2),
        (500_000, 10, 20.0 * 1.3 + 10.0 * 2),
        (50_000_000, 10, 2_000.0 * 1.3 + 100.0 * 2),  # ten queries, each stopped after 10 s
    ],
)
def test_what_a_size_takes_follows_from_the_one_before(rows: int, shapes: int, seconds: float) -> None:
    assert seconds_for(rows, shapes, SMALL) == pytest.approx(seconds)


def test_an_estimate_is_told_no_more_exactly_than_it_is() -> None:
    assert [in_words(s) for s in (0.2, 12.4, 89.0, 95.0, 900.0)] == ["0 s", "12 s", "89 s", "2 min", "15 min"]
