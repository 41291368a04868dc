"""TKT002: the audit ticket says one thing in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_TICKET = """
    # Audit Database Schema

    **Ticket ID**: 1-audit

    ## Acceptance Criteria
    - [ ] All new tickets must follow numbering: 1010+ for Implementation

    ## AI Prompt
    ```
    TICKET CREATION REQUIREMENTS:
    - Implementation Tickets: docs/tickets/implementation/ (numbering {}+)
    ```
"""

EXAMPLES = (
    failing(
        "Two first numbers for one phase",
        given(ticket=_TICKET.format(1020)),
        Expected(
            "warning",
            "First number of phase Implementation: 1020 here, 1010 in line 6, which is used.",
        ),
    ),
    clean("One number", given(ticket=_TICKET.format(1010))),
)


@check(
    code="TKT002",
    title="The ticket contradicts itself",
    severity="warning",
    category="spec",
    why="Tickets are created by one of the two statements, and whoever goes by the other does not find them.",
    fix="Correct the ticket.",
    examples=EXAMPLES,
)
def ticket_contradiction(facts: Facts) -> Iterator[Verdict]:
    for gap in facts.ticket.gaps if facts.ticket else ():
        if gap.kind == "contradiction":
            yield Finding(
                "TKT002",
                "warning",
                "spec",
                f"{gap.reason[:1].upper()}{gap.reason[1:].rstrip('.')}.",
                expected="one statement",
                found=gap.excerpt,
                locations=places(gap.at),
                recommendation="Correct the ticket so that it says one thing.",
                effort="S",
                key=gap.reason,
            )
