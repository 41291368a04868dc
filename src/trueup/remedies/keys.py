"""Foreign keys that are missing or different."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedTable
from trueup.compare.indexes import covers, matching_key
from trueup.model.findings import Finding
from trueup.model.schema import ForeignKey, Table
from trueup.model.spec import RequiredForeignKey
from trueup.remedies.changes import (
    AddForeignKey,
    IndexSpec,
    KeySpec,
    ReplaceForeignKey,
)
from trueup.remedies.definitions import Unmendable, existing_definition
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld
from trueup.remedies.tables import key_type, target_table


def missing_keys(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY004"):
        table = workshop.paired(finding.table)
        required = _required_key(table, finding) if table else None
        if table is None or required is None:
            continue
        target = target_table(workshop, required)
        columns = table.here(required.columns)
        name = target.name if target is not None else required.foreign_table
        title = f"Let {table.shown} ({', '.join(columns)}) refer to {name}"
        if target is None and workshop.facts.specification.table(required.foreign_table) is None:
            reason = f"there is no table {required.foreign_table}, and no document describes it"
            yield withheld("foreign key", title, table.shown, [finding], reason)
            continue
        yield _key(table, finding, required, columns, name, title)


def _required_key(table: PairedTable, finding: Finding) -> RequiredForeignKey | None:
    return next((k for k in table.required.foreign_keys if ", ".join(k.columns) == finding.column), None)


def _spec(
    table: Table, required: RequiredForeignKey, columns: tuple[str, ...], target: str, free: set[str]
) -> KeySpec:
    taken = {t.lower() for t in names_of(table)} - {f.lower() for f in free}
    named = required.name if required.name and required.name.lower() not in taken else None
    return KeySpec(
        named or index_name(table.name, columns, "foreign", taken),
        columns,
        target,
        required.foreign_columns or ("id",),
        (required.on_delete or "").lower(),
        (required.on_update or "").lower(),
    )


def _key(
    table: PairedTable,
    finding: Finding,
    required: RequiredForeignKey,
    columns: tuple[str, ...],
    target: str,
    title: str,
) -> Proposal:
    existing = table.existing
    key = _spec(existing, required, columns, target, set())
    index = None
    if not any(covers(i, columns) for i in existing.indexes if not i.implied):
        index = IndexSpec(index_name(existing.name, columns, "index", names_of(existing)), columns)
    first = existing.column(columns[0])
    change = AddForeignKey(existing.name, key, index, first is not None and first.nullable)
    return Proposal(
        "foreign key",
        title,
        existing.name,
        (finding,),
        slug=f"refer_{'_and_'.join(columns)}_of_{existing.name}_to_{target}",
        changes=(change,),
        steps=(
            f"Look for rows that refer to nothing: {_orphan_query(existing.name, key)};",
            "Mend them: give them the right row, or set the column to NULL where that is allowed.",
            "Run the migration.",
        ),
        risks=("Where rows refer to nothing, the server refuses the key.",),
        rollback="down() drops the key.",
        effort="M",
        rank=70,
        needs=(f"table {existing.name}", f"table {target}"),
    )


def _orphan_query(table: str, key: KeySpec) -> str:
    on = " and ".join(f"p.{t} = c.{o}" for o, t in zip(key.columns, key.foreign_columns, strict=False))
    return (
        f"select c.* from {table} c left join {key.foreign_table} p on {on} "
        f"where c.{key.columns[0]} is not null and p.{key.foreign_columns[0]} is null"
    )


def different_keys(workshop: Workshop) -> Iterator[Proposal]:
    seen: set[tuple[str, str]] = set()
    findings = workshop.findings("KEY005")
    for finding in findings:
        table = workshop.paired(finding.table)
        required = _required_key(table, finding) if table else None
        subject = (finding.table, finding.column)
        if table is None or required is None or subject in seen:
            continue
        seen.add(subject)
        together = [f for f in findings if (f.table, f.column) == subject]
        found = matching_key(required, table.here(required.columns), table.existing)
        title = f"Make the foreign key {table.shown} ({finding.column}) what is required"
        try:
            if found is None:
                continue
            yield _replaced(workshop, table, together, required, found, title)
        except Unmendable as reason:
            yield withheld("foreign key", title, table.shown, together, str(reason))


def _replaced(
    workshop: Workshop,
    table: PairedTable,
    findings: list[Finding],
    required: RequiredForeignKey,
    found: ForeignKey,
    title: str,
) -> Proposal:
    target = target_table(workshop, required)
    if target is None:
        raise Unmendable(f"there is no table {required.foreign_table}")
    old = _existing_key(table.existing, found)
    new = _spec(table.existing, required, found.columns, target.name, {found.name or ""})
    nullable = all((c := table.existing.column(n)) is not None and c.nullable for n in found.columns)
    if new.on_delete == "set null" and not nullable:
        raise Unmendable(f"SET NULL needs {', '.join(found.columns)} to be nullable")
    same_target = target.name.lower() == found.foreign_table.lower()
    return Proposal(
        "foreign key",
        title,
        table.existing.name,
        tuple(findings),
        slug=f"change_foreign_key_on_{'_and_'.join(found.columns)}_of_{table.existing.name}_table",
        changes=(ReplaceForeignKey(table.existing.name, old, KeySpec(old.name or new.name, *_rest(new))),),
        steps=("Run the migration.",)
        if same_target
        else (
            f"Look for rows that refer to nothing: {_orphan_query(table.existing.name, new)};",
            "Run the migration.",
        ),
        risks=("Between the two statements nothing keeps the reference.",),
        rollback="down() makes the former key again.",
        rank=70,
        needs=(f"table {table.existing.name}", f"table {target.name}"),
    )


def _rest(key: KeySpec) -> tuple[tuple[str, ...], str, tuple[str, ...], str, str]:
    return key.columns, key.foreign_table, key.foreign_columns, key.on_delete, key.on_update


def _existing_key(table: Table, key: ForeignKey) -> KeySpec:
    def action(text: str) -> str:
        """MySQL says RESTRICT where nothing was asked for."""
        return "" if text in ("no action", "restrict", "") else text

    name = key.name or index_name(table.name, key.columns, "foreign")
    return KeySpec(
        name,
        key.columns,
        key.foreign_table,
        key.foreign_columns,
        action(key.on_delete),
        action(key.on_update),
    )


# What relations go by.


def related_keys(workshop: Workshop) -> Iterator[Proposal]:
    """REL004: a key for each relation of a table, all at once."""
    for finding in workshop.findings("REL004"):
        table = workshop.facts.schema.table(finding.table)
        if table is None:
            continue
        title = f"Let the relations of {table.name} go by foreign keys"
        try:
            changes = tuple(_related(workshop, table, told) for told in finding.expected.split(", "))
        except Unmendable as reason:
            yield withheld("foreign key", title, table.name, [finding], str(reason))
            continue
        yield Proposal(
            "foreign key",
            title,
            table.name,
            (finding,),
            slug=f"refer_{table.name}_to_what_its_relations_say",
            changes=changes,
            steps=(
                *(
                    f"Look for rows that refer to nothing: {_orphan_query(table.name, c.key)};"
                    for c in changes
                ),
                "Decide what is to become of these rows when what they refer to is deleted; the keys refuse that.",
                "Run the migration.",
            ),
            risks=("Where rows refer to nothing, the server refuses the key.",),
            rollback="down() drops the keys.",
            effort="M",
            rank=72,
            needs=(f"table {table.name}", *(f"table {c.key.foreign_table}" for c in changes)),
        )


def _related(workshop: Workshop, table: Table, told: str) -> AddForeignKey:
    """The key that the finding tells as "column → table.key"."""
    column, _, target = told.partition(" → ")
    parent, _, key = target.rpartition(".")
    name = next((c.name for c in table.columns if c.name.lower() == column), column)
    own, other = (existing_definition(t, c, workshop.schemas) for t, c in ((table.name, name), (parent, key)))
    wanted = key_type(other)
    if (own.method, own.arguments, own.unsigned) != (wanted.method, wanted.arguments, wanted.unsigned):
        raise Unmendable(f"{table.name}.{name} and {parent}.{key} have different types")
    taken = names_of(table)
    spec = KeySpec(index_name(table.name, (name,), "foreign", taken), (name,), parent, (key,))
    served = any(covers(i, (name,)) for i in table.indexes if not i.implied)
    index = None if served else IndexSpec(index_name(table.name, (name,), "index", taken), (name,))
    return AddForeignKey(table.name, spec, index, own.nullable)
