"""Verdicts on real servers, of a schema that carries the work and of one with the faults that projects have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prove.support import poor, prove_contract, prove_on, scratch_on, verdicts
from tests.scratch.places import PLACES
from trueup.model.names import Driver
from trueup.model.proofs import PROBE_NAMES, ProofRun
from trueup.model.schema import Check, Column, Schema, Table
from trueup.prove._rows import Rows
from trueup.prove._sql import Sql
from trueup.prove.registry import probes
from trueup.scratch import Scratch, build
from trueup.structs import replace

YES, WITH, NO = "carried", "carried with conditions", "not carried"

CONTRACT: dict[str, dict[Driver, str] | str] = {
    "record the cost of a request exactly": YES,
    "record a million requests without drift": YES,
    "record the model": YES,
    "record token counts": YES,
    "record metadata": {"sqlite": WITH},  # text that nothing checks
    "record the currency": YES,
    "refuse a record without its cost, user or time": YES,
    "record when a request was made": {"pgsql": WITH},  # timestamp(0) rounds up
    "add up costs exactly": {"sqlite": WITH},
    "tell at once what a user has spent in a period": YES,
    "report costs by day, month, provider and model": YES,
    "hold a limit, whatever the number of writers": YES,
    "lose and double nothing when writers die or connections are lost": YES,
    "send each alert once": YES,
    "keep costs when a user is deleted": YES,
    "refuse costs of users who do not exist": NO,  # a cost outlives its user
    "refuse negative costs": NO,
    "count a request once": YES,
    "refuse unknown currencies": WITH,
    "refuse values of a wrong type": {"sqlite": NO},
    "hold a year of requests": YES,
    "purge a month": WITH,
}
POOR: dict[str, dict[Driver, str] | str] = {
    "record the cost of a request exactly": {d: WITH for d in PLACES if d != "sqlite"},
    "record a million requests without drift": {d: NO for d in PLACES if d != "sqlite"},
    "refuse a record without its cost, user or time": NO,
    "tell at once what a user has spent in a period": WITH,
    "hold a limit, whatever the number of writers": WITH,
    "lose and double nothing when writers die or connections are lost": WITH,
    "send each alert once": WITH,
    "count a request once": NO,
}


def expected(table: dict[str, dict[Driver, str] | str], driver: Driver) -> dict[str, str]:
    return {k: v if isinstance(v, str) else v.get(driver, YES) for k, v in table.items()}


def test_every_probe_is_there() -> None:
    assert tuple(p.name for p in probes()) == PROBE_NAMES
    assert all(p.about.endswith(".") and p.seconds > 0 for p in probes())


@pytest.mark.parametrize("driver", PLACES)
def test_the_contract(driver: Driver, tmp_path: Path) -> None:
    run = prove_contract(driver, str(tmp_path))
    assert verdicts(run) == expected(CONTRACT, driver)
    for proof in run.proofs:
        assert proof.evidence or proof.verdict == YES, proof
        assert bool(proof.findings) == (proof.verdict != YES), proof
        assert {f.category for f in proof.findings} <= {"capability"}
    refuted(run)


def refuted(run: ProofRun) -> None:
    """Each "not carried" comes with a statement that was sent to the server, and what came of it."""
    for proof in run.proofs:
        if proof.verdict == NO:
            assert [seen for seen in proof.evidence if seen.sql and seen.result], proof


@pytest.mark.parametrize("driver", PLACES)
def test_columns_of_documents_take_the_rows_that_are_made(driver: Driver, tmp_path: Path) -> None:
    kinds = {"sqlite": "text", "pgsql": "jsonb", "mariadb": "longtext"}
    checks = (Check("channels", "json_valid(`channels`)", ("channels",)),) if driver == "mariadb" else ()
    table = Table("notices", (Column("channels", kinds[driver]),), checks=checks)
    with scratch_on(driver, str(tmp_path)) as scratch:
        assert build(scratch, Schema(driver, (table,))).refused == ()
        sql = Sql(driver, scratch.engine)
        assert (
            sql.refusal(*sql.insert("notices", Rows(sql, Schema(driver, (table,))).filled(table, {}))) == ""
        )


@pytest.mark.parametrize("driver", PLACES)
def test_a_poor_schema(driver: Driver, tmp_path: Path) -> None:
    with scratch_on(driver, str(tmp_path)) as scratch:
        schema, binding = poor(driver)
        only = PROBE_NAMES if driver == "pgsql" else ("record", "add-up", "keep-whole", "grow")
        run = prove_on(scratch, schema, binding, *only)
        asked = {p.capability for p in run.proofs}
        assert verdicts(run) == {
            k: v for k, v in expected({**CONTRACT, **POOR}, driver).items() if k in asked
        }
        refuted(run)
        changes_are_taken(scratch, [c.sql for p in run.proofs for c in p.changes])


def changes_are_taken(scratch: Scratch, statements: list[str]) -> None:
    """What a verdict calls for is DDL that the server takes."""
    assert statements
    with scratch.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT", no_parameters=True
    ) as connection:
        for statement in dict.fromkeys(statements):
            connection.exec_driver_sql(statement)


def test_nothing_to_bind_to(tmp_path: Path) -> None:
    schema, binding = poor("sqlite")
    assert binding.record is not None
    nothing = replace(binding, record=None, budget=None, alert=None)
    no_amount = replace(binding, record=replace(binding.record, amount=""))
    for made, bound, reason in (
        (schema, nothing, "no table holds the cost of requests"),
        (replace(schema, tables=()), binding, "the server did not make ai_cost_records"),
        (schema, no_amount, "no column of ai_cost_records can hold the amount"),
    ):
        with scratch_on("sqlite", str(tmp_path)) as scratch:
            run = prove_on(scratch, made, bound)
        assert {p.verdict for p in run.proofs} == {NO}
        assert {p.reason for p in run.proofs} == {reason}
        refuted(run)
        assert len(run.proofs) == len(CONTRACT) - 1  # without sums there is no report to time
