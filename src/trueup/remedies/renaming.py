"""A column's new name, and a table's, in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.schema import Schema
from trueup.remedies.definitions import Unmendable
from trueup.remedies.proposals import Desk
from trueup.sources.laravel.inflection import table_of


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


# Tables.


def places_that_name_table(facts: Facts, table: str) -> tuple[str, ...]:
    """Where code is known to ask for the table, by its name or by its model."""
    lowered = table.lower()
    found = {(u.at.file, u.at.line) for u in facts.eloquent.uses if u.table.lower() == lowered}
    found |= {(s.at.file, s.at.line) for s in facts.queries.sites if s.table.lower() == lowered}
    found |= {(m.at.file, m.at.line) for m in facts.eloquent.models_of(table)}
    return tuple(f"{file}:{line}" for file, line in sorted(found) if "/migrations/" not in file)


def rename_table_in_code(old: str, new: str, desk: Desk, facts: Facts, schema: Schema) -> None:
    """The table's new name in models and wherever code is known to ask for it. Raises Unmendable where the name comes from
    configuration, which migrations read too."""
    for file in facts.project.files:
        if (file.startswith("config/") or "/config/" in file) and _quoted(old).search(desk.open(file).text):
            raise Unmendable(f"{file} names {old}, and migrations may read it there: rename by hand")
    for model in facts.eloquent.models_of(old):
        _name_table(desk, model, old, new)
    files = {place.rpartition(":")[0] for place in places_that_name_table(facts, old)}
    known = set(places_that_name_table(facts, old))
    for file in sorted(files):
        source = desk.open(file)
        for number in range(1, len(source.before.splitlines()) + 1):
            # A name of several words means the table wherever it is quoted; one word may be a key or a relation.
            if "_" in old or f"{file}:{number}" in known:
                source.put(number, _quoted(old).sub(lambda m: m[0].replace(old, new), source.line(number)))


def _quoted(table: str) -> re.Pattern[str]:
    """The table's name as a whole text, before a column, or before an alias; also inside of a text of SQL."""
    word = re.escape(table)
    return re.compile(rf"""(?<=['"`]){word}(?=['"`]|\.|\s+as\s)|(?<=[\s(,=]){word}(?=\.\w)""")


def _name_table(desk: Desk, model: Model, old: str, new: str) -> None:
    source = desk.open(model.at.file)
    declared = re.search(rf"""\$table\s*=\s*['"]{re.escape(old)}['"]""", source.text)
    if declared is None and model.table_explicit:
        raise Unmendable(f"{model.short} does not name its table where it can be seen: rename by hand")
    if declared is None and table_of(model.short) != new:
        source.add_member(model.at.line, (f"    protected $table = '{new}';",))
