"""REL004: columns that relations go by, without a foreign key."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.relation._examples import BELONGS_TO, pair, tables
from trueup.checks.relation._links import Link, is_unique, links
from trueup.checks.subjects import paired_tables
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Table
from trueup.model.wanted import Wanted

EXAMPLES = (
    failing(
        "`foreignId()` alone makes no key",
        given(migration=tables("$table->foreignId('user_id');"), files=pair(BELONGS_TO)),
        Expected(
            "info",
            "No foreign key guards `cost_records.user_id`, by which a relation goes.",
            table="cost_records",
        ),
    ),
    clean(
        "`constrained()` does",
        given(migration=tables("$table->foreignId('user_id')->constrained();"), files=pair(BELONGS_TO)),
    ),
)


@check(
    code="REL004",
    title="Relations without foreign keys",
    severity="info",
    category="key",
    why="Rows may refer to rows that are gone, or never were: relations answer null where the code expects a model.",
    fix="Add `foreign()` with the wanted `onDelete()`, after looking for rows that refer to nothing.",
    examples=EXAMPLES,
)
def unconstrained(facts: Facts) -> Iterator[Verdict]:
    found: dict[str, dict[str, Link]] = {}
    required = set(_required(facts))
    for link in links(facts):
        if (link.child.name, link.column.lower()) in required:
            continue
        if link.ends is not None and _can_be_guarded(link) and not _is_guarded(link.child, link.column):
            found.setdefault(link.child.name, {}).setdefault(link.column.lower(), link)
    for name in sorted(found):
        yield _finding(name, list(found[name].values()))


def _required(facts: Facts) -> Iterator[tuple[str, str]]:
    """Columns whose key a document asks for: KEY004 judges these."""
    for paired in paired_tables(facts):
        for key in paired.required.foreign_keys:
            yield from ((paired.existing.name, c.lower()) for c in paired.here(key.columns))


def _can_be_guarded(link: Link) -> bool:
    """A foreign key needs a unique column to refer to, and one table: the id of a morph pair has several."""
    columns = {c.name.lower() for c in link.child.columns}
    morph = link.column.lower().endswith("_id") and link.column.lower()[:-3] + "_type" in columns
    return is_unique(link.parent, frozenset({link.key})) and not morph and link.child.name != ""


def _is_guarded(table: Table, column: str) -> bool:
    primary = table.primary_key
    own = primary is not None and [c.lower() for c in primary.columns] == [column.lower()]
    return own or any(column.lower() in {c.lower() for c in k.columns} for k in table.foreign_keys)


def _finding(name: str, unguarded: list[Link]) -> Finding:
    columns = [f"{name}.{link.column}" for link in unguarded]
    goes = "by which a relation goes" if len(columns) == 1 else "by which relations go"
    targets = ", ".join(f"{link.column} → {link.parent.name}.{link.key}" for link in unguarded)
    ends = [link.ends for link in unguarded]
    return Finding(
        "REL004",
        "info",
        "key",
        f"No foreign key guards {listed(columns)}, {goes}.",
        table=name,
        expected=targets,
        found="no foreign key",
        locations=places(
            *(e[0].at for e in ends if e is not None), *(link.told.relation.at for link in unguarded)
        ),
        recommendation=f"Add foreign keys: {targets}; {code('->constrained()')} makes them.",
        effort="M",
        wants=tuple(Wanted("foreign key", (k.column,), k.parent.name, (k.key,)) for k in unguarded),
    )
