"""What real servers did with the queries, in words: rows of tables that the Markdown and the terminal report share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trueup.model.evidence import Growth, Judged, Measure, Plan, ServerEvidence, State, Trial
from trueup.model.shapes import QueryShape
from trueup.report.live import bytes_text
from trueup.report.plain import counted

ADVICE = ("Advice", "Table", "Index", "Verdict", "What the server says")
QUERIES = ("Query", "Plan before", "Plan after", "Examined", "Time", "Growth")
GROWTH = ("Query", "Rows of the table", "Examined before", "after", "Time before", "after")
STATES: tuple[State, ...] = ("withdrawn", "untested", "confirmed")

_NAMES = {"mysql": "MySQL", "mariadb": "MariaDB", "pgsql": "PostgreSQL", "sqlite": "SQLite"}
_GROWTHS = {"constant": "constant", "logarithmic": "logarithmic", "linear": "linear"}


def server_name(server: ServerEvidence) -> str:
    """ "PostgreSQL 15.20": the first number of the server's own words."""
    words = server.version.replace("-", " ").split()
    number = next((word for word in words if word[:1].isdigit()), "")
    return f"{_NAMES[server.driver]} {number}".strip()


def head_lines(server: ServerEvidence) -> Iterator[str]:
    """What was made, what was asked, what came of it: a sentence or two each."""
    rows = sum(count for _, count in server.rows)
    size = f", {bytes_text(server.bytes)} on disk" if server.bytes else ""
    yield (
        f"A scratch database of {counted(len(server.rows), 'table')} with {rows:,} synthetic rows{size}; "
        f"made, measured and dropped in {server.seconds:.0f} s."
    )
    asked = [trial for trial in server.trials if not trial.problem]
    hurt = [trial for trial in asked if trial.hurt]
    slower = f"{counted(len(hurt), 'query', 'queries')} slower" if hurt else "none slower"
    yield (
        f"{len(asked)} of {counted(len(server.trials), 'query shape')} could be asked; "
        f"with the advice that stays, {slower}."
    )
    counts = Counter(judged.state for judged in server.advice)
    parts = [f"{counts[state]} {state}" for state in reversed(STATES) if counts[state]]
    yield f"{counted(len(server.advice), 'piece')} of advice: {', '.join(parts) or 'none to test'}."
    grades = [check for check in server.grades if check.agrees is not None]
    if grades:
        agrees = sum(bool(check.agrees) for check in grades)
        yield f"Of {len(grades)} queries graded served or unserved, the server's plan agrees with {agrees}."
    if server.hypothetical:
        same = sum(h.real == h.imagined for h in server.hypothetical)
        yield f"HypoPG foretells {same} of {len(server.hypothetical)} uses of advised indexes as the server then decides."
    if server.stopped:
        yield f"Not all sizes were measured: {server.stopped}."


def advice_rows(server: ServerEvidence) -> list[tuple[str, str, str, str, str]]:
    """What was withdrawn first: that is news."""
    ordered = sorted(server.advice, key=lambda j: (STATES.index(j.state), j.advice.table, j.advice.name))
    return [
        (_action(judged), judged.advice.table, _index(judged), judged.state, judged.why) for judged in ordered
    ]


def _action(judged: Judged) -> str:
    replaced = judged.advice.replaces
    return f"replace {', '.join(replaced)}" if replaced else judged.advice.action


def _index(judged: Judged) -> str:
    return f"{judged.advice.name} ({', '.join(judged.advice.columns)})"


def changed(server: ServerEvidence) -> list[Trial]:
    """Trials whose plan the advice changes, most saved work first."""
    trials = [
        t for t in server.trials if t.before and t.after and not t.before[-1].plan.is_same(t.after[-1].plan)
    ]
    return sorted(trials, key=lambda t: (-(t.work_ratio or 0.0), t.shape.id))


def query_rows(server: ServerEvidence) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (
            place(trial.shape),
            plan_text(trial.before[-1].plan),
            plan_text(trial.after[-1].plan),
            f"{amount(trial.before[-1])} → {amount(trial.after[-1])}",
            ratio_text(trial),
            f"{growth_text(trial.growth_before)} → {growth_text(trial.growth_after)}",
        )
        for trial in changed(server)
    ]


def growth_rows(trials: tuple[Trial, ...]) -> list[tuple[str, str, str, str, str, str]]:
    """One row a query and size."""
    return [
        (
            place(trial.shape) if number == 0 else "",
            f"{before.rows:,}",
            amount(before),
            amount(after),
            seconds_text(before),
            seconds_text(after),
        )
        for trial in trials
        for number, (before, after) in enumerate(zip(trial.before, trial.after, strict=True))
    ]


def place(shape: QueryShape) -> str:
    """Where the query is, and how many more places ask the same."""
    if not shape.sites:
        return shape.table
    more = f" and {len(shape.sites) - 1} more" if len(shape.sites) > 1 else ""
    return f"{shape.sites[0]}{more}"


def plan_text(plan: Plan) -> str:
    """ "seek by t_a_b", "scan; sort"."""
    steps = [f"{step.access} by {step.index}" if step.index else step.access for step in plan.steps]
    extras = [word for word, holds in (("sort", plan.sorts), ("temporary table", plan.temporary)) if holds]
    return "; ".join([", ".join(steps) or "nothing to read", *extras])


def amount(measure: Measure) -> str:
    work = measure.work
    if work.amount is None:
        return "stopped"
    return f"{work.amount:,.0f}" + (" instructions" if work.unit == "instructions" else "")


def seconds_text(measure: Measure) -> str:
    seconds = measure.work.seconds
    return "stopped" if seconds is None else f"{seconds * 1000:.3g} ms"


def ratio_text(trial: Trial) -> str:
    """How many times faster, by the clock of one run: "12 times faster"; "the same" within what a clock can tell."""
    ratio = trial.ratio
    if ratio is None:
        return ""
    if ratio >= 10:
        return f"{ratio:,.0f} times faster"
    if ratio >= 1.2:
        return f"{ratio:.1f} times faster"
    return "about the same" if ratio > 0.8 else f"{1 / ratio:.1f} times slower"


def growth_text(growth: Growth | None) -> str:
    if growth is None:
        return "not told"
    word = _GROWTHS.get(growth.kind, "")
    power = f"n^{growth.exponent:g}"
    return f"{word} ({power})" if word else power


def unasked(server: ServerEvidence) -> list[str]:
    """Why query shapes could not be asked, the most frequent reason first."""
    reasons = Counter(trial.problem for trial in server.trials if trial.problem)
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return [f"{counted(number, 'query shape')}: {reason}" for reason, number in ordered]


def disagreements(server: ServerEvidence) -> list[str]:
    return [
        f"{place(check.shape)} is graded {check.grade}, and the server {check.why}"
        for check in server.grades
        if check.agrees is False
    ]


def refusals(server: ServerEvidence) -> list[str]:
    return [f"{table}: {why}" for table, why in server.refused]
