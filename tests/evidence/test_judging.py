"""An index that is to go: a search by its columns, with it and without it."""

from __future__ import annotations

import pytest

from trueup.evidence.judging import judge_drop
from trueup.evidence.trials import search_by
from trueup.model.evidence import Access, Measure, Plan, State, Step, Work
from trueup.model.shapes import Advice

ADVICE = Advice("alerts", ("status",), "drop", "alerts_status_index")
PROBE = search_by("alerts", ("status",))
COMMON = "with it and without it the server reads the whole table: what is looked for is too common for either index"


def measure(access: Access, index: str = "") -> Measure:
    return Measure(1_000, Plan((Step("alerts", access, index),)), Work(10.0, "rows", 0.001))


@pytest.mark.parametrize(
    ("before", "after", "state", "planned", "why"),
    [
        (
            measure("seek", "alerts_status_index"),
            measure("seek", "alerts_status_at_index"),
            "confirmed",
            True,
            "without it the server uses alerts_status_at_index",
        ),
        (measure("scan"), measure("scan"), "confirmed", True, COMMON),
        (
            measure("seek", "alerts_status_index"),
            measure("scan"),
            "withdrawn",
            False,
            "without it the server reads the whole table",
        ),
        (
            measure("whole index", "alerts_status_index"),
            measure("whole index", "alerts_at_index"),
            "withdrawn",
            False,
            "without it the server reads all of alerts_at_index",
        ),
    ],
)
def test_another_index_finds_the_rows_or_the_server_takes_neither(
    before: Measure, after: Measure, state: State, planned: bool, why: str
) -> None:
    judged = judge_drop(ADVICE, PROBE, {PROBE.id: before}, {PROBE.id: after}, ())
    assert (judged.state, judged.planned, judged.why) == (state, planned, why)
