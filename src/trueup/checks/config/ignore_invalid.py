"""CFG003: a comment would accept a finding, and does not say which, or why."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import catalogue, check
from trueup.checks.wording import code, listed
from trueup.model.acceptance import Ignore
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = """
    Schema::create('costs', fn (Blueprint $table) => [
        $table->id(),
        // trueup-ignore %s
        $table->double('total_cost'),
    ]);
"""

EXAMPLES = (
    failing(
        "No reason is given, so the finding is told",
        given(migration=_MIGRATION % "TYP004"),
        Expected("warning", "A comment would accept TYP004 and gives no reason."),
    ),
    failing(
        "No such check",
        given(migration=_MIGRATION % "TYP999 rates are never added up"),
        Expected("warning", "A comment would accept `TYP999`, and no check has that code."),
    ),
    clean("Which and why", given(migration=_MIGRATION % "TYP004 rates are never added up")),
)


@check(
    code="CFG003",
    title="A trueup-ignore comment has no reason or names no check",
    severity="warning",
    category="config",
    why="""Who comes later can't tell whether what was accepted still holds. Such a comment accepts nothing: its finding is
        told.""",
    fix="Write `trueup-ignore CODE reason`, with the code of the finding and why it is right here.",
    examples=EXAMPLES,
)
def ignore_invalid(facts: Facts) -> Iterator[Verdict]:
    known = {one.code for one in catalogue()} if facts.ignores else set()
    for one in facts.ignores:
        message = _message(one, known)
        if message:
            yield Finding(
                "CFG003",
                "warning",
                "config",
                message,
                expected="trueup-ignore CODE reason",
                found=f"trueup-ignore {', '.join(one.codes)} {one.reason}".rstrip(),
                locations=(one.at,),
                recommendation="Write the code of the finding and the reason, or take the comment out.",
                key=f"{one.at.file} {','.join(one.codes)}",
            )


def _message(one: Ignore, known: set[str]) -> str:
    unknown = [name for name in one.codes if name not in known]
    if not one.codes:
        return f"A comment {code('trueup-ignore')} names no check."
    if unknown:
        return f"A comment would accept {listed(unknown)}, and no check has that code."
    return "" if one.reason else f"A comment would accept {', '.join(one.codes)} and gives no reason."
