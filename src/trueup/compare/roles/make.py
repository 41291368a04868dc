"""From chosen columns to roles: how a table spells its periods and kinds, and what its other columns are filled with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trueup.compare.roles.columns import Chosen, wide_limits
from trueup.compare.roles.patterns import DIGITS, PERIOD_WORDS
from trueup.model.roles import (
    PERIODS,
    AlertRoles,
    AnyRoles,
    BudgetRoles,
    FillValue,
    Period,
    RecordRoles,
    SetRoles,
    TableRole,
)
from trueup.model.schema import Column, Table
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

STATUSES = frozenset({"settled", "reserved", "released"})
_EXCEEDED = ("exceeded", "block", "limit", "reached", "critical", "over")
_THRESHOLD = ("threshold", "warning", "percent", "approach", "soft")


def make_roles(
    role: TableRole,
    table: Table,
    chosen: Mapping[str, Chosen],
    setting: SetRoles | None,
    tables: Mapping[TableRole, Table],
) -> AnyRoles:
    """The roles of one table, with all that follows from its columns' types."""
    primary = table.primary_key
    names = {name: choice.column for name, choice in chosen.items()}
    if primary is not None and len(primary.columns) == 1:
        names.setdefault("id", primary.columns[0])
    match role:
        case "record":
            made: AnyRoles = _record(table, names, chosen, setting)
        case "budget":
            made = _budget(table, names, chosen, setting)
        case "alert":
            made = _alert(table, names, setting, tables.get("budget"))
    return made


def _record(
    table: Table, names: dict[str, str], chosen: Mapping[str, Chosen], setting: SetRoles | None
) -> RecordRoles:
    status = next(
        (c for c in table.columns if c.name.lower() in ("status", "state") and _tells(table, c)), None
    )
    if status is not None:
        names.setdefault("status", status.name)
    digits = _digits(names.get("amount", ""), setting)
    fill = fills(table, names.values(), setting)
    scale = _scale(chosen.get("amount"))
    return RecordRoles(table, **_known(RecordRoles, names), digits=digits, scale=scale, fill=fill)


def _tells(table: Table, column: Column) -> bool:
    """Whether a status column is made for settled, reserved and released costs."""
    listed = set(_values(table, column.name))
    return listed >= STATUSES if listed else (column.default or "").strip("'\"").split("'")[0] == "settled"


def _budget(
    table: Table, names: dict[str, str], chosen: Mapping[str, Chosen], setting: SetRoles | None
) -> BudgetRoles:
    limits = _set_limits(setting) or wide_limits(table)
    limit = chosen.get("limit")
    if limits and (limit is None or limit.column in dict(limits).values()):
        names = {
            n: c
            for n, c in names.items()
            if n not in ("limit", "period", "spent", "period_start", "period_end")
        }
    else:
        limits = ()
    amounts = [c for _, c in limits] or [names.get("limit", "")]
    spelled = _periods(table, names.get("period", ""), setting) if not limits else ()
    fill = fills(table, [*names.values(), *amounts], setting)
    scale = _scale(chosen.get("spent")) or _scale(chosen.get("limit"))
    return BudgetRoles(
        table,
        **_known(BudgetRoles, names),
        period_values=spelled,
        limits=limits,
        digits=_digits(amounts[0], setting),
        scale=scale,
        fill=fill,
    )


def _alert(table: Table, names: dict[str, str], setting: SetRoles | None, budget: Table | None) -> AlertRoles:
    linked = names.get("budget", "")
    if linked and budget is not None and not _refers(table, linked, budget):
        names = {n: c for n, c in names.items() if n != "budget"}
    kinds = _kinds(table, names.get("kind", ""), setting)
    spelled = _periods(table, names.get("period", ""), setting)
    fill = fills(table, names.values(), setting)
    return AlertRoles(table, **_known(AlertRoles, names), kind_values=kinds, period_values=spelled, fill=fill)


def _refers(table: Table, column: str, budget: Table) -> bool:
    keys = [k for k in table.foreign_keys if k.columns == (column,)]
    return any(k.foreign_table == budget.name for k in keys) if keys else True


