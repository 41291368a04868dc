"""One server's evidence: the replayed schema with synthetic rows, every query shape before and after the advised indexes, at sizes
of 1,000 rows up to the largest that the bounds allow.

The largest comes first: there it is decided which advice holds. The smaller sizes show how the work grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trueup.evidence.growth import growth_of
from trueup.evidence.hypothetical import Uses, hypothetical_uses
from trueup.evidence.indexing import carry_out, take_back
from trueup.evidence.judging import blamed, check_grade, is_hurt, is_suspect, judge, judge_drop
from trueup.evidence.load import gather_statistics, load
from trueup.evidence.parameters import wanted_of
from trueup.evidence.rows import Filling
from trueup.evidence.sizes import Scale, steps_up_to
from trueup.evidence.trials import Questions, again, ask, questions_of, search_by
from trueup.evidence.work import asker_on
from trueup.model.evidence import Hypothetical, Judged, Measure, ServerEvidence, Trial
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.model.shapes import Advice, Performance, QueryShape
from trueup.structs import Struct, field, replace

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Tell = Callable[[str], None]
SubjectOf = Callable[[Driver], tuple[Schema, Performance]]

Named = tuple[str, str, str]
"""A piece of advice: its table, the index's name, what to do with it."""

ROUNDS = 4
"""How often advice is withdrawn and the rest measured again."""

ROWS_PER_SECOND = 6_000
"""At least: what one core makes and loads, with ten indexes a table. For telling beforehand."""


class Bounds(Struct, frozen=True):
    """`rows` of the largest tables; one server may take `seconds` and `bytes` of disk. `growth`: smaller tables are
    measured, too."""

    rows: int = 20_000
    seconds: float = 900.0
    bytes: int = 4_000_000_000
    seed: int = 1
    growth: bool = True


class Run(Struct):
    """What is known of one server while it is measured."""

    url: str | None
    schema: Schema
    performance: Performance
    bounds: Bounds
    tell: Tell
    version: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def advised(self) -> tuple[Advice, ...]:
        return tuple(a for a in self.performance.advice if a.action != "keep")

    @property
    def shapes(self) -> tuple[QueryShape, ...]:
        """Those of the analysis, those that advice is for, and searches by the columns of what is to go; each once."""
        advised = [shape for one in self.advised for shape in one.serves]
        probes = [probe for one in self.advised if (probe := self.probe(one))]
        return tuple({shape.id: shape for shape in (*self.performance.shapes, *advised, *probes)}.values())

    def probe(self, advice: Advice) -> QueryShape | None:
        return search_by(advice.table, advice.columns) if advice.action == "drop" and advice.columns else None

    def filling(self, size: int) -> Filling:
        wanted = wanted_of(self.schema, self.shapes, self.performance.growth)
        return Filling(self.schema, wanted, Scale(size), self.bounds.seed)


def gather(url: str | None, subject_of: SubjectOf, bounds: Bounds, tell: Tell, say: Tell) -> ServerEvidence:
    """Evidence from the server at `url` (None: SQLite). `tell` hears what is being done, `say` what it will take, beforehand.
    Raises what `open_scratch` raises."""
    from trueup.scratch import open_scratch

    started = time.monotonic()
    with open_scratch(url) as scratch:
        schema, performance = subject_of(scratch.driver)
        run = Run(url, schema, performance, bounds, tell, scratch.server_version)
        largest = _largest(run, scratch.driver, say)
        decided = _decide(run, scratch, largest)
    sizes = {largest: (decided.before, decided.after)}
    smaller = [s for s in steps_up_to(largest) if s < largest] if bounds.growth else []
    stopped = _smaller(run, decided, smaller, sizes, started)
    return ServerEvidence(
        driver=schema.driver,
        version=run.version,
        sizes=tuple(sorted(sizes)),
        rows=tuple(sorted(run.rows.items())),
        bytes=run.bytes,
        seconds=time.monotonic() - started,
        trials=_trials(run, decided, sizes),
        advice=decided.judged,
        grades=tuple(
            check_grade(s, decided.before.get(s.shape.id), decided.questions.problems.get(s.shape.id, ""))
            for s in performance.served
        ),
        refused=tuple(sorted(run.refused.items())),
        hypothetical=decided.hypothetical,
        stopped=stopped,
    )


def named(advice: Advice) -> Named:
    return advice.table, advice.name, advice.action


def _largest(run: Run, driver: Driver, say: Tell) -> int:
    """The largest size within the bounds; says what it will take."""
    for size in reversed(steps_up_to(run.bounds.rows)):
        filling = run.filling(size)
        count = sum(rows for _, rows in filling.tables())
        seconds = count * 1.12 / ROWS_PER_SECOND + len(run.shapes) * 0.25
        size_text = (
            f"{len(filling.tables())} tables with {count:,} rows, about {filling.bytes() / 1e6:,.0f} MB"
        )
        if filling.bytes() <= run.bounds.bytes and seconds <= run.bounds.seconds:
            minutes = max(1, round(seconds / 60))
            say(f"evidence on {driver}: {size_text} in a scratch database, for {minutes} min or less")
            return size
        say(f"evidence on {driver}: {size_text} are more than the bounds allow; fewer then")
    return steps_up_to(run.bounds.rows)[0]


