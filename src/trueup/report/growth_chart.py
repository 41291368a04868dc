"""Charts of growth as SVG: one panel a query, both axes by powers of ten, work before and after the advised indexes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from trueup.model.evidence import Measure, Trial
from trueup.report.evidence import growth_text, place

WIDTH, HEIGHT, GAP, LEFT, TOP, BOTTOM = 300, 250, 30, 62, 64, 48
"""Of a panel and what is around it, in pixels."""

_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}.s{fill:#57606a;font-size:11px}"
    ".g{stroke:#d0d7de;stroke-width:1}.b{stroke:#b35900;fill:none;stroke-width:2;stroke-dasharray:6 4}"
    ".a{stroke:#0550ae;fill:none;stroke-width:2}.pb{fill:#b35900}.pa{fill:#0550ae}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.g{stroke:#3d444d}"
    ".b{stroke:#f0883e}.pb{fill:#f0883e}.a{stroke:#58a6ff}.pa{fill:#58a6ff}}"
)


def growth_svg(trials: Sequence[Trial], title: str) -> str:
    """A panel for each trial that was measured at two sizes or more; "" where there is none."""
    shown = [trial for trial in trials if len(trial.before) > 1 and len(trial.after) > 1]
    if not shown:
        return ""
    width = LEFT + len(shown) * (WIDTH + GAP + LEFT) - LEFT
    height = TOP + HEIGHT + BOTTOM
    described = "; ".join(
        f"{place(t.shape)}: {growth_text(t.growth_before)} before, {growth_text(t.growth_after)} after"
        for t in shown
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="growth-title growth-text" width="{width}" height="{height}">',
        f'<title id="growth-title">{escape(title)}</title><desc id="growth-text">{escape(described)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="t" x="{LEFT}" y="18">{escape(title)}</text>',
    ]
    for number, trial in enumerate(shown):
        parts.extend(_panel(trial, LEFT + number * (WIDTH + GAP + LEFT)))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(trial: Trial, left: int) -> Iterator[str]:
    sides = (("b", "before", trial.before), ("a", "after", trial.after))
    low, high = _range([m.rows for m in trial.before])
    top = max(1, math.ceil(max(_power(m.work.amount) for _, _, side in sides for m in side)))

    def x(rows: float) -> float:
        return left + (math.log10(max(1.0, rows)) - low) / (high - low) * WIDTH

    def y(amount: float | None) -> float:
        return TOP + HEIGHT - _power(amount) / top * HEIGHT

    yield f'<text x="{left}" y="{TOP - 24}">{escape(_short(place(trial.shape)))}</text>'
    yield (
        f'<text class="s" x="{left}" y="{TOP - 9}">{escape(growth_text(trial.growth_before))} → '
        f"{escape(growth_text(trial.growth_after))}</text>"
    )
    for power in range(top + 1):
        line = y(10.0**power)
        yield f'<line class="g" x1="{left}" x2="{left + WIDTH}" y1="{line:.1f}" y2="{line:.1f}"/>'
        yield f'<text class="s" x="{left - 8}" y="{line + 4:.1f}" text-anchor="end">{10**power:,}</text>'
    for measure in trial.before:
        yield (
            f'<text class="s" x="{x(measure.rows):.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">'
            f"{measure.rows:,}</text>"
        )
    unit = "rows examined" if trial.before[-1].work.unit == "rows" else "instructions"
    yield (
        f'<text class="s" x="{left + WIDTH / 2:.1f}" y="{TOP + HEIGHT + 34}" text-anchor="middle">'
        f"{unit} by rows of the table</text>"
    )
    for mark, word, side in sides:
        points = [(x(m.rows), y(m.work.amount)) for m in side]
        yield f'<polyline class="{mark}" points="{" ".join(f"{px:.1f},{py:.1f}" for px, py in points)}"/>'
        for (px, py), measure in zip(points, side, strict=True):
            yield f'<circle class="p{mark}" cx="{px:.1f}" cy="{py:.1f}" r="3"><title>{_told(word, measure)}</title></circle>'
        px, py = points[-1]
        yield f'<text class="s" x="{px - 4:.1f}" y="{py - 8:.1f}" text-anchor="end">{word}</text>'


def _told(word: str, measure: Measure) -> str:
    amount = "stopped" if measure.work.amount is None else f"{measure.work.amount:,.0f}"
    return f"{word}, {measure.rows:,} rows: {amount}"


def _range(sizes: Sequence[int]) -> tuple[float, float]:
    low, high = math.log10(max(1, min(sizes))), math.log10(max(1, *sizes))
    return (low, high) if high > low else (low, low + 1)


def _power(amount: float | None) -> float:
    return math.log10(max(1.0, amount or 1.0))


def _short(text: str) -> str:
    return text if len(text) <= 46 else "…" + text[-45:]
