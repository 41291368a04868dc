"""What is mended in models, factories and other code: casts, lists, traits, names of columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from trueup.compare.domains import Exact, domain_of
from trueup.model.audit import Facts
from trueup.model.eloquent import Cast, Model
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.schema import Column, Schema, Table
from trueup.remedies.definitions import Unmendable
from trueup.remedies.new_relations import add_inverse, name_key
from trueup.remedies.proposals import Desk, Proposal, Workshop
from trueup.remedies.values import cast_for, fake

Mender = Callable[[Desk, Facts, Schema, Finding], None]


def mend(desk: Desk, facts: Facts, schema: Schema, findings: Iterable[Finding]) -> None:
    """Edits for findings about models. Raises Unmendable for one that can't be mended so."""
    for finding in findings:
        mender = MENDERS.get(finding.code)
        if mender is None:
            raise Unmendable(f"it would bring {finding.code}: {finding.message}")
        mender(desk, facts, schema, finding)


def model_patches(workshop: Workshop) -> Iterator[Proposal]:
    """A patch for each finding about a model that has a mender."""
    for finding in workshop.findings(*OFFERED):
        yield Proposal(
            "factory" if finding.code.startswith("FAC") else "model",
            TITLES[finding.code].format(model=finding.model.rsplit("\\", 1)[-1], column=finding.column),
            finding.table,
            (finding,),
            slug=f"{finding.code.lower()}_{finding.table}",
            steps=("Apply the patch.", "Run the tests of what uses the model."),
            rollback="Take the patch back (`git apply -R`).",
            rank=80,
            needs=(f"table {finding.table}",),
            edit=partial(mended, (finding,)),
        )


def mended(findings: tuple[Finding, ...], desk: Desk, facts: Facts, schema: Schema) -> None:
    """`mend` as an edit."""
    mend(desk, facts, schema, findings)


def _model(facts: Facts, finding: Finding) -> Model:
    found = facts.eloquent.model(finding.model)
    if found is None:
        raise Unmendable(f"the model {finding.model} was not found")
    return found


# Casts.


