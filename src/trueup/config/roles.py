"""The table [roles] of trueup.toml: which tables and columns play which part in cost tracking.

[roles.record]
table = "ai_usage_costs"
amount = "total_cost"
digits = 0                               # of a whole number: 2 for cents
fill = { project_id = 1 }                # columns that must have a value and play no role

[roles.budget]
limits = { daily = "daily_limit" }       # a column for each period, where one row has several limits
periods = { daily = "day" }              # how a column spells the periods

[roles.alert]
kinds = { threshold = "warning", limit_exceeded = "blocked" }"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from trueup.model.roles import COLUMN_ROLES, PERIODS, TABLE_ROLES, FillValue, SetRoles, TableRole

Wrong = Callable[[str, str, str], None]
KINDS = ("threshold", "limit_exceeded")
SPECIAL: Mapping[TableRole, tuple[str, ...]] = {
    "record": ("digits",),
    "budget": ("digits", "limits", "periods"),
    "alert": ("periods", "kinds"),
}
"""What a table of roles may set beside the roles of single columns."""


def role_settings(role: TableRole) -> tuple[str, ...]:
    """The names that a table of roles may set."""
    return (*COLUMN_ROLES[role], "table", "fill", *SPECIAL[role])


def read_roles(value: object, where: Callable[[str], str], wrong: Wrong) -> tuple[SetRoles, ...]:
    """The roles set in the table `value`. `where` gives the place of a key, `wrong` takes place, problem and what was expected."""
    if not isinstance(value, dict):
        wrong(where("roles"), "roles is no table", 'such as [roles.record] with table = "costs"')
        return ()
    found = []
    for name, inner in value.items():
        role = next((r for r in TABLE_ROLES if r == name), None)
        if role is None:
            wrong(where(f"roles.{name}"), f"there is no role '{name}'", _nearest(str(name), TABLE_ROLES))
        elif not isinstance(inner, dict):
            wrong(where(f"roles.{name}"), f"roles.{name} is no table", "")
        else:
            found.append(_Reader(role, where(f"roles.{name}"), wrong).read(inner))
    return tuple(sorted(found, key=lambda s: TABLE_ROLES.index(s.table_role)))


class _Reader:
    """Reads the roles of one table."""

    def __init__(self, role: TableRole, where: str, wrong: Wrong) -> None:
        self.role = role
        self.where = where
        self.wrong = wrong
        self.known = role_settings(role)

    def read(self, table: Mapping[str, object]) -> SetRoles:
        columns: list[tuple[str, str]] = []
        values: list[tuple[str, str]] = []
        for key, value in table.items():
            if key not in self.known:
                self.wrong(self.where, f"there is no role '{self.role}.{key}'", _nearest(key, self.known))
            elif key == "limits":
                columns += [(f"limits.{k}", v) for k, v in self._texts(key, value, PERIODS)]
            elif key == "periods":
                values += [(f"period.{k}", v) for k, v in self._texts(key, value, PERIODS)]
            elif key == "kinds":
                values += [(f"kind.{k}", v) for k, v in self._texts(key, value, KINDS)]
            elif key not in ("table", "fill", "digits") and self._is_text(key, value):
                columns.append((key, str(value)))
        name = table.get("table", "")
        digits = table.get("digits")
        if digits is not None and (
            not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= 18
        ):
            self.wrong(self.where, f"{self.role}.digits: {digits!r} is no number of digits", "0 to 18")
            digits = None
        return SetRoles(
            self.role,
            name if isinstance(name, str) and self._is_text("table", name) else "",
            tuple(columns),
            tuple(values),
            self._fill(table.get("fill", {})),
            digits if isinstance(digits, int) else None,
            self.where,
        )

    def _is_text(self, key: str, value: object) -> bool:
        if isinstance(value, str):
            return True
        self.wrong(self.where, f"{self.role}.{key}: {value!r} is no text", "the name in quotes")
        return False

    def _texts(self, key: str, value: object, known: tuple[str, ...]) -> list[tuple[str, str]]:
        if not isinstance(value, dict):
            self.wrong(self.where, f"{self.role}.{key} is no table", f'such as {{ {known[0]} = "..." }}')
            return []
        for name in value:
            if name not in known:
                self.wrong(self.where, f"{self.role}.{key}: there is no '{name}'", _nearest(str(name), known))
        return [(k, str(v)) for k, v in value.items() if k in known and self._is_text(f"{key}.{k}", v)]

    def _fill(self, value: object) -> tuple[tuple[str, FillValue], ...]:
        if not isinstance(value, dict):
            self.wrong(self.where, f"{self.role}.fill is no table", "such as { project_id = 1 }")
            return ()
        for name, item in value.items():
            if not isinstance(item, str | int | bool):
                self.wrong(
                    self.where, f"{self.role}.fill.{name}: {item!r} is no text, whole number or boolean", ""
                )
        return tuple((k, v) for k, v in value.items() if isinstance(v, str | int | bool))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'? known: {', '.join(known)}" if near else f"known: {', '.join(known)}"
