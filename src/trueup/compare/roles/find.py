"""Finding roles: by the specification where its tables are paired, else by names and types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trueup.compare.names import words
from trueup.compare.roles.columns import Chosen, choose_columns
from trueup.compare.roles.make import make_roles
from trueup.compare.roles.patterns import COSTS, NEEDED, TABLE_WORDS, WEIGHTS
from trueup.compare.roles.setting import check_set, unknown_columns, with_set_columns
from trueup.errors import Mistake, UserError
from trueup.model.pairing import Comparison, TablePair
from trueup.model.roles import (
    COLUMN_ROLES,
    TABLE_ROLES,
    AlertRoles,
    Binding,
    BudgetRoles,
    MissingRole,
    RecordRoles,
    RoleChoice,
    SetRoles,
    TableChoice,
    TableRole,
)
from trueup.model.schema import Schema, Table
from trueup.structs import Struct, replace

ENOUGH = 0.45
"""The score below which a table is not taken for a role."""


class _Scored(Struct, frozen=True):
    table: Table
    score: float
    why: str
    chosen: Mapping[str, Chosen]


def find_roles(
    schema: Schema, comparison: Comparison | None = None, set_roles: Iterable[SetRoles] = ()
) -> Binding:
    """Which tables and columns of `schema` play which part. `comparison` pairs the tables that a specification requires with those
    of the schema: what is required as a budget is one, whatever it is called. `set_roles` (of trueup.toml) overrule what is found.

    Raises UserError with every mistake in `set_roles`: tables and columns that the schema does not have."""
    settings = {s.table_role: s for s in set_roles}
    mistakes: list[Mistake] = []
    for setting in settings.values():
        mistakes += check_set(setting, schema)
    if mistakes:
        raise UserError(*mistakes)
    pairs = {p.existing.name: p for p in comparison.pairs if p.existing} if comparison else {}
    found: dict[TableRole, _Scored] = {}
    choices: list[TableChoice] = []
    for role in ("budget", "alert", "record"):
        taken = {scored.table.name for scored in found.values()}
        best, choice = _table_for(role, schema, pairs, settings.get(role), taken)
        if best is not None and choice is not None:
            found[role] = best
            choices.append(choice)
    for role, setting in settings.items():
        if role in found and not setting.table:
            mistakes += unknown_columns(setting, found[role].table)
    if mistakes:
        raise UserError(*mistakes)
    return _binding(schema, found, choices, settings)


def _table_for(
    role: TableRole,
    schema: Schema,
    pairs: Mapping[str, TablePair],
    setting: SetRoles | None,
    taken: set[str],
) -> tuple[_Scored | None, TableChoice | None]:
    if setting and setting.table:
        table = schema.table(setting.table)
        if table is not None:
            scored = _score(role, table, pairs.get(table.name))
            return replace(scored, score=1.0), TableChoice(role, table.name, 1.0, setting.where)
    scored_all = [
        _score(role, table, pairs.get(table.name)) for table in schema.tables if table.name not in taken
    ]
    ranked = sorted((s for s in scored_all if s.score > 0), key=lambda s: (-s.score, s.table.name))
    if not ranked or ranked[0].score < ENOUGH:
        return None, None
    best, runners_up = ranked[0], tuple((s.table.name, round(s.score, 2)) for s in ranked[1:4])
    return best, TableChoice(role, best.table.name, round(best.score, 2), best.why, runners_up)


def _score(role: TableRole, table: Table, pair: TablePair | None) -> _Scored:
    """How much the table looks like the role; what the specification calls it and its columns counts as much as its own names."""
    chosen = choose_columns(role, table, pair)
    weights = WEIGHTS[role]
    whole = sum(weights.values()) + 1.0
    name_says, said_by = _name_score(role, table, pair)
    if any(need not in chosen for need in NEEDED[role]):
        return _Scored(table, 0.0, "", chosen)
    sum_ = sum(weights[r] * c.score for r, c in chosen.items() if r in weights)
    score = max(0.0, min(1.0, (sum_ + name_says) / whole))
    return _Scored(table, score, said_by, chosen)


def _name_score(role: TableRole, table: Table, pair: TablePair | None) -> tuple[float, str]:
    own = _words_score(role, table.name)
    if pair is None:
        return own, "by its columns and its name"
    required = _words_score(role, pair.required.name)
    extra = 1.0 if required > 0 else 0.0  # the specification requires a table of this kind
    reason = f"required as {pair.required.name}" if extra >= own else "by its columns and its name"
    return max(own, required) + extra, reason


def _words_score(role: TableRole, name: str) -> float:
    good, bad = TABLE_WORDS[role]
    found = set(words(name))
    return min(2.0, float(len(found & good))) - 1.5 * len(found & bad)


def _binding(
    schema: Schema,
    found: Mapping[TableRole, _Scored],
    tables: list[TableChoice],
    settings: Mapping[TableRole, SetRoles],
) -> Binding:
    chosen = {
        role: with_set_columns(scored.chosen, scored.table, settings.get(role))
        for role, scored in found.items()
    }
    made = {
        role: make_roles(
            role,
            found[role].table,
            chosen[role],
            settings.get(role),
            {r: s.table for r, s in found.items()},
        )
        for role in found
    }
    record, budget, alert = made.get("record"), made.get("budget"), made.get("alert")
    return Binding(
        schema.driver,
        record if isinstance(record, RecordRoles) else None,
        budget if isinstance(budget, BudgetRoles) else None,
        alert if isinstance(alert, AlertRoles) else None,
        tuple(sorted(tables, key=lambda t: TABLE_ROLES.index(t.table_role))),
        tuple(_choices(chosen)),
        tuple(_missing(found, made)),
    )


def _choices(chosen: Mapping[TableRole, Mapping[str, Chosen]]) -> Iterable[RoleChoice]:
    for table_role in TABLE_ROLES:
        for role, choice in sorted(chosen.get(table_role, {}).items()):
            yield RoleChoice(table_role, role, choice.column, round(choice.score, 2), choice.why)


def _missing(found: Mapping[TableRole, _Scored], made: Mapping[TableRole, object]) -> Iterable[MissingRole]:
    for table_role in TABLE_ROLES:
        if table_role not in found:
            costs = {"record": "no costs can be recorded", "budget": "no limits", "alert": "no alerts"}
            yield MissingRole(table_role, "", "", costs[table_role], needed=table_role == "record")
            continue
        roles, table = made[table_role], found[table_role].table
        wide = bool(getattr(roles, "limits", ()))
        for role in COLUMN_ROLES[table_role]:
            why = COSTS[table_role].get(role, "")
            if getattr(roles, role) or not why or (wide and role in ("limit", "period")):
                continue
            yield MissingRole(table_role, role, table.name, why, role in NEEDED[table_role])
