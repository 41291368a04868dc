"""What a catalogue answers, gathered table by table, and the schema that it makes."""

from __future__ import annotations

from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.schema import Check, Column, ForeignKey, Index, Schema, Table
from trueup.structs import Struct, field

UNREAD_CHECKS = "live-checks"
"""The kind of the gap that says that a server's CHECK constraints were not read."""


class Found(Struct):
    """`at` stands for the server in every location: its URL without the password."""

    driver: Driver
    at: Location
    version: str = ""
    columns: dict[str, list[Column]] = field(default_factory=dict)
    indexes: dict[str, list[Index]] = field(default_factory=dict)
    keys: dict[str, list[ForeignKey]] = field(default_factory=dict)
    checks: dict[str, list[Check]] = field(default_factory=dict)
    checks_read: bool = False

    def table(self, name: str) -> None:
        self.columns.setdefault(name, [])

    def schema(self) -> Schema:
        tables = tuple(
            Table(
                name,
                tuple(columns),
                tuple(sorted(self.indexes.get(name, ()), key=lambda i: (not i.primary, i.name))),
                tuple(sorted(self.keys.get(name, ()), key=lambda k: (k.name or "", k.columns))),
                tuple(sorted(self.checks.get(name, ()), key=lambda c: (c.name or "", c.expression))),
                at=self.at,
            )
            for name, columns in sorted(self.columns.items())
        )
        return Schema(self.driver, tables, gaps=self._gaps(), server_version=self.version)

    def _gaps(self) -> tuple[Gap, ...]:
        if self.checks_read:
            return ()
        reason = "CHECK constraints of this server could not be read: they are not compared"
        return (Gap(self.at, reason, UNREAD_CHECKS),)
