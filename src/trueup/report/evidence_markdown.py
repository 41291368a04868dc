"""The section of evidence in the Markdown report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from trueup.evidence.hottest import hottest
from trueup.model.evidence import Evidence, ServerEvidence, Trial
from trueup.report.evidence import (
    ADVICE,
    GROWTH,
    QUERIES,
    advice_rows,
    disagreements,
    growth_rows,
    head_lines,
    place,
    query_rows,
    refusals,
    server_name,
    unasked,
)
from trueup.report.markdown import code, escape, table


def evidence_markdown(evidence: Evidence | None) -> Iterator[str]:
    """Blocks of Markdown, none where no evidence was asked for."""
    if evidence is None:
        return
    yield "## Evidence: what servers do with the queries"
    yield (
        "Rows are synthetic, deterministic by seed, and skewed as real ones are; plans are the servers' own. "
        "Rows examined are counted by the server (SQLite counts instructions); times are the fastest of up to three runs on one "
        "machine, before and after in the same run. n is the number of rows of the query's main table."
    )
    for server in evidence.servers:
        yield from _server(server)


def _server(server: ServerEvidence) -> Iterator[str]:
    yield f"### {escape(server_name(server))}"
    yield " ".join(escape(line) for line in head_lines(server))
    rows = [[escape(a), code(t), code(i), s, escape(w)] for a, t, i, s, w in advice_rows(server)]
    if rows:
        yield table(ADVICE, rows)
    queries = [
        [code(query), code(before), code(after), *map(escape, rest)]
        for query, before, after, *rest in query_rows(server)
    ]
    if queries:
        yield "Queries whose plan the advice changes:"
        yield table(QUERIES, queries)
    yield from _charts(hottest(server))
    for title, lines in (
        ("Where the plan does not bear out the analysis:", disagreements(server)),
        ("Not asked:", unasked(server)),
        ("What the server refused:", refusals(server)),
    ):
        if lines:
            yield title
            yield "\n".join(f"- {escape(line)}" for line in lines)


def _charts(trials: Sequence[Trial]) -> Iterator[str]:
    """The three hottest queries: a chart each, where there are sizes enough for one, and the figures."""
    shown = [trial for trial in trials if len(trial.before) > 1 and len(trial.after) == len(trial.before)]
    if not shown:
        return
    yield "Growth of the hottest queries, with the present indexes and with the advised ones:"
    for trial in shown:
        yield f"```mermaid\n{growth_mermaid(trial)}\n```"
    rows = [[code(query), *map(escape, rest)] for query, *rest in growth_rows(tuple(shown))]
    yield table(GROWTH, rows, numbers=(1, 2, 3, 4, 5))


def growth_mermaid(trial: Trial) -> str:
    """Two lines over the sizes, the work as its power of ten: the first before, the second after."""
    sizes = ", ".join(f'"{measure.rows:,}"' for measure in trial.before)
    unit = "rows examined" if trial.before[-1].work.unit == "rows" else "instructions"
    sides = [[_power(m.work.amount) for m in side] for side in (trial.before, trial.after)]
    top = math.ceil(max(max(side) for side in sides)) or 1
    title = place(trial.shape).replace('"', "'")
    return "\n".join(
        [
            "xychart-beta",
            f'  title "{title}"',
            f'  x-axis "rows of the table" [{sizes}]',
            f'  y-axis "{unit}, power of ten" 0 --> {top}',
            *(f"  line [{', '.join(f'{value:.2f}' for value in side)}]" for side in sides),
        ]
    )


def _power(amount: float | None) -> float:
    return math.log10(max(1.0, amount or 1.0))
