"""The entity diagram: tables that exist or should, with what is missing, different or extra, and the keys between them."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.pairing import TablePair
from trueup.model.schema import Table
from trueup.report.matrix import column_rows
from trueup.structs import Struct

MAX_LINES = 12
"""Lines of columns in a box; the rest is counted."""


class Line(Struct, frozen=True):
    """A column in a box. `state`: "", "key", "missing", "different", "extra"."""

    text: str
    state: str


class Box(Struct, frozen=True):
    """`state`: "present", "renamed", "missing", "different", "extra". `label` is what a screen reader says."""

    id: str
    title: str
    state: str
    note: str
    lines: tuple[Line, ...]
    label: str


class Edge(Struct, frozen=True):
    """A foreign key from one box to another. `state`: "present" or "missing"."""

    source: str
    target: str
    text: str
    state: str


class Diagram(Struct, frozen=True):
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


def diagram(audit: Audit) -> Diagram:
    pairs = audit.facts.comparison.pairs
    boxes = [_required_box(audit, pair) for pair in pairs]
    boxes += [_extra_box(table, bool(pairs)) for table in audit.facts.comparison.extra]
    known = {box.id for box in boxes}
    edges = [edge for edge in _edges(audit) if edge.source in known and edge.target in known]
    return Diagram(tuple(sorted(boxes, key=lambda b: b.id)), tuple(dict.fromkeys(edges)))


def box_id(table: str) -> str:
    return table.lower()


def _required_box(audit: Audit, pair: TablePair) -> Box:
    rows = column_rows(audit, pair)
    states = [
        ("missing" if not r.existing else "different" if "differs" in r.status else "", r) for r in rows
    ]
    odd = [Line(_shown(r.required, r.existing), state) for state, r in states if state and pair.existing]
    extra = [Line(c.name, "extra") for c in pair.extra_columns]
    keys = _key_lines(pair.existing) if pair.existing else [Line(r.required, "missing") for r in rows]
    wrong = any(state for state, _ in states)
    state = (
        "missing"
        if pair.existing is None
        else pair.status
        if pair.status == "renamed"
        else "different"
        if wrong
        else "present"
    )
    title = pair.existing.name if pair.existing else pair.required.name
    note = f"required as {pair.required.name}" if state == "renamed" else ""
    told = {line.text for line in (*odd, *extra)}
    lines = _cut([*(k for k in keys if k.text not in told), *odd, *extra])
    return Box(box_id(title), title, state, note, lines, _label(title, state, len(odd), len(extra)))


def _shown(required: str, existing: str) -> str:
    return required if not existing or existing == required else f"{existing} ({required})"


def _extra_box(table: Table, specified: bool) -> Box:
    state = "extra" if specified else "present"
    return Box(
        box_id(table.name), table.name, state, "", _cut(_key_lines(table)), _label(table.name, state, 0, 0)
    )


def _key_lines(table: Table) -> list[Line]:
    primary = table.primary_key.columns if table.primary_key else ()
    refers = [c for key in table.foreign_keys for c in key.columns]
    return [Line(c, "key") for c in dict.fromkeys((*primary, *refers))]


def _cut(lines: list[Line]) -> tuple[Line, ...]:
    if len(lines) <= MAX_LINES:
        return tuple(lines)
    left = len(lines) - MAX_LINES + 1
    return (*lines[: MAX_LINES - 1], Line(f"and {left} more", ""))


def _label(title: str, state: str, odd: int, extra: int) -> str:
    words = {"extra": "not required", "renamed": "under another name"}.get(state, state)
    parts = [f"table {title}: {words}"]
    if odd:
        parts.append(f"{odd} columns missing or different")
    if extra:
        parts.append(f"{extra} more columns than required")
    return ", ".join(parts)


def _edges(audit: Audit) -> Iterator[Edge]:
    names = {p.required.name.lower(): p.existing.name for p in audit.facts.comparison.pairs if p.existing}
    for table in audit.facts.schema.tables:
        for key in table.foreign_keys:
            yield Edge(box_id(table.name), box_id(key.foreign_table), ", ".join(key.columns), "present")
    for pair in audit.facts.comparison.pairs:
        source = pair.existing.name if pair.existing else pair.required.name
        have = (
            {tuple(c.lower() for c in k.columns) for k in pair.existing.foreign_keys}
            if pair.existing
            else set()
        )
        for wanted in pair.required.foreign_keys:
            columns = tuple(pair.column_name(c).lower() for c in wanted.columns)
            target = names.get(wanted.foreign_table.lower(), wanted.foreign_table)
            if columns not in have:
                yield Edge(box_id(source), box_id(target), ", ".join(columns), "missing")
