"""How each kind of acceptance criterion is answered, and what the inventory holds."""

from __future__ import annotations

import pytest

from tests.report.samples import AUDIT, COSTS, MODEL, USERS
from trueup.model.audit import InventoryRow
from trueup.model.locations import Location
from trueup.model.pairing import Comparison
from trueup.model.schema import Schema
from trueup.model.spec import Specification
from trueup.model.ticket import Criterion, TicketLink, TicketPhase
from trueup.pipeline.criteria import Outcome, answer_criteria
from trueup.pipeline.inventory import inventory
from trueup.structs import replace

TICKET = replace(
    AUDIT.facts.ticket,  # type: ignore[type-var]  # the sample has a ticket
    template=TicketLink("t", "docs/template.md", "", Location("t.md", 3), exists=False),
    phases=(TicketPhase("Cleanup", "docs/cleanup", 1020), TicketPhase("Other", "docs/other", None)),
)


def answers(*topics: str, specified: bool = True) -> list[tuple[str, str]]:
    assert TICKET is not None
    ticket = replace(
        TICKET, criteria=tuple(Criterion(topic, Location("t.md", 1), topic=topic) for topic in topics)
    )
    facts = replace(AUDIT.facts, ticket=ticket)
    rows = AUDIT.inventory
    if not specified:
        facts = replace(
            facts,
            specification=Specification(),
            comparison=Comparison(),
            schema=Schema("mysql"),
            migrations=(),
        )
        rows = rows[2:]
    outcome = Outcome(facts, rows, AUDIT.findings, AUDIT.cannot_tell, AUDIT.gaps)
    return [(answer.state, answer.how) for answer in answer_criteria(outcome)]


@pytest.mark.parametrize(
    ("topic", "state", "how"),
    [
        ("inventory", "answered", "2 required tables, 1 under another name, 1 missing; 1 further table"),
        (
            "compliance",
            "partly",
            "6 required columns, 4 found, 1 missing from tables that exist, 1 in tables that do not exist; 3 findings; "
            "1 question could not be told, 1 place could not be read",
        ),
        (
            "migrations",
            "partly",
            "3 migrations replayed for mysql, 1 would fail, 1 statement not understood; 0 findings",
        ),
        ("models", "answered", "1 model read; required tables without a model: alerts; 1 finding"),
        (
            "performance",
            "partly",
            "3 required indexes compared with those that the migrations make; 0 findings; no query of the code was found",
        ),
        (
            "gap-analysis",
            "partly",
            "4 findings (2 error, 1 warning, 1 info), 4 with file and line; "
            "1 question could not be told, 1 place could not be read",
        ),
        (
            "recommendations",
            "partly",
            "2 of 4 findings carry a recommendation (effort: 1 S, 1 M); not grouped into tickets",
        ),
        ("tickets", "not answered", "`trueup audit` only reads: it creates no tickets"),
        (
            "template",
            "not answered",
            "`trueup audit` only reads: it creates no tickets; the template docs/template.md does not exist",
        ),
        (
            "numbering",
            "not answered",
            "`trueup audit` only reads: it creates no tickets; the ticket's rules: Cleanup from 1020",
        ),
        ("factories", "answered", "1 of 1 model with a factory; 0 findings"),
        ("tests", "partly", "1 test file read, 1 of 2 required tables named in one; no test was run"),
        (
            "capability",
            "not answered",
            "no work was tried on a database; the schema alone was judged: 1 required table missing",
        ),
        ("", "not answered", "what it asks about could not be told from its words"),
    ],
)
def test_each_topic(topic: str, state: str, how: str) -> None:
    assert answers(topic) == [(state, how)]


def test_without_a_specification_or_migrations() -> None:
    assert answers("inventory", "compliance", "migrations", specified=False) == [
        ("partly", "1 table made by migrations; no specification was found that requires any"),
        ("not answered", "no specification was found"),
        ("not answered", "no migrations were found"),
    ]


def test_the_inventory_of_required_and_other_tables() -> None:
    assert inventory(AUDIT.facts) == (
        InventoryRow(
            "alerts",
            "missing",
            (Location("docs/SPEC.md", 29),),
            candidates=(("users", 0.21),),
            columns_required=1,
        ),
        InventoryRow(
            "cost_records",
            "renamed",
            (Location("docs/SPEC.md", 9),),
            "usage_costs",
            0.83,
            (("usage_costs", 0.83), ("users", 0.2)),
            MODEL.name,
            "Database\\Factories\\UsageCostFactory",
            ("tests/CostTest.php",),
            COSTS.at,
            5,
            4,
        ),
        InventoryRow("users", "extra", matched="users", migration=USERS.at),
    )
