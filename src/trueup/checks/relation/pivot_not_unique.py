"""REL006: a pivot table that takes the same pair twice."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.relation._links import PIVOT_KINDS, Told, is_unique, relations
from trueup.checks.wording import code, listed, php_list, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Table
from trueup.model.wanted import Wanted

_RELATION = """
    public function users()
    {
        return $this->belongsToMany(User::class);
    }
"""
_FILES = {**model(_RELATION), **model(name="User")}
_PIVOT = """
    Schema::create('cost_record_user', function (Blueprint $table) {
        $table->foreignId('cost_record_id')->constrained();
        $table->foreignId('user_id')->constrained();
        %s
    });
"""


def _tables(line: str) -> dict[str, str]:
    return {
        "2024_01_01_000000_users": table(name="users"),
        "2024_01_01_000001_records": table(),
        "2024_01_01_000002_pivot": _PIVOT % line,
    }


EXAMPLES = (
    failing(
        "The same user attached twice",
        given(migrations=_tables(""), files=_FILES),
        Expected(
            "info",
            "`cost_record_user` takes the same pair of `cost_record_id` and `user_id` more than once.",
            table="cost_record_user",
        ),
    ),
    clean(
        "The pair is the key",
        given(migrations=_tables("$table->primary(['cost_record_id', 'user_id']);"), files=_FILES),
    ),
)


@check(
    code="REL006",
    title="A pivot table without a unique index",
    severity="info",
    category="key",
    why="`attach()` called twice makes two rows: the related model is listed twice, counts and sums are wrong.",
    fix="Make the pair of keys the primary key, or unique, after removing duplicates.",
    examples=EXAMPLES,
)
def pivot_not_unique(facts: Facts) -> Iterator[Verdict]:
    seen: set[str] = set()
    for told in relations(facts):
        r = told.relation
        pivot = facts.schema.table(bare(r.pivot_table)) if r.kind in PIVOT_KINDS and r.pivot_table else None
        if pivot is None or pivot.name in seen:
            continue
        columns = [c for c in (r.pivot_foreign_key, r.pivot_related_key, r.morph_type) if c]
        known = len(columns) > 1 and all(pivot.column(c) is not None for c in columns)
        if known and not is_unique(pivot, frozenset(columns)) and not _has_wider_key(pivot, columns):
            seen.add(pivot.name)
            yield _finding(told, pivot, columns)


def _has_wider_key(pivot: Table, columns: list[str]) -> bool:
    """A unique set that takes more columns in says that a pair may come several times (a role, a year)."""
    wanted = {c.lower() for c in columns}
    return any((i.unique or i.primary) and wanted <= {c.lower() for c in i.columns} for i in pivot.indexes)


def _finding(told: Told, pivot: Table, columns: list[str]) -> Finding:
    return Finding(
        "REL006",
        "info",
        "key",
        f"{code(pivot.name)} takes the same {'pair' if len(columns) == 2 else 'set'} of {listed(sorted(columns))} more than once.",
        table=pivot.name,
        expected=f"a unique index on {', '.join(sorted(columns))}",
        found="none",
        locations=places(pivot.at, told.relation.at),
        recommendation=f"Add `$table->unique({php_list(sorted(columns))});` in a migration.",
        wants=(Wanted("unique", tuple(sorted(columns))),),
    )