def _uncast(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD014: casts for what has none."""
    model, table = _model(facts, finding), schema.table(finding.table)
    names = [n.strip() for n in finding.expected.removeprefix("casts for ").split(",")]
    if table is not None:
        names += _changed_since(table, facts.schema.table(table.name), model, schema.driver)
    columns = [c for n in names if table is not None and (c := table.column(n)) is not None]
    entries = [f"'{c.name}' => '{cast}'" for c in columns if (cast := cast_for(c, schema.driver))]
    if not entries:
        raise Unmendable("its columns have no cast of their own")
    own = [c for c in model.casts if c.at.file == model.at.file and c.at.line]
    source = desk.open(model.at.file)
    if own:
        source.add_entries(max(own, key=lambda c: c.at.line).at.line, entries)
    elif model.casts:
        raise Unmendable("its casts come from another file")
    else:
        source.add_member(
            model.at.line, ("    protected $casts = [", *(f"        {entry}," for entry in entries), "    ];")
        )


def _changed_since(table: Table, audited: Table | None, model: Model, driver: Driver) -> list[str]:
    """Columns that need another cast than when they were audited, since remedies before this one changed them; not those that were
    replaced and wait under another name to be dropped."""
    cast = {c.attribute for c in model.casts}
    return [
        c.name
        for c in table.columns
        if c.name not in cast
        and not (c.name.endswith("_old") and table.column(c.name.removesuffix("_old")))
        and _kind(c, driver) != _kind(audited.column(c.name) if audited else None, driver)
    ]


def _kind(column: Column | None, driver: Driver) -> str:
    return cast_for(column, driver).partition(":")[0] if column is not None else ""


def _narrow_cast(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD015: the column's own digits."""
    cast = _cast(_model(facts, finding), finding.column)
    table = schema.table(finding.table)
    column = table.column(finding.column) if table else None
    domain = domain_of(column.type, schema.driver) if column else None
    if not isinstance(domain, Exact) or not domain.scale:
        raise Unmendable(f"the digits of {finding.table}.{finding.column} are not known")
    desk.open(cast.at.file).set_cast(cast.at.line, cast.attribute, f"decimal:{domain.scale}")


def _cast(model: Model, column: str) -> Cast:
    found = next((c for c in model.casts if c.attribute == column and c.at.line), None)
    if found is None:
        raise Unmendable(f"the cast of {column} was not found")
    return found


def _missing_cast(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD007: casts of what does not exist go."""
    model = _model(facts, finding)
    for name in finding.found.split(", "):
        cast = _cast(model, name)
        desk.open(cast.at.file).drop_entry(cast.at.line, name)


def _missing_fillable(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD005: names that do not exist go."""
    model = _model(facts, finding)
    for name in finding.found.split(", "):
        entry = next((a for a in model.fillable if a.name == name and a.at.line), None)
        if entry is None:
            raise Unmendable(f"{name} was not found in $fillable")
        desk.open(entry.at.file).drop_entry(entry.at.line, name)


def _timestamps_off(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD011: the table has no timestamps, and no document asks for them."""
    model = _model(facts, finding)
    pair = next((p for p in facts.comparison.pairs if p.existing and p.existing.name == finding.table), None)
    if pair is not None and pair.required.column("created_at") is not None:
        raise Unmendable("the document requires the columns; they are missing columns")
    if len(finding.expected.split(", ")) < 2:
        raise Unmendable("the table has one of the two columns")
    desk.open(model.at.file).add_member(model.at.line, ("    public $timestamps = false;",))


def _soft_deletes(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """MOD013: the trait for the column."""
    model = _model(facts, finding)
    desk.open(model.at.file).add_trait(model.at.line, "Illuminate\\Database\\Eloquent\\SoftDeletes")


def _factory_columns(desk: Desk, facts: Facts, schema: Schema, finding: Finding) -> None:
    """FAC003: a value for each column that must be given."""
    factory = next((f for f in facts.eloquent.factories if f.model == finding.model), None)
    table = schema.table(finding.table)
    if factory is None or table is None or not factory.columns:
        raise Unmendable("the factory's definition was not found")
    entries = []
    for name in finding.expected.split(", "):
        column = table.column(name)
        value = fake(column, schema.driver) if column else ""
        if not value:
            raise Unmendable(f"nobody but a person can say what a factory gives {name}")
        entries.append(f"'{name}' => {value}")
    last = max((a for a in factory.columns if a.at.file == factory.at.file), key=lambda a: a.at.line)
    source = desk.open(factory.at.file)
    if not re.search(r",\s*$", source.line(last.at.line)) and "]" not in source.line(last.at.line):
        raise Unmendable(f"the value at {last.at} goes over several lines")
    source.add_entries(last.at.line, entries)


MENDERS: dict[str, Mender] = {
    "MOD005": _missing_fillable,
    "MOD007": _missing_cast,
    "MOD011": _timestamps_off,
    "MOD013": _soft_deletes,
    "MOD014": _uncast,
    "MOD015": _narrow_cast,
    "FAC003": _factory_columns,
    "REL002": name_key,
    "REL007": add_inverse,
}
OFFERED = tuple(sorted(MENDERS))
TITLES = {
    "MOD005": "Take what does not exist out of $fillable of {model}",
    "MOD007": "Take casts of what does not exist out of {model}",
    "MOD011": "Switch timestamps off in {model}",
    "MOD013": "Let {model} delete softly",
    "MOD014": "Add casts to {model}",
    "MOD015": "Cast {column} in {model} with all its digits",
    "FAC003": "Let the factory of {model} fill what must be given",
    "REL002": "Let a relation of {model} go by a key that exists",
    "REL007": "Let {model} lead back to what has it",
}
