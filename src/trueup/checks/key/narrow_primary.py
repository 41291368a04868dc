"""KEY014: primary keys that count in 32 bits."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table, paired_tables
from trueup.checks.wording import counted, listed, places
from trueup.compare.domains import Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column, Table

EXAMPLES = (
    failing(
        "`increments()`",
        given(migration="Schema::create('entries', fn (Blueprint $table) => $table->increments('id'));"),
        Expected("info", "1 table counts its rows in 32 bits or fewer: `entries`."),
    ),
    clean("`id()`", given(migration="Schema::create('entries', fn (Blueprint $table) => $table->id());")),
)


@check(
    code="KEY014",
    title="Primary keys of 32 bits",
    severity="info",
    category="key",
    why="""After 4 294 967 295 rows (half as many where the key is signed), deleted ones included, every insert fails; widening a
        key then means to rewrite the table and all that refer to it.""",
    fix="Use `id()` for tables that grow. Small tables may stay as they are.",
    examples=EXAMPLES,
)
def narrow_primary(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver == "sqlite":
        return
    judged = {p.existing.name for p in paired_tables(facts)}
    tables = [t for t in facts.schema.tables if t.name not in judged and not is_framework_table(t.name)]
    narrow = [(t, c) for t in tables if (c := _counter(t)) is not None and _is_narrow(facts, c)]
    if narrow:
        names = [t.name for t, _ in narrow]
        yield Finding(
            "KEY014",
            "info",
            "key",
            f"{counted(len(names), 'table counts its', 'tables count their')} rows in 32 bits or fewer: {listed(names)}.",
            expected="bigint",
            found=", ".join(sorted({c.type for _, c in narrow})),
            locations=places(*(c.at for _, c in narrow)),
            recommendation="Widen the keys of tables that grow, together with the columns that refer to them.",
            effort="L",
        )


def _counter(table: Table) -> Column | None:
    """The one column of the primary key, where it counts by itself."""
    primary = table.primary_key
    column = table.column(primary.columns[0]) if primary is not None and len(primary.columns) == 1 else None
    return column if column is not None and column.counts else None


def _is_narrow(facts: Facts, column: Column) -> bool:
    domain = domain_of(column.type, facts.schema.driver)
    return isinstance(domain, Integer) and (domain.bits or 64) < 64
