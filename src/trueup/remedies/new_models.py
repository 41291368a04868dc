"""MOD001: a model for a table that has none, with its factory where one can be made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trueup.model.audit import Facts
from trueup.model.names import Driver
from trueup.model.schema import ForeignKey, Schema, Table
from trueup.remedies.class_text import ClassText
from trueup.remedies.code_style import CodeStyle, class_for, style_of
from trueup.remedies.definitions import Unmendable, php_text
from trueup.remedies.new_factories import HAS_FACTORY, factory_text, needs_new_factory, new_factory
from trueup.remedies.proposals import Desk, Proposal, Workshop
from trueup.remedies.values import cast_for
from trueup.sources.laravel.inflection import camel, singular, snake, table_of

_SOFT_DELETES = "Illuminate\\Database\\Eloquent\\SoftDeletes"
_BELONGS_TO = "Illuminate\\Database\\Eloquent\\Relations\\BelongsTo"
_UUIDS = "Illuminate\\Database\\Eloquent\\Concerns\\HasUuids"


def missing_models(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("MOD001"):
        pair = workshop.paired(finding.table)
        table = pair.existing.name if pair is not None else finding.table
        short = class_for(table, workshop.facts.eloquent)
        yield Proposal(
            "model",
            f"Write the model {short} of {table}",
            table,
            (finding,),
            slug=f"mod001_{table}",
            steps=(
                f"Look at what {short} may be given from outside: `$fillable` lists all columns but the server's own.",
                f"Let the code that asks {table} by the query builder ask the model.",
            ),
            rollback="Delete the new files.",
            effort="S",
            rank=78,
            needs=(f"table {table}",),
            makes=(f"factory {style_of(workshop.facts).models.name(short)}",),
            follow=("MOD002",),
            edit=partial(write_model, table),
        )


def write_model(name: str, desk: Desk, facts: Facts, schema: Schema) -> None:
    """The model as an edit, and its factory. Raises Unmendable."""
    table = schema.table(name)
    if table is None:
        raise Unmendable(f"the table {name} is not there yet")
    style = style_of(facts)
    short = class_for(name, facts.eloquent)
    full = style.models.name(short)
    if facts.eloquent.model(full) is not None or desk_has(desk, style.models.path(short)):
        raise Unmendable(f"{full} is there already, and stands for another table")
    try:
        factory = factory_text(style, facts, full, table, schema.driver)
    except Unmendable:
        factory = None
    desk.create(
        style.models.path(short), model_text(style, facts, short, table, schema.driver, bool(factory))
    )
    if factory is not None:
        desk.create(style.factories.path(f"{short}Factory"), factory)


def desk_has(desk: Desk, path: str) -> bool:
    try:
        desk.open(path)
    except Unmendable:
        return path in desk.created
    return True


def model_text(
    style: CodeStyle, facts: Facts, short: str, table: Table, driver: Driver, has_factory: bool
) -> str:
    """The whole file."""
    text = ClassText(style.models, short, style.base, style.strict)
    columns = {c.name.lower() for c in table.columns}
    if has_factory:
        text.traits.append(HAS_FACTORY)
        text.use(HAS_FACTORY)
    if "deleted_at" in columns:
        text.traits.append(_SOFT_DELETES)
        text.use(_SOFT_DELETES)
    for lines in _settings(text, facts, table, columns):
        text.add(lines)
    text.add(_listed("fillable", [php_text(n) for n in _fillable(table)]))
    own = ("created_at", "updated_at", "deleted_at")  # cast by the framework itself
    cast = [(c.name, cast_for(c, driver)) for c in table.columns if c.name.lower() not in own]
    casts = [f"{php_text(name)} => '{kind}'" for name, kind in cast if kind]
    if casts:
        text.add(_listed("casts", casts))
    if has_factory and needs_new_factory(style, style.models.name(short)):
        text.add(new_factory(text.use(style.factories.name(f"{short}Factory"))))
    for key in table.foreign_keys:
        if len(key.columns) == 1:
            text.add(_belongs_to(text, style, facts, key))
    return text.text


def _settings(text: ClassText, facts: Facts, table: Table, columns: set[str]) -> Iterator[list[str]]:
    """What is not as the framework takes it to be: table, key, timestamps."""
    if table_of(text.short) != table.name:
        yield [f"protected $table = {php_text(table.name)};"]
    primary = table.primary_key
    if primary is None or len(primary.columns) > 1:
        yield ["protected $primaryKey = null;"]
        yield ["public $incrementing = false;"]
    else:
        yield from _key(table, primary.columns[0])
    stamps = {"created_at", "updated_at"} & columns
    if not stamps:
        yield ["public $timestamps = false;"]
    elif len(stamps) == 1:
        missing = "UPDATED_AT" if "created_at" in stamps else "CREATED_AT"
        yield [f"public const {missing} = null;"]


def _key(table: Table, name: str) -> Iterator[list[str]]:
    column = table.column(name)
    if name != "id":
        yield [f"protected $primaryKey = {php_text(name)};"]
    if column is not None and not column.counts:
        yield ["public $incrementing = false;"]
        if not any(word in column.type.lower() for word in ("int", "serial")):
            yield ["protected $keyType = 'string';"]


def _fillable(table: Table) -> list[str]:
    """All but the generated key and what the framework writes by itself."""
    own = {"created_at", "updated_at", "deleted_at"}
    return [c.name for c in table.columns if not (c.counts or c.generated or c.name.lower() in own)]


def _listed(name: str, entries: list[str]) -> list[str]:
    return [f"protected ${name} = [", *(f"    {entry}," for entry in entries), "];"]


def _belongs_to(text: ClassText, style: CodeStyle, facts: Facts, key: ForeignKey) -> list[str]:
    parents = facts.eloquent.models_of(key.foreign_table)
    if not parents:
        return []
    parent, column = parents[0], key.columns[0]
    method = relation_name(column, key.foreign_table)
    return relation_lines(
        method,
        text.use(parent.name) if parent.name != text.place.name(text.short) else "self",
        column if column != f"{snake(method)}_{parent.primary_key or 'id'}" else "",
        text.use(_BELONGS_TO) if style.typed else "",
    )


def relation_name(column: str, foreign_table: str) -> str:
    """`projectId` of `project_id` is `project`; what does not end so keeps its name, unless the column has it too."""
    stem = column.removesuffix("_id")
    name = camel(stem)
    return name if stem != column or name != column else f"{camel(singular(foreign_table))}By{name.title()}"


def relation_lines(method: str, related: str, column: str, returns: str) -> list[str]:
    """A `belongsTo` as a method."""
    given = f", {php_text(column)}" if column else ""
    return [
        f"public function {method}(){f': {returns}' if returns else ''}",
        "{",
        f"    return $this->belongsTo({related}::class{given});",
        "}",
    ]
