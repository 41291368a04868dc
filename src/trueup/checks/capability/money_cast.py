"""CAP006: amounts of money that a cast cuts by a unit."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict


def _method(value: str) -> str:
    return (
        f"        public function cents($price): int\n        {{\n            return {value};\n        }}\n"
    )


EXAMPLES = (
    failing(
        "Cents by a cast",
        given(migration=MIGRATION, files=service(_method("(int) ($price * 100)"))),
        Expected(
            "warning",
            "`Spend::cents` cuts an amount instead of rounding it: `(int) ($price * 100)` makes 1998 of 19.99.",
        ),
    ),
    clean("Rounded first", given(migration=MIGRATION, files=service(_method("(int) round($price * 100)")))),
)


@check(
    code="CAP006",
    title="A cast cuts an amount of money",
    severity="warning",
    category="capability",
    why="""19.99 * 100 is 1998.9999999999998 in binary floating point, and `(int)` drops what is behind the point: a cent is
        lost, for 4.6 % of the amounts from 0.01 to 999.99. Tests with round amounts do not notice.""",
    fix="`(int) round($amount * 100)`, or decimal arithmetic: `bcmul($amount, '100')`, a money library.",
    examples=EXAMPLES,
)
def money_cast(facts: Facts) -> Iterator[Verdict]:
    for found in facts.enforcement.casts:
        shown = f"19.99 * {found.factor}"
        cut = int(19.99 * int(found.factor))
        example = (
            f"makes {cut} of 19.99"
            if cut != round(19.99 * int(found.factor))
            else "cuts what is behind the point"
        )
        yield Finding(
            "CAP006",
            "warning",
            "capability",
            f"{code(found.method)} cuts an amount instead of rounding it: {code(found.text)} {example}.",
            expected="round() before the cast, or decimal arithmetic",
            found=f"{found.text}, where {shown} in binary floating point may lie below the whole number",
            locations=places(found.at),
            recommendation="Round first: `(int) round(…)`, or multiply with `bcmul()`.",
            key=f"{found.method} {found.text}",
        )
