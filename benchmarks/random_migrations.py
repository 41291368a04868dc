"""How many random migration sequences does Trueup read differently from the real framework?

    python benchmarks/random_migrations.py --examples 500 --driver all [--seed 1] [--show 5]

Prints one line for each server: sequences, migrations, those that really fail, facts compared, sequences that differ. The
first differing ones follow, made small. Exit code 1 if any differs. The servers are those of the tests (TRUEUP_TEST_*_URL)."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.oracle import Oracle
from tests.support.random_migrations import Steps, files, show_steps, write_steps
from tests.support.reduction import reduce_steps
from tests.support.witness import Verdict, compare
from trueup.model.names import Driver

SERVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--driver", choices=[*SERVERS, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1, help="the first of the examples' seeds")
    parser.add_argument(
        "--show", type=int, default=5, help="how many differing sequences to reduce and print"
    )
    options = parser.parse_args(arguments)
    drivers = SERVERS if options.driver == "all" else (options.driver,)
    with Oracle() as oracle:
        differing = sum(
            run(oracle, driver, options.examples, options.seed, options.show) for driver in drivers
        )
    return 1 if differing else 0


def run(oracle: Oracle, driver: Driver, examples: int, first_seed: int, show: int) -> int:
    """Prints the line of one server and its differing sequences; returns how many there are."""
    counts: Counter[str] = Counter()
    differing: list[tuple[int, Steps]] = []
    started = time.monotonic()
    for seed in range(first_seed, first_seed + examples):
        steps = write_steps(Random(seed))
        verdict = compare(oracle, driver, files(steps))
        counts.update(migrations=len(steps), failed=len(verdict.real), facts=verdict.facts)
        if not verdict.agrees:
            differing.append((seed, steps))
    print(
        f"{driver:6s} {examples} sequences, {counts['migrations']} migrations of which {counts['failed']} really fail, "
        f"{counts['facts']} facts: {len(differing)} sequences differ ({time.monotonic() - started:.0f} s)",
        flush=True,
    )
    for seed, steps in differing[:show]:
        small = reduce_steps(steps, lambda less: not compare(oracle, driver, files(less)).agrees)
        print(report(driver, seed, small, compare(oracle, driver, files(small))), flush=True)
    return len(differing)


def report(driver: Driver, seed: int, steps: Steps, verdict: Verdict) -> str:
    return f"\n== {driver}, seed {seed}\n{show_steps(steps)}\n{verdict}"


if __name__ == "__main__":
    sys.exit(main())
