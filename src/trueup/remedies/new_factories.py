"""MOD002, FAC004: a factory for a model that has none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.names import Driver
from trueup.model.schema import Column, Schema, Table
from trueup.remedies.class_text import ClassText
from trueup.remedies.code_style import CodeStyle, style_of
from trueup.remedies.definitions import Unmendable, php_text
from trueup.remedies.proposals import Desk, Proposal, Workshop
from trueup.remedies.values import fake

HAS_FACTORY = "Illuminate\\Database\\Eloquent\\Factories\\HasFactory"
FACTORY = "Illuminate\\Database\\Eloquent\\Factories\\Factory"


def factory_text(style: CodeStyle, facts: Facts, model: str, table: Table, driver: Driver) -> str:
    """The whole file: a value for each column that must be given. Raises Unmendable where one can't be made up."""
    short = model.rsplit("\\", 1)[-1]
    text = ClassText(style.factories, f"{short}Factory", FACTORY, style.strict)
    text.about = f"@extends Factory<{text.use(model)}>"
    text.add([f"protected $model = {text.use(model)}::class;"])
    entries = [
        f"        {php_text(c.name)} => {_value(text, facts, model, table, c, driver)},"
        for c in table.columns
        if _must_be_given(c)
    ]
    text.add(["public function definition(): array", "{", "    return [", *entries, "    ];", "}"])
    return text.text


def _must_be_given(column: Column) -> bool:
    given = column.default is not None or column.nullable or column.counts or column.generated
    return not given and column.name.lower() not in ("created_at", "updated_at")


def _value(text: ClassText, facts: Facts, model: str, table: Table, column: Column, driver: Driver) -> str:
    key = next((k for k in table.foreign_keys if k.columns == (column.name,)), None)
    parent = _parent(facts, model, column.name, key.foreign_table if key else "")
    if parent:
        return f"{text.use(parent)}::factory()"
    unique = any(i.unique and i.columns == (column.name,) for i in table.indexes)
    value = fake(column, driver, unique)
    if not value:
        raise Unmendable(f"nobody but a person can say what a factory gives {table.name}.{column.name}")
    return value


def _parent(facts: Facts, model: str, column: str, foreign_table: str) -> str:
    """The model that the column refers to, by its key or by a relation, where it has a factory; "" for a plain column."""
    own = facts.eloquent.model(model)
    names = [m.name for m in facts.eloquent.models_of(foreign_table)] if foreign_table else []
    names += [
        r.related for r in (own.relations if own else ()) if r.kind == "belongsTo" and r.foreign_key == column
    ]
    made = {f.model for f in facts.eloquent.factories}
    for name in names:
        parent = facts.eloquent.model(name)
        if parent is not None and (name in made or parent.factory):
            return name
    if names:
        short = names[0].rsplit("\\", 1)[-1]
        raise Unmendable(f"{column} refers to {short}, which has no factory either: write that first")
    return ""


def missing_factories(workshop: Workshop) -> Iterator[Proposal]:
    findings = sorted(workshop.findings("MOD002", "FAC004"), key=lambda f: (f.model, f.code))
    for name, group in groupby(findings, key=lambda f: f.model):
        model = workshop.facts.eloquent.model(name)
        if model is None:
            continue
        table = model.table or ""
        yield Proposal(
            "factory",
            f"Write the factory of {model.short}",
            table,
            tuple(group),
            slug=f"factory_{table}",
            steps=(f"Look at the values that {model.short}Factory gives.", "Apply the patch."),
            rollback=f"Delete {model.short}Factory, and take the patch back (`git apply -R`).",
            rank=85,
            needs=(f"table {table}", *(f"factory {p}" for p in _parents(workshop, model))),
            makes=(f"factory {name}",),
            edit=partial(write_factory, name),
        )


def _parents(workshop: Workshop, model: Model) -> list[str]:
    """Models that rows of this one refer to."""
    table = workshop.facts.schema.table(model.table or "")
    keys = [k.foreign_table for k in table.foreign_keys] if table is not None else []
    names = {m.name for key in keys for m in workshop.facts.eloquent.models_of(key)}
    names |= {r.related for r in model.relations if r.kind == "belongsTo"}
    return sorted(names - {model.name})


def write_factory(name: str, desk: Desk, facts: Facts, schema: Schema) -> None:
    """The factory as an edit, and what the model needs to find it. Raises Unmendable."""
    model = facts.eloquent.model(name)
    table = schema.table(model.table) if model is not None and model.table else None
    if model is None or table is None:
        raise Unmendable(f"the table of {name} is not there")
    style = style_of(facts)
    made = f"{model.short}Factory"
    desk.create(style.factories.path(made), factory_text(style, facts, name, table, schema.driver))
    source = desk.open(model.at.file)
    if HAS_FACTORY not in model.traits:
        source.add_trait(model.at.line, HAS_FACTORY)
    if needs_new_factory(style, name):
        source.add_import(model.at.line, style.factories.name(made))
        source.add_method(model.at.line, new_factory(made))


def needs_new_factory(style: CodeStyle, model: str) -> bool:
    """Whether the framework would look for the factory elsewhere: it takes `App\\Models` for the models' namespace."""
    if style.guesses:
        return False
    below = model.removeprefix("App\\Models\\")
    return below == model or style.factories.namespace != "Database\\Factories" or "\\" in below


def new_factory(short: str) -> list[str]:
    return [f"protected static function newFactory(): {short}", "{", f"    return {short}::new();", "}"]
