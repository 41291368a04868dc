"""What follows from the plans: which advice holds, which is withdrawn, and where the analysis and the server disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trueup.model.evidence import FINDS, GradeCheck, Judged, Measure, Plan
from trueup.model.shapes import Advice, QueryShape, ServedBy

SLOWER = 1.25
"""How many times longer counts as slower, beyond NOISE_SECONDS: less is what the same plan shows from one run to the next."""

NOISE_SECONDS = 0.0005
SMALL = 500
"""Rows of a table that a server may rightly read whole, whatever its indexes: they are a few pages."""

MORE = 1.1
"""How many times more rows (or instructions) count as more."""


def is_hurt(before: Measure, after: Measure) -> bool:
    """Whether the query takes longer after, by another plan. The same plan on the same rows is not slower, only measured so."""
    if before.plan.is_same(after.plan) or before.work.seconds is None:
        return False
    if after.work.seconds is None:
        return True
    return after.work.seconds > SLOWER * before.work.seconds + NOISE_SECONDS


def is_suspect(before: Measure, after: Measure) -> bool:
    """Whether it should be measured again, side by side: it seems slower, or it does more."""
    if before.plan.is_same(after.plan):
        return False
    first, second = before.work.amount, after.work.amount
    does_more = first is not None and second is not None and second > MORE * first + 50
    return does_more or is_hurt(before, after)


def blamed(advice: Sequence[Advice], before: Plan, after: Plan, shape: QueryShape) -> tuple[Advice, ...]:
    """The advice that changed the plan: an index of it is used now, or one that it took away was used before."""
    tables = {ref.name for ref in shape.tables}
    found = []
    for one in (a for a in advice if a.table in tables):
        made = one.name in after.indexes and one.action in ("add", "replace")
        gone = {one.name} if one.action == "drop" else set(one.replaces)
        if made or gone & before.indexes:
            found.append(one)
    return tuple(found)


def judge(
    advice: Advice,
    before: Mapping[str, Measure],
    after: Mapping[str, Measure],
    problems: Mapping[str, str],
) -> Judged:
    """An index that is to be added, by the plans of the shapes that it is for."""
    taken, missed, single, instead = [], [], [], []
    for shape in advice.serves:
        measure = after.get(shape.id)
        if measure is None:
            continue
        if advice.name in measure.plan.indexes:
            taken.append(shape.id)
        elif _finds_one_row(measure, advice.table):
            single.append(shape.id)  # whatever else is there, such a query takes its unique key
        else:
            missed.append(shape.id)
            step = measure.plan.step(advice.table)
            instead.append(_how(step.access, step.index) if step else "does not read the table")
    if taken:
        why = f"{len(taken)} of {len(taken) + len(missed)} queries take it"
        return Judged(advice, "confirmed", why, tuple(taken), tuple(missed), planned=True)
    if missed:
        how = ", ".join(dict.fromkeys(instead))
        return Judged(
            advice, "withdrawn", f"the server does not take it: it {how}", (), tuple(missed), planned=False
        )
    reasons = dict.fromkeys(problems[s.id] for s in advice.serves if s.id in problems)
    if single:
        reasons["the queries that could be asked find one row by a unique key"] = None
    return Judged(advice, "untested", "; ".join(reasons) or "no query site of it is known")


def _finds_one_row(measure: Measure, table: str) -> bool:
    step, work = measure.plan.step(table), measure.work
    if step is None or step.access not in FINDS:
        return False
    return step.access == "one row" or (work.unit == "rows" and work.amount is not None and work.amount <= 1)


def judge_drop(
    advice: Advice,
    probe: QueryShape,
    before: Mapping[str, Measure],
    after: Mapping[str, Measure],
    used: Iterable[str],
) -> Judged:
    """An index that is to go: whether a search by its columns still finds its rows by another. `used`: ids of shapes whose plan
    used it."""
    first, second = before.get(probe.id), after.get(probe.id)
    if first is None or second is None:
        return Judged(advice, "untested", "a search by its columns could not be asked")
    step = second.plan.step(advice.table)
    was = first.plan.step(advice.table)
    others = tuple(used)
    how = _how(step.access, step.index) if step else "does not read the table"
    if step is not None and step.access in FINDS:
        return Judged(advice, "confirmed", f"without it the server {how}", others, planned=True)
    # The plan is the same with it: the server takes neither, and misses nothing.
    if step is not None and was is not None and (was.access, was.index) == (step.access, step.index):
        why = f"with it and without it the server {how}: what is looked for is too common for either index"
        return Judged(advice, "confirmed", why, others, planned=True)
    return Judged(advice, "withdrawn", f"without it the server {how}", (), others, planned=False)


def _how(access: str, index: str) -> str:
    """In words: what a plan does with a table."""
    match access:
        case "scan":
            return "reads the whole table"
        case "whole index":
            return f"reads all of {index}"
        case "none":
            return "reads nothing"
        case _:
            return f"uses {index or 'the key'}"


def check_grade(served: ServedBy, measure: Measure | None, problem: str) -> GradeCheck:
    """Whether the plan with the present indexes bears out what the analysis says."""
    shape = served.shape
    if measure is None:
        return GradeCheck(shape, served.grade, None, problem)
    step = measure.plan.step(shape.table)
    if step is None:
        return GradeCheck(shape, served.grade, None, "the plan does not read the table")
    how = _how(step.access, step.index)
    if not (shape.predicates or shape.alternatives or shape.joins):
        return GradeCheck(shape, served.grade, None, f"{how}: nothing is looked for")
    finds = step.access in FINDS
    # An index that leads to a good part of the rows does not serve. SQLite takes five instructions or so for a row.
    least = 0.1 if measure.work.unit == "rows" else 0.5
    most = measure.work.amount is not None and measure.work.amount > least * measure.rows
    match served.grade:
        case "served" if step.access == "scan" and measure.rows < SMALL:
            return GradeCheck(shape, served.grade, None, f"{how}, which is small")
        case "served":
            ordered = step.access == "whole index" and not measure.plan.sorts
            # A page without an order is read from the beginning, whole table or not, and no further than it goes.
            page = shape.limited and not measure.plan.sorts and measure.work.amount is not None and not most
            return GradeCheck(shape, served.grade, finds or ordered or page, how)
        case "unserved":
            return GradeCheck(shape, served.grade, not finds or most or measure.plan.sorts, how)
        case _:
            return GradeCheck(shape, served.grade, None, how)
