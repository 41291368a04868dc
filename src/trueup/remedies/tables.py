"""Missing tables and tables under another name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trueup.model.findings import Finding
from trueup.model.schema import Table
from trueup.model.spec import RequiredForeignKey, RequiredTable
from trueup.remedies.changes import CheckSpec, CreateTable, IndexSpec, KeySpec, RenameTable
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
    existing_definition,
    required_definition,
)
from trueup.remedies.proposals import Proposal, Workshop, index_name, withheld
from trueup.remedies.renaming import places_that_name_table, rename_table_in_code
from trueup.structs import replace


def missing_tables(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("TBL001"):
        required = workshop.facts.specification.table(finding.table)
        if required is None:
            continue
        title = f"Create the table {required.name}"
        lost = next((m for m in workshop.facts.migrations if _makes(m.creates, required.name)), None)
        try:
            if lost is not None:
                raise Unmendable(f"{lost.path} makes it, and does not leave it behind: mend that migration")
            yield _creation(workshop, finding, required, title)
        except Unmendable as reason:
            yield withheld("create table", title, required.name, [finding], str(reason))


def _makes(creates: tuple[str, ...], name: str) -> bool:
    return name.lower() in (c.lower() for c in creates)


def _creation(workshop: Workshop, finding: Finding, required: RequiredTable, title: str) -> Proposal:
    if not required.complete or not required.columns:
        raise Unmendable(f"{required.at} names only some of its columns")
    keys = [_key(workshop, required, key) for key in required.foreign_keys]
    columns = tuple(_column(workshop, required, n) for n in range(len(required.columns)))
    counts = any(c.auto_increment for c in columns)
    primary = required.primary_key
    indexes = list(_indexes(workshop, required))
    leading = [i.columns for i in indexes] + ([primary.columns] if primary is not None else [])
    # PostgreSQL and SQLite make no index for a key by themselves.
    indexes += [
        IndexSpec(index_name(required.name, key.columns, "index"), key.columns)
        for key in keys
        if not any(lead[: len(key.columns)] == key.columns for lead in leading)
    ]
    change = CreateTable(
        required.name,
        columns,
        () if counts or primary is None else primary.columns,
        tuple(indexes),
        tuple(keys),
        tuple(_checks(required)),
    )
    targets = sorted({k.foreign_table for k in keys if k.foreign_table != required.name})
    model = next((m for m in workshop.facts.eloquent.models_of(required.name)), None)
    return Proposal(
        "create table",
        title,
        required.name,
        (finding,),
        slug=f"create_{required.name}_table",
        changes=(change,),
        steps=(
            f"Compare the migration with {required.at}.",
            "Run it.",
            f"Write its {'' if model else 'model, '}factory and tests, which the audit then asks for.",
        ),
        rollback="down() drops the table, with whatever was written to it since.",
        effort="M",
        rank=10,
        follow=("MOD001", "MOD002", "MOD003", "TBL003", "KEY007"),
        needs=tuple(f"table {t}" for t in targets),
        makes=(f"table {required.name}",),
    )


def _column(workshop: Workshop, required: RequiredTable, number: int) -> Definition:
    """As required; a key's column with the type of what it refers to, since nothing else can be constrained."""
    column = required.columns[number]
    made = required_definition(column, required.dialect)
    key = next((k for k in required.foreign_keys if k.columns == (column.name,)), None)
    if key is None or made.auto_increment:
        return made
    target = target_table(workshop, key)
    name = key.foreign_columns[0] if key.foreign_columns else "id"
    if target is None or target.column(name) is None:
        return made
    referred = existing_definition(target.name, name, workshop.schemas)
    return replace(key_type(referred), name=made.name, nullable=made.nullable, comment=made.comment)


def key_type(referred: Definition) -> Definition:
    """A column that can refer to this one: the same type, without counting by itself."""
    method = {"bigIncrements": "unsignedBigInteger", "increments": "unsignedInteger"}.get(
        referred.method, referred.method
    )
    return Definition(referred.name, method, referred.arguments, unsigned=referred.unsigned)


