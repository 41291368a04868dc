"""Roles that the user has set: checked against the schema, and put in place of those found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from trueup.compare.roles.columns import Chosen
from trueup.errors import Mistake
from trueup.model.roles import SetRoles
from trueup.model.schema import Schema, Table


def check_set(setting: SetRoles, schema: Schema) -> list[Mistake]:
    """Tables and columns that the schema does not have, each with the nearest that it has."""
    if not setting.table:
        return []  # they are columns of whichever table is found: checked then
    table = schema.table(setting.table)
    if table is None:
        problem = f"there is no table '{setting.table}'"
        return [Mistake(setting.where, problem, _nearest(setting.table, [t.name for t in schema.tables]))]
    return unknown_columns(setting, table)


def unknown_columns(setting: SetRoles, table: Table) -> list[Mistake]:
    """The columns that are set and that `table` does not have."""
    names = [c.name for c in table.columns]
    asked = [(role, column) for role, column in setting.columns if column]
    asked += [("fill", column) for column, _ in setting.fill]
    return [
        Mistake(setting.where, f"{role}: {table.name} has no column '{column}'", _nearest(column, names))
        for role, column in asked
        if table.column(column) is None
    ]


def with_set_columns(
    chosen: Mapping[str, Chosen], table: Table, setting: SetRoles | None
) -> Mapping[str, Chosen]:
    """`chosen` with the columns that are set; a role set to "" is played by none."""
    if setting is None:
        return chosen
    given = {role: column for role, column in setting.columns if not role.startswith("limits.")}
    kept = {r: c for r, c in chosen.items() if r not in given and c.column not in given.values()}
    told = {
        role: Chosen(found.name, 1.0, setting.where, chosen[role].required if role in chosen else "")
        for role, column in given.items()
        if column and (found := table.column(column)) is not None
    }
    return {**kept, **told}


def _nearest(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, list(names), n=1, cutoff=0.4)
    return f"did you mean '{near[0]}'?" if near else ""
