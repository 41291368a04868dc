"""Missing columns, and what rows that are there get in a column that must have a value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.checks.subjects import PairedTable
from trueup.model.findings import Finding
from trueup.model.spec import RequiredColumn
from trueup.remedies.changes import AddColumn, AddIndex, Change, IndexSpec
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
    existing_definition,
    required_definition,
)
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld
from trueup.remedies.tables import key_type, target_table
from trueup.structs import replace

_FILLS = {
    "string": "''", "char": "''", "text": "''", "mediumText": "''", "longText": "''", "tinyText": "''", "json": "'{}'",
    "jsonb": "'{}'",
    "decimal": "0", "double": "0", "float": "0", "boolean": "false", "date": "DB::raw('CURRENT_DATE')", "year": "1970",
    "dateTime": "DB::raw('CURRENT_TIMESTAMP')", "timestamp": "DB::raw('CURRENT_TIMESTAMP')",
    "dateTimeTz": "DB::raw('CURRENT_TIMESTAMP')", "timestampTz": "DB::raw('CURRENT_TIMESTAMP')",
}  # fmt: skip


def fill_of(column: Definition) -> str:
    """PHP for what rows get that have no value yet: the default, or a value that says nothing. Raises Unmendable for keys and the
    like, for which none can be made up."""
    if column.default and not column.default.startswith("DB::raw"):
        return column.default
    if column.default:
        return column.default
    if column.now:
        return "DB::raw('CURRENT_TIMESTAMP')"
    if column.method == "enum":
        return column.arguments[0].strip("[]").split(", ")[0]
    if column.method.endswith("nteger"):
        return "0"
    fill = _FILLS.get(column.method)
    if fill is None:
        raise Unmendable(f"nobody but a person can say what the rows that are there get in {column.name}")
    return fill


def told(fill: str) -> str:
    """A filling's PHP in words."""
    return fill.removeprefix("DB::raw('").removesuffix("')") if fill.startswith("DB::raw('") else fill


# Missing columns.


def missing_columns(workshop: Workshop) -> Iterator[Proposal]:
    findings = sorted(workshop.findings("COL001"), key=lambda f: f.table)
    for name, group in groupby(findings, key=lambda f: f.table):
        table = workshop.paired(name)
        if table is None:
            continue
        addable, hopeless = [], []
        for finding in group:
            try:
                addable.append((finding, _addition(workshop, table, finding)))
            except Unmendable as reason:
                hopeless.append((finding, str(reason)))
        if addable:
            yield _additions(table, addable)
        for finding, why in hopeless:
            title = f"Add {finding.column} to {table.shown}"
            yield withheld("add columns", title, table.shown, [finding], why)


def _addition(workshop: Workshop, table: PairedTable, finding: Finding) -> AddColumn:
    required = table.required.column(finding.column)
    assert required is not None
    column = required_definition(required, table.required.dialect)
    if column.auto_increment:
        raise Unmendable(
            "a key that counts by itself cannot be added to a table that has rows without a decision about them"
        )
    key = next((k for k in table.required.foreign_keys if k.columns == (required.name,)), None)
    target = target_table(workshop, key) if key else None
    if key is not None and target is not None:
        referred = existing_definition(target.name, (key.foreign_columns or ("id",))[0], workshop.schemas)
        column = replace(
            key_type(referred), name=column.name, nullable=column.nullable, comment=column.comment
        )
        if not column.nullable:
            raise Unmendable(f"what the rows that are there refer to in {target.name} can't be made up")
    fill = "" if column.given_by_server else fill_of(column)
    return AddColumn(table.existing.name, column, _before(table, required), fill)


def _before(table: PairedTable, required: RequiredColumn) -> str:
    """The existing column that stands before it in the document."""
    names = [p.required.name for p in table.pair.columns]
    for pair in reversed(table.pair.columns[: names.index(required.name)]):
        if pair.existing is not None:
            return pair.existing.name
    return ""


def _additions(table: PairedTable, added: list[tuple[Finding, AddColumn]], careful: bool = True) -> Proposal:
    """`careful`: NOT NULL at once where the code lets that be; otherwise what it does not write yet stays nullable."""
    if not careful:
        added = [(f, _nullable(change)) for f, change in added]
    changes = [_nullable(c) if c.fill and _is_unique(table, c.column.name) else c for _, c in added]
    names = [change.column.name for change in changes]
    words = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    open_yet = [
        c.column.name
        for (_, was), c in zip(added, changes, strict=True)
        if (was.fill and not c.fill) or not careful
    ]
    named = "_and_".join(names) if len(names) < 3 else f"{len(names)}_columns"
    return Proposal(
        "add columns",
        f"Add {words} to {table.shown}",
        table.shown,
        tuple(f for f, _ in added),
        slug=f"add_{named}_to_{table.shown}_table",
        changes=(*changes, *_keys_over(table, names)),
        steps=(
            *(
                f"Decide what the rows that are there get in {c.column.name}; the migration gives them {told(c.fill)}."
                for c in changes
                if c.fill
            ),
            "Run the migration.",
            "Let the code write the new columns.",
            *(
                f"When every row has a value in {name}, run `trueup fix` again: it then proposes NOT NULL."
                for name in open_yet
            ),
        ),
        risks=tuple(
            f"{c.column.name} is filled with {told(c.fill)} where nothing better is known."
            for c in changes
            if c.fill
        ),
        rollback="down() drops the columns, with whatever was written to them since.",
        rank=20,
        needs=(f"table {table.existing.name}",),
        makes=tuple(f"column {table.existing.name}.{n}" for n in names),
        follow=("COL005",) if open_yet else (),
        otherwise=_additions(table, added, careful=False)
        if careful and any(c.fill for c in changes)
        else None,
    )


def _nullable(change: AddColumn) -> AddColumn:
    return replace(change, column=replace(change.column, nullable=True), fill="") if change.fill else change


def _is_unique(table: PairedTable, column: str) -> bool:
    """One value for all rows that are there would not do."""
    return any(i.unique and column.lower() in (c.lower() for c in i.columns) for i in table.required.indexes)


def _keys_over(table: PairedTable, names: list[str]) -> list[Change]:
    """Required uniqueness over the new columns, which nobody asks for as long as they are missing."""
    made: list[Change] = []
    lowered = {n.lower() for n in names}
    for index in table.required.indexes:
        columns = table.here(index.columns)
        if index.unique and not index.primary and not index.where and lowered & {c.lower() for c in columns}:
            known = lowered | {c.name.lower() for c in table.existing.columns}
            if all(c.lower() in known for c in columns):
                name = index.name or index_name(
                    table.existing.name, columns, "unique", names_of(table.existing)
                )
                made.append(AddIndex(table.existing.name, IndexSpec(name, columns, True)))
    return made
