"""CFG004: a comment accepts a finding that there is not."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import catalogue, check
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = """
    Schema::create('costs', fn (Blueprint $table) => [
        $table->id(),
        // trueup-ignore TYP004 rates are never added up
        $table->%s,
    ]);
"""

EXAMPLES = (
    failing(
        "The column was mended, the comment stayed",
        given(migration=_MIGRATION % "decimal('total_cost', 10, 4)"),
        Expected("info", "A comment accepts TYP004, and there is no such finding on its line."),
    ),
    clean("The finding is there", given(migration=_MIGRATION % "double('total_cost')")),
)


@check(
    code="CFG004",
    title="A trueup-ignore comment accepts nothing",
    severity="info",
    category="config",
    why="""What it was written for is mended, or has moved to another line. Left there, it would hide the next finding of its kind
        that comes up on this line.""",
    fix="Take it out, or put it on the line of the finding's first place or alone on the line above.",
    examples=EXAMPLES,
)
def ignore_unused(facts: Facts) -> Iterator[Verdict]:
    known = {one.code for one in catalogue()} if facts.ignores else set()
    for one in facts.ignores:
        unused = [name for name in one.unused if name in known]
        if unused:
            yield Finding(
                "CFG004",
                "info",
                "config",
                f"A comment accepts {', '.join(unused)}, and there is no such finding on its line.",
                expected="a finding on this line",
                found=f"trueup-ignore {', '.join(unused)} {one.reason}",
                locations=(one.at,),
                recommendation="Take it out, or move it to the line of the finding.",
                key=f"{one.at.file} {','.join(unused)} {one.reason}",
            )
