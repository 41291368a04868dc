"""The largest size: which advice holds. What the server refuses or does not take, and what makes a query slower, is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from trueup.evidence.hypothetical import Uses, hypothetical_uses
from trueup.evidence.indexing import carry_out, take_back
from trueup.evidence.judging import blamed, is_hurt, is_suspect, judge, judge_drop
from trueup.evidence.load import gather_statistics
from trueup.evidence.run import Run, Rung
from trueup.evidence.trials import Questions, again, ask
from trueup.evidence.work import asker_on
from trueup.model.evidence import Hypothetical, Judged, Measure
from trueup.model.shapes import Advice, QueryShape
from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Named = tuple[str, str, str]
"""A piece of advice: its table, the index's name, what to do with it."""

ROUNDS = 4
"""How often advice is withdrawn and the rest measured again."""


def named(advice: Advice) -> Named:
    return advice.table, advice.name, advice.action


class Decided(Struct):
    """What became of the advice at the largest size. `after`: the shapes' measures with what was kept."""

    after: dict[str, Measure]
    kept: tuple[Advice, ...]
    judged: tuple[Judged, ...]
    hypothetical: tuple[Hypothetical, ...] = ()


def decide(run: Run, rung: Rung) -> Decided:
    """Carries the advice out on the rows of a size that was asked before, and takes back what does not hold there."""
    scratch, questions, before = rung.scratch, rung.questions, rung.before
    imagined = hypothetical_uses(scratch, run.schema, run.advised, questions.statements)
    verdicts: dict[Named, Judged] = {}
    run.tell(f"{scratch.driver}: making and dropping {len(run.advised)} indexes")
    for carried in carry_out(scratch, run.schema, run.advised):
        if carried.problem:
            why = f"the server refuses it: {carried.problem}"
            verdicts[named(carried.advice)] = Judged(carried.advice, "withdrawn", why)
    for _ in range(ROUNDS):
        kept = tuple(a for a in run.advised if named(a) not in verdicts)
        after = ask_after(run, scratch, questions, before, kept)
        _side_by_side(run, scratch, questions, before, after, kept)
        new = _withdrawals(run, questions, before, after, kept)
        if not new:
            break
        verdicts |= new
        take_back(scratch, run.schema, [j.advice for j in new.values()])
    judged = tuple(verdicts.get(named(a)) or _judged(run, a, questions, before, after) for a in run.advised)
    kept = tuple(j.advice for j in judged if j.state != "withdrawn")
    return Decided(after, kept, judged, _compared(kept, after, imagined))


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


def ask_after(
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
