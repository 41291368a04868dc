"""Indexes, uniqueness, foreign keys and checks that are missing or different."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedTable
from trueup.compare.indexes import covers, lowered, matching_key
from trueup.model.findings import Finding
from trueup.model.names import DRIVERS, Driver
from trueup.model.schema import ForeignKey, Index, Table
from trueup.model.spec import RequiredForeignKey, RequiredIndex
from trueup.remedies.changes import (
    AddCheck,
    AddForeignKey,
    AddIndex,
    Change,
    CheckSpec,
    DropIndex,
    IndexSpec,
    KeySpec,
    ReplaceForeignKey,
)
from trueup.remedies.definitions import Unmendable
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld
from trueup.remedies.tables import target_table


def missing_indexes(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("IDX001"):
        table = workshop.paired(finding.table)
        required = _required_index(table, finding, unique=False) if table else None
        if table is None or required is None:
            continue
        name = required.name if required.name and workshop.is_free(required.name, table.name) else None
        yield _index(table.existing, finding, table.here(required.columns), name, required.kind)


def unindexed_columns(workshop: Workshop) -> Iterator[Proposal]:
    """KEY009, KEY013: an index that the server or the relation needs."""
    for finding in workshop.findings("KEY009", "KEY013"):
        table = workshop.table(finding.table)
        columns = tuple(c.strip() for c in (finding.index or finding.column).split(",") if c.strip())
        if table is None or not columns or any(table.column(c) is None for c in columns):
            continue
        if "index" not in f"{finding.expected} {finding.found}".lower():
            continue
        yield _index(table, finding, columns, None, "")


def _required_index(table: PairedTable, finding: Finding, unique: bool) -> RequiredIndex | None:
    for index in table.required.indexes:
        if index.unique == unique and not index.primary and ", ".join(index.columns) == finding.index:
            return index
    return None


def _index(table: Table, finding: Finding, columns: tuple[str, ...], name: str | None, kind: str) -> Proposal:
    special = kind if kind in ("fulltext", "spatial") else ""
    taken = names_of(table)
    free = name is not None and name.lower() not in (t.lower() for t in taken)
    made = name if free and name else index_name(table.name, columns, special or "index", taken)
    title = f"Index {table.name} ({', '.join(columns)})"
    if any(table.column(c) is None for c in columns):
        lacking = next(c for c in columns if table.column(c) is None)
        return Proposal(
            "add index",
            title,
            table.name,
            (finding,),
            slug=f"index_{'_and_'.join(columns)}_of_{table.name}_table",
            changes=(AddIndex(table.name, IndexSpec(made, columns, False, special), None),),
            steps=("Run the migration.",),
            rollback="down() drops the index.",
            rank=40,
            needs=(f"table {table.name}", f"column {table.name}.{lacking}"),
        )
    return Proposal(
        "add index",
        title,
        table.name,
        (finding,),
        slug=f"index_{'_and_'.join(columns)}_of_{table.name}_table",
        changes=(AddIndex(table.name, IndexSpec(made, columns, False, special)),),
        steps=(
            "Run the migration; it blocks no writes on PostgreSQL and MySQL, but takes its time on a large table.",
        ),
        rollback="down() drops the index.",
        rank=40,
        needs=(f"table {table.name}",),
    )


# Uniqueness.


def missing_uniques(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY002"):
        table = workshop.paired(finding.table)
        required = _required_index(table, finding, unique=True) if table else None
        if table is None or required is None:
            continue
        columns = table.here(required.columns)
        if required.where:
            reason = "it is for some rows only, which not every server has"
            yield withheld(
                "unique", f"Make {table.shown} ({', '.join(columns)}) unique", table.shown, [finding], reason
            )
            continue
        name = required.name if required.name and workshop.is_free(required.name, table.name) else None
        yield _unique(table.existing, finding, columns, name)


def relied_on_uniques(workshop: Workshop) -> Iterator[Proposal]:
    """QRY008, REL005, REL006, RUL001: code that counts on uniqueness that nothing keeps."""
    for finding in workshop.findings("QRY008", "REL005", "REL006", "RUL001"):
        table = workshop.table(finding.table)
        named = finding.index or finding.column or finding.expected.rpartition(" on ")[2]
        columns = tuple(c.strip() for c in named.split(",") if c.strip())
        if table is None or not columns or any(table.column(c) is None for c in columns):
            continue
        nullable = [c for c in columns if (found := table.column(c)) is not None and found.nullable]
        if nullable and len(columns) > 1:
            title = f"Make {table.name} ({', '.join(columns)}) unique"
            reason = (
                f"{', '.join(nullable)} may be NULL, and a unique index takes every NULL for another value"
            )
            yield withheld("unique", title, table.name, [finding], reason)
            continue
        yield _unique(table, finding, columns, None)


def _unique(table: Table, finding: Finding, columns: tuple[str, ...], name: str | None) -> Proposal:
    taken = {t.lower() for t in names_of(table)}
    made = name if name and name.lower() not in taken else index_name(table.name, columns, "unique", taken)
    instead = next(
        (
            i
            for i in table.indexes
            if lowered(i.columns) == lowered(columns) and not (i.unique or i.primary or i.implied or i.where)
        ),
        None,
    )
    changes: list[Change] = [AddIndex(table.name, IndexSpec(made, columns, True), _implied(table, columns))]
    if instead is not None:
        changes.append(DropIndex(table.name, IndexSpec(instead.name, instead.columns)))
    query = f"select {', '.join(columns)}, count(*) from {table.name} group by {', '.join(columns)} having count(*) > 1"
    return Proposal(
        "unique",
        f"Make {table.name} ({', '.join(columns)}) unique",
        table.name,
        (finding,),
        slug=f"make_{'_and_'.join(columns)}_of_{table.name}_table_unique",
        changes=tuple(changes),
        steps=(
            f"Look for duplicates: {query};",
            "Decide which row of each stays, and mend the others.",
            "Run the migration.",
        ),
        risks=(
            "Where there are duplicates, the migration stops and nothing has changed.",
            *(
                f"Rows in which {c.name} is NULL are never alike."
                for c in table.columns
                if c.name in columns and c.nullable
            ),
        ),
        rollback="down() drops the index" + (f" and makes {instead.name} again." if instead else "."),
        effort="M",
        rank=45,
        follow=("KEY007",) if any(c.nullable for c in table.columns if c.name in columns) else (),
        needs=(f"table {table.name}",),
    )


def _implied(table: Table, columns: tuple[str, ...]) -> IndexSpec | None:
    """InnoDB's own index for a foreign key, which goes when this one comes."""
    own = next((i for i in table.indexes if i.implied and covers_key(i, columns)), None)
    return IndexSpec(own.name, own.columns) if own is not None else None


