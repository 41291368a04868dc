"""MOD014: columns whose values PHP gets as bare strings or numbers, for want of a cast."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.compare.domains import Boolean, Date, Exact, Json, Moment, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Driver
from trueup.model.schema import Column

_MIGRATION = table("$table->json('metadata');\n$table->dateTime('incurred_at');\n$table->string('note');")

EXAMPLES = (
    failing(
        "JSON and a time",
        given(migration=_MIGRATION, files=model()),
        Expected(
            "info",
            "`CostRecord` has no cast for `metadata` (json) and `incurred_at` (datetime).",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "Both are cast",
        given(
            migration=_MIGRATION,
            files=model("protected $casts = ['metadata' => 'array', 'incurred_at' => 'datetime'];"),
        ),
    ),
)


@check(
    code="MOD014",
    title="A model does not cast columns that need it",
    severity="info",
    category="model",
    why="""JSON, decimals and dates come from the driver as strings, booleans as 0 and 1 (on MySQL and SQLite): each caller turns
        them into values by itself, or compares the strings.""",
    fix="Add casts: `array`, `decimal:n`, `datetime`, `boolean`.",
    examples=EXAMPLES,
)
def uncast_columns(facts: Facts) -> Iterator[Verdict]:
    seen: set[str] = set()
    for stored in stored_models(facts):
        columns = (
            []
            if stored.model.outside or "casts" in stored.model.unknown
            else list(_uncast(stored, facts.schema.driver))
        )
        if columns and stored.table.name not in seen:
            seen.add(stored.table.name)
            yield _finding(stored, columns)


def _uncast(stored: Stored, driver: Driver) -> Iterator[tuple[Column, str]]:
    model_ = stored.model
    handled = {a.name.lower() for a in (*model_.accessors, *model_.mutators, *model_.dates)}
    handled |= {c.attribute.split(".")[0].split("->")[0].lower() for c in model_.casts}
    if model_.timestamps:
        handled |= {c.lower() for c in (model_.created_at, model_.updated_at) if c}
    if model_.soft_deletes:
        handled.add(model_.deleted_at.lower())
    for column in stored.table.columns:
        kind = "" if "type" in column.unknown or column.name.lower() in handled else _kind(column, driver)
        if kind:
            yield column, kind


def _kind(column: Column, driver: Driver) -> str:
    if column.type.lower() == "tinyint(1)":
        return "boolean"
    if column.type.lower() == "longtext" and (column.collation or "").endswith("_bin"):
        return "json"  # MariaDB's spelling of it
    match domain_of(column.type, driver):
        case Json():
            return "json"
        case Exact(scale=scale) if scale:
            return "decimal"
        case Moment():
            return "datetime"
        case Date():
            return "date"
        case Boolean():
            return "boolean"
    return ""


def _finding(stored: Stored, columns: list[tuple[Column, str]]) -> Finding:
    model_, table_ = stored.model, stored.table
    shown = [f"{code(c.name)} ({kind})" for c, kind in columns]
    text = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return Finding(
        "MOD014",
        "info",
        "model",
        f"{code(model_.short)} has no cast for {text}.",
        table=table_.name,
        model=model_.name,
        expected=f"casts for {', '.join(c.name for c, _ in columns)}",
        found="none",
        locations=(model_.at, *(c.at for c, _ in columns if c.at.file)),
        recommendation=f"Add casts for {listed(c.name for c, _ in columns)}.",
    )
