"""KEY003: uniqueness beyond the specification, which refuses rows that are allowed."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, paired_tables
from trueup.checks.wording import code, places
from trueup.compare.indexes import lowered
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index

_SQL = """
    CREATE TABLE alert_settings (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT UNSIGNED NOT NULL,
        kind VARCHAR(50) NOT NULL
    );
"""

EXAMPLES = (
    failing(
        "One row a user and kind, which nobody wrote down",
        given(
            sql=_SQL,
            migration="""
                Schema::create('alert_settings', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('user_id');
                    $table->string('kind', 50);
                    $table->unique(['user_id', 'kind']);
                });
            """,
        ),
        Expected(
            "info",
            "`alert_settings` refuses a second row with the same (user_id, kind), which the specification allows.",
            table="alert_settings",
            index="alert_settings_user_id_kind_unique",
        ),
    ),
    clean(
        "A unique index over a column that the specification does not know is not its subject",
        given(
            sql=_SQL,
            migration="""
                Schema::create('alert_settings', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('user_id');
                    $table->string('kind', 50);
                    $table->uuid('public_id')->unique();
                });
            """,
        ),
    ),
)


@check(
    code="KEY003",
    title="Uniqueness beyond the specification",
    severity="info",
    category="key",
    why="Rows that the specification allows are refused; code that is written to it meets errors that it does not expect.",
    fix="Put the uniqueness into the specification, or drop the index.",
    examples=EXAMPLES,
)
def stricter_unique(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        if table.required.complete and table.required.kind in ("sql", "php"):
            for index in table.existing.indexes:
                if index.unique and not index.primary and _refuses(table, index):
                    yield _finding(table, index)


def _refuses(table: PairedTable, index: Index) -> bool:
    """Whether every column is required and no required key already keeps these columns unique."""
    names = {p.existing.name.lower() for p in table.pair.columns if p.existing is not None}
    columns = set(lowered(index.columns))
    keys = [set(lowered(table.here(i.columns))) for i in table.required.indexes if i.unique or i.primary]
    return bool(columns) and columns <= names and not any(k <= columns for k in keys)


def _finding(table: PairedTable, index: Index) -> Finding:
    columns = ", ".join(index.columns)
    return Finding(
        "KEY003",
        "info",
        "key",
        f"{code(table.shown)} refuses a second row with the same ({columns}), which the specification allows.",
        table=table.name,
        index=index.name,
        expected="no such uniqueness",
        found=f"UNIQUE {index.name} ({columns})",
        locations=places(index.at, table.required.at),
        recommendation=f"Put UNIQUE ({columns}) into the specification, or drop {code(index.name)}.",
        effort="S",
    )
