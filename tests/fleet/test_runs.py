"""Whole fleets on this machine: every repository once, whatever becomes of one, of a run, or of a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shop import SCRIPT, state_of, trueup
from tests.fleet.yard import WIDE, lines, repository
from trueup.fleet import work
from trueup.model.fleet import Repository


def fleet(root: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the JSON report and stderr of one run."""
    run = trueup(
        "fleet", str(root), "--format", "json", "--jsonl", str(root.parent / "kept.jsonl"), *arguments
    )
    return run.code, json.loads(run.out), run.err


def test_results_are_kept_and_what_changed_is_told(tmp_path: Path) -> None:
    root = tmp_path / "code"
    for name in ("acme/shop", "acme/blog", "zoo/site"):
        repository(root, name)
    repository(root, "zoo/price", WIDE)
    (repository(root, "zoo/odd") / "trueup.toml").write_text("drivr = 1\n")
    before = state_of(root)
    code, first, _ = fleet(root)
    assert state_of(root) == before
    assert code == 1
    assert next((row["repository"], row["owner"]) for row in first["ranking"]) == ("zoo/price", "zoo")
    assert sorted(row["repository"] for row in first["ranking"]) == [
        "acme/blog",
        "acme/shop",
        "zoo/price",
        "zoo/site",
    ]
    assert [(row["repository"], row["status"]) for row in first["not_audited"]] == [("zoo/odd", "refused")]
    assert (first["done"], first["kept"], first["changes"]) == (5, 0, [])

    assert fleet(root)[1] == {**first, "done": 0, "kept": 5}

    changed = root / "acme/blog/database/migrations/2024_01_01_000001_create_users_table.php"
    changed.write_text(WIDE)
    _, third, said = fleet(root)
    assert (third["done"], third["kept"]) == (1, 4)
    assert [(c["repository"], c["new"] != "0", c["gone"]) for c in third["changes"]] == [
        ("acme/blog", True, "0")
    ]
    assert (
        sorted(line.split(": ", 1)[1] for line in said.splitlines() if "unchanged" in line)
        == ["unchanged"] * 4
    )
    assert len(lines(tmp_path / "kept.jsonl")) == 6


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    root = tmp_path / "code"
    paths = [str(repository(root, f"acme/r{number}")) for number in range(5)]
    kept = tmp_path / "kept.jsonl"
    command = [str(SCRIPT), "fleet", str(root), "--jsonl", str(kept), "--workers", "1"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not kept.exists() or len(kept.read_bytes().splitlines()) < 2:
        assert run.poll() is None
        time.sleep(0.02)
    run.kill()
    run.wait()
    whole = kept.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    kept.write_bytes(whole + b'{"format": "trueup.fle')  # what a machine that lost its power may leave
    _, report, _ = fleet(root)
    assert report["kept"] == len(whole.splitlines())
    assert report["done"] == 5 - report["kept"]
    assert sorted(line["repository"] for line in lines(kept)) == paths


def test_an_interrupt_ends_all_processes_and_leaves_whole_lines(tmp_path: Path) -> None:
    root = tmp_path / "code"
    for number in range(5):
        repository(root, f"acme/r{number}")
    kept = tmp_path / "kept.jsonl"
    command = [
        str(SCRIPT),
        "fleet",
        str(root),
        "--jsonl",
        str(kept),
        "--workers",
        "2",
        "--output",
        str(tmp_path / "report"),
    ]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not kept.exists() or not kept.read_bytes():
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=20) == 130
    assert all(line["status"] == "audited" for line in lines(kept))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["code", "kept.jsonl"]


def test_an_audit_whose_process_is_killed_is_begun_again_once(tmp_path: Path) -> None:
    path = repository(tmp_path, "acme/shop")
    job = work.Job(Repository(str(path), "acme/shop", "acme"))
    work.begin()

    def killing(times: int) -> threading.Thread:
        def kill() -> None:
            killed: set[int] = set()
            while len(killed) < times:
                for process in set(work._running) - killed:
                    os.kill(process, signal.SIGKILL)
                    killed.add(process)
                time.sleep(0.005)

        thread = threading.Thread(target=kill)
        thread.start()
        return thread

    once = killing(1)
    result = work.audit_repository(job)
    once.join()
    assert result is not None
    assert (result.status, result.problem) == ("audited", "")
    twice = killing(2)
    result = work.audit_repository(job)
    twice.join()
    assert result is not None
    assert (result.status, result.problem) == ("failed", "its process was ended by signal 9, 2 times")


def test_an_audit_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = repository(tmp_path, "acme/shop")
    result = work.audit_repository(work.Job(Repository(str(path), "a", "a"), seconds=0.01))
    assert result is not None
    assert (result.status, result.problem) == ("failed", "not done after 0.01 s")


def test_nothing_of_a_repository_is_imported(tmp_path: Path) -> None:
    root = tmp_path / "code"
    bait = "open('/tmp/trueup-was-here', 'w')\nraise SystemExit(0)\n"
    path = repository(
        root, "acme/shop", files={"json.py": bait, "trueup/__init__.py": bait, "sitecustomize.py": bait}
    )
    run = trueup("fleet", str(root), "--format", "json", cwd=path)
    assert [row["repository"] for row in json.loads(run.out)["ranking"]] == ["acme/shop"]
    assert not os.path.exists("/tmp/trueup-was-here")


def test_one_journal_has_one_run(tmp_path: Path) -> None:
    import fcntl

    root = tmp_path / "code"
    repository(root, "acme/shop")
    kept = tmp_path / "kept.jsonl"
    with kept.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = trueup("fleet", str(root), "--jsonl", str(kept))
    assert (run.code, run.err) == (2, f"trueup fleet: --jsonl: '{kept}' is in use by another run\n")
    kept.write_text('{"some": "thing"}\n')
    run = trueup("fleet", str(root), "--jsonl", str(kept))
    assert run.code == 2
    assert "line 1 is no result of a fleet" in run.err
    assert kept.read_text() == '{"some": "thing"}\n'


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--workers", "0", "--timeout", "x"],
            ["--workers: '0' is no number from 1 to 1,024", "--timeout: 'x' is no"],
        ),
        (["--format", "html", "--select", "TBL00x"], ["html", "TBL00x"]),
        (["--scheduler", "tcp://127.0.0.1:9"], ["no Dask scheduler answers at 'tcp://127.0.0.1:9'"]),
    ],
)
def test_mistakes(tmp_path: Path, arguments: list[str], told: list[str]) -> None:
    repository(tmp_path, "acme/shop")
    run = trueup("fleet", str(tmp_path), *arguments)
    assert run.code == 2
    assert [part for part in told if part not in run.err] == []
