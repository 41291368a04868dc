"""A column's new name, and a table's, in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.audit import Facts
from trueup.model.schema import Schema
from trueup.remedies.definitions import Unmendable
from trueup.remedies.proposals import Desk


def rename_in_code(table: str, old: str, new: str, desk: Desk, facts: Facts, schema: Schema) -> None:
    """The column's new name wherever a query, a model or a factory is known to mean it."""
    places = {(u.at.file, u.at.line) for s in facts.queries.sites for u in s.columns if _means(u, table, old)}
    for model in facts.eloquent.models_of(table):
        lists = (
            *model.fillable,
            *model.hidden,
            *model.visible,
            *model.properties,
            *model.defaults,
            *(model.guarded or ()),
        )
        places |= {(a.at.file, a.at.line) for a in lists if a.name == old}
        places |= {(c.at.file, c.at.line) for c in model.casts if c.attribute == old}
    models = {m.name for m in facts.eloquent.models_of(table)}
    for factory in facts.eloquent.factories:
        if factory.model in models:
            places |= {
                (a.at.file, a.at.line) for a in (*factory.columns, *factory.state_columns) if a.name == old
            }
    for file, line in sorted(places):
        if file and line and "/migrations/" not in file:
            desk.open(file).rename(line, old, new)


def places_that_name(facts: Facts, table: str, old: str) -> tuple[str, ...]:
    """Where code names it too, and it is not known whether it means this column: for a person to look at."""
    desk = Desk(facts.project.root)
    rename_in_code(table, old, f"{old}\0", desk, facts, facts.schema)
    return tuple(_others(facts, desk, old))


def _means(use: object, table: str, old: str) -> bool:
    return (
        getattr(use, "table", "").lower() == table.lower()
        and getattr(use, "column", "").lower() == old.lower()
    )


def _others(facts: Facts, desk: Desk, old: str) -> Iterator[str]:
    pattern = re.compile(rf"""['"]{re.escape(old)}['"]|->{re.escape(old)}\b(?!\()""")
    for file in facts.project.files:
        if "/migrations/" in file:
            continue
        try:
            text = desk.open(file).text
        except Unmendable:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{file}:{number}"
