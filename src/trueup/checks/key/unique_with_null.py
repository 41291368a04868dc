"""KEY007: required uniqueness that NULL undermines."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, paired_tables
from trueup.checks.wording import code, listed, places
from trueup.compare.indexes import serving
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index

_SQL = """
    CREATE TABLE limits (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT UNSIGNED NOT NULL,
        project_id BIGINT UNSIGNED {},
        UNIQUE (user_id, project_id)
    );
"""
_TABLE = """
    Schema::create('limits', function (Blueprint $table) {{
        $table->id();
        $table->unsignedBigInteger('user_id');
        $table->unsignedBigInteger('project_id'){};
        $table->unique(['user_id', 'project_id']);
    }});
"""

EXAMPLES = (
    failing(
        "Two limits of one user without a project",
        given(sql=_SQL.format("NULL"), migration=_TABLE.format("->nullable()")),
        Expected(
            "warning",
            "`limits` keeps (user_id, project_id) unique, but not where `project_id` is NULL.",
            table="limits",
            index="limits_user_id_project_id_unique",
        ),
    ),
    clean("No part may be NULL", given(sql=_SQL.format("NOT NULL"), migration=_TABLE.format(""))),
)


@check(
    code="KEY007",
    title="NULL undermines required uniqueness",
    severity="warning",
    category="key",
    why="""Two NULLs are never equal: of rows that have NULL in one of the columns there can be any number of equal ones. An upsert
        on these columns then inserts again and again.""",
    fix="""Make the columns NOT NULL with a value that means "none", or keep the rows with NULL apart by an index of their own: a
        partial one on PostgreSQL and SQLite, one over a generated column on MySQL.""",
    examples=EXAMPLES,
)
def unique_with_null(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.indexes:
            if required.primary or not required.unique or len(required.columns) < 2 or required.where:
                continue
            index = serving(required, table.here(required.columns), table.existing)
            nullable = _nullable(table, index) if index is not None else []
            if index is not None and nullable:
                yield _finding(table, index, nullable)


def _nullable(table: PairedTable, index: Index) -> list[str]:
    columns = [table.existing.column(c) for c in index.columns]
    return [c.name for c in columns if c is not None and c.nullable and "nullable" not in c.unknown]


def _finding(table: PairedTable, index: Index, nullable: list[str]) -> Finding:
    either = listed(nullable).replace(" and ", " or ")
    return Finding(
        "KEY007",
        "warning",
        "key",
        f"{code(table.shown)} keeps ({', '.join(index.columns)}) unique, but not where {either} is NULL.",
        table=table.name,
        index=index.name,
        expected=f"UNIQUE ({', '.join(index.columns)}) for every row",
        found=f"{', '.join(nullable)} may be NULL",
        locations=places(index.at, *(c.at for c in table.existing.columns if c.name in nullable)),
        recommendation=f"Make {listed(nullable)} NOT NULL with a value that means none, or add an index for the rows with NULL.",
        effort="M",
    )
