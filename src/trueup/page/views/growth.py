"""Charts: how the work of queries grows with the rows, before and after the advised indexes."""

from __future__ import annotations

from trueup.model.evidence import Measure, Trial
from trueup.page.exhibit import Exhibit
from trueup.structs import Struct

MAX_CHARTS = 12


class Chart(Struct, frozen=True):
    """`rows` are the sizes; `before` and `after` the work at each, None where it was not measured. `unit` is that of the work."""

    title: str
    sql: str
    unit: str
    rows: tuple[int, ...]
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]
    summary: str


def charts(exhibit: Exhibit) -> tuple[Chart, ...]:
    """The queries that gain most come first, of each server those of its own."""
    if exhibit.evidence is None:
        return ()
    found = []
    for server in exhibit.evidence.servers:
        measured = [t for t in server.trials if len(t.before) > 1 and t.work_ratio is not None]
        measured.sort(key=lambda t: (-(t.work_ratio or 0), t.shape.id))
        found += [_chart(f"{server.driver} {server.version}", trial) for trial in measured[:MAX_CHARTS]]
    return tuple(found)


def _chart(server: str, trial: Trial) -> Chart:
    sizes = tuple(sorted({m.rows for m in (*trial.before, *trial.after)}))
    before, after = _by_size(trial.before, sizes), _by_size(trial.after, sizes)
    fitted = (("before", trial.growth_before), ("after", trial.growth_after))
    grown = [f"{name}: {g.kind} (n^{g.exponent:.2f})" for name, g in fitted if g]
    ratio = trial.work_ratio
    if ratio is not None and ratio != 1:
        grown.append(
            f"{ratio:.1f} times less work at {sizes[-1]:,} rows"
            if ratio > 1
            else f"{1 / ratio:.1f} times more work"
        )
    unit = trial.before[0].work.unit
    return Chart(f"{trial.shape.table} on {server}", trial.sql, unit, sizes, before, after, "; ".join(grown))


def _by_size(measures: tuple[Measure, ...], sizes: tuple[int, ...]) -> tuple[float | None, ...]:
    known = {m.rows: m.work.amount for m in measures}
    return tuple(known.get(size) for size in sizes)
