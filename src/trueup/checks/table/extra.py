"""TBL003: tables that no document requires, where the documents mean to describe the whole schema."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table, paired_tables
from trueup.checks.wording import counted, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_SQL = """
    CREATE TABLE authors (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL);
    CREATE TABLE essays (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, title VARCHAR(200) NOT NULL);
"""
_MIGRATION = """
    Schema::create('authors', function (Blueprint $table) { $table->id(); $table->string('name', 100); });
    Schema::create('essays', function (Blueprint $table) { $table->id(); $table->string('title', 200); });
"""

EXAMPLES = (
    failing(
        "One table more than the specification has",
        given(
            sql=_SQL,
            migration=_MIGRATION + "    Schema::create('drafts', fn (Blueprint $table) => $table->id());\n",
        ),
        Expected("info", "1 table is in the schema and in no document: `drafts`."),
    ),
    clean(
        "The documents describe a small part of the schema, so the rest is not their subject",
        given(
            sql=_SQL,
            migration=_MIGRATION
            + "".join(
                f"    Schema::create('t{n}', fn (Blueprint $table) => $table->id());\n" for n in range(3)
            ),
        ),
    ),
)


@check(
    code="TBL003",
    title="Tables that no document requires",
    severity="info",
    category="table",
    why="""A table that nobody wrote down is either undocumented or left over. Where the documents cover only a part of the schema
        (fewer than half of its tables) this is not asked, since the rest is not their subject; the inventory lists it all the
        same.""",
    fix="Describe the tables in the specification, or drop those that nothing uses.",
    examples=EXAMPLES,
)
def extra_tables(facts: Facts) -> Iterator[Verdict]:
    extra = [t for t in facts.comparison.extra if not is_framework_table(t.name)]
    paired = sum(1 for _ in paired_tables(facts))
    if not extra or paired < 2 or paired < len(extra):
        return
    names = sorted(t.name for t in extra)
    yield Finding(
        "TBL003",
        "info",
        "table",
        f"{counted(len(extra), 'table')} {'is' if len(extra) == 1 else 'are'} in the schema and in no document: {listed(names)}.",
        expected="every table described",
        found=", ".join(names),
        locations=places(*(t.at for t in extra)),
        recommendation="Describe them in the specification, or drop what no code uses.",
        effort="M",
    )
