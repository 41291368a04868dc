"""A fleet on a real Dask cluster, one of whose workers is killed in the middle."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from distributed import LocalCluster

from tests.fleet.yard import lines, repository
from trueup.fleet.run import Settings, audit_fleet


def test_a_worker_that_is_killed_costs_no_repository_and_doubles_none(tmp_path: Path) -> None:
    root = tmp_path / "code"
    paths = [str(repository(root, f"acme/r{number}")) for number in range(5)]
    kept = tmp_path / "kept.jsonl"
    make: Any = LocalCluster
    killed: list[int] = []
    with make(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:

        def kill_one(_: str) -> None:
            if not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        fleet = audit_fleet(
            str(root), Settings(scheduler=cluster.scheduler_address, journal=str(kept)), kill_one
        )
    assert len(killed) == 1
    assert [(r.repository.path, r.status, r.problem) for r in fleet.results] == [
        (p, "audited", "") for p in paths
    ]
    assert sorted(line["repository"] for line in lines(kept)) == paths
    assert (fleet.done, fleet.kept) == (5, 0)
