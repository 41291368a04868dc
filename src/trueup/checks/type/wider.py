"""TYP003: a column that holds more than required."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.type._judged import JudgedType, finding, judged_types
from trueup.model.audit import Facts
from trueup.model.findings import Verdict

_SQL = "CREATE TABLE models (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL);"

EXAMPLES = (
    failing(
        "Longer texts fit",
        given(
            sql=_SQL,
            migration="Schema::create('models', fn (Blueprint $table) => [$table->id(), $table->string('name')]);",
        ),
        Expected(
            "info",
            "`models.name` is varchar(255) where VARCHAR(100) is required: it holds longer texts.",
            table="models",
            column="name",
        ),
    ),
    clean(
        "The required type",
        given(
            sql=_SQL,
            migration="Schema::create('models', fn (Blueprint $table) => [$table->id(), $table->string('name', 100)]);",
        ),
    ),
)


@check(
    code="TYP003",
    title="A column holds more than required",
    severity="info",
    category="type",
    why="Every required value fits. Values that the specification excludes fit too, and nobody will notice them.",
    fix="Nothing must be done; put the wider type into the specification, or keep the limit in validation.",
    examples=EXAMPLES,
)
def wider_type(facts: Facts) -> Iterator[Verdict]:
    for judged in judged_types(facts, "TYP003"):
        if isinstance(judged, JudgedType) and judged.verdict.kind == "wider":
            yield finding(judged, "TYP003", "info")
