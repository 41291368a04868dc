"""MOD016: an enum class and the column that it is cast from list different values."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, allowed_values, shown, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.compare.domains import Text, domain_of
from trueup.model.audit import Facts
from trueup.model.eloquent import Cast, EnumClass
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.schema import Column
from trueup.model.wanted import Wanted

_MIGRATION = table("$table->enum('period', ['daily', 'monthly']);")
_ENUM = """
    <?php

    namespace App\\Models;

    enum Period: string
    {
        case Daily = 'daily';
        case Monthly = 'monthly';
        case Weekly = 'weekly';
    }
"""
_MODEL = model("protected $casts = ['period' => Period::class];")

EXAMPLES = (
    failing(
        "A case that the column does not take",
        given(migration=_MIGRATION, files={**_MODEL, "app/Models/Period.php": _ENUM}),
        Expected(
            "warning",
            "`Period` and `cost_records.period` differ: the column does not take `weekly`.",
            table="cost_records",
            column="period",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "The same values",
        given(
            migration=_MIGRATION,
            files={**_MODEL, "app/Models/Period.php": _ENUM.replace("        case Weekly = 'weekly';\n", "")},
        ),
    ),
)


@check(
    code="MOD016",
    title="An enum class and its column differ",
    severity="warning",
    category="model",
    why="""A case that the column does not take is refused when it is saved (or stored as '' outside strict mode); a stored value
        without a case raises ValueError as soon as it is read.""",
    fix="Bring both lists together, in a migration or in the enum.",
    examples=EXAMPLES,
)
def enum_cast(facts: Facts) -> Iterator[Verdict]:
    enums = {e.name.lower(): e for e in facts.eloquent.enums if e.backing == "string"}
    seen: set[tuple[Location, str]] = set()
    for stored in stored_models(facts):
        for cast in stored.model.casts:
            enum = enums.get(cast.cast.lstrip("\\").lower())
            column = stored.table.column(cast.attribute)
            if (
                enum is None
                or column is None
                or "type" in column.unknown
                or (cast.at, cast.attribute) in seen
            ):
                continue
            wrong = _difference(stored, enum, column, facts)
            if wrong:
                seen.add((cast.at, cast.attribute))
                yield _finding(stored, cast, enum, column, wrong)


def _difference(stored: Stored, enum: EnumClass, column: Column, facts: Facts) -> str:
    cases = [value for _, value in enum.cases]
    allowed = allowed_values(stored.table, column)
    if allowed:
        refused = [c for c in cases if c.lower() not in {a.lower() for a in allowed}]
        unread = [a for a in allowed if a not in cases]
        parts = [f"the column does not take {listed(refused)}"] if refused else []
        parts += [f"the class has no case for {listed(unread)}"] if unread else []
        return "; ".join(parts)
    domain = domain_of(column.type, facts.schema.driver)
    if isinstance(domain, Text) and domain.length is not None:
        long = [c for c in cases if len(c) > (domain.length or 0)]
        return f"{listed(long)} {'is' if len(long) == 1 else 'are'} longer than {column.type}" if long else ""
    return ""


def _finding(stored: Stored, cast: Cast, enum: EnumClass, column: Column, wrong: str) -> Finding:
    short = enum.name.rsplit("\\", 1)[-1]
    return Finding(
        "MOD016",
        "warning",
        "model",
        f"{code(short)} and {shown(stored.table, column)} differ: {wrong}.",
        table=stored.table.name,
        column=column.name,
        model=stored.model.name,
        expected=", ".join(value for _, value in enum.cases),
        found=", ".join(allowed_values(stored.table, column)) or column.type,
        locations=(enum.at, column.at, cast.at),
        recommendation=f"Change the column in a migration, or the cases of {code(short)}.",
        wants=(Wanted("values", (column.name,), values=tuple(value for _, value in enum.cases)),),
    )
