"""One server's evidence: the replayed schema with synthetic rows, every query shape before and after the advised indexes, at sizes
of 1,000 rows up to the largest that the bounds allow.

From size to size more is known of how long the next one will take. At the largest it is decided which advice holds; the smaller
ones, whose databases are still there, then show how the work grows with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from trueup.evidence.deciding import ask_after, decide
from trueup.evidence.growth import growth_of
from trueup.evidence.indexing import carry_out
from trueup.evidence.judging import check_grade, is_hurt
from trueup.evidence.pace import in_words, seconds_for
from trueup.evidence.run import Bounds, OutOfTime, Run, Rung, Tell, climb
from trueup.evidence.sizes import steps_up_to
from trueup.model.evidence import Measure, ServerEvidence, Trial
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.model.shapes import Performance, QueryShape
from trueup.structs import replace

SubjectOf = Callable[[Driver], tuple[Schema, Performance]]

Sides = tuple[dict[str, Measure], dict[str, Measure]]
"""Before and after, by the shapes' ids."""


def gather(url: str | None, subject_of: SubjectOf, bounds: Bounds, tell: Tell, say: Tell) -> ServerEvidence:
    """Evidence from the server at `url` (None: SQLite). `tell` hears what is being done, `say` what it will take, beforehand.
    Raises what `open_scratch` raises."""
    started = time.monotonic()
    with ExitStack() as databases:
        run, rungs, stopped = _climb(url, subject_of, bounds, tell, say, databases)
        *smaller, largest = rungs
        decided = decide(run, largest)
        sizes = {largest.size: (largest.before, decided.after)}
        for rung in smaller:
            run.tell(f"{rung.scratch.driver}: the queries on {rung.size:,} rows with the advised indexes")
            carry_out(rung.scratch, run.schema, decided.kept)
            after = ask_after(run, rung.scratch, rung.questions, rung.before, decided.kept)
            sizes[rung.size] = rung.before, after
        return ServerEvidence(
            driver=run.schema.driver,
            version=largest.scratch.server_version,
            sizes=tuple(sorted(sizes)),
            rows=tuple(sorted(largest.rows.items())),
            bytes=largest.spent.bytes,
            seconds=time.monotonic() - started,
            trials=tuple(_trial(shape, largest, sizes) for shape in run.performance.shapes),
            advice=decided.judged,
            grades=tuple(
                check_grade(s, largest.before.get(s.shape.id), largest.questions.problems.get(s.shape.id, ""))
                for s in run.performance.served
            ),
            refused=tuple(sorted(run.refused.items())),
            hypothetical=decided.hypothetical,
            stopped=stopped,
        )


def _climb(
    url: str | None, subject_of: SubjectOf, bounds: Bounds, tell: Tell, say: Tell, databases: ExitStack
) -> tuple[Run, list[Rung], str]:
    """Sizes from the smallest to the largest that the bounds allow, each in a database that stays until `databases` are closed; and
    why there are no more, or ""."""
    from trueup.scratch import open_scratch

    started = time.monotonic()
    scratch = databases.enter_context(open_scratch(url))
    run = Run(*subject_of(scratch.driver), bounds, tell)
    steps = steps_up_to(bounds.rows) if bounds.growth else (bounds.rows,)
    say(f"evidence on {scratch.driver}: {_announced(run, steps)}")
    rungs = [climb(run, scratch, steps[0])]
    run.until = started + bounds.seconds
    for size in steps[1:]:
        problem, expected = _foreseen(run, size, rungs)
        if problem:
            say(f"evidence on {scratch.driver}: {problem}")
            return run, rungs, problem
        say(f"evidence on {scratch.driver}: {expected}")
        try:
            with ExitStack() as opened:
                rungs.append(climb(run, opened.enter_context(open_scratch(url)), size))
                databases.enter_context(opened.pop_all())
        except OutOfTime:
            problem = f"{in_words(bounds.seconds)} were over before the tables of {size:,} rows were ready"
            say(f"evidence on {scratch.driver}: {problem}")
            return run, rungs, problem
    return run, rungs, ""


def _announced(run: Run, steps: tuple[int, ...]) -> str:
    filling = run.filling(steps[-1])
    tables = filling.tables()
    count = sum(rows for _, rows in tables)
    sizes = ", ".join(f"{size:,}" for size in steps)
    if not run.bounds.growth:
        return f"{len(tables)} tables with {count:,} rows, about {_megabytes(filling.bytes())}, in a scratch database"
    return (
        f"sizes of {sizes} rows in scratch databases, at the largest {len(tables)} tables with {count:,} rows and about "
        f"{_megabytes(filling.bytes())}; within {in_words(run.bounds.seconds)} and {_megabytes(run.bounds.bytes)}, else fewer rows"
    )


def _foreseen(run: Run, size: int, rungs: list[Rung]) -> tuple[str, str]:
    """Why the next size would be too much, or ""; and what it will take."""
    filling, last = run.filling(size), rungs[-1]
    count = sum(rows for _, rows in filling.tables())
    seconds, left = seconds_for(count, len(run.shapes), last.spent), run.until - time.monotonic()
    size_text = f"{size:,} rows, {count:,} in all"
    if seconds > left:
        many, few = in_words(seconds), in_words(left)
        return f"{size_text}, would take about {many} by the pace of {last.size:,}, and {few} are left", ""
    disk = sum(r.spent.bytes for r in rungs) + filling.bytes()
    if disk > run.bounds.bytes:
        most = _megabytes(run.bounds.bytes)
        return f"{size_text}, would take about {_megabytes(filling.bytes())}, more than the {most} allow", ""
    expected = (
        f"about {in_words(seconds)} by the pace of {last.size:,} rows, and {_megabytes(filling.bytes())}"
    )
    return "", f"{size_text}: {expected}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


def _trial(shape: QueryShape, largest: Rung, sizes: Mapping[int, Sides]) -> Trial:
    name = shape.id
    questions = largest.questions
    if name in questions.problems:
        return Trial(shape, problem=questions.problems[name])
    before = tuple(sizes[s][0][name] for s in sorted(sizes) if name in sizes[s][0])
    after = tuple(sizes[s][1][name] for s in sorted(sizes) if name in sizes[s][1])
    trial = Trial(shape, questions.statements[name].sql, before, after)
    return replace(
        trial,
        growth_before=growth_of(before),
        growth_after=growth_of(after),
        hurt=bool(before and after and is_hurt(before[-1], after[-1])),
    )