@contextmanager
def _filled(run: Run, scratch: Scratch, size: int) -> Iterator[Questions]:
    """The schema with rows, and what can be asked of it."""
    from trueup.scratch import build

    built = build(scratch, run.schema)
    filling = run.filling(size)
    loaded = load(
        scratch, filling, frozenset(built.tables), lambda what: run.tell(f"{scratch.driver}: {what}")
    )
    unfilled = {
        table.name: "the server refused it" for table in run.schema.tables if table.name not in built.tables
    }
    unfilled |= {one.table: one.why for one in loaded.refused}
    run.refused |= {r.table: f"{r.reason}: {r.sql.splitlines()[0]}" for r in built.refused} | unfilled
    run.rows = run.rows or loaded.rows
    run.bytes = run.bytes or _bytes(scratch)
    yield questions_of(run.shapes, run.schema, filling.samples, unfilled)


def _bytes(scratch: Scratch) -> int:
    """What the database takes on disk, as the server says."""
    asked = {
        "pgsql": "SELECT pg_database_size(current_database())",
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    }.get(
        scratch.driver,
        "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    with scratch.engine.connect() as connection:
        return int(connection.exec_driver_sql(asked).scalar() or 0)


# The largest size: which advice holds.


class _Decided(Struct):
    questions: Questions
    before: dict[str, Measure]
    after: dict[str, Measure]
    kept: tuple[Advice, ...]
    judged: tuple[Judged, ...]
    hypothetical: tuple[Hypothetical, ...] = ()


def _decide(run: Run, scratch: Scratch, size: int) -> _Decided:
    with _filled(run, scratch, size) as questions:
        run.tell(f"{scratch.driver}: {len(questions.statements)} queries with the present indexes")
        with asker_on(scratch) as asker:
            before = ask(asker, questions)
        imagined = hypothetical_uses(scratch, run.schema, run.advised, questions.statements)
        verdicts: dict[Named, Judged] = {}
        run.tell(f"{scratch.driver}: making and dropping {len(run.advised)} indexes")
        for carried in carry_out(scratch, run.schema, run.advised):
            if carried.problem:
                why = f"the server refuses it: {carried.problem}"
                verdicts[named(carried.advice)] = Judged(carried.advice, "withdrawn", why)
        for _ in range(ROUNDS):
            kept = tuple(a for a in run.advised if named(a) not in verdicts)
            after = _after(run, scratch, questions, before, kept)
            _side_by_side(run, scratch, questions, before, after, kept)
            new = _withdrawals(run, questions, before, after, kept)
            if not new:
                break
            verdicts |= new
            take_back(scratch, run.schema, [j.advice for j in new.values()])
        judged = tuple(
            verdicts.get(named(a)) or _judged(run, a, questions, before, after) for a in run.advised
        )
        kept = tuple(j.advice for j in judged if j.state != "withdrawn")
        return _Decided(questions, before, after, kept, judged, _compared(kept, after, imagined))


def _compared(
    kept: Sequence[Advice], after: Mapping[str, Measure], imagined: Uses | None
) -> tuple[Hypothetical, ...]:
    """Of the advice that stayed to the end: only there the real plan was made with the index."""
    if imagined is None:
        return ()
    return tuple(
        Hypothetical(
            one.table,
            one.name,
            shape.id,
            one.name in after[shape.id].plan.indexes,
            shape.id in imagined[one.table, one.name],
        )
        for one in kept
        if (one.table, one.name) in imagined
        for shape in one.serves
        if shape.id in after
    )


def _after(
    run: Run, scratch: Scratch, questions: Questions, before: Mapping[str, Measure], kept: Sequence[Advice]
) -> dict[str, Measure]:
    run.tell(f"{scratch.driver}: {len(questions.statements)} queries with the advised indexes")
    gather_statistics(scratch, sorted({a.table for a in kept}))
    with asker_on(scratch) as asker:
        return ask(asker, questions, before)


def _withdrawals(
    run: Run,
    questions: Questions,
    before: Mapping[str, Measure],
    after: Mapping[str, Measure],
    kept: Sequence[Advice],
) -> dict[Named, Judged]:
    """Advice that makes a query slower, and advice that the server does not take."""
    found: dict[Named, Judged] = {}
    for shape, guilty in _suspects(run, before, after, kept):
        if is_hurt(before[shape.id], after[shape.id]):
            first, second = before[shape.id], after[shape.id]
            why = f"the query at {_place(shape)} becomes slower: {_seconds(first)} → {_seconds(second)}"
            for one in guilty:
                planned = _judged(run, one, questions, before, after).planned
                verdict = Judged(one, "withdrawn", why, (), (shape.id,), planned)
                found.setdefault(named(one), verdict)
    for one in kept:
        verdict = _judged(run, one, questions, before, after)
        if verdict.state == "withdrawn":
            found.setdefault(named(one), verdict)
    return found


def _suspects(
    run: Run, before: Mapping[str, Measure], after: Mapping[str, Measure], kept: Sequence[Advice]
) -> list[tuple[QueryShape, tuple[Advice, ...]]]:
    """Shapes that seem slower or do more, with the advice that changed their plan. A search that only stands for an index is no
    query of the application's: its plan counts, not its time."""
    asked = [s for s in run.shapes if s.sites and s.id in before and s.id in after]
    return [
        (shape, blamed(kept, before[shape.id].plan, after[shape.id].plan, shape))
        for shape in asked
        if is_suspect(before[shape.id], after[shape.id])
    ]


def _side_by_side(
    run: Run,
    scratch: Scratch,
    questions: Questions,
    before: dict[str, Measure],
    after: dict[str, Measure],
    kept: Sequence[Advice],
) -> None:
    """Measures suspects again without and with the advice that they suspect, one right after the other: what else the machine
    did in the minutes between the two is no fault of an index. The fastest of all counts, on both sides."""
    groups: dict[tuple[Named, ...], list[QueryShape]] = {}
    advice = {named(a): a for a in kept}
    for shape, guilty in _suspects(run, before, after, kept):
        groups.setdefault(tuple(sorted(map(named, guilty))), []).append(shape)
    for names, shapes in sorted(groups.items()):
        suspected = [advice[name] for name in names]
        run.tell(f"{scratch.driver}: measuring {len(shapes)} queries again, side by side")
        for _ in range(2):
            take_back(scratch, run.schema, suspected)
            with asker_on(scratch) as asker:
                again(asker, questions, shapes, before)
            carry_out(scratch, run.schema, suspected)
            with asker_on(scratch) as asker:
                again(asker, questions, shapes, after)


def _place(shape: QueryShape) -> str:
    return (
        str(shape.sites[0]) if shape.sites else f"a search by {', '.join(p.column for p in shape.predicates)}"
    )


def _seconds(measure: Measure) -> str:
    seconds = measure.work.seconds
    return "stopped" if seconds is None else f"{seconds * 1000:.2f} ms"


def _judged(
    run: Run,
    advice: Advice,
    questions: Questions,
    before: Mapping[str, Measure],
    after: Mapping[str, Measure],
) -> Judged:
    probe = run.probe(advice)
    if probe:
        used = [
            s.id
            for s in run.performance.shapes
            if s.id in before and advice.name in before[s.id].plan.indexes
        ]
        return judge_drop(advice, probe, before, after, used)
    return judge(advice, before, after, questions.problems)


# The smaller sizes: how the work grows.

Sides = tuple[dict[str, Measure], dict[str, Measure]]
"""Before and after, by the shapes' ids."""


def _smaller(
    run: Run, decided: _Decided, sizes: Sequence[int], found: dict[int, Sides], started: float
) -> str:
    """Measures the smaller sizes; why not all of them were, or ""."""
    from trueup.scratch import open_scratch

    for size in sizes:
        if time.monotonic() - started > run.bounds.seconds:
            return f"{run.bounds.seconds:.0f} seconds were over before the tables of {size:,} rows"
        with open_scratch(run.url) as scratch, _filled(run, scratch, size) as questions:
            run.tell(f"{scratch.driver}: the queries on {size:,} rows")
            with asker_on(scratch) as asker:
                before = ask(asker, questions)
            carry_out(scratch, run.schema, decided.kept)
            found[size] = before, _after(run, scratch, questions, before, decided.kept)
    return ""


def _trials(run: Run, decided: _Decided, sizes: Mapping[int, Sides]) -> tuple[Trial, ...]:
    return tuple(_trial(shape, decided, sizes) for shape in run.performance.shapes)


def _trial(shape: QueryShape, decided: _Decided, sizes: Mapping[int, Sides]) -> Trial:
    name = shape.id
    if name in decided.questions.problems:
        return Trial(shape, problem=decided.questions.problems[name])
    before = tuple(sizes[s][0][name] for s in sorted(sizes) if name in sizes[s][0])
    after = tuple(sizes[s][1][name] for s in sorted(sizes) if name in sizes[s][1])
    trial = Trial(shape, decided.questions.statements[name].sql, before, after)
    return replace(
        trial,
        growth_before=growth_of(before),
        growth_after=growth_of(after),
        hurt=bool(before and after and is_hurt(before[-1], after[-1])),
    )
