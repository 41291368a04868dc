"""Which databases count as left-overs of a run that is over."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from trueup.scratch.names import FOREIGN_SECONDS, Owner, host_mark, is_abandoned, new_name, owner_of

NOW = 1_800_000_000


def named(host: str, pid: int, made: int) -> str:
    return f"trueup_scratch_{host}_{pid}_{made}_0a1b2c"


def ended_process() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_a_name_says_who_made_it() -> None:
    before = int(time.time())
    name = new_name()
    owner = owner_of(name)
    assert owner is not None
    assert (owner.host, owner.pid) == (host_mark(), os.getpid())
    assert before <= owner.made <= time.time()
    assert len(name) <= 56
    assert new_name() != name


@pytest.mark.parametrize(
    "name",
    [
        "trueup",
        "trueup_scratch_",
        "trueup_scratch_shop",
        "shop_trueup_scratch_0a1b2c3d_1_1800000000_0a1b2c",
        "trueup_scratch_0a1b2c3d_1_1800000000_0a1b2c_shop",
        "TRUEUP_SCRATCH_0a1b2c3d_1_1800000000_0a1b2c",
    ],
)
def test_other_names_are_nobodys(name: str) -> None:
    assert owner_of(name) is None
    assert not is_abandoned(name, NOW)


def test_what_is_over() -> None:
    here, other, gone = host_mark(), "0" * 8, ended_process()
    now = int(time.time())
    verdicts = {
        "running here": is_abandoned(named(here, os.getpid(), now), now),
        "ended here": is_abandoned(named(here, gone, now), now),
        "number reused here": is_abandoned(named(here, os.getpid(), now - 86_400 * 365), now),
        "elsewhere, today": is_abandoned(named(other, gone, now - FOREIGN_SECONDS + 60), now),
        "elsewhere, long ago": is_abandoned(named(other, os.getpid(), now - FOREIGN_SECONDS - 60), now),
    }
    assert verdicts == {
        "running here": False,
        "ended here": True,
        "number reused here": True,
        "elsewhere, today": False,
        "elsewhere, long ago": True,
    }
    assert owner_of(named(here, 7, NOW)) == Owner(here, 7, NOW)
