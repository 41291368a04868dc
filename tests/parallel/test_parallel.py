"""Work in other processes gives what one process gives, whatever becomes of those processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.parallel import Ahead, share_out

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"


def square(item: int) -> int:
    return item * item


def children() -> set[str]:
    return {
        pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()
    }


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("length", [0, 1, 2, 257])
def test_results_are_in_the_order_of_the_items(processes: int, length: int) -> None:
    assert share_out(range(length), square, processes) == [i * i for i in range(length)]


def test_what_a_killed_process_owes_is_done_here() -> None:
    here = os.getpid()

    def dies_elsewhere(item: int) -> int:
        if os.getpid() != here:
            os._exit(9)
        return item

    assert share_out(range(40), dies_elsewhere, 3) == list(range(40))


def test_what_cannot_be_sent_is_done_here() -> None:
    made: list[Callable[[], int]] = share_out(range(6), lambda item: lambda: item, 2)
    assert [one() for one in made] == list(range(6))


def test_an_error_is_raised_as_by_one_process() -> None:
    def fails(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    with pytest.raises(ValueError, match="three"):
        share_out(range(5), fails, 2)


@pytest.mark.parametrize("fork", [True, False])
def test_work_ahead_is_delivered(fork: bool) -> None:
    ahead = Ahead(lambda: list(range(200_000)), fork=fork)
    assert ahead.result() == list(range(200_000))


def test_work_ahead_that_dies_is_done_here() -> None:
    here = os.getpid()
    ahead = Ahead(lambda: os.getpid() if os.getpid() == here else os._exit(3), fork=True)
    assert ahead.result() == here


def test_abandoned_work_leaves_no_process() -> None:
    before = children()
    ahead = Ahead(lambda: square(2), fork=True)
    assert len(children() - before) == 1
    ahead.abandon()
    assert children() == before


def test_an_audit_by_two_processes_has_the_bytes_of_one() -> None:
    """The reader of queries shares its files out from some size on; here it does so with every project."""
    script = (
        "import sys; import trueup.sources.laravel.queries.reader as r; r._WORTH_SHARING = 0;"
        "from trueup.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script, "audit", str(EXAMPLE), "--format", "json"],
            env={**os.environ, "TRUEUP_PROCESSES": processes},
            capture_output=True,
            timeout=120,
            check=False,
        ).stdout
        for processes in ("1", "")
    ]
    assert said[0] == said[1]
    assert json.loads(said[0])["inputs"]["query_sites"] > 20
