"""The constraint that a finding asks for, as values: what reports lay side by side as text, the preflight asks of rows."""

from __future__ import annotations

from typing import Literal

from trueup.structs import Struct


class Wanted(Struct, frozen=True):
    """On the finding's table, in the names in which the finding speaks. "foreign key": to `foreign_table` (`foreign_columns`);
    "values": only `values`; "check": `expression`."""

    kind: Literal["foreign key", "unique", "not null", "values", "check"]
    columns: tuple[str, ...] = ()
    foreign_table: str = ""
    foreign_columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    expression: str = ""
