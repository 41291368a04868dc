"""How work grows: the exponent p for which work is about n^p, by least squares on logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trueup.model.evidence import Growth, Kind, Measure

_KINDS: tuple[tuple[float, Kind], ...] = (
    (0.05, "constant"),
    (
        0.2,
        "logarithmic",
    ),  # log n grows by half from 1,000 to 30,000 and doubles to 1,000,000: an exponent of 0.1
    (0.85, "sublinear"),
    (1.15, "linear"),
)


def growth_of(measures: Sequence[Measure]) -> Growth | None:
    """Of rows examined or instructions, which are the same on every run, where they are known at three sizes or more; else of
    time. None: there are no three sizes to tell it by."""
    counted = [(m.rows, m.work.amount) for m in measures if m.work.amount is not None]
    if distinct_sizes(counted) >= 3:
        exponent = fit([(n, max(1.0, w)) for n, w in counted])
        return Growth(exponent, kind_of(exponent), measures[0].work.unit)
    timed = [(m.rows, m.work.seconds) for m in measures if m.work.seconds]
    if distinct_sizes(timed) >= 3:
        exponent = fit(timed)
        return Growth(exponent, kind_of(exponent), "time")
    return None


def time_exponent(measures: Sequence[Measure]) -> float | None:
    """The exponent of the seconds alone, which small tables drown in what every query costs."""
    timed = [(m.rows, m.work.seconds) for m in measures if m.work.seconds]
    return fit(timed) if distinct_sizes(timed) >= 3 else None


def distinct_sizes(points: Sequence[tuple[int, float]]) -> int:
    return len({n for n, _ in points if n > 0})


def fit(points: Sequence[tuple[int, float]]) -> float:
    """The slope of log(work) over log(n), to two decimals. At least two different n > 0, and work > 0."""
    logs = [(math.log(n), math.log(w)) for n, w in points if n > 0]
    mean_n = sum(n for n, _ in logs) / len(logs)
    mean_w = sum(w for _, w in logs) / len(logs)
    spread = sum((n - mean_n) ** 2 for n, _ in logs)
    slope = sum((n - mean_n) * (w - mean_w) for n, w in logs) / spread
    return round(slope, 2) + 0.0  # no -0.0


def kind_of(exponent: float) -> Kind:
    return next((kind for most, kind in _KINDS if exponent < most), "superlinear")
