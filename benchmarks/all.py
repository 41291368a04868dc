"""Runs every benchmark and writes what they print, with the machine and the versions, as one Markdown page.

    python benchmarks/all.py --projects FOLDER [--oracle FOLDER] [--short] [--only NAME] [--write benchmarks/RESULTS.md]

FOLDER holds checkouts of Laravel projects; those that speed.py, phantoms.py, evidence.py and fidelity.py name are looked for by
their folder's name, and what is not there is left out and listed as such. --short does with less of everything. PostgreSQL and
MariaDB are those of the tests (python -m tests.support.servers starts them where they are missing). Exit code 1 if a benchmark
failed or found what it looks for."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
SPEED = ("laravel-ai-b0", "koel", "BookStack", "panel", "monica", "coolify", "invoiceninja")
PHANTOMS = ("laravel-ai-b0", "laravel-ai", "koel", "BookStack")
EVIDENCE = ("BookStack",)


@dataclass(frozen=True, slots=True)
class Run:
    """A benchmark with its arguments; `missing` says what it can't be run without."""

    name: str
    arguments: tuple[str, ...] = ()
    missing: str = ""

    def __str__(self) -> str:
        shown = [Path(a).name if a.startswith("/") else a for a in self.arguments]
        return shlex.join([f"benchmarks/{self.name}.py", *shown])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=Path, required=True)
    parser.add_argument("--oracle", type=Path)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    planned = [r for r in _runs(options) if not options.only or r.name in options.only]
    page, failed = _head(), False
    for run in planned:
        print(f"{run} …", file=sys.stderr, flush=True)
        text, code = _carried_out(run)
        failed = failed or code != 0
        page += ["", f"## {run.name}", "", f"`{run}`", "", *text]
        if options.write is not None:  # as far as it has come: a run takes long
            options.write.write_text("\n".join(page) + "\n", encoding="utf-8")
    if options.write is None:
        print("\n".join(page))
    return int(failed)


def _runs(options: argparse.Namespace) -> Iterator[Run]:
    short = options.short
    folder: Path = options.projects.resolve()
    yield _with_projects("speed", folder, SPEED, "--rounds", "3" if short else "5")
    growth = ("1", "4", "16") if short else ("1", "4", "16", "64")
    yield Run("speed", (*(a for size in growth for a in ("--growth", size)), "--rounds", "1"))
    yield Run("edits", ("--edits", "200" if short else "1000"))
    yield Run("replay", ("--repeat", "5"))
    yield Run("mutations")
    yield Run("random_migrations", ("--examples", "50" if short else "500", "--driver", "all"))
    if options.oracle is not None:
        yield Run("fidelity", (str(options.oracle.resolve()), str(folder)))
    else:
        yield Run("fidelity", missing="--oracle was not given")
    yield _with_projects("phantoms", folder, PHANTOMS)
    yield _with_projects("evidence", folder, EVIDENCE, "--no-growth")
    yield Run("page")
    yield Run("ledger", ("--min", "0.7"))
    yield Run("overspend", ("5" if short else "100",))
    yield Run("patterns")
    yield Run("fuzz", ("--inputs", "500" if short else "20000", "--seconds", "120" if short else "1200"))


def _with_projects(name: str, folder: Path, wanted: Sequence[str], *arguments: str) -> Run:
    there = [str(folder / p) for p in wanted if (folder / p / "composer.json").is_file()]
    return Run(name, (*there, *arguments), "" if there else f"none of {', '.join(wanted)} is in the folder")


def _carried_out(run: Run) -> tuple[list[str], int]:
    """What a benchmark prints, and its exit code."""
    if run.missing:
        return [f"Not run: {run.missing}."], 0
    command = [sys.executable, str(HERE / f"{run.name}.py"), *run.arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    said = done.stdout.rstrip().splitlines()
    table = any(line.startswith("|") for line in said)
    shown = said if table else ["```", *said, "```"]
    if done.returncode:
        shown += ["", f"Exit code {done.returncode}.", "", "```", *done.stderr.splitlines()[-5:], "```"]
    return shown, done.returncode


def _head() -> list[str]:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        "# Benchmarks",
        "",
        "Written by `python benchmarks/all.py`. Ratios within one run are what counts: absolute times are the machine's.",
        "",
        f"- {datetime.date.today().isoformat()}, load when it began: {load}",
        f"- {len(os.sched_getaffinity(0))} cores, {platform.machine()}, {platform.platform(terse=True)}, {_processor()}",
        f"- Python {platform.python_version()}, tree-sitter {version('tree-sitter')}, tree-sitter-php {version('tree-sitter-php')}",
        f"- Trueup at {_commit()}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "processor unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _commit() -> str:
    command = ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
