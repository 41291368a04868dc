"""Benches for tests: the contract's tables, or faulty ones, in scratch databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scratch.places import url_of
from trueup.contracts import contract_binding, contract_schema
from trueup.model.names import Driver
from trueup.model.proofs import ProbeName, ProofRun, Workload
from trueup.model.roles import Binding
from trueup.model.schema import Schema
from trueup.prove._crew import Crew
from trueup.prove.bench import Bench
from trueup.prove.running import run_probes
from trueup.scratch import Scratch, build, open_scratch
from trueup.structs import replace

SMALL = Workload(rows=1_000, writers=2)


def verdicts(run: ProofRun) -> dict[str, str]:
    """Capability → verdict; crashes and refused statements are told as such."""
    found = {p.capability: str(p.verdict) for p in run.proofs}
    found |= {f"crash of {c.probe}": c.problem for c in run.crashes}
    return found | {f"not built: {n.table}": n.reason for n in run.not_built}


@contextmanager
def scratch_on(driver: Driver, folder: str) -> Iterator[Scratch]:
    with open_scratch(url_of(driver, folder)) as scratch:
        yield scratch


def prove_contract(driver: Driver, folder: str, *only: ProbeName, workload: Workload = SMALL) -> ProofRun:
    with scratch_on(driver, folder) as scratch:
        return prove_on(scratch, contract_schema(driver), contract_binding(driver), *only, workload=workload)


def prove_on(
    scratch: Scratch, schema: Schema, binding: Binding, *only: ProbeName, workload: Workload = SMALL
) -> ProofRun:
    return run_probes(scratch, schema, binding, workload, subject="test", only=only)


@contextmanager
def contract_bench(url: str) -> Iterator[Bench]:
    """The contract's tables on a scratch database at `url`."""
    with open_scratch(url) as scratch:
        schema = contract_schema(scratch.driver)
        built = build(scratch, schema)
        assert built.refused == ()
        binding = contract_binding(scratch.driver)
        with Crew(2) as crew:
            yield Bench(scratch, schema, binding, SMALL, built.tables, lambda _: None, crew)


def poor(driver: Driver) -> tuple[Schema, Binding]:
    """The contract with the faults that projects have: two digits after the point, NULL allowed, no keys, no running total."""
    schema, binding = contract_schema(driver), contract_binding(driver)
    record, budget, alert = binding.record, binding.budget, binding.alert
    assert record is not None
    assert budget is not None
    assert alert is not None
    cents = {"sqlite": "numeric", "pgsql": "numeric(8,2)"}.get(driver, "decimal(8,2)")
    columns = tuple(
        replace(c, type=cents, nullable=True) if c.name == "cost" else c
        for c in record.table.columns
        if c.name not in ("request_id", "status")
    )
    names = {c.name for c in columns}
    costs = replace(
        record.table,
        columns=columns,
        indexes=tuple(i for i in record.table.indexes if i.primary and set(i.columns) <= names),
    )
    limits = replace(
        budget.table,
        columns=tuple(c for c in budget.table.columns if c.name not in ("spent_amount", "period_start")),
    )
    alerts = replace(alert.table, indexes=tuple(i for i in alert.table.indexes if i.primary))
    bound = replace(
        binding,
        record=replace(record, table=costs, request_id="", status=""),
        budget=replace(budget, table=limits, spent="", period_start=""),
        alert=replace(alert, table=alerts),
    )
    return replace(schema, tables=(costs, limits, alerts)), bound
