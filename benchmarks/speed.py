"""How long does an audit take, and how much memory, as a multiple of one parse of the same PHP?

    python benchmarks/speed.py PROJECT ... [--rounds 5]
    python benchmarks/speed.py --growth 1 --growth 4 --growth 16 [--rounds 3]

The yardstick (1.0) is one single-threaded tree-sitter parse of every PHP file of the project. Beside it, whole processes: a cold
`trueup audit`, a warm one (nothing changed), one after a change in one file, and `trueup --help` against `python -c pass`. All take
turns in one run; medians are printed as ratios, of elapsed time and of processor time. Memory is the most that one process held.
--growth measures synthetic projects (growth.py) of these sizes instead, and tells time and memory per byte of PHP against the
smallest. The projects are copied; nothing in them is changed."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.growth import write_project
from trueup.sources.php.lower.kinds import LANGUAGE
from trueup.sources.project import find_project

TRUEUP = str(Path(sys.executable).with_name("trueup"))


@dataclass(frozen=True, slots=True)
class Cost:
    """Elapsed and processor time in seconds, most memory of one process in bytes."""

    elapsed: float
    processor: float
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Costs:
    """Medians of a project's rounds; `size` is bytes of PHP in `files` files."""

    name: str
    files: int
    size: int
    parse: float
    cold: Cost
    warm: Cost
    changed: Cost


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="*", type=Path)
    parser.add_argument("--growth", type=int, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="trueup-speed-") as folder:
        scratch = Path(folder)
        os.environ["TRUEUP_CACHE_DIR"] = f"{folder}/cache"
        if options.projects:
            found = [_measured_copy(p, scratch, options.rounds) for p in options.projects]
            print(*_table(found, _start(options.rounds)), sep="\n", flush=True)
        if options.growth:
            grown = [_grown(size, scratch, options.rounds) for size in sorted(options.growth)]
            print(*_growth_table(grown), sep="\n", flush=True)
    return 0


def _measured_copy(project: Path, scratch: Path, rounds: int) -> Costs:
    root = scratch / project.resolve().name
    shutil.copytree(
        project, root, symlinks=True, ignore=shutil.ignore_patterns(".git", "vendor", "node_modules")
    )
    return measure(root, rounds)


def _grown(size: int, scratch: Path, rounds: int) -> Costs:
    root = scratch / f"growth{size}"
    write_project(root, size)
    costs = measure(root, rounds)
    shutil.rmtree(root)
    return costs


def measure(root: Path, rounds: int) -> Costs:
    """Each round: the parse, a cold audit, a warm one, one after a change of a file that is put back."""
    files = [f for f in find_project(str(root)).files if f.endswith(".php")]
    sources = [(root / f).read_bytes() for f in files]
    command = [TRUEUP, "audit", str(root), "--quiet", "--format", "json"]
    parse, cold, warm, changed = [], [], [], []
    edited = root / sorted(files, key=lambda f: ("/app/" not in f and "/src/" not in f, f))[len(files) // 3]
    before = edited.read_bytes()
    for number in range(rounds):
        parse.append(_parse(sources))
        cold.append(_run([*command, "--no-cache"]))
        _run(command)
        warm.append(_run(command))
        edited.write_bytes(before + b"\n// %d\n" % number)
        changed.append(_run(command))
    edited.write_bytes(before)
    size = sum(map(len, sources))
    return Costs(
        root.name, len(files), size, statistics.median(parse), _median(cold), _median(warm), _median(changed)
    )


def _parse(sources: Sequence[bytes]) -> float:
    from tree_sitter import Parser

    started = time.perf_counter()
    for source in sources:
        Parser(LANGUAGE).parse(source)
    return time.perf_counter() - started


_RUNNER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(pid, 0)
elapsed = time.perf_counter() - began
print(os.waitstatus_to_exitcode(status), elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


def _run(command: Sequence[str]) -> Cost:
    """One process, with the processes that it starts. Findings are no failure.

    It is started by a small one: Linux counts what the process that starts another one holds to the most that the new one held
    (`setmax_mm_hiwater_rss` in fs/exec.c), and this one holds the projects' sources."""
    runner = [sys.executable, "-S", "-c", _RUNNER, *command]
    told = subprocess.run(runner, stdout=subprocess.PIPE, check=True).stdout.split()
    if int(told[0]) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {int(told[0])}")
    return Cost(float(told[1]), float(told[2]), int(told[3]))


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(c.elapsed for c in costs),
        statistics.median(c.processor for c in costs),
        max(c.memory for c in costs),
    )


def _start(rounds: int) -> float:
    """`trueup --help` as a multiple of Python's own start."""
    helps, bare = [], []
    for _ in range(rounds * 3):
        helps.append(_run([TRUEUP, "--help"]).elapsed)
        bare.append(_run([sys.executable, "-c", "pass"]).elapsed)
    return statistics.median(helps) / statistics.median(bare)


def _table(found: Sequence[Costs], start: float) -> list[str]:
    lines = [
        "| project | PHP files | MB of PHP | cold | cold, processor | warm | one file changed | memory, cold |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for c in found:
        ratios = [
            f"{t / c.parse:.2f}"
            for t in (c.cold.elapsed, c.cold.processor, c.warm.elapsed, c.changed.elapsed)
        ]
        memory = f"{c.cold.memory / 1e6:.0f} MB"
        lines.append(f"| {c.name} | {c.files:,} | {c.size / 1e6:.1f} | {' | '.join(ratios)} | {memory} |")
    return [*lines, "", f"`trueup --help` takes {start:.2f} times as long as `python -c pass`."]


def _growth_table(found: Sequence[Costs]) -> list[str]:
    first = found[0]
    lines = [
        "| PHP files | MB of PHP | cold over one parse | processor time per byte | memory per byte | memory |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    base = _base_memory()
    for c in found:
        time_ratio = (c.cold.processor / c.size) / (first.cold.processor / first.size)
        memory_ratio = ((c.cold.memory - base) / c.size) / ((first.cold.memory - base) / first.size)
        lines.append(
            f"| {c.files:,} | {c.size / 1e6:.1f} | {c.cold.elapsed / c.parse:.2f} | {time_ratio:.2f} | {memory_ratio:.2f} | "
            f"{c.cold.memory / 1e6:.0f} MB |"
        )
    note = f"Per byte against the smallest; memory beyond the {base / 1e6:.0f} MB of an audit of nothing."
    return [*lines, "", note]


def _base_memory() -> int:
    """What an audit of an empty project holds."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "composer.json").write_text('{"require": {"laravel/framework": "^11.0"}}')
        return _run([TRUEUP, "audit", folder, "--quiet", "--no-cache"]).memory


if __name__ == "__main__":
    sys.exit(main())
