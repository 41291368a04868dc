"""The compliance matrix: each required column, index and key beside what exists, with what the findings say of it."""

from __future__ import annotations

from trueup.model.audit import Audit
from trueup.model.findings import CannotTell, Finding
from trueup.model.pairing import ColumnPair, TablePair
from trueup.model.schema import ForeignKey, Index
from trueup.model.spec import RequiredForeignKey, RequiredIndex
from trueup.structs import Struct


class MatrixRow(Struct, frozen=True):
    """`status` is "as required", "missing", "renamed", or what differs, with the codes of its findings."""

    required: str
    required_type: str
    existing: str
    existing_type: str
    status: str


class KeyRow(Struct, frozen=True):
    """A required index or key: "index (a, b)", the name of what serves it or "", and the status."""

    required: str
    existing: str
    status: str


def findings_of(audit: Audit, pair: TablePair) -> tuple[Finding, ...]:
    """Findings on a required table, under its required or its existing name."""
    names = _names(pair)
    return tuple(finding for finding in audit.findings if finding.table.lower() in names)


def _names(pair: TablePair) -> frozenset[str]:
    existing = {pair.existing.name.lower()} if pair.existing else set()
    return frozenset({pair.required.name.lower(), *existing})


def column_rows(audit: Audit, pair: TablePair) -> tuple[MatrixRow, ...]:
    """One row a required column, in the specification's order; all missing where the table is."""
    if pair.existing is None:
        return tuple(
            MatrixRow(c.name, _required_type(c.type, c.nullable), "", "", "missing")
            for c in pair.required.columns
        )
    found = findings_of(audit, pair)
    unsure = tuple(c for c in audit.cannot_tell if c.table.lower() in _names(pair))
    return tuple(_column_row(column, found, unsure) for column in pair.columns)


def _required_type(text: str | None, nullable: bool | None) -> str:
    nulls = "" if nullable is None else " null" if nullable else " not null"
    return f"{text or 'any'}{nulls}"


def _column_row(pair: ColumnPair, findings: tuple[Finding, ...], unsure: tuple[CannotTell, ...]) -> MatrixRow:
    required, existing = pair.required, pair.existing
    wanted = _required_type(required.type, required.nullable)
    if existing is None:
        return MatrixRow(required.name, wanted, "", "", "missing")
    names = {required.name.lower(), existing.name.lower()}
    about = [f for f in findings if f.column.lower() in names and not _tells_renaming(f, pair)]
    doubts = [c for c in unsure if c.subject.lower().rsplit(".", 1)[-1] in names]
    is_type = _required_type(existing.type, existing.nullable)
    return MatrixRow(required.name, wanted, existing.name, is_type, _status(pair, about, doubts))


def _tells_renaming(finding: Finding, pair: ColumnPair) -> bool:
    """The finding that the column has another name, which the status says by itself."""
    names = (
        finding.expected == pair.required.name
        and pair.existing
        and finding.found.startswith(pair.existing.name)
    )
    return pair.renamed and finding.category == "column" and bool(names)


def _status(pair: ColumnPair, about: list[Finding], doubts: list[CannotTell]) -> str:
    parts = [f"renamed ({pair.score:.2f})"] if pair.renamed else []
    differing = sorted({f.code for f in about if f.severity != "info"})
    remarks = sorted({f.code for f in about if f.severity == "info"})
    if differing:
        parts.append(f"differs: {', '.join(differing)}")
    if doubts:
        parts.append("cannot tell")
    if remarks:
        parts.append(f"remark: {', '.join(remarks)}")
    return "; ".join(parts) or "as required"


def key_rows(pair: TablePair) -> tuple[KeyRow, ...]:
    """Required indexes and foreign keys in the specification's order. An index that begins with the required columns serves."""
    if pair.existing is None:
        return ()
    rows = [_index_row(pair, required) for required in pair.required.indexes]
    rows.extend(_foreign_row(pair, required) for required in pair.required.foreign_keys)
    return tuple(rows)


def _index_row(pair: TablePair, required: RequiredIndex) -> KeyRow:
    kind = "primary key" if required.primary else "unique" if required.unique else "index"
    columns = tuple(pair.column_name(column).lower() for column in required.columns)
    serving = [i for i in (pair.existing.indexes if pair.existing else ()) if _serves(i, columns, required)]
    best = min(serving, key=lambda i: (len(i.columns), i.name), default=None)
    shown = f"{kind} ({', '.join(required.columns)})"
    if best is None:
        return KeyRow(shown, "", "missing")
    exact = tuple(c.lower() for c in best.columns) == columns
    return KeyRow(shown, f"{best.name} ({', '.join(best.columns)})", "as required" if exact else "covered")


def _serves(index: Index, columns: tuple[str, ...], required: RequiredIndex) -> bool:
    have = tuple(c.lower() for c in index.columns)
    if required.primary:
        return index.primary and have == columns
    if required.unique:
        return index.unique and not index.where and set(have) == set(columns)
    return have[: len(columns)] == columns and not index.where


def _foreign_row(pair: TablePair, required: RequiredForeignKey) -> KeyRow:
    columns = tuple(pair.column_name(column).lower() for column in required.columns)
    keys = pair.existing.foreign_keys if pair.existing else ()
    found = next((k for k in keys if tuple(c.lower() for c in k.columns) == columns), None)
    shown = f"foreign key ({', '.join(required.columns)}) to {required.foreign_table}"
    if found is None:
        return KeyRow(shown, "", "missing")
    return KeyRow(shown, _shown_key(found), _foreign_status(required, found))


def _shown_key(key: ForeignKey) -> str:
    name = f"{key.name}: " if key.name else ""
    return f"{name}{key.foreign_table}, on delete {key.on_delete}"


def _foreign_status(required: RequiredForeignKey, found: ForeignKey) -> str:
    if found.foreign_table.lower() != required.foreign_table.lower():
        return "differs: another table"
    wanted, is_action = required.on_delete, found.on_delete
    plain = {"no action", "restrict", ""}
    if wanted is not None and wanted.lower() != is_action and not {wanted.lower(), is_action} <= plain:
        return "differs: on delete"
    return "as required"
