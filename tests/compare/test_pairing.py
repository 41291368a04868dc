"""Pairing of tables and columns, present, renamed and missing, with what must not be paired."""

from __future__ import annotations

from trueup.compare.pairing import TABLE_THRESHOLD, compare
from trueup.model.eloquent import Eloquent, TableUse
from trueup.model.locations import NOWHERE
from trueup.model.pairing import Comparison
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table
from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredIndex, RequiredTable, Specification
from trueup.structs import replace

_BOILERPLATE = {"id": "bigint unsigned", "created_at": "timestamp", "updated_at": "timestamp"}
_USAGE = {
    **_BOILERPLATE,
    "user_id": "bigint unsigned",
    "provider": "varchar(50)",
    "model": "varchar(100)",
    "input_tokens": "int unsigned",
    "output_tokens": "int unsigned",
    "input_cost": "decimal(10,6)",
    "output_cost": "decimal(10,6)",
    "total_cost": "decimal(10,6)",
    "currency": "varchar(3)",
    "metadata": "json",
}
_WIDE = {
    **{k: v for k, v in _USAGE.items() if "cost" not in k},
    **{f"metric_{n}": "int" for n in range(40)},
}
_USERS = {**_BOILERPLATE, "name": "varchar(255)", "email": "varchar(255)"}


def table(name: str, columns: dict[str, str], keys: tuple[ForeignKey, ...] = (), *indexes: Index) -> Table:
    return Table(name, tuple(Column(n, t) for n, t in columns.items()), indexes, keys)


def required(
    name: str,
    columns: dict[str, str],
    keys: tuple[RequiredForeignKey, ...] = (),
    *indexes: RequiredIndex,
    complete: bool = True,
) -> RequiredTable:
    return RequiredTable(
        name, "sql", tuple(RequiredColumn(n, t) for n, t in columns.items()), indexes, keys, complete=complete
    )


def compared(wanted: list[RequiredTable], existing: list[Table], *used: str) -> Comparison:
    uses = tuple(TableUse(name, NOWHERE) for name in used)
    return compare(
        Specification(required=tuple(wanted)), Schema("mysql", tuple(existing)), Eloquent(uses=uses)
    )


def statuses(comparison: Comparison) -> dict[str, tuple[str, str]]:
    return {p.required.name: (p.status, p.existing.name if p.existing else "") for p in comparison.pairs}


COST_RECORDS = required(
    "ai_cost_records",
    {
        "id": "BIGINT",
        "user_id": "BIGINT",
        "provider": "VARCHAR(50)",
        "model": "VARCHAR(100)",
        "input_tokens": "INT",
        "output_tokens": "INT",
        "cost": "DECIMAL(10,6)",
        "currency": "VARCHAR(3)",
        "metadata": "JSON",
        "created_at": "TIMESTAMP",
    },
)


def test_a_table_under_another_name_is_found_beside_a_wide_one() -> None:
    found = compared(
        [COST_RECORDS],
        [table("ai_usage_analytics", _WIDE), table("ai_usage_costs", _USAGE), table("users", _USERS)],
    )
    assert statuses(found) == {"ai_cost_records": ("renamed", "ai_usage_costs")}
    pair = found.pairs[0]
    assert {p.required.name: p.existing.name if p.existing else None for p in pair.columns if p.renamed} == {
        "cost": "total_cost"
    }
    assert [c.table for c in pair.candidates][:2] == ["ai_usage_costs", "ai_usage_analytics"]
    assert pair.score > TABLE_THRESHOLD
    assert [c.name for c in pair.extra_columns] == ["updated_at", "input_cost", "output_cost"]
    assert [t.name for t in found.extra] == ["ai_usage_analytics", "users"]


def test_the_name_decides_before_any_likeness() -> None:
    found = compared(
        [COST_RECORDS], [table("ai_cost_records", {"id": "bigint"}), table("ai_usage_costs", _USAGE)]
    )
    assert statuses(found) == {"ai_cost_records": ("present", "ai_cost_records")}
    assert [p.required.name for p in found.pairs[0].columns if p.existing is not None] == ["id"]


def test_letter_case_is_no_other_name() -> None:
    found = compared([required("Orders", {"ID": "INT"})], [table("orders", {"id": "int"})])
    assert statuses(found) == {"Orders": ("present", "orders")}
    assert not found.pairs[0].columns[0].renamed


def test_singular_and_plural_are_one_name() -> None:
    found = compared(
        [required("order_line", {"sku": "TEXT"}, complete=False)], [table("order_lines", {"id": "bigint"})]
    )
    assert statuses(found) == {"order_line": ("renamed", "order_lines")}


def test_shared_boilerplate_pairs_nothing() -> None:
    wanted = required(
        "ai_user_budgets",
        {**_BOILERPLATE, "user_id": "BIGINT", "daily_limit": "DECIMAL(10,2)", "thresholds": "JSON"},
    )
    budgets = {
        **_BOILERPLATE,
        "user_id": "bigint unsigned",
        "type": "varchar(255)",
        "limit_amount": "decimal(10,4)",
    }
    found = compared([wanted], [table("ai_budgets", budgets), table("users", _USERS)])
    assert statuses(found) == {"ai_user_budgets": ("missing", "")}
    assert found.pairs[0].candidates[0].table == "ai_budgets"
    assert found.pairs[0].candidates[0].score < TABLE_THRESHOLD


