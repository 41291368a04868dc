"""MOD018: the column that a model takes for its key does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model
from trueup.checks.model._stored import Stored, doubt, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = """
    Schema::create('cost_records', function (Blueprint $table) {
        $table->string('code', 20)->primary();
        $table->timestamps();
    });
"""

EXAMPLES = (
    failing(
        "The key is called otherwise",
        given(migration=_MIGRATION, files=model()),
        Expected(
            "warning",
            "`CostRecord` takes `id` for its key, but `cost_records` does not have it (its primary key is `code`).",
            table="cost_records",
            column="id",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "The model finds its rows by a key of its own making",
        given(
            migration=_MIGRATION,
            files=model(
                "protected $primaryKey = ':several';\n\nprotected function setKeysForSaveQuery($query)\n{\n"
                "    return $query->where('code', $this->code);\n}"
            ),
        ),
    ),
    clean(
        "`$primaryKey` names it",
        given(
            migration=_MIGRATION,
            files=model(
                "protected $primaryKey = 'code';\n\npublic $incrementing = false;\n\nprotected $keyType = 'string';"
            ),
        ),
    ),
)


@check(
    code="MOD018",
    title="A model's key column does not exist",
    severity="warning",
    category="model",
    why="`find()`, route binding, relations, and every `save()` or `delete()` of a row that was read ask for the key, and fail.",
    fix="Name the key in `$primaryKey`, or add it to the table.",
    examples=EXAMPLES,
)
def key_missing(facts: Facts) -> Iterator[Verdict]:
    for stored in stored_models(facts):
        model_ = stored.model
        pivot = any(p.endswith(("\\Pivot", "\\MorphPivot")) for p in model_.parents)
        own = pivot or model_.outside or "setkeysforsavequery" in model_.overrides
        if model_.primary_key and not stored.has(model_.primary_key) and not own:
            yield doubt("MOD018", facts, stored) or _finding(stored, model_.primary_key)


def _finding(stored: Stored, key: str) -> Finding:
    table_ = stored.table
    primary = table_.primary_key
    own = (
        f"its primary key is {', '.join(code(c) for c in primary.columns)}"
        if primary
        else "it has no primary key"
    )
    return Finding(
        "MOD018",
        "warning",
        "model",
        f"{code(stored.model.short)} takes {code(key)} for its key, but {code(table_.name)} does not have it ({own}).",
        table=table_.name,
        column=key,
        model=stored.model.name,
        expected=f"a column {key}",
        found=", ".join(primary.columns) if primary else "no primary key",
        locations=(stored.model.at, table_.at),
        recommendation="Name the key in `$primaryKey` (null for none), or add it in a migration.",
    )
