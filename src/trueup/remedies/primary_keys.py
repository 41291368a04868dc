"""Primary keys that are missing, other than required, or do not count."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedTable
from trueup.compare.indexes import lowered
from trueup.model.findings import Finding
from trueup.model.schema import Table
from trueup.remedies.changes import IndexSpec, LetCount, NumberRows, ReplacePrimaryKey
from trueup.remedies.definitions import Definition, Unmendable, existing_definition
from trueup.remedies.missing_indexes import covers_key
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld
from trueup.structs import replace

_COUNTING = {
    "bigInteger": "bigIncrements",
    "unsignedBigInteger": "bigIncrements",
    "integer": "increments",
    "unsignedInteger": "increments",
}


def primary_keys(workshop: Workshop) -> Iterator[Proposal]:
    for finding in workshop.findings("KEY001", "KEY011", "COL009"):
        table = workshop.table(finding.table)
        if table is None:
            reason = f"the project's own migrations do not leave it behind on {workshop.facts.schema.driver}"
            title = _TITLES[finding.code].format(table=finding.table, column=finding.column)
            yield withheld("primary key", title, finding.table, [finding], reason)
            continue
        make = {"KEY001": _other, "KEY011": _numbered, "COL009": _counting}[finding.code]
        title = _TITLES[finding.code].format(table=table.name, column=finding.column)
        try:
            yield make(workshop, table, finding, title)
        except Unmendable as reason:
            yield withheld("primary key", title, table.name, [finding], str(reason))


_TITLES = {
    "KEY001": "Give {table} the primary key that is required",
    "KEY011": "Number the rows of {table}",
    "COL009": "Let {table}.{column} number its rows",
}


def _refuse_referred(workshop: Workshop, table: Table, columns: tuple[str, ...]) -> None:
    """Keys of other tables that hang on these columns."""
    for other in workshop.facts.schema.tables:
        for key in other.foreign_keys:
            if key.foreign_table.lower() == table.name.lower() and set(lowered(key.foreign_columns)) & set(
                lowered(columns)
            ):
                raise Unmendable(f"{other.name} refers to {', '.join(columns)} by a foreign key")


def _other(workshop: Workshop, table: Table, finding: Finding, title: str) -> Proposal:
    pair = workshop.paired(finding.table)
    assert pair is not None, "KEY001 is about a required table"
    columns = _required_key(pair)
    for name in columns:
        column = table.column(name)
        if column is None or column.nullable:
            raise Unmendable(f"{name} {'does not exist' if column is None else 'may be NULL'} yet")
    primary = table.primary_key
    old = primary.columns if primary is not None else ()
    _refuse_referred(workshop, table, old)
    kept = IndexSpec(index_name(table.name, old, "unique", names_of(table)), old, True) if old else None
    implied = tuple(
        IndexSpec(i.name, i.columns) for i in table.indexes if i.implied and covers_key(i, columns)
    )
    change = ReplacePrimaryKey(table.name, old, columns, f"{table.name}_pkey", kept, implied)
    query = f"select {', '.join(columns)}, count(*) from {table.name} group by {', '.join(columns)} having count(*) > 1"
    return Proposal(
        "primary key",
        title,
        table.name,
        (finding,),
        slug=f"key_{table.name}_table_by_{'_and_'.join(columns)}",
        changes=(change,),
        steps=(
            f"Look for duplicates: {query};",
            "Merge the rows that are alike.",
            "Run the migration in a quiet moment: the table is locked while its rows are put into the order of the new key.",
        ),
        risks=(
            "Where there are duplicates, the migration stops and nothing has changed.",
            *((f"{', '.join(old)} stays, unique, and is not the key any more.",) if old else ()),
        ),
        rollback="down() makes the former key again." if old else "down() drops the key.",
        effort="M",
        rank=44,
        needs=(f"table {table.name}",),
    )


def _required_key(pair: PairedTable) -> tuple[str, ...]:
    required = pair.required.primary_key
    if required is None:
        raise Unmendable("the document names no primary key")
    return pair.here(required.columns)


def _numbered(workshop: Workshop, table: Table, finding: Finding, title: str) -> Proposal:
    if any(p.existing is table for p in workshop.facts.comparison.pairs):
        raise Unmendable("which columns tell the rows apart is for the document to say")
    if table.column("id") is not None:
        raise Unmendable(
            "it has a column id that is no key: which columns tell the rows apart is for a person to decide"
        )
    unique = next((i.columns for i in table.indexes if i.unique and not i.where), ())
    apart = (
        (f"Decide whether ({', '.join(unique)}), which is unique, should be the key instead.",)
        if unique
        else ()
    )
    return Proposal(
        "primary key",
        title,
        table.name,
        (finding,),
        slug=f"number_rows_of_{table.name}_table",
        changes=(NumberRows(table.name, Definition("id", "bigIncrements", auto_increment=True)),),
        steps=(*apart, "Run the migration in a quiet moment: every row is written anew."),
        risks=("The rows that are there are numbered in whatever order the server reads them.",),
        rollback="down() drops the column.",
        rank=44,
        needs=(f"table {table.name}",),
    )


def _counting(workshop: Workshop, table: Table, finding: Finding, title: str) -> Proposal:
    pair = workshop.paired(finding.table)
    column = pair.here((finding.column,))[0] if pair is not None else finding.column
    primary = table.primary_key
    if primary is None or primary.columns[:1] != (column,):
        raise Unmendable(f"{column} is not the primary key, and MySQL counts by a key only")
    _refuse_referred(workshop, table, (column,))
    old = existing_definition(table.name, column, workshop.schemas)
    method = _COUNTING.get(old.method)
    if method is None:
        raise Unmendable(f"{column} is no integer")
    new = replace(old, method=method, unsigned=False, auto_increment=True)
    return Proposal(
        "primary key",
        title,
        table.name,
        (finding,),
        slug=f"let_{column}_of_{table.name}_table_count",
        changes=(LetCount(table.name, old, new, f"{table.name}_{column}_seq"),),
        steps=(
            f"Look for code that gives {column} itself, and let it leave {column} out.",
            "Run the migration.",
        ),
        rollback="down() lets it count no more.",
        rank=44,
        needs=(f"table {table.name}",),
    )
