"""SPEC002: SQL of the specification that a server would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.spec import SpecDefect

_SQL = "CREATE TABLE alerts (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, channels JSON NULL{});"
_MIGRATION = "Schema::create('alerts', fn (Blueprint $t) => [$t->id(), $t->json('channels')->nullable()]);"

EXAMPLES = (
    failing(
        "MySQL allows no literal default on JSON",
        given(sql=_SQL.format(" DEFAULT '[50, 75]'"), migration=_MIGRATION),
        Expected(
            "warning",
            "The specification of `alerts.channels` is defective: MySQL refuses a literal default on a JSON column; "
            "('[50, 75]') in brackets is taken from 8.0.13 on.",
            table="alerts",
            column="channels",
        ),
    ),
    clean("No default", given(sql=_SQL.format(""), migration=_MIGRATION)),
)


@check(
    code="SPEC002",
    title="The specification's SQL is defective",
    severity="warning",
    category="spec",
    why="""Whoever runs the SQL as it is written gets an error, and whoever translates it must guess what was meant. No schema can
        satisfy it to the letter.""",
    fix="Correct the SQL in the document.",
    examples=EXAMPLES,
)
def defect(facts: Facts) -> Iterator[Verdict]:
    for one in facts.specification.defects:
        yield Finding(
            "SPEC002",
            "warning",
            "spec",
            _message(one),
            table=one.table,
            column=one.column,
            expected="SQL that the server accepts",
            found=one.kind,
            locations=places(one.at),
            recommendation=f"Correct it in {one.at}.",
            effort="S",
            key=f"{one.kind}\x1f{one.at.file}",
        )


def _message(one: SpecDefect) -> str:
    text = one.message.removeprefix(f"{one.column}: ").rstrip(".")
    subject = ".".join(p for p in (one.table, one.column) if p)
    return (
        f"The specification of {code(subject)} is defective: {text}."
        if subject
        else f"{text[:1].upper()}{text[1:]}."
    )
