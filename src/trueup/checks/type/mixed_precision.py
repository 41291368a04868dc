"""TYP005: the same amount, kept with different digits in different tables."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.domains import Exact, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, Table

_MIGRATION = """
    Schema::create('entries', fn (Blueprint $table) => [$table->id(), $table->decimal('total_cost', 16, 8)]);
    Schema::create('rollups', fn (Blueprint $table) => [$table->id(), $table->decimal('total_cost', %s)]);
"""

EXAMPLES = (
    failing(
        "Sums of eight digits into a column of two",
        given(migration=_MIGRATION % "12, 2"),
        Expected(
            "info",
            "`total_cost` is kept with 2 digits after the point in `rollups` and with 8 in `entries`.",
            column="total_cost",
        ),
    ),
    clean("The same digits", given(migration=_MIGRATION % "20, 8")),
)


@check(
    code="TYP005",
    title="The same amount with different digits",
    severity="info",
    category="type",
    why="What is copied or summed from one table into the other is rounded on the way: the two never agree to the last digit.",
    fix="Choose one number of digits after the point for the amount, the larger one.",
    examples=EXAMPLES,
)
def mixed_precision(facts: Facts) -> Iterator[Verdict]:
    found: dict[str, list[tuple[int, Table, Column]]] = {}
    for table in facts.schema.tables:
        for column in table.columns:
            domain = domain_of(column.type, facts.schema.driver)
            if (
                is_money(column.name)
                and isinstance(domain, Exact)
                and domain.scale is not None
                and "type" not in column.unknown
            ):
                found.setdefault(column.name.lower(), []).append((domain.scale, table, column))
    for name in sorted(found):
        if len({scale for scale, _, _ in found[name]}) > 1:
            yield _finding(name, found[name])


def _finding(name: str, kept: list[tuple[int, Table, Column]]) -> Finding:
    ordered = sorted(kept, key=lambda k: (k[0], k[1].name))
    groups = [
        (s, [t.name for scale, t, _ in ordered if scale == s]) for s in sorted({s for s, _, _ in ordered})
    ]
    first, *rest = [(s, ", ".join(code(t) for t in tables)) for s, tables in groups]
    text = f"with {first[0]} digit{'' if first[0] == 1 else 's'} after the point in {first[1]}"
    text += "".join(f" and with {s} in {tables}" for s, tables in rest)
    return Finding(
        "TYP005",
        "info",
        "type",
        f"{code(name)} is kept {text}.",
        column=name,
        expected=f"{groups[-1][0]} digits everywhere",
        found=", ".join(sorted({c.type for _, _, c in ordered})),
        locations=places(*(c.at for _, _, c in ordered)),
        recommendation=f"Widen the others to {groups[-1][0]} digits after the point.",
        effort="M",
    )
