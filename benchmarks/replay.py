"""How long does `trueup schema` take beside the real framework migrating the same project to SQLite in memory?

    python benchmarks/replay.py [PROJECT ...] [--repeat 9] [--framework COMMAND [--in FOLDER]]

Both are whole processes, started cold, taking turns; the medians and their ratio are printed, of the clock and of the processor's
time, which other work on the machine disturbs less. The framework is Debian's Laravel (8.83): `php artisan migrate` of a new
application (tests/oracle/artisan.php) with the project's migrations; a project must run on that version; the default is the example
package. --framework gives another command for a project with its own vendor folder ("php artisan migrate --force"), run in the
project or in FOLDER: an installed copy, or an application that has the package."""

from __future__ import annotations

import argparse
import resource
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
class Seconds:
    """`clock`: from start to end. `work`: of the processor, for the process and those it started."""

    clock: float
    work: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians of whole processes."""

    project: str
    migrations: int
    trueup: Seconds
    framework: Seconds

    def __str__(self) -> str:
        ours, theirs = self.trueup, self.framework
        clock = f"trueup {ours.clock * 1000:.0f} ms, framework {theirs.clock * 1000:.0f} ms"
        work = f"processor {ours.work * 1000:.0f} and {theirs.work * 1000:.0f} ms"
        ratios = f"{theirs.clock / ours.clock:.1f}; {work}, ratio {theirs.work / ours.work:.1f}"
        return f"{self.project}: {self.migrations} migrations, {clock}, ratio {ratios}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--framework", help="a command that migrates the project, run in its folder")
    parser.add_argument("--in", dest="folder", type=Path, help="the folder that command runs in instead")
    options = parser.parse_args(arguments)
    for project in options.projects:
        print(measure(project.resolve(), options.repeat, options.framework, options.folder), flush=True)
    return 0


def measure(project: Path, repeat: int, command: str | None = None, folder: Path | None = None) -> Timing:
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
        theirs.append(_seconds(framework, folder or project))
    migrations = len(list((project / "database/migrations").glob("*.php")))
    return Timing(project.name, migrations, _median(ours), _median(theirs))


def _seconds(command: Sequence[str], folder: Path) -> Seconds:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    clock = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(clock, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def _median(runs: Sequence[Seconds]) -> Seconds:
    return Seconds(statistics.median(run.clock for run in runs), statistics.median(run.work for run in runs))


if __name__ == "__main__":
    sys.exit(main())
