"""SPEC004: a document says that a table does not exist, and it does."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.spec import RequiredTable, TableMention

_DOCUMENT = """
    # Known issues

    ## Missing tables

    ```sql
    CREATE TABLE alerts (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);
    ```
"""

EXAMPLES = (
    failing(
        "It has been made since",
        given(
            document=_DOCUMENT, migration="Schema::create('alerts', fn (Blueprint $table) => $table->id());"
        ),
        Expected(
            "info", "A document says that `alerts` does not exist, but a migration makes it.", table="alerts"
        ),
    ),
    clean("It is still missing", given(document=_DOCUMENT)),
)


@check(
    code="SPEC004",
    title="A document calls an existing table missing",
    severity="info",
    category="spec",
    why="Somebody will believe it and make the table again, or plan work that is done.",
    fix="Strike the statement from the document.",
    examples=EXAMPLES,
)
def stale_claim(facts: Facts) -> Iterator[Verdict]:
    claims: dict[str, list[Location]] = {}
    stated: tuple[RequiredTable | TableMention, ...] = (
        *facts.specification.definitions,
        *facts.specification.mentions,
    )
    for one in stated:
        if one.missing_reported:
            claims.setdefault(one.name.lower(), []).append(one.at)
    for name in sorted(claims):
        table = facts.schema.table(name)
        if table is not None:
            yield Finding(
                "SPEC004",
                "info",
                "spec",
                f"A document says that {code(table.name)} does not exist, but a migration makes it.",
                table=table.name,
                expected="no such table, as the document says",
                found=f"made at {table.at}",
                locations=places(*sorted(claims[name]), table.at),
                recommendation=f"Strike the statement from {claims[name][0].file}; what the table lacks is told apart.",
                effort="S",
            )
