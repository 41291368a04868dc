"""Which tables and columns are found to play which part, and what the user may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.migrations import create, migration, sequence
from tests.support.replaying import replay_texts
from trueup.compare.roles import find_roles
from trueup.contracts import contract_binding, contract_schema
from trueup.errors import UserError
from trueup.model.names import DRIVERS, Driver
from trueup.model.roles import SetRoles
from trueup.model.schema import Schema


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_contract_is_found_in_its_own_tables(driver: Driver) -> None:
    found, told = find_roles(contract_schema(driver)), contract_binding(driver)
    assert found.missing == ()
    for name in ("record", "budget", "alert"):
        ours, theirs = getattr(found, name), getattr(told, name)
        for role in type(theirs).__struct_fields__:
            if role not in ("scale", "kind_values", "period_values", "fill"):
                assert getattr(ours, role) == getattr(theirs, role), role


@pytest.fixture
def shop(tmp_path: Path) -> Schema:
    """Names of another house: one row of limits a user, cents in whole numbers, no alerts."""
    files = sequence(
        migration(create("llm_calls", "id()", "unsignedBigInteger('customer_id')", "string('model', 80)",
                         "integer('prompt_tokens')", "integer('completion_tokens')", "bigInteger('cost_micros')",
                         "string('region', 8)", "timestamp('called_at')")),
        migration(create("spending_caps", "id()", "unsignedBigInteger('customer_id')",
                         "bigInteger('daily_cap')", "bigInteger('monthly_cap')", "boolean('enabled')->default(true)")),
        migration(create("model_prices", "id()", "string('model', 80)", "decimal('cost', 12, 8)")),
    )  # fmt: skip
    return replay_texts(tmp_path / "shop", "mysql", files)


def test_other_names_are_found_by_what_they_mean(shop: Schema) -> None:
    found = find_roles(shop)
    record, budget = found.record, found.budget
    assert record is not None
    assert budget is not None
    assert (record.table.name, record.user, record.amount, record.digits, record.time) == (
        "llm_calls", "customer_id", "cost_micros", 6, "called_at",
    )  # fmt: skip
    assert (record.input_tokens, record.output_tokens, record.fill) == (
        "prompt_tokens", "completion_tokens", (("region", ""),),
    )  # fmt: skip
    assert (budget.table.name, budget.limits, budget.active) == (
        "spending_caps", (("daily", "daily_cap"), ("monthly", "monthly_cap")), "enabled",
    )  # fmt: skip
    assert found.alert is None
    assert [(m.table_role, m.role) for m in found.missing if m.table_role == "alert"] == [("alert", "")]


def test_what_is_set_overrules_and_every_mistake_is_told(shop: Schema) -> None:
    setting = SetRoles(
        "record", "llm_calls", (("time", "called_at"), ("provider", "region")), where="trueup.toml:3"
    )
    record = find_roles(shop, set_roles=[setting]).record
    assert record is not None
    assert (record.provider, record.fill) == ("region", ())
    wrong = [
        SetRoles("record", "llm_cals", where="trueup.toml:3"),
        SetRoles("budget", "spending_caps", (("user", "custmer_id"),), where="trueup.toml:7"),
    ]
    with pytest.raises(UserError) as refused:
        find_roles(shop, set_roles=wrong)
    assert [str(m) for m in refused.value.mistakes] == [
        "trueup.toml:3: there is no table 'llm_cals' (did you mean 'llm_calls'?)",
        "trueup.toml:7: user: spending_caps has no column 'custmer_id' (did you mean 'customer_id'?)",
    ]
