"""SPEC001: two definitions of one table that differ."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_TWICE = """
    # Specification

    ```sql
    CREATE TABLE alerts (id BIGINT PRIMARY KEY AUTO_INCREMENT, spend DECIMAL(10,2) NOT NULL);
    ```

    ## Later

    ```sql
    CREATE TABLE alerts (id BIGINT PRIMARY KEY AUTO_INCREMENT, spend DECIMAL(10,4) NOT NULL);
    ```
"""
_MIGRATION = (
    "Schema::create('alerts', fn (Blueprint $t) => [$t->bigIncrements('id'), $t->decimal('spend', 10, 2)]);"
)

EXAMPLES = (
    failing(
        "Two sections, two precisions",
        given(document=_TWICE, migration=_MIGRATION),
        Expected(
            "warning", "The documents define `alerts` in 2 ways that differ in 1 point.", table="alerts"
        ),
    ),
    clean(
        "The second says the same again",
        given(document=_TWICE.replace("DECIMAL(10,4)", "DECIMAL(10,2)"), migration=_MIGRATION),
    ),
)


_SHOWN = 6


@check(
    code="SPEC001",
    title="The documents contradict each other",
    severity="warning",
    category="spec",
    why="""Whatever is built, one document calls it wrong. The audit goes by one of them, by the rule that its report states; the
        other's demands are not checked.""",
    fix="Decide which definition holds and delete the other, or let it refer to the first.",
    examples=EXAMPLES,
)
def conflict(facts: Facts) -> Iterator[Verdict]:
    for one in facts.specification.conflicts:
        points = counted(len(one.differences), "point")
        yield Finding(
            "SPEC001",
            "warning",
            "spec",
            f"The documents define {code(one.table)} in 2 ways that differ in {points}.",
            table=one.table,
            expected="one definition",
            found=_shortened(one.differences),
            locations=places(one.used.at, one.other.at),
            recommendation=f"Decide which holds: the audit goes by {one.used.at}, not by {one.other.at}.",
            effort="S",
            key=f"{one.used.at.file}/{one.used.section}\x1f{one.other.at.file}/{one.other.section}",
        )


def _shortened(differences: tuple[str, ...]) -> str:
    more = len(differences) - _SHOWN
    return "; ".join(differences[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
