"""Each table, column by column: what the specification asks for, what the migrations build, what the model says, what is live."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.eloquent import Model
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.pairing import TablePair
from trueup.model.schema import Column, Table
from trueup.page.views.diagram import box_id
from trueup.report.matrix import KeyRow, MatrixRow, column_rows, key_rows
from trueup.structs import Struct


class ColumnRow(Struct, frozen=True):
    """Empty texts where a side has or says nothing. `state`: "good", "missing", "different", "extra", "remark", "unknown"."""

    name: str
    specified: str
    built: str
    model: str
    live: str
    status: str
    state: str


class Comparison(Struct, frozen=True):
    """One table. `required` is its required name, "" where nothing requires it; `open`: shown unfolded."""

    id: str
    name: str
    required: str
    status: str
    columns: tuple[ColumnRow, ...]
    keys: tuple[KeyRow, ...]
    indexes: tuple[str, ...]
    places: tuple[Location, ...]
    findings: int
    open: bool


def comparisons(audit: Audit) -> tuple[Comparison, ...]:
    tables = [_required(audit, pair) for pair in audit.facts.comparison.pairs]
    tables += [_extra(audit, table) for table in audit.facts.comparison.extra]
    return tuple(tables)


def _required(audit: Audit, pair: TablePair) -> Comparison:
    name = pair.existing.name if pair.existing else pair.required.name
    model = _model(audit, name)
    rows = [_row(audit, name, model, row, pair) for row in column_rows(audit, pair)]
    rows += [_extra_row(audit, name, model, column) for column in pair.extra_columns]
    places = (pair.required.at, *((pair.existing.at,) if pair.existing else ()))
    found = [f for f in audit.findings if f.table.lower() in (name.lower(), pair.required.name.lower())]
    serious = any(f.severity != "info" for f in found)
    status = {"renamed": f"under another name, score {pair.score:.2f}"}.get(pair.status, pair.status)
    indexes = tuple(_indexes(pair.existing)) if pair.existing else ()
    return Comparison(
        box_id(name),
        name,
        pair.required.name,
        status,
        tuple(rows),
        key_rows(pair),
        indexes,
        places,
        len(found),
        serious,
    )


def _extra(audit: Audit, table: Table) -> Comparison:
    model = _model(audit, table.name)
    rows = tuple(_extra_row(audit, table.name, model, column) for column in table.columns)
    found: list[Finding] = [f for f in audit.findings if f.table.lower() == table.name.lower()]
    specified = bool(audit.facts.comparison.pairs)
    plain = rows if specified else tuple(_plain(row) for row in rows)
    status = "not required" if specified else "present"
    return Comparison(
        box_id(table.name),
        table.name,
        "",
        status,
        plain,
        (),
        tuple(_indexes(table)),
        (table.at,),
        len(found),
        False,
    )


def _plain(row: ColumnRow) -> ColumnRow:
    """Without a specification no column is one too many."""
    return ColumnRow(row.name, "", row.built, row.model, row.live, "", "good")


def _row(audit: Audit, table: str, model: Model | None, row: MatrixRow, pair: TablePair) -> ColumnRow:
    existing = row.existing or row.required
    shown = row.required if row.existing in ("", row.required) else f"{row.required} → {row.existing}"
    column = pair.existing.column(row.existing) if pair.existing and row.existing else None
    built = _built(column) if column else ""
    return ColumnRow(
        shown,
        row.required_type,
        built,
        _of_model(model, existing),
        _live(audit, table, existing),
        row.status,
        _state(row.status),
    )


def _extra_row(audit: Audit, table: str, model: Model | None, column: Column) -> ColumnRow:
    live = _live(audit, table, column.name)
    return ColumnRow(
        column.name, "", _built(column), _of_model(model, column.name), live, "not required", "extra"
    )


_STATES = {
    "missing": "missing",
    "differs": "different",
    "cannot": "unknown",
    "renamed": "different",
    "remark": "remark",
}
"""What a word of the status comes to; the first that is in it counts."""


def _state(status: str) -> str:
    return next((state for word, state in _STATES.items() if word in status), "good")


def _built(column: Column) -> str:
    parts = [column.type, "null" if column.nullable else "not null"]
    if column.default is not None:
        parts.append(f"default {column.default}")
    if column.auto_increment:
        parts.append("auto increment")
    return " ".join(parts)


def _model(audit: Audit, table: str) -> Model | None:
    models = audit.facts.eloquent.models_of(table)
    return models[0] if models else None


def _of_model(model: Model | None, column: str) -> str:
    """How the model treats a column: filled, cast, hidden."""
    if model is None:
        return ""
    lowered = column.lower()
    parts = ["fillable"] if any(a.name.lower() == lowered for a in model.fillable) else []
    parts += [f"cast {c.cast}" for c in model.casts if c.attribute.lower() == lowered]
    parts += ["hidden"] if any(a.name.lower() == lowered for a in model.hidden) else []
    return ", ".join(parts)


def _live(audit: Audit, table: str, column: str) -> str:
    live = audit.facts.live
    if live is None:
        return ""
    found = live.schema.table(table)
    have = found.column(column) if found else None
    return _built(have) if have else "not there"


def _indexes(table: Table) -> Iterator[str]:
    for index in table.indexes:
        kind = (
            "primary key"
            if index.primary
            else "unique"
            if index.unique
            else index.kind
            if index.kind != "btree"
            else "index"
        )
        parts = (*index.columns, *index.expressions)
        yield f"{kind} {index.name} ({', '.join(parts)})" + (f" where {index.where}" if index.where else "")
    for key in table.foreign_keys:
        yield f"foreign key ({', '.join(key.columns)}) to {key.foreign_table}, on delete {key.on_delete}"
