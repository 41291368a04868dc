"""IDX001: a required index whose work no index does."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, doubt_about_contents, paired_tables, unsure
from trueup.checks.wording import code, php_list, places
from trueup.compare.indexes import nearest, serving
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index
from trueup.model.spec import RequiredIndex

_SQL = """
    CREATE TABLE usage_entries (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT UNSIGNED NOT NULL,
        used_at TIMESTAMP NULL,
        INDEX idx_user_date (user_id, used_at)
    );
"""
_COLUMNS = """
    Schema::create('usage_entries', function (Blueprint $table) {
        $table->id();
        $table->unsignedBigInteger('user_id');
        $table->timestamp('used_at')->nullable();
"""

EXAMPLES = (
    failing(
        "Two indexes of one column are not one of two",
        given(
            sql=_SQL,
            migration=_COLUMNS
            + "        $table->index('user_id');\n        $table->index('used_at');\n    });",
        ),
        Expected(
            "warning",
            "`usage_entries` has no index that leads with (user_id, used_at).",
            table="usage_entries",
            index="user_id, used_at",
        ),
    ),
    clean(
        "A longer index that begins with the required columns, under another name",
        given(
            sql=_SQL,
            migration=_COLUMNS + "        $table->index(['user_id', 'used_at', 'id'], 'by_user');\n    });",
        ),
    ),
)


@check(
    code="IDX001",
    title="A required index is missing",
    severity="warning",
    category="index",
    why="""Queries that the index was meant for read the whole table; it is not noticed until the table has grown. An index that
        begins with the required columns counts, whatever its name.""",
    fix="`$table->index([...])`. On a large table: `->online()` or CONCURRENTLY on PostgreSQL, outside a transaction.",
    examples=EXAMPLES,
)
def missing_index(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.indexes:
            if required.unique or required.primary:
                continue
            columns = table.here(required.columns)
            if serving(required, columns, table.existing) is not None:
                continue
            doubt = doubt_about_contents(facts, table.existing)
            subject = f"{table.shown} index ({', '.join(columns)})"
            yield (
                unsure("IDX001", subject, doubt, table.name) if doubt else _finding(table, required, columns)
            )


def _finding(table: PairedTable, required: RequiredIndex, columns: tuple[str, ...]) -> Finding:
    near = nearest(columns, table.existing)
    lacking = [c for c in columns if table.existing.column(c) is None]
    special = required.kind not in ("btree", "")
    kind = f"{required.kind} index over" if special else "index that leads with"
    method = {"fulltext": "fullText", "spatial": "spatialIndex"}.get(required.kind, "index")
    statement = f"$table->{method}({php_list(columns)});"
    return Finding(
        "IDX001",
        "warning",
        "index",
        f"{code(table.shown)} has no {kind} ({', '.join(columns)}).",
        table=table.name,
        index=", ".join(required.columns),
        expected=f"{required.kind.upper() + ' ' if special else ''}INDEX {required.name + ' ' if required.name else ''}"
        f"({', '.join(required.columns)})",
        found=_found(near) + table.why_not,
        locations=places(required.at, near.at if near else None, table.existing.at),
        recommendation=f"Add {code(statement)} to {code(table.shown)}"
        + (f", together with the missing column {lacking[0]}." if lacking else "."),
        effort="S",
    )


def _found(near: Index | None) -> str:
    return (
        f"nearest is {near.name} ({', '.join(near.columns)})"
        if near
        else "no index that begins with these columns"
    )
