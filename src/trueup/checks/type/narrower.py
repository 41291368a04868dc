"""TYP001: a column that cannot hold every required value."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.type._judged import JudgedType, finding, judged_types
from trueup.compare.names import words
from trueup.model.audit import Facts
from trueup.model.findings import Verdict
from trueup.model.names import Severity

_SQL = """
    CREATE TABLE usage_entries (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        cost DECIMAL(10,6) NOT NULL,
        model VARCHAR(100) NOT NULL,
        tokens BIGINT NOT NULL,
        delta INT NOT NULL
    );
"""

EXAMPLES = (
    failing(
        "Fewer digits, fewer characters, a smaller number, no sign",
        given(
            sql=_SQL,
            migration="""
                Schema::create('usage_entries', function (Blueprint $table) {
                    $table->id();
                    $table->decimal('cost', 10, 4);
                    $table->string('model', 50);
                    $table->integer('tokens');
                    $table->unsignedInteger('delta');
                });
            """,
        ),
        Expected(
            "error",
            "`usage_entries.cost` is decimal(10,4) where DECIMAL(10,6) is required: it keeps 4 digits after the point instead "
            "of 6.",
            table="usage_entries",
            column="cost",
        ),
        Expected(
            "error",
            "`usage_entries.model` is varchar(50) where VARCHAR(100) is required: it ends at 50 characters instead of 100.",
            table="usage_entries",
            column="model",
        ),
        Expected(
            "error",
            "`usage_entries.tokens` is int where BIGINT is required: it ends at 2,147,483,647 instead of "
            "9,223,372,036,854,775,807.",
            table="usage_entries",
            column="tokens",
        ),
        Expected(
            "warning",
            "`usage_entries.delta` is int unsigned where INT is required: it holds no negative numbers.",
            table="usage_entries",
            column="delta",
        ),
    ),
    clean(
        "Everything fits, and keys are never negative",
        given(
            sql="""
                CREATE TABLE usage_entries (
                    id BIGINT AUTO_INCREMENT PRIMARY KEY,
                    user_id BIGINT NOT NULL,
                    cost DECIMAL(10,6) NOT NULL,
                    is_final BOOLEAN NOT NULL
                );
            """,
            migration="""
                Schema::create('usage_entries', function (Blueprint $table) {
                    $table->id();
                    $table->unsignedBigInteger('user_id');
                    $table->decimal('cost', 12, 6);
                    $table->boolean('is_final');
                });
            """,
        ),
    ),
)


@check(
    code="TYP001",
    title="A column cannot hold every required value",
    severity="error",
    category="type",
    why="""Values are rounded, cut off or refused. A cost of 0.000150 in four digits after the point is stored as 0.0002, a third
        too much, and nothing says so. Where only negative numbers are lost, or a percentage has fewer digits, it is a warning.""",
    fix="Change the column to the required type; narrowing was never needed, so no value is lost by widening.",
    examples=EXAMPLES,
)
def narrower_type(facts: Facts) -> Iterator[Verdict]:
    for judged in judged_types(facts, "TYP001"):
        if not isinstance(judged, JudgedType):
            yield judged
        elif judged.verdict.kind == "narrower":
            yield finding(judged, "TYP001", _severity(judged))


def _severity(judged: JudgedType) -> Severity:
    """Negative numbers are seldom meant, and a percentage fits into three digits before the point."""
    percentage = (
        "percentage" in words(judged.column.required.name) and "before the point" in judged.verdict.reason
    )
    return "warning" if judged.verdict.sign_only or percentage else "error"
