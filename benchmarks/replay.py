"""How long does `trueup schema` take beside the real framework migrating the same project to SQLite in memory?

    python benchmarks/replay.py [PROJECT ...] [--repeat 9] [--framework COMMAND]

Both are whole processes, started cold, taking turns; the medians and their ratio are printed. The framework is Debian's Laravel
(8.83): `php artisan migrate` of a new application (tests/oracle/artisan.php) with the project's migrations; a project must run on
that version; the default is the example package. --framework gives another command for a project with its own vendor folder
("php artisan migrate --force"), run in the project."""

from __future__ import annotations

import argparse
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "ai-budget"
ARTISAN = ROOT / "tests" / "oracle" / "artisan.php"


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in seconds of whole processes."""

    project: str
    migrations: int
    trueup: float
    framework: float

    def __str__(self) -> str:
        times = f"trueup {self.trueup * 1000:.0f} ms, framework {self.framework * 1000:.0f} ms"
        return (
            f"{self.project}: {self.migrations} migrations, {times}, ratio {self.framework / self.trueup:.1f}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--framework", help="a command that migrates the project, run in its folder")
    options = parser.parse_args(arguments)
    for project in options.projects:
        print(measure(project.resolve(), options.repeat, options.framework), flush=True)
    return 0


def measure(project: Path, repeat: int, command: str | None = None) -> Timing:
    trueup = [
        str(Path(sys.executable).with_name("trueup")),
        "schema",
        str(project),
        "--driver",
        "sqlite",
        "--format",
        "json",
    ]
    framework = shlex.split(command) if command else ["php", str(ARTISAN), str(project)]
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(_seconds(trueup, project))
        theirs.append(_seconds(framework, project))
    migrations = len(list((project / "database/migrations").glob("*.php")))
    return Timing(project.name, migrations, statistics.median(ours), statistics.median(theirs))


def _seconds(command: Sequence[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
