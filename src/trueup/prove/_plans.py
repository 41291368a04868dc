"""How the server goes about a query, and how long it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from trueup.prove._sql import Sql, Value
from trueup.structs import Struct

_RUNS = 5
_SECONDS = 3.0


class Plan(Struct, frozen=True):
    """`scans`: the whole table is read. `text` is the server's own, in one line."""

    scans: bool
    text: str


def plan(sql: Sql, statement: str, values: Sequence[Value] = ()) -> Plan:
    """What the server says that it will do."""
    match sql.driver:
        case "sqlite":
            details = [str(row[3]) for row in sql.rows(f"EXPLAIN QUERY PLAN {statement}", values)]
            return Plan(any(d.startswith("SCAN") and "USING" not in d for d in details), "; ".join(details))
        case "pgsql":
            lines = [str(row[0]).strip() for row in sql.rows(f"EXPLAIN (COSTS OFF) {statement}", values)]
            return Plan(any("Seq Scan" in line for line in lines), " / ".join(lines))
        case _:
            rows = sql.rows(f"EXPLAIN {statement}", values)
            # id, select_type, table, [partitions,] type, possible_keys, key, ...
            kinds = [next((str(v) for v in row[3:5] if str(v) in _ACCESS), "?") for row in rows]
            keys = [str(row[-5]) for row in rows]
            text = "; ".join(f"type {kind}, key {key}" for kind, key in zip(kinds, keys, strict=True))
            return Plan(any(kind == "ALL" for kind in kinds), text)


_ACCESS = frozenset(
    ("system", "const", "eq_ref", "ref", "fulltext", "ref_or_null", "index_merge", "range", "index", "ALL")
)


def seconds(sql: Sql, statement: str, values: Sequence[Value] = ()) -> float:
    """The median of up to five runs, answers fetched."""
    times: list[float] = []
    deadline = time.perf_counter() + _SECONDS
    with sql.engine.connect() as connection:
        while len(times) < _RUNS and (not times or time.perf_counter() < deadline):
            start = time.perf_counter()
            sql.rows(statement, values, connection)
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def told(duration: float) -> str:
    """ "0.8 ms", "1.2 s"."""
    return f"{duration * 1000:.1f} ms" if duration < 1 else f"{duration:.1f} s"