def covers_key(implied: Index, columns: tuple[str, ...]) -> bool:
    """Whether an index over `columns` does what InnoDB's own does, so that InnoDB lets that go."""
    return lowered(columns[: len(implied.columns)]) == lowered(implied.columns)


# Foreign keys.


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


# Checks.


def _without(workshop: Workshop, table: PairedTable, name: str) -> tuple[Driver, ...]:
    """The drivers on which no check of that name is there yet; SQLite takes one only with its table."""
    made = []
    for driver in DRIVERS:
        schema = workshop.schemas.get(
            "mysql" if driver == "mariadb" and driver not in workshop.schemas else driver
        )
        found = schema.table(table.existing.name) if schema else None
        if driver != "sqlite" and (found is None or all(c.name != name for c in found.checks)):
            made.append(driver)
    return tuple(made)


def missing_checks(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY006"):
        table = workshop.paired(finding.table)
        required = next(
            (
                c
                for c in (table.required.checks if table else ())
                if f"CHECK ({c.expression})" == finding.expected
            ),
            None,
        )
        if table is None or required is None:
            continue
        title = f"Check that {required.expression} in {table.shown}"
        if table.here(required.columns) != required.columns:
            reason = "it names columns that have another name here; rename them first"
            yield withheld("check", title, table.shown, [finding], reason)
            continue
        name = required.name or index_name(table.shown, required.columns or ("rows",), "check")
        yield Proposal(
            "check",
            title,
            table.existing.name,
            (finding,),
            slug=f"check_{'_and_'.join(required.columns) or 'rows'}_of_{table.existing.name}_table",
            changes=(
                AddCheck(
                    table.existing.name, CheckSpec(name, required.expression), _without(workshop, table, name)
                ),
            ),
            steps=(
                f"Look for rows that violate it: select * from {table.existing.name} where not ({required.expression});",
                "Mend them, then run the migration.",
            ),
            risks=("Where rows violate it, the server refuses the check.", "SQLite does not get it."),
            rollback="down() drops the check.",
            rank=75,
            needs=(f"table {table.existing.name}",),
        )
