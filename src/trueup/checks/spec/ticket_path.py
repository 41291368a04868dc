"""TKT001: a path in the audit ticket that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_TICKET = """
    # Audit Database Schema

    **Ticket ID**: 1-audit

    ## Related Documentation
    - [ ] docs/SPECIFICATION.md - the target
    - [ ] docs/{}.md - known issues
"""
_SQL = "CREATE TABLE alerts (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);"
_MIGRATION = "Schema::create('alerts', fn (Blueprint $table) => $table->id());"

EXAMPLES = (
    failing(
        "A document that has gone",
        given(sql=_SQL, migration=_MIGRATION, ticket=_TICKET.format("ISSUES")),
        Expected("warning", "The ticket names `docs/ISSUES.md`, which does not exist."),
    ),
    clean(
        "Everything is there",
        given(
            sql=_SQL,
            migration=_MIGRATION,
            ticket=_TICKET.format("ISSUES"),
            files={"docs/ISSUES.md": "# Issues"},
        ),
    ),
)


@check(
    code="TKT001",
    title="The ticket names a path that does not exist",
    severity="warning",
    category="spec",
    why="What the ticket says is to be read cannot be read; the audit covers less than it seems to.",
    fix="Correct the path in the ticket, or make the file.",
    examples=EXAMPLES,
)
def ticket_path(facts: Facts) -> Iterator[Verdict]:
    ticket = facts.ticket
    if ticket is None:
        return
    links = (*ticket.links, *((ticket.template,) if ticket.template else ()))
    told: set[str] = set()
    for link in links:
        if link.path is None or link.exists is not False or link.planned or link.path in told:
            continue
        told.add(link.path)
        meant = (
            f"Probably {code(link.nearest)} is meant." if link.nearest else "Take it out, or make the file."
        )
        yield Finding(
            "TKT001",
            "warning",
            "spec",
            f"The ticket names {code(link.path)}, which does not exist.",
            expected=link.path,
            found=f"nothing there; nearest is {link.nearest}" if link.nearest else "nothing there",
            locations=places(link.at),
            recommendation=meant,
            effort="S",
            key=link.path,
        )
