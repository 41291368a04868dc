"""The whole way on real servers: a small project with queries, its advice, and what the servers say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.evidence.schemas import DRIVERS, shop, url_of
from trueup.evidence.hottest import hottest
from trueup.evidence.measure import gather
from trueup.evidence.run import Bounds
from trueup.model.evidence import ServerEvidence
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.queries import Literalish, TableRef
from trueup.model.schema import Schema
from trueup.model.shapes import Advice, Performance, Predicate, QueryShape, ServedBy, Sort

ROWS = 3_000


def shape(table: str, *predicates: Predicate, line: int, sorts: Sequence[Sort] = ()) -> QueryShape:
    at = Location("app/Shop.php", line)
    return QueryShape(
        "select", (TableRef(table),), predicates, sorts=tuple(sorts), limited=bool(sorts), sites=(at,)
    )


BY_TAG = shape("order_tag", Predicate("order_tag", "customer_id", "="), line=1)
LATEST = shape(
    "orders",
    Predicate("orders", "customer_id", "="),
    Predicate("orders", "deleted_at", "is null"),
    line=2,
    sorts=[Sort("orders", "created_at", descending=True)],
)
BY_KEY = shape("orders", Predicate("orders", "id", "="), line=3)
BY_STATE = shape(
    "orders", Predicate("orders", "state", "!=", "other", value=Literalish("string", "open")), line=4
)
MISSING = shape("orders", Predicate("orders", "nonesuch", "="), line=5)


def performance(schema: Schema) -> Performance:
    advice = (
        Advice("order_tag", ("customer_id",), "add", "order_tag_customer_id_index", serves=(BY_TAG,)),
        Advice("orders", ("customer_id",), "drop", "orders_customer_id_index"),
        Advice("orders", ("state",), "add", "orders_state_index", serves=(BY_STATE,)),
        Advice("orders", ("nonesuch",), "add", "orders_nonesuch_index", serves=(MISSING,)),
    )
    grades = (
        ("unserved", BY_TAG),
        ("served", LATEST),
        ("served", BY_KEY),
        ("unserved", BY_STATE),
        ("served", MISSING),
    )
    return Performance(tuple(ServedBy(s, g) for g, s in grades), advice)  # type: ignore[arg-type]  # literals in a tuple


@pytest.fixture(scope="module", params=DRIVERS)
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ServerEvidence:
    driver: Driver = request.param
    schema = shop(driver, tmp_path_factory.mktemp("shop"))

    def subject(asked: Driver) -> tuple[Schema, Performance]:
        assert asked == driver
        return schema, performance(schema)

    said: list[str] = []
    found = gather(url_of(driver), subject, Bounds(rows=ROWS), lambda _: None, said.append)
    assert [text.split(":")[0] for text in said] == [f"evidence on {driver}"] * 2
    assert "within 15 min and 4,000 MB, else fewer rows" in said[0]
    assert " by the pace of 1,000 rows, and " in said[1]
    return found


def bounded(tmp_path: Path, bounds: Bounds) -> tuple[ServerEvidence, list[str]]:
    schema = shop("sqlite", tmp_path)
    said: list[str] = []
    found = gather(None, lambda _: (schema, performance(schema)), bounds, lambda _: None, said.append)
    return found, said


def test_a_size_that_would_take_too_long_is_not_begun(tmp_path: Path) -> None:
    found, said = bounded(tmp_path, Bounds(rows=ROWS, seconds=0.0))
    assert found.sizes == (1_000,)
    assert found.stopped.startswith("3,000 rows, 4,616 in all, would take about ")
    assert said[1:] == [f"evidence on sqlite: {found.stopped}"]
    assert [j.state for j in found.advice].count("confirmed") == 2


def test_a_size_that_would_take_too_much_disk_is_not_begun(tmp_path: Path) -> None:
    found, _ = bounded(tmp_path, Bounds(rows=ROWS, bytes=1))
    assert found.sizes == (1_000,)
    assert found.stopped.endswith(" more than the 0 MB allow")


def test_a_size_that_takes_too_long_after_all_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.evidence.measure.seconds_for", lambda *_: -1e9)
    found, said = bounded(tmp_path, Bounds(rows=ROWS, seconds=0.0))
    assert found.sizes == (1_000,)
    assert found.stopped == "0 s were over before the tables of 3,000 rows were ready"
    assert len(said) == 3


def test_advice_is_confirmed_withdrawn_or_untested(evidence: ServerEvidence) -> None:
    told = [(j.advice.action, j.advice.name, j.state, j.planned) for j in evidence.advice]
    assert told == [
        ("add", "order_tag_customer_id_index", "confirmed", True),
        ("drop", "orders_customer_id_index", "confirmed", True),
        ("add", "orders_state_index", "withdrawn", False),
        ("add", "orders_nonesuch_index", "withdrawn", None),
    ]
    why = [j.why for j in evidence.advice]
    assert why[0] == "1 of 1 queries take it"
    assert why[1] == "without it the server uses orders_customer_id_created_at_index"
    assert why[2] == "the server does not take it: it reads the whole table"
    assert why[3] == "the server refuses it: there is no column orders.nonesuch"


def test_grades_are_borne_out_by_the_plans(evidence: ServerEvidence) -> None:
    told = {g.shape.sites[0].line: (g.grade, g.agrees) for g in evidence.grades}
    assert told == {
        1: ("unserved", True),
        2: ("served", True),
        3: ("served", True),
        4: ("unserved", True),
        5: ("served", None),
    }


def test_no_query_is_slower_with_the_advice_that_stays(evidence: ServerEvidence) -> None:
    assert [t.shape.sites[0] for t in evidence.trials if t.hurt] == []


def test_a_query_that_cannot_be_asked_says_why(evidence: ServerEvidence) -> None:
    problems = {t.shape.sites[0].line: t.problem for t in evidence.trials if t.problem}
    assert problems == {5: "there is no column orders.nonesuch"}


def test_growth_is_measured_at_each_size_before_and_after(evidence: ServerEvidence) -> None:
    trial = next(t for t in evidence.trials if t.shape == BY_TAG)
    assert evidence.sizes == (1_000, ROWS)
    assert [m.rows for m in trial.before] == [m.rows for m in trial.after]
    assert [m.plan.steps[0].access for m in trial.before] == ["scan", "scan"]
    assert [m.plan.steps[0].access for m in trial.after] == ["seek", "seek"]
    assert trial.work_ratio is not None
    assert trial.work_ratio > 20
    assert hottest(evidence)[0].shape == BY_TAG


def test_hypopg_foretells_what_postgresql_does(evidence: ServerEvidence) -> None:
    told = [(h.index, h.real, h.imagined) for h in evidence.hypothetical]
    assert told == ([("order_tag_customer_id_index", True, True)] if evidence.driver == "pgsql" else [])
