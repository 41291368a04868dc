"""What a trial's findings and changes say of a proposal: what is new, what may come from whom, what nobody meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.compare.diff import CheckRemoved, Difference, diff
from trueup.model.findings import Finding
from trueup.model.schema import Schema
from trueup.remedies.bench import Attempt
from trueup.remedies.changes import (
    AddColumn,
    Change,
    ChangeColumn,
    DropColumn,
    LetCount,
    NumberRows,
    RenameTable,
    ReplaceColumn,
)
from trueup.remedies.definitions import Definition
from trueup.remedies.proposals import Proposal

Findings = dict[str, Finding]
"""By id."""


def new_findings(found: Findings, before: Findings, proposals: Sequence[Proposal]) -> list[Finding]:
    """What was not there before and is no work that a proposal says will follow."""
    known = {_subject(f) for f in before.values()}
    renamed = renamed_tables(proposals)
    moved = {_moved(f, renamed) for f in before.values()} if renamed else set()
    return [
        f
        for i, f in found.items()
        if i not in before
        and _subject(f) not in known
        and _moved(f, {}) not in moved
        and not any(_is_expected(f, p) for p in proposals)
    ]


def renamed_tables(proposals: Sequence[Proposal]) -> dict[str, str]:
    """Old name → new name, lower case."""
    return {c.table.lower(): c.to.lower() for p in proposals for c in p.changes if isinstance(c, RenameTable)}


def also_gone(found: Findings, before: Findings, proposal: Proposal) -> Iterator[Finding]:
    """What went away although the proposal does not claim it; what is there under the table's new name did not."""
    claimed = {f.id for f in proposal.findings}
    renamed = renamed_tables([proposal])
    still = {_moved(f, {}) for f in found.values()} if renamed else set()
    for id_, finding in before.items():
        if id_ not in found and id_ not in claimed and not (renamed and _moved(finding, renamed) in still):
            yield finding


def _moved(finding: Finding, renamed: dict[str, str]) -> tuple[str, str, str, str, str]:
    """The subject with the tables' new names, wherever it stands."""
    table = renamed.get(finding.table.lower(), finding.table.lower())
    return (finding.code, table, finding.column, finding.index, finding.model)


def suspects(left: list[Finding], new: list[Finding], proposals: list[Proposal]) -> Iterator[Proposal]:
    """Those whose own findings are left; for a new one the last that changed its table, by its index where it has one."""
    ids = {f.id for f in left}
    yield from (p for p in proposals if any(f.id in ids for f in p.findings))
    for finding in new:
        in_code = finding.category in ("model", "factory", "query", "test")
        fitting = [
            p for p in proposals if bool(p.changes) != in_code and p.table.lower() == finding.table.lower()
        ]
        named = [p for p in fitting if finding.index and finding.index in repr(p.changes)]
        yield from (named or fitting)[-1:]


def checked_tables(schema: Schema) -> set[str]:
    return {t.name.lower() for t in schema.tables if t.checks}


def is_not_there(schema: Schema, proposal: Proposal) -> bool:
    makes_table = any(m.startswith("table ") for m in proposal.makes)
    return not makes_table and bool(proposal.table) and schema.table(proposal.table) is None


def is_about_kept(finding: Finding, kept: set[tuple[str, str]]) -> bool:
    """A cast for a column that was replaced and waits to be dropped is nothing to ask for."""
    names = finding.expected.removeprefix("casts for ").split(", ") if finding.code == "MOD014" else []
    return bool(names) and all((finding.table.lower(), n) in kept for n in names)


def _subject(finding: Finding) -> tuple[str, str, str, str, object]:
    """One and the same fault where what is found differs in words only: of one kind, at one place."""
    at = finding.locations[0] if finding.locations else None
    return (finding.code, finding.table, finding.column, finding.index, at)


_HIDDEN = ("SPEC004", "IDX003", "IDX004", "IDX005")
"""What a document says of a table, and what queries of it need."""


def is_revealed(finding: Finding, proposal: Proposal) -> bool:
    """What code, queries and documents say wrong of a table that was not there could not be told before."""
    if proposal.concern != "create table":
        return False
    in_code = finding.category in ("query", "model", "factory", "test", "capability")
    if finding.table.lower() == proposal.table.lower():
        return in_code or finding.code in _HIDDEN
    return in_code and f"`{proposal.table}`" in finding.message


def _is_expected(finding: Finding, proposal: Proposal) -> bool:
    """What the proposal itself says will be found then: work that follows, or the column that it keeps."""
    if finding.code == "COL004":
        return bool(proposal.leftovers)
    if is_revealed(finding, proposal):
        return True
    return finding.code in proposal.follow


def unintended(attempt: Attempt, proposal: Proposal) -> str:
    """What changed on the server besides what the changes name: an attribute that was lost, a check that a rebuild dropped."""
    named = {d.name.lower() for change in proposal.changes for d in _definitions(change)}
    for one in diff(attempt.before, attempt.raw, names=False, comments=True):
        what = _outside(one, proposal, named)
        if what:
            return f"it also changes {what}"
    return ""


def _definitions(change: Change) -> tuple[Definition, ...]:
    match change:
        case AddColumn(column=column) | DropColumn(column=column) | NumberRows(column=column):
            return (column,)
        case ChangeColumn(old=old, new=new) | ReplaceColumn(old=old, new=new) | LetCount(old=old, new=new):
            return (old, new)
        case _:
            return ()


def _outside(one: Difference, proposal: Proposal, named: set[str]) -> str:
    table = getattr(one, "table", "")
    name = table if isinstance(table, str) else table.name
    tables = {proposal.table.lower(), *(getattr(c, "to", "").lower() for c in proposal.changes)}
    if not any(name.lower().endswith(t) for t in tables if t):
        return f"the table {name}"
    column = getattr(one, "new", None) or getattr(one, "column", None)
    kind = type(one).__name__
    if (
        kind == "ColumnChanged"
        and column is not None
        and column.name.lower() not in named | set(proposal.leftovers)
    ):
        return f"the {getattr(one, 'aspect', '')} of {name}.{column.name}"
    checked = {c.lower() for c in one.check.columns} if isinstance(one, CheckRemoved) else set[str]()
    if isinstance(one, CheckRemoved) and not (checked and checked <= named):
        return f"the check that {one.check.expression}"
    return ""
