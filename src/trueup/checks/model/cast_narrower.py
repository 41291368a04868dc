"""MOD015: a cast that loses digits which the column keeps."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, shown, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.compare.domains import Exact, domain_of
from trueup.model.audit import Facts
from trueup.model.eloquent import Cast
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.schema import Column

_MIGRATION = table("$table->decimal('cost', 12, 6);\n$table->decimal('share', 5, 4);")


def _expected(text: str) -> Expected:
    return Expected("warning", text, table="cost_records", column="cost", model="App\\Models\\CostRecord")


EXAMPLES = (
    failing(
        "Two digits of six",
        given(migration=_MIGRATION, files=model("protected $casts = ['cost' => 'decimal:2'];")),
        _expected(
            "`CostRecord` casts `cost_records.cost` to decimal:2, but the column keeps 6 digits after the point."
        ),
    ),
    failing(
        "Money in floating point",
        given(
            migration=_MIGRATION, files=model("protected $casts = ['cost' => 'float', 'share' => 'float'];")
        ),
        _expected(
            "`CostRecord` casts `cost_records.cost` to float, binary floating point, but the column is exact."
        ),
    ),
    clean("All six", given(migration=_MIGRATION, files=model("protected $casts = ['cost' => 'decimal:6'];"))),
)
_FLOATS = frozenset({"float", "double", "real"})
_INTEGERS = frozenset({"int", "integer"})


@check(
    code="MOD015",
    title="A cast loses digits",
    severity="warning",
    category="model",
    why="""What is read is not what is stored: amounts are rounded on reading, and on writing back the loss is stored. Sums in
        binary floating point drift.""",
    fix="Cast to `decimal:n` with the column's own digits.",
    examples=EXAMPLES,
)
def cast_narrower(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[Location, str]] = set()
    for stored in stored_models(facts):
        for cast in stored.model.casts:
            column = stored.table.column(cast.attribute)
            if column is None or "type" in column.unknown or (cast.at, cast.attribute) in seen:
                continue
            loss = _loss(cast, column, domain_of(column.type, facts.schema.driver))
            if loss:
                seen.add((cast.at, cast.attribute))
                yield _finding(stored, cast, column, loss)


def _loss(cast: Cast, column: Column, domain: object) -> str:
    """What the cast loses, as the end of a sentence; "" for nothing."""
    if not isinstance(domain, Exact) or not domain.scale:
        return ""
    name, _, digits = cast.cast.lower().partition(":")
    kept = f"but the column keeps {domain.scale} digits after the point"
    if name == "decimal" and digits.isdigit() and int(digits) < domain.scale:
        return f"decimal:{digits}, {kept}"
    if name in _INTEGERS:
        return f"{name}, {kept}"
    if name in _FLOATS and is_money(column.name):
        return f"{name}, binary floating point, but the column is exact"
    return ""


def _finding(stored: Stored, cast: Cast, column: Column, loss: str) -> Finding:
    scale = getattr(domain_of(column.type), "scale", 0)
    return Finding(
        "MOD015",
        "warning",
        "model",
        f"{code(stored.model.short)} casts {shown(stored.table, column)} to {loss}.",
        table=stored.table.name,
        column=column.name,
        model=stored.model.name,
        expected=f"decimal:{scale}",
        found=cast.cast,
        locations=(cast.at, column.at),
        recommendation=f"Cast {code(column.name)} to `decimal:{scale}`.",
    )