def test_prose_pairs_by_name_alone() -> None:
    wanted = required("ai_cost_records", {"provider": "TEXT", "model": "TEXT"}, complete=False)
    assert statuses(compared([wanted], [table("ai_usage_costs", _USAGE)])) == {
        "ai_cost_records": ("missing", "")
    }


def test_prose_names_no_extra_columns() -> None:
    wanted = required("ai_usage_costs", {"provider": "TEXT"}, complete=False)
    assert compared([wanted], [table("ai_usage_costs", _USAGE)]).pairs[0].extra_columns == ()


def test_two_tables_equally_alike_pair_with_neither() -> None:
    found = compared([COST_RECORDS], [table("ai_calls_a", _USAGE), table("ai_calls_b", _USAGE)])
    assert statuses(found) == {"ai_cost_records": ("missing", "")}
    assert [c.table for c in found.pairs[0].candidates] == ["ai_calls_a", "ai_calls_b"]


def test_a_table_is_given_once() -> None:
    other = replace(COST_RECORDS, name="ai_spending_records")
    found = compared([COST_RECORDS, other], [table("ai_usage_costs", _USAGE), table("users", _USERS)])
    assert sorted(statuses(found).values()) == [("missing", ""), ("renamed", "ai_usage_costs")]
    missing = next(p for p in found.pairs if p.status == "missing")
    assert "already" in missing.candidates[0].reasons[-1]


def test_use_by_the_code_counts() -> None:
    unused = compared([COST_RECORDS], [table("ai_usage_costs", _USAGE)]).pairs[0].score
    used = compared([COST_RECORDS], [table("ai_usage_costs", _USAGE)], "ai_usage_costs").pairs[0].score
    assert used > unused


def columns_of(wanted: dict[str, str], existing: dict[str, str]) -> dict[str, str]:
    found = compared([required("budget_alerts", wanted)], [table("budget_alerts", existing)])
    return {
        p.required.name: p.existing.name
        for p in found.pairs[0].columns
        if p.existing is not None and p.renamed
    }


def test_primary_keys_are_one_column_under_two_names() -> None:
    def key(name: str) -> Index:
        return Index("primary", (name,), True, True)

    wanted = RequiredTable(
        "cuotas",
        "dbml",
        (RequiredColumn("id_cuota", "integer"), RequiredColumn("monto", "integer")),
        (RequiredIndex(("id_cuota",), None, True, True),),
    )
    existing = table("cuotas", {"id": "bigint unsigned", "monto": "int"}, (), key("id"))
    (pair,) = compared([wanted], [existing]).pairs
    assert [(p.required.name, p.existing.name if p.existing else None) for p in pair.columns] == [
        ("id_cuota", "id"),
        ("monto", "monto"),
    ]
    assert pair.columns[0].reasons[0] == "both are the table's key"


def test_columns_under_other_names() -> None:
    assert columns_of({"current_spend": "DECIMAL(10,2)"}, {"current_spending": "decimal(12,6)"}) == {
        "current_spend": "current_spending"
    }
    assert columns_of(
        {"cost": "DECIMAL(10,2)"}, {"input_cost": "decimal(10,2)", "total_cost": "decimal(10,2)"}
    ) == {"cost": "total_cost"}
    assert columns_of({"qty": "INT"}, {"quantity": "int"}) == {"qty": "quantity"}
    assert columns_of({"limit": "DECIMAL(10,2)"}, {"budget_limit": "decimal(10,2)"}) == {
        "limit": "budget_limit"
    }
    assert columns_of({"input_tokens": "INT"}, {"prompt_tokens": "int"}) == {"input_tokens": "prompt_tokens"}


def test_columns_that_are_others() -> None:
    assert columns_of({"alert_type": "VARCHAR(20)"}, {"budget_type": "varchar(20)"}) == {}
    assert columns_of({"period_type": "VARCHAR(20)"}, {"severity_type": "varchar(20)"}) == {}
    assert columns_of({"sent_at": "TIMESTAMP"}, {"created_at": "timestamp"}) == {}
    assert columns_of({"daily_limit": "DECIMAL(10,2)"}, {"monthly_limit": "decimal(10,2)"}) == {}
    assert (
        columns_of({"cost": "DECIMAL(10,2)"}, {"input_cost": "decimal(10,2)", "output_cost": "decimal(10,2)"})
        == {}
    )
    assert columns_of({"label": "VARCHAR(20)"}, {"labels": "bigint"}) == {}


def test_one_foreign_key_to_a_table_is_that_table_s() -> None:
    wanted = required(
        "orders",
        {"customer_id": "BIGINT", "note": "TEXT"},
        (RequiredForeignKey(("customer_id",), "users", ("id",)),),
    )
    existing = table(
        "orders",
        {"buyer_id": "bigint", "remark": "text"},
        (ForeignKey("k", ("buyer_id",), "users", ("id",)),),
    )
    pair = compared([wanted], [existing]).pairs[0]
    assert {p.required.name: p.existing.name if p.existing else None for p in pair.columns} == {
        "customer_id": "buyer_id",
        "note": None,
    }
    assert "refers to the same table" in pair.columns[0].reasons


def test_order_of_input_does_not_matter() -> None:
    tables = [table("ai_usage_analytics", _WIDE), table("ai_usage_costs", _USAGE), table("users", _USERS)]
    assert compared([COST_RECORDS], tables).pairs == compared([COST_RECORDS], tables[::-1]).pairs
