"""REL003: a relation whose two key columns are of different kinds."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.relation._examples import BELONGS_TO, pair, tables
from trueup.checks.relation._links import Link, links
from trueup.checks.wording import code, places, shown_type
from trueup.compare.domains import Binary, Domain, Integer, Text, Uuid, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column

EXAMPLES = (
    failing(
        "A UUID that refers to a number",
        given(migration=tables("$table->uuid('user_id');"), files=pair(BELONGS_TO)),
        Expected(
            "warning",
            "`CostRecord::user` compares `cost_records.user_id` (char(36)) with `users.id` (bigint unsigned).",
            table="cost_records",
            column="user_id",
        ),
    ),
    failing(
        "PostgreSQL does not join them at all",
        given(migration=tables("$table->uuid('user_id');"), files=pair(BELONGS_TO), driver="pgsql"),
        Expected(
            "warning",
            "`CostRecord::user` compares `cost_records.user_id` (uuid) with `users.id` (bigint).",
            table="cost_records",
            column="user_id",
        ),
    ),
    clean("Two numbers", given(migration=tables("$table->foreignId('user_id');"), files=pair(BELONGS_TO))),
)


@check(
    code="REL003",
    title="A relation compares columns of different kinds",
    severity="warning",
    category="model",
    why="""MySQL turns text into a number to compare it: '7f3…' equals 7, so that rows of others are found, and no index is used.
        PostgreSQL refuses to join such columns (`whereHas()`, `withCount()`). A foreign key can't be made.""",
    fix="Give the referring column the type of the key that it refers to.",
    examples=EXAMPLES,
)
def key_type(facts: Facts) -> Iterator[Verdict]:
    driver = facts.schema.driver
    seen: set[tuple[str, str, str, str]] = set()
    for link in links(facts):
        ends = link.ends
        key = (link.child.name, link.column, link.parent.name, link.key)
        if ends is None or key in seen or "type" in (*ends[0].unknown, *ends[1].unknown):
            continue
        if _kind(domain_of(ends[0].type, driver)) != _kind(domain_of(ends[1].type, driver)):
            seen.add(key)
            yield _finding(link, *ends)


def _kind(domain: Domain) -> str:
    """Types that compare well with each other. SQLite's and MySQL's UUIDs are texts."""
    match domain:
        case Integer():
            return "number"
        case Text() | Uuid():
            return "text"
        case Binary():
            return "bytes"
    return type(domain).__name__


def _finding(link: Link, column: Column, key: Column) -> Finding:
    child, parent = f"{link.child.name}.{column.name}", f"{link.parent.name}.{key.name}"
    return Finding(
        "REL003",
        "warning",
        "model",
        f"{code(link.told.name)} compares {code(child)} ({shown_type(column.type)}) with {code(parent)} "
        f"({shown_type(key.type)}).",
        table=link.child.name,
        column=column.name,
        expected=shown_type(key.type),
        found=shown_type(column.type),
        locations=places(link.told.relation.at, column.at, key.at),
        recommendation=f"Give {code(child)} the type {shown_type(key.type)} in a migration.",
        effort="M",
        key=parent,
    )
