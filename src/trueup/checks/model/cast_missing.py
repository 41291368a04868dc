"""MOD007: a cast of a column that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, doubt, is_virtual, lines_of, named, once, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->decimal('cost', 12, 6);")
_AGGREGATE = re.compile(
    r"_(count|exists|sum|min|max|avg)(_|$)|^(pivot|laravel)_|^(total|sum|count|avg|min|max)(_|$)"
)
"""What `withCount()`, `withSum()` and select lists make."""

EXAMPLES = (
    failing(
        "The column was renamed, the cast was not",
        given(
            migration=_MIGRATION,
            files=model("protected $casts = ['cost' => 'decimal:6', 'fee' => 'decimal:6'];"),
        ),
        Expected(
            "warning",
            "`CostRecord` casts `fee`, which `cost_records` does not have.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "A count that a query adds",
        given(
            migration=_MIGRATION,
            files=model("protected $casts = ['cost' => 'decimal:6', 'entries_count' => 'integer'];"),
        ),
    ),
)


@check(
    code="MOD007",
    title="A cast names a column that does not exist",
    severity="warning",
    category="model",
    why="The cast never takes effect; the column that it was meant for is read as the driver gives it.",
    fix="Name the column that exists, or take the cast out.",
    examples=EXAMPLES,
)
def cast_missing(facts: Facts) -> Iterator[Verdict]:
    made = frozenset(alias.lower() for site in facts.queries.sites for alias in site.aliases)
    found = ((s, _missing(s, made)) for s in stored_models(facts))
    for stored, names in once(found):
        yield doubt("MOD007", facts, stored) or _finding(stored, names)


def _missing(stored: Stored, made: frozenset[str]) -> tuple[Attribute, ...]:
    """Names that some select list makes are left alone: a cast works on these too."""
    casts = (*(Attribute(c.attribute, c.at) for c in stored.model.casts), *stored.model.dates)
    appended = {a.name for a in stored.model.appends}
    return tuple(
        a
        for a in casts
        if "." not in a.name
        and not stored.has(a.name)
        and a.name.lower() not in made
        and a.name not in appended
        and not _AGGREGATE.search(a.name.lower())
        and not is_virtual(stored.model, a.name)
    )


def _finding(stored: Stored, names: tuple[Attribute, ...]) -> Finding:
    model_, table_ = stored.model, stored.table
    return Finding(
        "MOD007",
        "warning",
        "model",
        f"{code(model_.short)} casts {named(names)}, which {code(table_.name)} does not have.",
        table=table_.name,
        model=model_.name,
        expected=f"columns of {table_.name}",
        found=", ".join(a.name for a in names),
        locations=(*lines_of(names), table_.at),
        recommendation=f"Take the cast of {named(names)} out, or name the column that is meant.",
    )
