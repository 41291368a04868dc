"""Which queries are worth a chart."""

from __future__ import annotations

from trueup.model.evidence import ServerEvidence, Trial


def hottest(server: ServerEvidence, count: int = 3) -> tuple[Trial, ...]:
    """The trials that take the most work with the present indexes: of those that the advice changes first, those in loops before
    others, by rows examined (or instructions) on the largest tables."""
    asked = [trial for trial in server.trials if trial.before and trial.after]
    return tuple(sorted(asked, key=_heat)[:count])


def _heat(trial: Trial) -> tuple[bool, bool, float, str]:
    before, after = trial.before[-1], trial.after[-1]
    return before.plan.is_same(after.plan), not trial.shape.loop, -(before.work.amount or 0.0), trial.shape.id
