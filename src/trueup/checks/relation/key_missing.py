"""REL002: the model's own side of a relation is a column that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._stored import ATTRIBUTE_WAYS, bare
from trueup.checks.registry import check
from trueup.checks.relation._examples import BELONGS_TO, pair, tables
from trueup.checks.relation._links import PIVOT_KINDS, Told, relations
from trueup.checks.subjects import doubt_about_contents
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.schema import Table

EXAMPLES = (
    failing(
        "The key is called otherwise",
        given(migration=tables("$table->foreignId('owner_id');"), files=pair(BELONGS_TO)),
        Expected(
            "warning",
            "The relation `CostRecord::user` goes by `cost_records.user_id`, a column that does not exist.",
            table="cost_records",
            column="user_id",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "The model works the polymorphic pair out",
        given(
            migration=tables("$table->string('kind');"),
            files=pair(
                "public function source() { return $this->morphTo(__FUNCTION__, 'source_type', 'source_id'); }\n"
                "public function getAttribute($key) { return $key === 'source_id' ? 1 : parent::getAttribute($key); }"
            ),
        ),
    ),
    clean(
        "The relation names the key",
        given(
            migration=tables("$table->foreignId('owner_id');"),
            files=pair(BELONGS_TO.replace("User::class", "User::class, 'owner_id'")),
        ),
    ),
)


@check(
    code="REL002",
    title="A relation goes by a column that does not exist",
    severity="error",
    category="model",
    why="""The relation is always empty: the missing attribute reads as null, and nothing is said. Joins and `whereHas()` by it
        fail, and so does every query of the relation where `withPivot()` names it. (The related table's side is told by
        QRY002.)""",
    fix="Name the key in the relation, or add the column in a migration.",
    examples=EXAMPLES,
)
def key_missing(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[Location, str, str]] = set()
    for told in relations(facts):
        for table, column in _wanted(facts, told):
            key = (told.relation.at, table.name, column)
            if table.column(column) is not None or key in seen:
                continue
            seen.add(key)
            gap = doubt_about_contents(facts, table)
            if gap is not None:
                yield cannot_tell("REL002", f"{table.name}.{column}", gap, table.name)
            else:
                yield _finding(told, table, column)


def _wanted(facts: Facts, told: Told) -> Iterator[tuple[Table, str]]:
    """Columns that the relation reads and that its query does not name."""
    r = told.relation
    if r.kind == "belongsTo" and r.foreign_key and not _is_computed(told, r.foreign_key):
        yield told.table, r.foreign_key
    if r.kind == "belongsTo" and r.local_key and told.related_table is not None:
        yield told.related_table, r.local_key
    if r.kind == "morphTo":
        yield from ((told.table, c) for c in (r.morph_type, r.morph_id) if c and not _is_computed(told, c))
    if r.kind not in {"belongsTo", "morphTo"} and r.local_key and not _is_computed(told, r.local_key):
        yield told.table, r.local_key
    pivot = facts.schema.table(bare(r.pivot_table)) if r.kind in PIVOT_KINDS else None
    if pivot is not None:
        stamps = ("created_at", "updated_at") if r.pivot_timestamps and not r.using else ()
        yield from ((pivot, c) for c in (*r.pivot_columns, *stamps))


def _is_computed(told: Told, name: str) -> bool:
    """Whether an accessor gives the key's value: the relation works then, though no join by it does."""
    plain = name.replace("_", "").lower()
    return any(a.name.replace("_", "").lower() == plain for a in told.model.accessors) or bool(
        told.model.outside or ATTRIBUTE_WAYS & set(told.model.overrides)
    )


def _finding(told: Told, table: Table, column: str) -> Finding:
    selected = column in told.relation.pivot_columns and table.name == bare(told.relation.pivot_table)
    return Finding(
        "REL002",
        "error" if selected else "warning",
        "model",
        f"The relation {code(told.name)} goes by {code(f'{table.name}.{column}')}, a column that does not exist.",
        table=table.name,
        column=column,
        model=told.model.name,
        expected=f"a column {column}",
        found=", ".join(c.name for c in table.columns[:12]),
        locations=(told.relation.at, table.at),
        recommendation="Name the key that exists in the relation, or add the column in a migration.",
        key=told.relation.method,
    )
