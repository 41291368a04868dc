"""What separates two schemas, as text or as `trueup.diff/1`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from trueup.compare.diff import (
    CheckAdded,
    CheckRemoved,
    ColumnAdded,
    ColumnChanged,
    ColumnRemoved,
    Difference,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyRemoved,
    IndexAdded,
    IndexRemoved,
    IndexRenamed,
    TableAdded,
    TableRemoved,
)
from trueup.model.locations import Location
from trueup.model.schema import Schema
from trueup.report.plain import counted, plain
from trueup.report.schema_text import column_text, index_text, key_text
from trueup.structs import Struct

FORMAT = "trueup.diff/1"


class Told(Struct, frozen=True):
    """A difference in words. `sign`: "+" added, "-" removed, "~" changed."""

    table: str
    sign: str
    kind: str
    subject: str
    before: str
    after: str
    at: Location


def diff_text(
    before: str, after: str, first: Schema, second: Schema, differences: tuple[Difference, ...]
) -> str:
    """One line a difference, grouped by table; `before` and `after` are the sides' names."""
    lines = [f"--- {plain(before)}  ({_server(first)})", f"+++ {plain(after)}  ({_server(second)})"]
    told = [tell(difference) for difference in differences]
    for table, changes in groupby(told, key=lambda t: t.table):
        lines.extend(["", plain(table), *(f"  {_line(change)}" for change in changes)])
    lines.append("")
    tables = len({change.table for change in told})
    unread = (
        " in what could be read" if (first.gaps or second.gaps or first.failures or second.failures) else ""
    )
    if told:
        lines.append(f"{counted(len(told), 'difference')} in {counted(tables, 'table')}{unread}.")
    else:
        lines.append(f"No differences{unread}.")
    lines.extend(_untold(before, first))
    lines.extend(_untold(after, second))
    return "\n".join(lines) + "\n"


def difference_line(difference: Difference) -> str:
    """The difference as one line that stands alone: "ai_costs: + amount decimal(10,2)"."""
    told = tell(difference)
    return f"{plain(told.table)}: {_line(told)}"


def _server(schema: Schema) -> str:
    framework = f", {schema.framework}" if schema.framework else ""
    return f"{schema.driver}{framework}, {counted(len(schema.tables), 'table')}"


def _line(told: Told) -> str:
    says_kind = told.kind == "foreign key" or (told.kind == "index" and told.sign != "~")
    parts = [told.sign, "" if says_kind else told.kind, told.subject]
    if told.sign == "~":
        parts.append(f"{told.before} → {told.after}")
    else:
        parts.append(told.after or told.before)
    place = f"  ({told.at})" if told.at.file else ""
    return plain(" ".join(part for part in parts if part) + place)


def _untold(name: str, schema: Schema) -> Iterator[str]:
    """Failures and gaps: what may be missing from one side."""
    for failure in schema.failures:
        yield plain(f"{name}: {failure.at}: would fail: {failure.reason}")
    for gap in sorted(schema.gaps):
        place = str(gap.at) if gap.at.file == name else f"{name}: {gap.at}"
        yield plain(f"{place}: {gap.reason}")


def diff_json(
    before: str, after: str, first: Schema, second: Schema, differences: tuple[Difference, ...]
) -> str:
    """The same as JSON."""
    document = {
        "format": FORMAT,
        "before": {"name": before, "driver": first.driver, "framework": first.framework},
        "after": {"name": after, "driver": second.driver, "framework": second.framework},
        "differences": [_entry(tell(difference)) for difference in differences],
        "gaps": [
            {"side": side, "file": gap.at.file, "line": gap.at.line, "reason": gap.reason}
            for side, schema in (("before", first), ("after", second))
            for gap in sorted(schema.gaps)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _entry(told: Told) -> dict[str, object]:
    change = {"+": "added", "-": "removed", "~": "changed"}[told.sign]
    at = {"file": told.at.file, "line": told.at.line} if told.at.file else {}
    return {
        "change": change,
        "kind": told.kind,
        "table": told.table,
        "subject": told.subject,
        "before": told.before,
        "after": told.after,
        "at": at,
    }


def tell(difference: Difference) -> Told:
    """A difference in words."""
    match difference:
        case TableAdded(table):
            return Told(table.name, "+", "table", "", "", counted(len(table.columns), "column"), table.at)
        case TableRemoved(table):
            return Told(table.name, "-", "table", "", counted(len(table.columns), "column"), "", table.at)
        case ColumnAdded(table, column):
            return Told(table, "+", "column", column.name, "", column_text(column), column.at)
        case ColumnRemoved(table, column):
            return Told(table, "-", "column", column.name, column_text(column), "", column.at)
        case ColumnChanged(table, aspect, before, after, _, new):
            return Told(table, "~", "column", f"{new.name}: {aspect}", before, after, new.at)
        case _:
            return _tell_other(difference)


def _tell_other(difference: Difference) -> Told:
    match difference:
        case IndexAdded(table, index):
            return Told(table, "+", "index", "", "", index_text(index), index.at)
        case IndexRemoved(table, index):
            return Told(table, "-", "index", "", index_text(index), "", index.at)
        case IndexRenamed(table, old, new):
            return Told(table, "~", "index", "name", old.name, new.name, new.at)
        case ForeignKeyAdded(table, key):
            return Told(table, "+", "foreign key", "", "", key_text(key), key.at)
        case ForeignKeyRemoved(table, key):
            return Told(table, "-", "foreign key", "", key_text(key), "", key.at)
        case ForeignKeyChanged(table, was, now):
            return Told(table, "~", "foreign key", "", key_text(was), key_text(now), now.at)
        case CheckAdded(table, check):
            return Told(table, "+", "check", check.name or "", "", check.expression, check.at)
        case CheckRemoved(table, check):
            return Told(table, "-", "check", check.name or "", check.expression, "", check.at)
        case _:
            raise TypeError(f"not a difference of two tables: {difference!r}")
