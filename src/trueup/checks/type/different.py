"""TYP002: a column of another kind of type."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.type._judged import JudgedType, finding, judged_types
from trueup.model.audit import Facts
from trueup.model.findings import Verdict

_SQL = """
    CREATE TABLE usage_entries (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        conversation_id BIGINT NULL,
        cost DECIMAL(10,6) NOT NULL,
        metadata JSON NULL
    );
"""

EXAMPLES = (
    failing(
        "A number as text, money as floating point, JSON that nobody checks",
        given(
            sql=_SQL,
            migration="""
                Schema::create('usage_entries', function (Blueprint $table) {
                    $table->id();
                    $table->string('conversation_id')->nullable();
                    $table->double('cost');
                    $table->text('metadata')->nullable();
                });
            """,
        ),
        Expected(
            "error",
            "`usage_entries.cost` is double where DECIMAL(10,6) is required: binary floating point cannot hold decimal "
            "fractions exactly, so sums drift.",
            table="usage_entries",
            column="cost",
        ),
        Expected(
            "warning",
            "`usage_entries.conversation_id` is varchar(255) where BIGINT is required: it keeps numbers as text, compared and "
            "sorted character by character.",
            table="usage_entries",
            column="conversation_id",
        ),
        Expected(
            "warning",
            "`usage_entries.metadata` is text where JSON is required: it holds any text: nothing checks that it is JSON.",
            table="usage_entries",
            column="metadata",
        ),
    ),
    clean(
        "The server's own spelling of the same types",
        given(
            sql=_SQL,
            migration="""
                Schema::create('usage_entries', function (Blueprint $table) {
                    $table->id();
                    $table->bigInteger('conversation_id')->nullable();
                    $table->decimal('cost', 10, 6);
                    $table->json('metadata')->nullable();
                });
            """,
            driver="pgsql",
        ),
    ),
)


@check(
    code="TYP002",
    title="A column is of another kind of type",
    severity="error",
    category="type",
    why="""Values change on the way in (money in floating point), or are kept in a form that compares, sorts and joins otherwise: a
        number kept as text joins no integer key on PostgreSQL and uses no index on MySQL.""",
    fix="Change the column to the required type; convert the values in the same migration.",
    examples=EXAMPLES,
)
def different_type(facts: Facts) -> Iterator[Verdict]:
    for judged in judged_types(facts, "TYP002"):
        if isinstance(judged, JudgedType) and judged.verdict.kind == "different":
            yield finding(judged, "TYP002", "error" if judged.verdict.loses else "warning")
