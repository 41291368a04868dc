"""IDX006: indexes that do nothing that another does not."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import NO_GROWTH, growth_by_table, severity_by
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.indexes.redundancy import Redundant, redundant_indexes
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.shapes import Growth

_TABLE = """
    Schema::create('visits', function (Blueprint $table) {
        $table->id();
        $table->unsignedBigInteger('visitor_id');
        $table->timestamp('visited_at');
        $table->%s;
        $table->%s;
    });
"""

EXAMPLES = (
    failing(
        "The beginning of a longer one",
        given(migration=_TABLE % ("index('visitor_id')", "index(['visitor_id', 'visited_at'])")),
        Expected(
            "info",
            "`visits_visitor_id_index` (visitor_id) of `visits` is the beginning of `visits_visitor_id_visited_at_index` "
            "(visitor_id, visited_at).",
            table="visits",
            index="visits_visitor_id_index",
        ),
    ),
    failing(
        "The primary key again",
        given(migration=_TABLE % ("unique('id')", "index('visited_at')")),
        Expected(
            "info",
            "`visits_id_unique` (id) of `visits` repeats the primary key.",
            table="visits",
            index="visits_id_unique",
        ),
    ),
    failing(
        "A unique one finds rows as well",
        given(migration=_TABLE % ("index('visitor_id')", "unique('visitor_id')")),
        Expected(
            "info",
            "`visits_visitor_id_index` (visitor_id) of `visits` repeats `visits_visitor_id_unique`.",
            table="visits",
            index="visits_visitor_id_index",
        ),
    ),
    clean(
        "(a, b) does not find rows by b",
        given(migration=_TABLE % ("index('visited_at')", "index(['visitor_id', 'visited_at'])")),
    ),
    clean(
        "A unique beginning is a rule of its own",
        given(migration=_TABLE % ("unique('visitor_id')", "index(['visitor_id', 'visited_at'])")),
    ),
    clean(
        "A partial one has other rows",
        given(
            migration=(_TABLE % ("index('visited_at')", "index(['visitor_id', 'visited_at'])"))
            + "    DB::statement('CREATE INDEX visits_open ON visits (visitor_id) WHERE visited_at IS NULL');\n",
            driver="pgsql",
        ),
    ),
)
_HOW = {
    "duplicate": "repeats {other}",
    "primary": "repeats the primary key",
    "prefix": "is the beginning of {other} ({columns})",
}


@check(
    code="IDX006",
    title="A redundant index",
    severity="warning",
    category="index",
    why="""Each insert and delete writes it, each change of its columns too; it takes memory from indexes that are used. It finds
        nothing that the other does not find as fast.""",
    fix="""Drop it in a migration, after a look at the queries that name it (`USE INDEX`). On MySQL an index that a foreign key goes
        by can only go where another serves the key; Trueup tells only of those.""",
    examples=EXAMPLES,
)
def redundant(facts: Facts) -> Iterator[Verdict]:
    growth = growth_by_table(facts)
    for one in redundant_indexes(facts.schema):
        yield _finding(one, growth.get(one.table.name.lower(), NO_GROWTH))


def _finding(one: Redundant, growth: Growth) -> Finding:
    other = code(one.by.name)
    how = _HOW[one.reason].format(other=other, columns=", ".join(one.by.columns))
    kind = "Unique" if one.index.unique else "Index"
    return Finding(
        "IDX006",
        severity_by(growth),
        "index",
        f"{code(one.index.name)} ({', '.join(one.index.columns)}) of {code(one.table.name)} {how}.",
        table=one.table.name,
        index=one.index.name,
        expected=f"{one.by.name} alone",
        found=f"{one.index.name} beside it",
        locations=places(one.index.at, one.by.at, one.table.at),
        recommendation=f"Drop it in a migration: {code(f'$table->drop{kind}({one.index.name!r});')}.",
    )
