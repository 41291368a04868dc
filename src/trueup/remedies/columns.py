"""Columns: missing ones, and those whose name, type, nullability, default or comment is not what is required."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby

from trueup.checks.subjects import PairedColumn, PairedTable, paired_columns
from trueup.compare.domains import Exact, Text, domain_of
from trueup.model.findings import Finding
from trueup.model.schema import Table
from trueup.model.spec import RequiredColumn
from trueup.remedies.changes import AddColumn, AddIndex, Change, ChangeColumn, IndexSpec, ReplaceColumn
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
    existing_definition,
    required_definition,
    with_default,
)
from trueup.remedies.models import places_that_name, rename_in_code
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld
from trueup.remedies.tables import key_type, target_table
from trueup.sources.sql.types import parse_type

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


# Columns that differ.

_CODES = ("COL002", "COL005", "COL006", "COL007", "COL008", "TYP001", "TYP002")


def different_columns(workshop: Workshop) -> Iterator[Proposal]:
    by_subject: dict[tuple[str, str], list[Finding]] = {}
    for finding in workshop.findings(*_CODES):
        by_subject.setdefault((finding.table.lower(), finding.column.lower()), []).append(finding)
    for column in paired_columns(workshop.facts):
        findings = by_subject.get((column.table.name.lower(), column.required.name.lower()))
        if not findings:
            continue
        try:
            yield _proposal(workshop, column, findings)
        except Unmendable as reason:
            title = f"Make {column.shown} what is required"
            yield withheld("change column", title, column.table.shown, findings, str(reason))


def _proposal(workshop: Workshop, column: PairedColumn, findings: list[Finding]) -> Proposal:
    table, codes = column.table.existing, {f.code for f in findings}
    old = existing_definition(table.name, column.existing.name, workshop.schemas)
    new = _wanted(workshop, column, old, findings)
    needs = (f"table {table.name}",)
    if "COL002" not in codes and _in_place(workshop, table.name, old, new):
        return _change(column, old, new, findings, needs)
    return _replacement(workshop, column, old, new, findings, needs)


def _wanted(workshop: Workshop, column: PairedColumn, old: Definition, findings: list[Finding]) -> Definition:
    codes = {f.code for f in findings}
    new = old
    if codes & {"TYP001", "TYP002"}:
        new = _retyped(column, old, findings)
    name = column.required.name if "COL002" in codes else old.name
    nullable = bool(column.required.nullable) if "COL005" in codes else new.nullable
    new = replace(new, name=name, nullable=nullable)
    if "COL006" in codes:
        new = with_default(
            new,
            column.required.default,
            parse_type(column.required.type or column.existing.type, column.dialect),
        )
    if "COL007" in codes:
        new = replace(new, now_on_update=True)
    if "COL008" in codes:
        new = replace(new, comment=column.required.comment or "")
    return new


def _retyped(column: PairedColumn, old: Definition, findings: list[Finding]) -> Definition:
    """Of the required type; of two decimals, with the digits of both, so that nothing is rounded."""
    if any("no negative numbers" in f.message for f in findings):
        raise Unmendable(
            "only the sign differs: write the unsigned type into the document, or decide that it may be negative"
        )
    if column.existing.auto_increment or old.auto_increment:
        raise Unmendable(
            "the type of a key that counts by itself is a matter of every table that refers to it"
        )
    required = column.required
    wanted, found = domain_of(required.type or "", column.dialect), domain_of(column.existing.type)
    if (
        isinstance(wanted, Exact)
        and isinstance(found, Exact)
        and wanted.digits is not None
        and found.digits is not None
    ):
        scale = max(wanted.scale or 0, found.scale or 0)
        whole = max(wanted.digits - (wanted.scale or 0), found.digits - (found.scale or 0))
        required = replace(required, type=f"DECIMAL({whole + scale},{scale})")
    made = required_definition(required, column.dialect)
    if made.method == old.method == "enum":  # new values at the end: MySQL then changes no row
        values = list(dict.fromkeys((*_values(old), *_values(made))))
        made = replace(made, arguments=(f"[{', '.join(values)}]",))
    parsed = parse_type(required.type or "", column.dialect)
    kept = replace(
        made, name=old.name, nullable=old.nullable, comment=old.comment, now_on_update=old.now_on_update
    )
    kept = replace(kept, default="", now=old.now)
    if not old.default or old.default.startswith("DB::raw"):
        return replace(kept, default=old.default)
    return with_default(kept, old.default.replace('"', "'"), parsed)


def _in_place(workshop: Workshop, table: str, old: Definition, new: Definition) -> bool:
    """The values stay as they are: the same type, or a longer text, which servers take without rewriting rows."""
    same = (old.method, old.arguments, old.unsigned) == (new.method, new.arguments, new.unsigned)
    texts = ("string", "text", "mediumText", "longText")
    if same:
        return True
    if old.method == new.method == "enum":
        return set(_values(old)) <= set(_values(new))
    if old.method not in texts or new.method not in texts:
        return False
    before, after = (domain_of(_sql_type(d)) for d in (old, new))
    return (
        isinstance(before, Text)
        and isinstance(after, Text)
        and (before.length or 0) <= (after.length or 1 << 40)
    )


def _values(definition: Definition) -> list[str]:
    return definition.arguments[0].strip("[]").split(", ")


def _sql_type(definition: Definition) -> str:
    if definition.method == "string":
        return f"varchar({definition.arguments[0] if definition.arguments else 255})"
    return definition.method.lower()


def _change(
    column: PairedColumn, old: Definition, new: Definition, findings: list[Finding], needs: tuple[str, ...]
) -> Proposal:
    table = column.table.existing.name
    tightens = old.nullable and not new.nullable
    fill = fill_of(new) if tightens else ""
    shown = told(fill)
    what = _words(old, new)
    steps = (
        [f"Decide what rows without a value get in {old.name}; the migration gives them {shown}."]
        if tightens
        else []
    )
    return Proposal(
        "not null"
        if tightens
        else "default"
        if (old.default, old.now) != (new.default, new.now)
        else "change column",
        f"{what} {table}.{old.name}",
        table,
        tuple(findings),
        slug=f"change_{old.name}_of_{table}_table",
        changes=(ChangeColumn(table, old, new, fill),),
        steps=(*steps, "Run the migration."),
        risks=(f"Rows without a value get {shown}, and that they had none is not known any more.",)
        if tightens
        else (),
        rollback="down() gives the column its former definition back.",
        rank=30,
        needs=needs,
    )


def _words(old: Definition, new: Definition) -> str:
    if old.nullable != new.nullable:
        return "Forbid NULL in" if old.nullable else "Allow NULL in"
    if (old.default, old.now) != (new.default, new.now):
        return "Change the default of"
    if old.comment != new.comment:
        return "Comment"
    if old.now_on_update != new.now_on_update:
        return "Let updates of the row touch"
    return "Widen"


def _replacement(
    workshop: Workshop,
    column: PairedColumn,
    old: Definition,
    new: Definition,
    findings: list[Finding],
    needs: tuple[str, ...],
) -> Proposal:
    table = column.table.existing
    _refuse_keys(workshop, table, old.name)
    rename = new.name != old.name
    kept = old.name if rename else f"{old.name}_old"
    drop = workshop.allow_destructive
    indexes = tuple(_over(table, old.name, new.name, rename))
    change = ReplaceColumn(table.name, old, new, kept, drop, indexes)
    verb = (
        f"Rename {table.name}.{old.name} to {new.name}"
        if rename
        else f"Change the type of {table.name}.{old.name}"
    )
    beside = new.name if rename else f"{new.name}_new"
    steps = [
        f"Run the migration in a quiet moment: it adds {beside}, fills it in portions and puts it in place.",
    ]
    if rename:
        places = places_that_name(workshop.facts, table.name, old.name)
        steps.append(f"Apply the patch and deploy the code that uses {new.name}.")
        steps += [f"Look at {shown}, which may mean {old.name} too." for shown in _listed(places)]
    if not drop:
        steps.append(
            f"When nothing reads {kept} any more, drop it (`trueup fix --allow-destructive` writes that migration)."
        )
    slug = (
        f"rename_{old.name}_to_{new.name}_in_{table.name}"
        if rename
        else f"change_type_of_{old.name}_in_{table.name}"
    )
    return Proposal(
        "rename column" if rename else "change type",
        verb,
        table.name,
        tuple(findings),
        slug=f"{slug}_table",
        changes=(change,),
        steps=tuple(steps),
        risks=(
            f"What is written to {old.name} between the filling and the exchange is not carried over.",
            *((f"{old.name} is dropped, with what the new type cannot hold.",) if drop else ()),
        ),
        rollback=f"down() puts {old.name} back in its place, with the values that were written since.",
        effort="M",
        destructive=drop,
        rank=60 if rename else 35,
        needs=needs,
        makes=(f"column {table.name}.{new.name}",),
        leftovers=() if drop else (kept,),
        edit=partial(rename_in_code, table.name, old.name, new.name) if rename else None,
        follow=(
            "TYP003",
        ),  # with the digits of both the column holds more than required, which is nothing to be done
    )


def _listed(places: tuple[str, ...], most: int = 8) -> list[str]:
    more = f" and {len(places) - most} more places" if len(places) > most else ""
    return [", ".join(places[:most]) + more] if places else []


def _refuse_keys(workshop: Workshop, table: Table, column: str) -> None:
    lowered = column.lower()
    primary = table.primary_key
    if primary is not None and lowered in (c.lower() for c in primary.columns):
        raise Unmendable(
            f"{column} is part of the primary key: every table that refers to it changes with it"
        )
    if any(lowered in (c.lower() for c in key.columns) for key in table.foreign_keys):
        raise Unmendable(
            f"{column} is a foreign key: it must keep the type and the name that the key goes by"
        )
    for other in workshop.facts.schema.tables:
        for key in other.foreign_keys:
            if key.foreign_table.lower() == table.name.lower() and lowered in (
                c.lower() for c in key.foreign_columns
            ):
                raise Unmendable(f"{other.name} refers to {column} by a foreign key")


def _over(table: Table, name: str, to: str, rename: bool) -> Iterator[tuple[IndexSpec, IndexSpec]]:
    """Indexes over the column, as they are and as they are to be."""
    for index in table.indexes:
        if name.lower() not in (c.lower() for c in index.columns):
            continue
        if index.where or index.expressions or any(index.prefix_lengths) or index.implied:
            raise Unmendable(f"the index {index.name} over it is of a kind that Blueprint does not make")
        kind = index.kind if index.kind in ("fulltext", "spatial") else ""
        was = IndexSpec(index.name, index.columns, index.unique, kind)
        columns = tuple(to if c.lower() == name.lower() else c for c in index.columns)
        suffix = kind or ("unique" if index.unique else "index")
        now = index_name(table.name, columns, suffix, names_of(table)) if rename else index.name
        yield was, IndexSpec(now, columns, index.unique, kind)


# Columns beyond the specification that must be filled.


def left_out(workshop: Workshop) -> Iterator[Proposal]:
    """COL003: what the document does not know cannot be written by code that follows it."""
    for finding in workshop.findings("COL003"):
        table = workshop.table(finding.table)
        if table is None:
            continue
        title = f"Let {table.name}.{finding.column} be left out"
        try:
            old = existing_definition(table.name, finding.column, workshop.schemas)
        except Unmendable as reason:
            yield withheld("change column", title, table.name, [finding], str(reason))
            continue
        change = ChangeColumn(table.name, old, replace(old, nullable=True))
        yield Proposal(
            "change column",
            title,
            table.name,
            (finding,),
            slug=f"let_{finding.column}_of_{table.name}_table_be_null",
            changes=(change,),
            steps=(
                "Decide whether the column is still needed; if not, drop it instead.",
                "Run the migration.",
            ),
            rollback="down() makes the column NOT NULL again; rows without a value must be filled before.",
            rank=30,
            needs=(f"table {table.name}",),
        )


def forgotten_attributes(workshop: Workshop) -> Iterator[Proposal]:
    """MIG013: what `change()` did not repeat."""
    for finding in workshop.findings("MIG013"):
        migration = next((m for m in workshop.facts.migrations if m.name == finding.key), None)
        change = next(
            (
                c
                for c in (migration.done if migration else ())
                if c.kind == "change column" and (c.table, c.subject) == (finding.table, finding.column)
            ),
            None,
        )
        if change is None or change.before is None:
            continue
        title = f"Give {finding.table}.{finding.column} back what change() dropped"
        try:
            old = existing_definition(finding.table, finding.column, workshop.schemas)
        except Unmendable as reason:
            yield withheld("default", title, finding.table, [finding], str(reason))
            continue
        parsed = parse_type(change.before.type, workshop.facts.schema.driver)
        new = replace(old, comment=old.comment or change.before.comment or "")
        if change.before.default is not None and not old.default and not old.now:
            new = with_default(new, change.before.default, parsed)
        yield Proposal(
            "default",
            title,
            finding.table,
            (finding,),
            slug=f"restore_{finding.column}_of_{finding.table}_table",
            changes=(ChangeColumn(finding.table, old, new),),
            steps=("Run the migration.",),
            rollback="down() takes it away again.",
            rank=30,
            needs=(f"table {finding.table}",),
        )


def soft_delete_columns(workshop: Workshop) -> Iterator[Proposal]:
    """MOD012: the column that the trait needs."""
    for finding in workshop.findings("MOD012"):
        table = workshop.table(finding.table)
        if table is None:
            continue
        column = Definition(finding.column or "deleted_at", "timestamp", nullable=True)
        yield Proposal(
            "add columns",
            f"Add {column.name} to {table.name}",
            table.name,
            (finding,),
            slug=f"add_{column.name}_to_{table.name}_table",
            changes=(AddColumn(table.name, column),),
            steps=("Run the migration.",),
            rollback="down() drops the column: rows that were deleted softly since are back.",
            rank=20,
            needs=(f"table {table.name}",),
        )
