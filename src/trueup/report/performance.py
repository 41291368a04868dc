"""Indexes and query performance in the reports: what is served, what is superfluous, what the set of indexes would become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.shapes import GRADES, Advice, Performance, ServedBy
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted

MOST_SHAPES = 60
"""So many unserved shapes a report lists; `trueup queries --grade unserved` lists all."""


def grade_line(performance: Performance) -> str:
    """ "12 query shapes: 3 unserved, 9 served"."""
    grades = Counter(s.grade for s in performance.served)
    parts = [f"{grades[g]} {g}" for g in GRADES if grades[g]]
    return f"{counted(len(performance.served), 'query shape')}: {', '.join(parts)}"


def advised_line(performance: Performance) -> str:
    """How many indexes the advice adds, replaces and drops."""
    actions = Counter(a.action for a in performance.advice)
    return (
        f"{counted(actions['add'], 'index', 'indexes')} to add, {actions['replace']} in place of shorter ones, "
        f"{actions['drop']} to drop"
    )


def wanting(performance: Performance) -> tuple[ServedBy, ...]:
    """The shapes that no index serves, of tables that grow or may."""
    matter = {g.table.lower() for g in performance.growth if g.matters}
    return tuple(
        s
        for s in performance.served
        if s.grade in {"unserved", "unbounded"} and s.shape.table.lower() in matter
    )


def changes(performance: Performance) -> tuple[tuple[str, tuple[Advice, ...]], ...]:
    """(table, its advice), tables that have anything but "keep"."""
    tables = sorted({a.table for a in performance.advice if a.action != "keep"})
    return tuple((t, tuple(a for a in performance.advice if a.table == t)) for t in tables)


def performance_markdown(audit: Audit) -> Iterator[str]:
    """The section, or nothing where there are no queries."""
    found = audit.performance
    if not found.served:
        return
    yield "## Indexes and query performance"
    yield f"{grade_line(found)}. Advice: {advised_line(found)}."
    yield from _wanting_table(found)
    moved = changes(found)
    if moved:
        yield "The set of indexes per table, before and after (primary keys, unique indexes and others that stay are not listed):"
        headers = ("Table", "Before", "After", "Index", "Change", "Serves", "Writes", "Bytes a row", "Why")
        rows = [row for name, advice in moved for row in _rows(audit, name, advice)]
        yield table(headers, rows, numbers=(1, 2, 5, 6, 7))


def _wanting_table(found: Performance) -> Iterator[str]:
    lost = wanting(found)
    if not lost:
        return
    yield "Queries that no index serves, on tables that grow or may:"
    rows = [
        [code(s.shape.table), s.grade, escape("; ".join(s.left)), escape(s.why), _sites(s)]
        for s in lost[:MOST_SHAPES]
    ]
    yield table(("Table", "Grade", "What no index does", "Why", "At"), rows)
    if len(lost) > MOST_SHAPES:
        yield f"And {len(lost) - MOST_SHAPES} more: `trueup queries --grade unserved --grade unbounded`."


def _sites(one: ServedBy) -> str:
    places = one.shape.sites
    more = f" and {len(places) - 2} more" if len(places) > 2 else ""
    return ", ".join(code(str(p)) for p in places[:2]) + more


def _rows(audit: Audit, name: str, advice: tuple[Advice, ...]) -> Iterator[list[str]]:
    existing = audit.facts.schema.table(name)
    before = len(existing.indexes) if existing is not None else 0
    added = sum(a.action in {"add", "replace"} for a in advice)
    gone = {i for a in advice for i in ((a.name,) if a.action == "drop" else a.replaces)}
    for position, one in enumerate(a for a in advice if a.action != "keep"):
        first = position == 0
        instead = f"in place of {', '.join(code(r) for r in one.replaces)}" if one.replaces else one.action
        yield [
            code(name) if first else "",
            str(before) if first else "",
            str(before + added - len(gone)) if first else "",
            code(f"({', '.join(one.columns)})"),
            instead,
            str(len(one.serves)),
            str(one.write_cost),
            str(one.bytes_per_row),
            escape(one.why),
        ]
