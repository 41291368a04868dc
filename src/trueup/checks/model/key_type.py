"""MOD017: a model takes its key for another kind than the column is."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, shown, stored_models, writes_rows
from trueup.checks.registry import check
from trueup.checks.wording import code, shown_type
from trueup.compare.domains import Integer, Text, Uuid, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Driver, Severity
from trueup.model.schema import Column

_UUIDS = ("Illuminate\\Database\\Eloquent\\Concerns\\HasUuids",)
_UUID_TABLE = "Schema::create('cost_records', fn (Blueprint $table) => [$table->uuid('id')->primary(), $table->timestamps()]);"


def _expected(text: str) -> Expected:
    return Expected("warning", text, table="cost_records", column="id", model="App\\Models\\CostRecord")


EXAMPLES = (
    failing(
        "UUIDs for a column of numbers",
        given(migration=table(), files=model("use HasUuids;", uses=_UUIDS)),
        _expected(
            "`CostRecord` fills `cost_records.id` with UUIDs or ULIDs, but the column is bigint unsigned."
        ),
    ),
    failing(
        "A key of text, taken for a number",
        given(migration=_UUID_TABLE, files=model()),
        _expected(
            "`CostRecord` takes its key for a number that counts itself, but `cost_records.id` is char(36)."
        ),
    ),
    clean(
        "UUIDs for a column of UUIDs", given(migration=_UUID_TABLE, files=model("use HasUuids;", uses=_UUIDS))
    ),
    clean(
        "The model says what it is",
        given(
            migration=_UUID_TABLE,
            files=model("public $incrementing = false;\nprotected $keyType = 'string';"),
        ),
    ),
)


@check(
    code="MOD017",
    title="A model's key is of another kind than its column",
    severity="error",
    category="model",
    why="""A UUID does not fit a number: the INSERT is refused. A key of text under a model that counts is turned into a number as
        soon as it is read: '3f2a…' becomes 3, and 'b7…' becomes 0.""",
    fix="Give the column the type of the key (`$table->uuid('id')->primary()`), or the model the kind of the column.",
    examples=EXAMPLES,
)
def key_type(facts: Facts) -> Iterator[Verdict]:
    seen: set[str] = set()
    for stored in stored_models(facts):
        for column, wrong, grave in _wrong(stored, facts.schema.driver):
            if stored.model.name not in seen and not stored.model.outside:
                seen.add(stored.model.name)
                severity: Severity = "error" if grave and writes_rows(facts, stored.model) else "warning"
                yield _finding(stored, column, wrong, severity)


def _wrong(stored: Stored, driver: Driver) -> Iterator[tuple[Column, str, bool]]:
    """Columns with the sentence about them, and whether every INSERT fails by it."""
    model_, table_ = stored.model, stored.table
    for name in model_.unique_ids:
        column = table_.column(name)
        if column is not None and isinstance(domain_of(column.type, driver), Integer):
            strict = driver != "sqlite" or column.counts
            yield (
                column,
                f"fills {shown(table_, column)} with UUIDs or ULIDs, but the column is {shown_type(column.type)}",
                strict,
            )
    column = table_.column(model_.primary_key) if model_.primary_key else None
    if column is None or "type" in column.unknown or model_.unique_ids:
        return
    textual = isinstance(domain_of(column.type, driver), (Text, Uuid))
    if textual and model_.incrementing and model_.key_type == "int" and not _is_pivot(stored):
        yield (
            column,
            f"takes its key for a number that counts itself, but {shown(table_, column)} is {shown_type(column.type)}",
            False,
        )


def _is_pivot(stored: Stored) -> bool:
    return any(p.endswith(("\\Pivot", "\\MorphPivot")) for p in stored.model.parents)


def _finding(stored: Stored, column: Column, wrong: str, severity: Severity) -> Finding:
    return Finding(
        "MOD017",
        severity,
        "model",
        f"{code(stored.model.short)} {wrong}.",
        table=stored.table.name,
        column=column.name,
        model=stored.model.name,
        expected="a key of the column's kind",
        found=column.type,
        locations=(stored.model.at, column.at),
        recommendation="Set `$incrementing = false` and `$keyType = 'string'`, or change the column."
        if not stored.model.unique_ids
        else "Make the column `uuid()` (or `ulid()`), or take the trait out of the model.",
    )
