"""Copies of projects with an audit ticket, and Trueup run on them as a person would."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.cli.shop import SCRIPT, Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"
TICKET = "docs/tickets/audit/1004-audit-database-schema.md"
PLAN = "docs/tickets/audit/1004-audit-database-schema.plan.md"
REPORT = "docs/tickets/audit/1004-audit-database-schema.report.md"
TICKETS = "docs/tickets"
THAT_DAY = "1735689600"
"""2025-01-01, for the dates in tickets."""


def example(folder: Path) -> Path:
    """A copy of the example project."""
    return Path(shutil.copytree(EXAMPLE, folder / "ai-budget"))


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("VISUAL", "EDITOR")}
    return {**kept, "PYTHONHASHSEED": "random", "SOURCE_DATE_EPOCH": THAT_DAY, "NO_COLOR": "1", **more}


def run(project: Path, *arguments: str, **more: str) -> Run:
    """Runs the console script in the project, with nothing on a terminal, and without remedies, which take long to try."""
    quick = ("--no-remedies",) if arguments[0] in ("run", "tickets") else ()
    return run_whole(project, *arguments, *quick, **more)


def run_whole(project: Path, *arguments: str, **more: str) -> Run:
    """The same with remedies."""
    done = subprocess.run(
        [SCRIPT, *arguments],
        cwd=project,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=240,
        stdin=subprocess.DEVNULL,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def texts(project: Path) -> dict[str, str]:
    """Every Markdown file below the tickets' folders, by its path from the project's root."""
    return {
        str(path.relative_to(project)): path.read_text("utf-8")
        for path in sorted((project / TICKETS).rglob("*.md"))
    }


def one(project: Path, pattern: str) -> Path:
    """The only ticket whose name fits."""
    found = sorted((project / TICKETS).rglob(pattern))
    assert len(found) == 1, found
    return found[0]
