"""What the code asks of tables that are not there, and what a table's columns ask of its model. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.queries import QuerySite
from trueup.model.schema import Column, Table
from trueup.model.tickets import Work
from trueup.remedies.code_style import class_for
from trueup.report.markdown import code
from trueup.report.plain import listed
from trueup.sources.laravel.inflection import singular
from trueup.tickets.content import Setting

SHARED = 0.6
"""Part of the columns that a query names which another table must have to be worth naming."""
LEAST = 3
"""How many these must be at least; columns that nearly every table has do not count."""
EVERYWHERE = frozenset(("id", "created_at", "updated_at", "deleted_at"))
MOST = 8


def asked_of_missing(setting: Setting, work: Work) -> Iterator[str]:
    """For each table that the code uses and no migration makes: the methods, the columns that they name, and the existing table
    that has most of these."""
    missing = sorted({f.table for f in work.findings if f.code == "QRY001"})
    lines = [line for table in missing for line in _asked(setting.audit, table)]
    if lines:
        yield "**What the code asks for:**"
        yield "\n".join(f"- {line}" for line in lines)


def _asked(audit: Audit, table: str) -> Iterator[str]:
    sites = [s for s in audit.facts.queries.sites if s.table.lower() == table.lower() and s.area == "src"]
    for site in sites:
        columns = _columns(site)
        where = f"{code(site.method + '()')} at {code(str(site.at))}" if site.method else code(str(site.at))
        named = f" by {listed([code(c) for c in columns])}" if columns else ""
        yield f"{where}: {site.kind} of {code(table)}{named}."
    every = sorted({column for site in sites for column in _columns(site)})
    near = nearest_table(audit, every)
    if near is not None:
        found, having = near
        yield (
            f"{code(found.name)} ({code(str(found.at))}) has {len(having)} of the {len(every)} columns that this code names"
            f"{_lacking(every, having)}: perhaps it is meant."
        )


def _lacking(every: list[str], having: list[str]) -> str:
    lacking = [c for c in every if c not in having]
    return f", not {listed([code(c) for c in lacking[:MOST]])}" if lacking else ""


def _columns(site: QuerySite) -> list[str]:
    return sorted({use.column for use in site.columns if use.column and use.column != "*"})


def nearest_table(audit: Audit, columns: list[str]) -> tuple[Table, list[str]] | None:
    """The table that has most of the columns, and which; None where none has enough of them."""
    best: tuple[Table, list[str]] | None = None
    for table in audit.facts.schema.tables:
        having = [c for c in columns if table.column(c) is not None]
        telling = set(having) - EVERYWHERE
        if len(telling) >= max(LEAST, SHARED * len(set(columns) - EVERYWHERE)) and (
            best is None or _likeness(table, having) > _likeness(*best)
        ):
            best = table, having
    return best


def _likeness(table: Table, having: list[str]) -> float:
    """Many shared columns count, and more so in a table that has few others."""
    return float(len(having) ** 2 / len(table.columns))


# Models


def model_lines(audit: Audit, name: str) -> str:
    """Class, casts and relations that the columns of an existing table ask for; "" where the table is not there."""
    table = audit.facts.schema.table(name)
    if table is None:
        return ""
    casts = [f"`{c.name}` {cast}" for c in table.columns if (cast := cast_for(c))]
    parts = [f"casts {listed(casts)}"] if casts else []
    relations = [
        f"`{c.name}` {_parent(audit, table, c.name)}" for c in table.columns if _parent(audit, table, c.name)
    ]
    parts += [f"belongs to {listed(relations)}"] if relations else []
    return f"{code(class_for(name, audit.facts.eloquent))} for {code(name)}: {'; '.join(parts) or 'no cast and no relation'}."


def cast_for(column: Column) -> str:
    """The cast that keeps a column's values in PHP, or "" where none is needed."""
    kind = column.type.lower()
    if column.name in ("created_at", "updated_at", "deleted_at") or column.auto_increment:
        return ""
    if kind.startswith(("decimal", "numeric")):
        scale = kind.rpartition(",")[2].rstrip(") ") if "," in kind else "0"
        return f"decimal:{scale}"
    if kind.startswith(("json", "jsonb")):
        return "array"
    if kind.startswith(("tinyint(1)", "boolean")):
        return "boolean"
    if kind.startswith(("timestamp", "datetime")):
        return "datetime"
    return "date" if kind == "date" else ""


def _parent(audit: Audit, table: Table, column: str) -> str:
    """The table that a column refers to: by its foreign key, or by its name where such a table is there."""
    key = next((k for k in table.foreign_keys if k.columns == (column,)), None)
    if key is not None:
        return code(key.foreign_table)
    stem = column.removesuffix("_id")
    if stem == column:
        return ""
    names = [t.name for t in audit.facts.schema.tables]
    own = [n for n in names if singular(n) == stem] or [n for n in names if singular(n).endswith(f"_{stem}")]
    return f"{code(own[0])} (no foreign key)" if len(own) == 1 else ""
