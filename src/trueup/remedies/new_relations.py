"""REL002, REL007: a relation that names the wrong key, and the way back that a relation lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.audit import Facts
from trueup.model.eloquent import Model, Relation
from trueup.model.findings import Finding
from trueup.model.schema import Schema, Table
from trueup.remedies.code_style import style_of
from trueup.remedies.definitions import Unmendable, php_text
from trueup.remedies.edits import Source
from trueup.remedies.new_models import relation_lines, relation_name
from trueup.remedies.proposals import Desk
from trueup.sources.laravel.inflection import camel, snake

_BELONGS_TO = "Illuminate\\Database\\Eloquent\\Relations\\BelongsTo"
_REACH = 6
"""So many lines a relation's method takes until its call."""


def add_inverse(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """REL007: `belongsTo` for each model that has many of this one."""
    model = _model(facts, finding.model)
    table = schema.table(model.table or "")
    missing = list(_one_way(facts, model))
    if table is None or not missing:
        raise Unmendable("the relations that have no way back were not found")
    source, style = desk.open(model.at.file), style_of(facts)
    taken = {r.method.lower() for r in model.relations}
    for owner, relation in missing:
        column = relation.foreign_key or ""
        if table.column(column) is None:
            raise Unmendable(f"{table.name} has no column {column}")
        method = relation_name(column, owner.table or camel(owner.short))
        if method.lower() in taken:
            raise Unmendable(f"{model.short} has something else called {method}")
        taken.add(method.lower())
        returns = "BelongsTo" if style.typed else ""
        usual = column == f"{snake(method)}_{owner.primary_key or 'id'}"
        source.add_method(
            model.at.line, relation_lines(method, owner.short, "" if usual else column, returns)
        )
        source.add_import(model.at.line, owner.name)
        if returns:
            source.add_import(model.at.line, _BELONGS_TO)


def _model(facts: Facts, name: str) -> Model:
    found = facts.eloquent.model(name)
    if found is None or not found.at.file:
        raise Unmendable(f"the model {name} was not found")
    return found


def _one_way(facts: Facts, model: Model) -> Iterator[tuple[Model, Relation]]:
    """Models with one or many of this, each key once, by which nothing leads back."""
    back = {(r.related.lower(), r.foreign_key) for r in model.relations if r.kind == "belongsTo"}
    for owner in facts.eloquent.models:
        for relation in owner.relations:
            there = relation.related.lower() == model.name.lower() and relation.kind in ("hasOne", "hasMany")
            key = (owner.name.lower(), relation.foreign_key)
            if there and relation.foreign_key and key not in back:
                back.add(key)
                yield owner, relation


def name_key(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """REL002: the one column that refers to the related table, in place of one that does not exist."""
    model = _model(facts, finding.model)
    relation = next((r for r in model.relations if r.method == finding.key and r.kind == "belongsTo"), None)
    table = schema.table(finding.table)
    if relation is None or table is None or relation.foreign_key != finding.column:
        raise Unmendable("which column is meant is for a person to say")
    related = facts.eloquent.model(relation.related)
    column = _only_key(table, model, related)
    source = desk.open(relation.at.file)
    number, call = _call(source, relation.at.line)
    explicit = "foreign_key" in relation.explicit
    given = rf"""(,\s*)['"]{re.escape(finding.column)}['"]""" if explicit else r"(?=\s*\))"
    made, count = re.subn(
        rf"(belongsTo\(\s*[\\\w]+::class){given}",
        lambda m: f"{m[1]}{m[2] if explicit else ', '}{php_text(column)}",
        call,
        count=1,
    )
    if not count:
        raise Unmendable(f"{relation.at} does not show the key as a text")
    source.put(number, made)


def _only_key(table: Table, model: Model, related: Model | None) -> str:
    """The column by which the table refers to the related one, where no other relation goes by it."""
    used = {r.foreign_key for r in model.relations if r.kind == "belongsTo"}
    target = (related.table or "").lower() if related is not None else ""
    keys = [
        k.columns[0] for k in table.foreign_keys if k.foreign_table.lower() == target and len(k.columns) == 1
    ]
    free = [c for c in dict.fromkeys(keys) if c not in used]
    if len(free) != 1:
        other = f"{len(free)} columns of {table.name} refer" if free else f"no column of {table.name} refers"
        raise Unmendable(
            f"{other} to {target or 'what the relation goes to'} by a foreign key: which is meant is for a person to say"
        )
    return free[0]


def _call(source: Source, line: int) -> tuple[int, str]:
    for number in range(line, line + _REACH):
        if "belongsTo(" in source.line(number):
            return number, source.line(number)
    raise Unmendable(f"{source.path}:{line} does not show the call of the relation")
