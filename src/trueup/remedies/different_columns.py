"""Columns whose name, type, nullability, default or comment is not what is required."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import PairedColumn, paired_columns
from trueup.compare.domains import Exact, Text, domain_of
from trueup.model.findings import Finding
from trueup.remedies.changes import ChangeColumn
from trueup.remedies.columns import fill_of, told
from trueup.remedies.definitions import (
    Definition,
    Unmendable,
    existing_definition,
    required_definition,
    with_default,
)
from trueup.remedies.proposals import Proposal, Workshop, withheld
from trueup.remedies.replacing import replacement
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

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
    return replacement(workshop, column, old, new, findings, needs)


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
