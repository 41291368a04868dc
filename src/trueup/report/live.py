"""The live database in reports: one row a table, and what the server does not tell."""

from __future__ import annotations

from trueup.model.audit import Facts, InventoryRow
from trueup.model.live import Live, TableSize
from trueup.report.plain import counted
from trueup.structs import Struct

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


class LiveRow(Struct, frozen=True):
    """A table that the server has or should have. `state`: "there", "missing", "not built by migrations"."""

    table: str
    state: str
    required: bool
    size: TableSize


def live_rows(facts: Facts) -> tuple[LiveRow, ...]:
    """Every table that is on the server, that the migrations build, or that the specification requires; sorted by name."""
    live = facts.live
    if live is None:
        return ()
    required = {(p.existing.name if p.existing else p.required.name).lower() for p in facts.comparison.pairs}
    built = {t.name.lower(): t.name for t in facts.schema.tables}
    there = {t.name.lower(): t.name for t in live.schema.tables}
    asked = {p.required.name.lower(): p.required.name for p in facts.comparison.pairs if p.existing is None}
    names = {**asked, **built, **there}
    rows = []
    for key in sorted(names):
        state = ("there" if key in built else "not built by migrations") if key in there else "missing"
        rows.append(LiveRow(names[key], state, key in required, live.size(names[key])))
    return tuple(rows)


def live_state(live: Live | None, row: InventoryRow) -> str:
    """ "there" or "missing" for a table of the inventory, "" where no server was asked."""
    if live is None:
        return ""
    return "there" if live.schema.table(row.matched or row.table) else "missing"


def bytes_text(number: int | None) -> str:
    """ "12.0 KiB"; "" where the server does not tell."""
    if number is None:
        return ""
    amount = float(number)
    for unit in _UNITS:
        if amount < 1024 or unit == _UNITS[-1]:
            return f"{number} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return ""


def rows_text(size: TableSize) -> str:
    """ "about 1,200", or the number where the rows were counted."""
    if size.rows is None:
        return ""
    return f"{size.rows:,}" if size.counted else f"about {size.rows:,}"


def live_head(live: Live) -> str:
    """The server in one line."""
    version = f" {live.schema.server_version}" if live.schema.server_version else ""
    ran = "" if live.entries is None else f", {counted(len(live.entries), 'migration')} run"
    return f"{live.at} ({live.schema.driver}{version}), {counted(len(live.schema.tables), 'table')}{ran}"


def untold_lines(live: Live) -> tuple[str, ...]:
    """What the server does not tell, a sentence each."""
    words = {
        "reads": "Which indexes are used",
        "sizes": "Sizes",
        "migrations": "Which migrations have run",
        "since": "Since when reads are counted",
    }
    return tuple(f"{words.get(u.part, u.part)}: cannot tell, {u.reason}." for u in live.untold)