def _known(kind: type[Struct], names: Mapping[str, str]) -> dict[str, Any]:
    return {n: c for n, c in names.items() if n in kind.__struct_fields__}


def _digits(column: str, setting: SetRoles | None) -> int:
    if setting and setting.digits is not None:
        return setting.digits
    return next((digits for pattern, digits in DIGITS if pattern.search(column.lower())), 0)


def _scale(choice: Chosen | None) -> int | None:
    """The digits after the point that the specification requires, for servers whose types don't say."""
    return parse_type(choice.required).scale if choice and choice.required else None


def _set_limits(setting: SetRoles | None) -> tuple[tuple[Period, str], ...]:
    given = dict(setting.columns) if setting else {}
    return tuple((p, given[f"limits.{p}"]) for p in PERIODS if f"limits.{p}" in given)


def _values(table: Table, column: str) -> tuple[str, ...]:
    """The values that a column is limited to, by its type or a check; empty: any."""
    found = table.column(column)
    if found is None:
        return ()
    return found.values or next(
        (c.values for c in table.checks if c.values and c.columns == (found.name,)), ()
    )


def _periods(table: Table, column: str, setting: SetRoles | None) -> tuple[tuple[Period, str], ...]:
    """How the column spells each period; a column that takes any text gets our own words."""
    given = dict(setting.values) if setting else {}
    told = tuple((p, given[f"period.{p}"]) for p in PERIODS if f"period.{p}" in given)
    if told or not column:
        return told
    listed = _values(table, column)
    if not listed:
        return tuple((p, p) for p in PERIODS)
    meant = {PERIOD_WORDS.get(value.lower().replace("-", "_")): value for value in reversed(listed)}
    return tuple((p, meant[p]) for p in PERIODS if p in meant)


def _kinds(table: Table, column: str, setting: SetRoles | None) -> tuple[tuple[str, str], ...]:
    given = dict(setting.values) if setting else {}
    told = tuple((k, given[f"kind.{k}"]) for k in ("threshold", "limit_exceeded") if f"kind.{k}" in given)
    if told or not column:
        return told
    listed = _values(table, column) or ("threshold", "limit_exceeded")
    pairs = (("threshold", _first(listed, _THRESHOLD)), ("limit_exceeded", _first(listed, _EXCEEDED)))
    return tuple((kind, value) for kind, value in pairs if value)


def _first(values: Iterable[str], said: Iterable[str]) -> str:
    listed = list(values)
    return next((v for word in said for v in listed if word in v.lower()), "")


def fills(table: Table, played: Iterable[str], setting: SetRoles | None) -> tuple[tuple[str, FillValue], ...]:
    """Values for columns that must have one and play no role. A reference to another table can't be made up."""
    given = dict(setting.fill) if setting else {}
    taken = {name.lower() for name in played if name} | {name.lower() for name in given}
    referring = {c for key in table.foreign_keys for c in key.columns}
    found = dict(given)
    for column in table.columns:
        if column.name.lower() in taken or column.auto_increment or column.generated:
            continue
        stamp = column.name.lower() in ("created_at", "updated_at")
        refers = column.name in referring or column.name.lower().endswith("_id")
        if not stamp and (column.nullable or column.default is not None or refers):
            continue
        value = _filler(table, column)
        if value is not None:
            found[column.name] = value
    return tuple(sorted(found.items()))


def _filler(table: Table, column: Column) -> FillValue | None:
    listed = _values(table, column.name)
    if listed:
        return listed[0]
    primary = table.primary_key
    if primary is not None and column.name in primary.columns:
        return None
    match parse_type(column.type).family:
        case "integer" | "decimal" | "float":
            return 0
        case "boolean":
            return False
        case "datetime" | "timestamp" | "date":
            return "@now"
        case "json":
            return "[]"
        case "text":
            return (
                "[]"
                if any("json_valid" in c.expression for c in table.checks if column.name in c.columns)
                else ""
            )
        case "string":
            return ""
        case _:
            return None
