"""What a catalogue answers, gathered table by table, and the schema that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.schema import Column, ForeignKey, Index, Schema, Table


@dataclass(slots=True)
class Found:
    """`at` stands for the server in every location: its URL without the password."""

    driver: Driver
    at: Location
    version: str = ""
    columns: dict[str, list[Column]] = field(default_factory=dict)
    indexes: dict[str, list[Index]] = field(default_factory=dict)
    keys: dict[str, list[ForeignKey]] = field(default_factory=dict)

    def table(self, name: str) -> None:
        self.columns.setdefault(name, [])

    def schema(self) -> Schema:
        tables = tuple(
            Table(
                name,
                tuple(columns),
                tuple(sorted(self.indexes.get(name, ()), key=lambda i: (not i.primary, i.name))),
                tuple(sorted(self.keys.get(name, ()), key=lambda k: (k.name or "", k.columns))),
                at=self.at,
            )
            for name, columns in sorted(self.columns.items())
        )
        return Schema(self.driver, tables, server_version=self.version)
