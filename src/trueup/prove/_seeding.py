"""A year of requests in the table of costs: the same rows for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from trueup.prove._prices import requests
from trueup.prove._sql import Value
from trueup.prove.bench import USERS, Bench

YEAR = datetime(2025, 1, 1)
_SECONDS = 365 * 86_400
_BATCH = 400
_COMMIT = 20_000


def seed_to(bench: Bench, number: int) -> None:
    """Brings the table of costs, empty or seeded before, to `number` rows, spread over 2025, users and models."""
    table, start = bench.record.table.name, bench.seeded
    made = _rows(bench, start, number)
    while bench.seeded < number:
        bench.tell(f"writing costs, {bench.seeded:,} of {number:,}")
        with bench.sql.engine.begin() as connection:
            while batch := list(islice(made, min(_BATCH, number - bench.seeded))):
                bench.sql.insert_many(table, batch, connection)
                bench.seeded += len(batch)
                if bench.seeded % _COMMIT < _BATCH:
                    break
    _analyze(bench, table)


def _rows(bench: Bench, start: int, number: int) -> Iterator[dict[str, Value]]:
    """Rows from `start` on; a row's values do not depend on how many are made at a time."""
    users = bench.users(USERS)
    chance = random.Random(f"{bench.workload.seed}/{start}")
    # What must have a value and plays no role is the same in all rows, unless some of it must be unique.
    spare = None if _has_keys(bench) else bench.cost_row()
    for request in requests(number - start, bench.workload.seed + start):
        when = YEAR + timedelta(seconds=chance.randrange(_SECONDS))
        given: dict[str, Value] = {
            "amount": bench.sent(request.cost),
            "time": f"{when:%Y-%m-%d %H:%M:%S}",
            "provider": request.price.provider,
            "model": request.price.model,
            "input_tokens": request.input_tokens,
            "output_tokens": request.output_tokens,
        }
        if users != [None]:
            given["user"] = chance.choice(users)
        yield bench.cost_row(given) if spare is None else {**spare, **bench.played_row(given)}


def _has_keys(bench: Bench) -> bool:
    """Whether a unique key covers columns that an INSERT gives."""
    table = bench.record.table
    given = set(bench.cost_row())
    return any(index.unique and given.intersection(index.columns) for index in table.indexes)


def _analyze(bench: Bench, table: str) -> None:
    """The server's statistics, which it would have made by itself after a while."""
    name = bench.sql.name(table)
    match bench.driver:
        case "pgsql":
            with bench.sql.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM ANALYZE {name}")
        case "sqlite":
            return  # makes none unless told to, and no framework tells it to
        case _:
            bench.sql.rows(f"ANALYZE TABLE {name}")


def sizes(most: int) -> tuple[int, ...]:
    """Powers of ten from a thousand up to `most`, and `most`."""
    powers = [10**n for n in range(3, 8) if 10**n < most]
    return (*powers, most)
