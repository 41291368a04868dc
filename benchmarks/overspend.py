"""Overspend of one limit by 32 writers, in runs of their own: check-then-insert as specified, and the ledger.

    .venv/bin/python benchmarks/overspend.py [RUNS] [URL ...]

Each run is on the contract's tables in a scratch database: a limit of $5.00, costs of $0.25, 32 writers in four processes. Answers,
for each server, in how many runs each way overspent, and by how much at most and in the middle."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from trueup.contracts import contract_binding, contract_schema
from trueup.model.proofs import Workload
from trueup.prove._crew import Crew
from trueup.prove._limits import Limits, Race, dollars, limits_for
from trueup.prove.bench import Bench
from trueup.scratch import build, open_scratch

WRITERS = 32
SERVERS = ("sqlite://", "pgsql://postgres@127.0.0.1:5432/", "mariadb://root@127.0.0.1:3306/")


def main(runs: int, urls: tuple[str, ...]) -> int:
    """0 where every run of check-then-insert overspent and none of the ledger's did."""
    good = True
    for url in urls:
        with open_scratch(url) as scratch, Crew() as crew:
            schema = contract_schema(scratch.driver)
            built = build(scratch, schema)
            binding = contract_binding(scratch.driver)
            bench = Bench(scratch, schema, binding, Workload(), built.tables, lambda _: None, crew)
            limits = limits_for(bench)
            server = f"{scratch.driver} {scratch.server_version.partition(' (')[0]}"
            naive = told(server, "check-then-insert", repeat(runs, limits.check_then_insert))
            kept = told(server, "ledger", repeat(runs, partial(charged, limits)))
        good = good and min(naive) > 0 and max(kept) <= 0
    return 0 if good else 1


def charged(limits: Limits, writers: int) -> Race:
    race = limits.charge(writers)
    assert not race.done.failures, race.done.failures
    return race


def repeat(runs: int, race: Callable[[int], Race]) -> tuple[float, list[Decimal]]:
    """Seconds for all, and what each run overspent."""
    start = time.monotonic()
    over = [max(Decimal(0), race(WRITERS).overspend) for _ in range(runs)]
    return time.monotonic() - start, over


def told(server: str, way: str, measured: tuple[float, list[Decimal]]) -> list[Decimal]:
    seconds, over = measured
    hit = sum(1 for amount in over if amount > 0)
    middle = dollars(Decimal(statistics.median(over)))
    print(
        f"{server}, {way}: overspent in {hit} of {len(over)} runs; least {dollars(min(over))}, median {middle}, "
        f"most {dollars(max(over))} over $5.00 ({seconds:.0f} s)",
        flush=True,
    )
    return over


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    sys.exit(main(count, tuple(sys.argv[2:]) or SERVERS))