def target_table(workshop: Workshop, key: RequiredForeignKey) -> Table | None:
    pair = workshop.facts.comparison.pair(key.foreign_table)
    if pair is not None and pair.existing is not None:
        return pair.existing
    return workshop.facts.schema.table(key.foreign_table)


def _key(workshop: Workshop, table: RequiredTable, key: RequiredForeignKey) -> KeySpec:
    target = target_table(workshop, key)
    known = workshop.facts.specification.table(key.foreign_table)
    if target is None and known is None:
        raise Unmendable(f"it must refer to {key.foreign_table}, which neither exists nor is described")
    name = target.name if target is not None else key.foreign_table
    return KeySpec(
        key.name or index_name(table.name, key.columns, "foreign"),
        key.columns,
        name,
        key.foreign_columns or ("id",),
        (key.on_delete or "").lower(),
        (key.on_update or "").lower(),
    )


def _indexes(workshop: Workshop, table: RequiredTable) -> Iterator[IndexSpec]:
    for index in table.indexes:
        if index.primary:
            continue
        if index.where:
            raise Unmendable(
                f"the index ({', '.join(index.columns)}) is for some rows only, which not every server has"
            )
        kind = index.kind if index.kind in ("fulltext", "spatial") else ""
        suffix = kind or ("unique" if index.unique else "index")
        name = index.name if index.name and workshop.is_free(index.name, table.name) else None
        made = name or index_name(table.name, index.columns, suffix)
        yield IndexSpec(made, index.columns, index.unique, kind)


def _checks(table: RequiredTable) -> Iterator[CheckSpec]:
    for check in table.checks:
        if not check.values:  # a list of values is an ENUM's
            yield CheckSpec(
                check.name or index_name(table.name, check.columns or ("rows",), "check"), check.expression
            )


# Tables under another name.


def renamed_tables(workshop: Workshop) -> Iterator[Proposal]:
    """TBL002: the required name, where no code says the other one, or else only where breaking is allowed."""
    for finding in workshop.findings("TBL002"):
        pair = workshop.paired(finding.table)
        if pair is None:
            continue
        old, new = pair.existing.name, pair.required.name
        title = f"Rename the table {old} to {new}"
        places = places_that_name_table(workshop.facts, old)
        try:
            if workshop.facts.schema.table(new) is not None:
                raise Unmendable(f"there is a table {new} already")
            if places and not workshop.allow_destructive:
                raise Unmendable(_breaks(old, places))
        except Unmendable as reason:
            yield withheld("rename table", title, old, [finding], str(reason))
            continue
        yield _renaming(finding, old, new, title, places)


def _breaks(old: str, places: tuple[str, ...]) -> str:
    return (
        f"{len(places)} place{'s' if len(places) > 1 else ''} in the code ask for {old} "
        f"({', '.join(places[:3])}{', …' if len(places) > 3 else ''}), which fail between the migration and the deployment; "
        "`--allow-destructive` renames it and patches them"
    )


def _renaming(finding: Finding, old: str, new: str, title: str, places: tuple[str, ...]) -> Proposal:
    patched = "Stop what uses the table, apply the patch, run the migration, and start it again: code of before fails after it."
    return Proposal(
        "rename table",
        title,
        old,
        (finding,),
        slug=f"rename_{old}_table_to_{new}",
        changes=(RenameTable(old, new),),
        steps=(patched if places else "Run the migration.",),
        risks=(
            f"Whatever else asks for {old} (reports, other applications) fails.",
            "Indexes and foreign keys keep their old names.",
        ),
        rollback="down() gives the table its old name back; take the patch back with it."
        if places
        else "down() gives the table its old name back.",
        effort="M",
        rank=95,
        needs=(f"table {old}",),
        makes=(f"table {new}",),
        edit=partial(rename_table_in_code, old, new) if places else None,
    )
