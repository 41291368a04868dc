"""`trueup audit --watch` as a process of its own: what makes it audit again, what does not, and how it ends."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shop import SCRIPT, migration, shop
from tests.project.trees import lock
from trueup.cli.watching import _Relevant

PATIENCE = 60
ORDERS = "database/migrations/2024_01_01_000001_create_orders_table.php"


class Watching:
    """A running watch, whose stderr is read line by line."""

    def __init__(self, root: Path, *arguments: str) -> None:
        command = [str(SCRIPT), "audit", str(root), "--watch", "--format", "json", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line.rstrip("\n"))

    def told(self) -> list[str]:
        """The lines up to the next end of an audit, times left out."""
        lines: list[str] = []
        while not lines or not lines[-1].endswith("watching, Ctrl-C ends"):
            lines.append(self._lines.get(timeout=PATIENCE))
        return [line.split(" in ")[0] for line in lines]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


@pytest.fixture
def watching(tmp_path: Path, report: Path) -> Iterator[Watching]:
    root = shop(tmp_path / "shop", {".gitignore": "/build\n"})
    (root / "build").mkdir()
    (root / "vendor").mkdir()
    running = Watching(root, "--output", str(report))
    yield running
    running.process.kill()
    running.process.wait()


def test_a_save_is_audited_until_ctrl_c(tmp_path: Path, watching: Watching, report: Path) -> None:
    root = tmp_path / "shop"
    assert watching.told() == ["trueup: audited"]
    first = report.read_bytes()

    for path in ("build/generated.php", "vendor/other.php", "logo.png", ORDERS):
        (root / path).write_text(migration("orders", "decimal('total', 10, 4)", "string('currency', 3)"))
    assert watching.told() == [f"trueup: changed: {ORDERS}", "trueup: audited"]
    second = report.read_bytes()
    assert second != first
    assert second == _alone(root)

    (root / "trueup.toml").write_text("drivr = 'mysql'\n")
    assert watching.told()[-1] == "trueup: nothing was audited; watching, Ctrl-C ends"
    (root / "trueup.toml").unlink()
    assert watching.told() == ["trueup: changed: trueup.toml", "trueup: audited"]
    assert report.read_bytes() == second

    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=PATIENCE) == 0
    assert sorted(os.listdir(tmp_path)) == ["report.json", "shop"]


def _alone(root: Path) -> bytes:
    """The report of an audit of its own."""
    command = [str(SCRIPT), "audit", str(root), "--format", "json", "--no-cache"]
    return subprocess.run(command, capture_output=True, check=False).stdout


@pytest.mark.parametrize(
    ("path", "relevant"),
    [
        ("app/Models/Order.php", True),
        ("docs/SPEC.md", True),
        ("composer.lock", True),
        (".env.example", True),
        (".gitignore", True),
        ("trueup.toml", True),
        ("vendor/x/y.php", False),
        ("app/node_modules/x.php", False),
        (".git/index", False),
        ("storage/framework/views/a.php", False),
        ("storage/app/a.php", True),
        ("public/app.js", False),
        ("build/a/b.php", False),
        ("app/build/b.php", True),
        ("app/x.gen.php", False),
        ("report.json", False),
        ("app/.trueup-abc123", False),
        ("../elsewhere.php", False),
        ("../named.md", True),
    ],
)
def test_what_the_walk_passes_over_does_not_count(tmp_path: Path, path: str, relevant: bool) -> None:
    root = shop(
        tmp_path / "shop",
        {".gitignore": "/build\n", "app/.gitignore": "*.gen.php\n", "composer.lock": lock({})},
    )
    (tmp_path / "named.md").write_text("")
    found = _Relevant(str(root), [str(tmp_path / "named.md")], str(root / "report.json"))
    assert found(os.path.normpath(root / path)) is relevant
