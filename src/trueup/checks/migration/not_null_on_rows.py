"""MIG009: a column that must not be NULL, added without default to a table that may have rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.migration._history import on_existing_tables, writes_after
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places, shown_type
from trueup.compare.domains import Date, Moment, domain_of
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import Change
from trueup.model.schema import Column

_GOODS = "Schema::create('goods', fn (Blueprint $table) => $table->id());"


def _adding(column: str) -> dict[str, str]:
    return {
        "2024_01_01_000000_goods": _GOODS,
        "2024_02_01_000000_maker": f"Schema::table('goods', fn (Blueprint $table) => {column});",
    }


EXAMPLES = (
    failing(
        "What do the rows that are there get?",
        given(migrations=_adding("$table->string('maker')"), driver="pgsql"),
        Expected(
            "warning",
            "`2024_02_01_000000_maker` adds `goods.maker` NOT NULL without default to a table that may have rows.",
            table="goods",
            column="maker",
        ),
    ),
    clean(
        "A default for them",
        given(migrations=_adding("$table->string('maker')->default('unknown')"), driver="pgsql"),
    ),
)


@check(
    code="MIG009",
    title="NOT NULL without default on a table with rows",
    severity="warning",
    category="migration",
    why="""It works on an empty database and in the tests. In production PostgreSQL refuses it, MySQL refuses it for dates, and
        otherwise invents a value for every row that is there: an empty text, 0, an ENUM's first value; that alone is told as
        info. Where the migration writes data afterwards it is taken to fill the column.""",
    fix="Add the column nullable, fill it, and make it NOT NULL in a later step; or give it a default.",
    examples=EXAMPLES,
)
def not_null_on_rows(facts: Facts) -> Iterator[Verdict]:
    bare = [
        (m, c, c.after)
        for m, c in on_existing_tables(facts, "add column")
        if c.after and _must_be_given(c.after)
    ]
    for (name, table), group in groupby(bare, key=lambda b: (b[0].name, b[1].table)):
        added = list(group)
        if not _is_filled(facts, added):
            yield _finding(facts, name, table, [c for _, c, _ in added], [c for _, _, c in added])


def _must_be_given(column: Column) -> bool:
    known = not {"nullable", "default"} & set(column.unknown)
    given_by_server = column.default is not None or column.counts or bool(column.generated)
    return known and not column.nullable and not given_by_server


def _is_filled(facts: Facts, added: list[tuple[MigrationFile, Change, Column]]) -> bool:
    """The migration fills what it added, on the servers that let it come so far."""
    invents = facts.schema.driver in ("mysql", "mariadb")
    return invents and all(writes_after(m, c) and not _is_refused(facts, column) for m, c, column in added)


def _is_refused(facts: Facts, column: Column) -> bool:
    """Whether the server refuses the column as soon as there is a row, rather than inventing a value."""
    if facts.schema.driver in ("pgsql", "sqlite"):
        return True
    return isinstance(domain_of(column.type, facts.schema.driver), (Date, Moment))


def _finding(facts: Facts, name: str, table: str, changes: list[Change], columns: list[Column]) -> Finding:
    refused = [c for c in columns if _is_refused(facts, c)]
    them = "them" if len(columns) > 1 else "it"
    effect = (
        "the server refuses it as soon as there is a row"
        if refused
        else "rows that are there get an empty text or 0"
    )
    return Finding(
        "MIG009",
        "warning" if refused else "info",
        "migration",
        f"{code(name)} adds {listed(f'{table}.{c.name}' for c in columns)} NOT NULL without default to a table that may have rows.",
        table=table,
        column=columns[0].name if len(columns) == 1 else "",
        expected="nullable, or a default",
        found=f"{', '.join(shown_type(c.type) for c in columns)} NOT NULL: {effect}",
        locations=places(*(c.at for c in changes)),
        recommendation=f"Add {them} nullable, fill {them}, and make {them} NOT NULL in a later step; or give a default.",
        effort="S",
        key=name,
    )
