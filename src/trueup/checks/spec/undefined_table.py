"""SPEC003: a table that documents name, nobody defines and no migration makes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_table, unsure
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_DOCUMENT = """
    # Specification

    Amounts in other currencies are converted with the `exchange_rates` table.

    ```sql
    CREATE TABLE invoices (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);
    ```
"""
_MIGRATION = "Schema::create('invoices', fn (Blueprint $table) => $table->id());"

EXAMPLES = (
    failing(
        "Named, and that is all",
        given(document=_DOCUMENT, migration=_MIGRATION),
        Expected(
            "warning",
            "The documents name the table `exchange_rates`, which none of them defines and no migration makes.",
            table="exchange_rates",
        ),
    ),
    clean(
        "It exists, so the sentence is clear",
        given(
            document=_DOCUMENT,
            migration=_MIGRATION
            + "\nSchema::create('exchange_rates', fn (Blueprint $table) => $table->id());",
        ),
    ),
)


@check(
    code="SPEC003",
    title="A table is named but defined nowhere",
    severity="warning",
    category="spec",
    why="It cannot be built from the documents: nobody has said what a row of it is.",
    fix="Define it in the specification, or take the name out.",
    examples=EXAMPLES,
)
def undefined_table(facts: Facts) -> Iterator[Verdict]:
    named: dict[str, tuple[str, list[Location]]] = {}
    for mention in facts.specification.mentions:
        named.setdefault(mention.name.lower(), (mention.name, []))[1].append(mention.at)
    if facts.ticket is not None:
        for name in facts.ticket.tables:
            named.setdefault(name.lower(), (name, []))[1].append(Location(facts.ticket.path))
    for lowered in sorted(named):
        name, at = named[lowered]
        if facts.schema.table(name) is not None or facts.specification.table(name) is not None:
            continue
        doubt = doubt_about_table(facts, name)
        yield unsure("SPEC003", name, doubt, name) if doubt else _finding(name, at)


def _finding(name: str, at: list[Location]) -> Finding:
    return Finding(
        "SPEC003",
        "warning",
        "spec",
        f"The documents name the table {code(name)}, which none of them defines and no migration makes.",
        table=name,
        expected="a definition",
        found=f"named {len(at)} times" if len(at) > 1 else "named once",
        locations=places(*sorted(at)),
        recommendation=f"Define {code(name)} with its columns in the specification, or take the name out.",
        effort="M",
    )
