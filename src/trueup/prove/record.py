"""Record: what of a request's cost the table of costs keeps as it was sent."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.proofs import Proof
from trueup.prove._answers import unbound
from trueup.prove._record_details import currency, metadata, models, tokens
from trueup.prove._record_money import amounts, drift
from trueup.prove._record_times import moments, nulls
from trueup.prove.bench import Bench
from trueup.prove.registry import probe

CAPABILITIES = (
    ("PRF101", "record the cost of a request exactly", amounts),
    ("PRF102", "record a million requests without drift", drift),
    ("PRF103", "record the model", models),
    ("PRF104", "record token counts", tokens),
    ("PRF105", "record metadata", metadata),
    ("PRF106", "record the currency", currency),
    ("PRF107", "refuse a record without its cost, user or time", nulls),
    ("PRF108", "record when a request was made", moments),
)


@probe(
    name="record",
    about="Stores real prices, long model names, large token counts, metadata and times, and reads them back.",
    seconds=20,
)
def record(bench: Bench) -> Iterator[Proof]:
    missing = bench.missing_record()
    for code, capability, ask in CAPABILITIES:
        if missing:
            table = bench.binding.record.table if bench.binding.record else None
            yield unbound("record", code, capability, missing, table)
        else:
            bench.tell(capability)
            yield ask(bench, code, capability)
    if not missing:
        bench.clear()
