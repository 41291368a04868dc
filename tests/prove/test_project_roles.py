"""The roles in a project's tables: by what its specification requires, whatever the migrations call it, and by trueup.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shop import migration
from tests.project.trees import make
from trueup.config import Options
from trueup.errors import UserError
from trueup.model.proofs import ProofRun, Workload
from trueup.pipeline.proving import Asked, prove
from trueup.pipeline.roles import project_roles
from trueup.report import proofs_as

SPECIFICATION = """# Costs

```sql
CREATE TABLE ai_cost_records (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    user_id BIGINT UNSIGNED NOT NULL,
    provider VARCHAR(50) NOT NULL,
    model VARCHAR(100) NOT NULL,
    input_tokens INT NOT NULL,
    output_tokens INT NOT NULL,
    cost DECIMAL(20,10) NOT NULL,
    created_at DATETIME NOT NULL
);
```
"""

FILES = {
    "composer.json": '{"name": "acme/house", "require": {"laravel/framework": "^11.0"}}',
    "docs/costs.md": SPECIFICATION,
    "database/migrations/2024_01_01_000001_create_ai_model_events_table.php": migration(
        "ai_model_events",
        "unsignedBigInteger('user_id')",
        "string('provider', 50)",
        "string('model', 100)",
        "integer('input_tokens')",
        "integer('output_tokens')",
        "decimal('total_cost', 20, 10)",
        "decimal('list_price', 20, 10)",
        "dateTime('created_at')",
    ),
    "database/migrations/2024_01_01_000002_create_cost_usage_table.php": migration(
        "cost_usage",
        "unsignedBigInteger('user_id')",
        "decimal('cost', 20, 10)",
        "string('model', 100)",
        "dateTime('created_at')",
    ),
}
ROLES = """
[roles.record]
table = "cost_usage"
time = "created_at"
fill = { model = "all" }
"""


def options(folder: Path) -> Options:
    return Options(specs=(str(folder / "docs/costs.md"),), driver="sqlite")


def test_what_the_specification_requires_as_costs_is_the_record(tmp_path: Path) -> None:
    make(tmp_path, FILES)
    _, _, binding = project_roles(str(tmp_path), options(tmp_path))
    record = binding.record
    assert record is not None
    assert (record.table.name, record.amount, record.provider) == (
        "ai_model_events",
        "total_cost",
        "provider",
    )
    assert [(t.table, t.why) for t in binding.tables] == [("ai_model_events", "required as ai_cost_records")]
    assert binding.tables[0].runners_up[0][0] == "cost_usage"
    whys = {choice.role: choice.why for choice in binding.choices}
    assert whys["amount"] == "required as cost"


def test_without_a_specification_names_and_columns_decide(tmp_path: Path) -> None:
    make(tmp_path, {name: text for name, text in FILES.items() if name != "docs/costs.md"})
    _, _, binding = project_roles(str(tmp_path), Options(driver="sqlite"))
    assert [(t.table, t.why) for t in binding.tables] == [("ai_model_events", "by its columns and its name")]


def proved(folder: Path) -> ProofRun:
    asked = Asked(workload=Workload(rows=1_000, writers=2), only=("record",))
    return prove(str(folder), options(folder), asked, lambda _: None)


def test_trueup_toml_overrules_and_the_answer_says_so(tmp_path: Path) -> None:
    make(tmp_path, {**FILES, "trueup.toml": ROLES})
    run = proved(tmp_path)
    assert run.binding.record is not None
    assert run.binding.record.fill == (("model", "all"),)
    assert "  costs: cost_usage (trueup.toml:2): id → id, user → user_id" in proofs_as("terminal", run)
    assert "| costs | `cost_usage` | trueup.toml:2 |" in proofs_as("markdown", run)


def test_mistakes_in_it_are_the_users(tmp_path: Path) -> None:
    make(tmp_path, {**FILES, "trueup.toml": ROLES.replace('"cost_usage"', '"cost_usages"')})
    with pytest.raises(UserError, match=r"there is no table 'cost_usages' \(did you mean 'cost_usage'\?\)"):
        proved(tmp_path)
