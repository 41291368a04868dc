"""What stands beside each required table: models, factories, tests."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.subjects import is_framework_table
from trueup.model.audit import Facts
from trueup.model.eloquent import Model, TestFile
from trueup.model.locations import Location
from trueup.model.pairing import TablePair
from trueup.structs import Struct


class Accompanied(Struct, frozen=True):
    """A required table under its existing name, if it has one, with the models of that table."""

    pair: TablePair
    name: str
    models: tuple[Model, ...]

    @property
    def exists(self) -> bool:
        return self.pair.existing is not None

    @property
    def at(self) -> tuple[Location, ...]:
        return (
            (self.pair.required.at, self.pair.existing.at) if self.pair.existing else (self.pair.required.at,)
        )


def accompanied_tables(facts: Facts) -> Iterator[Accompanied]:
    """Required tables that need a model. Pivot tables do not: relations go through them. Nor do tables of the framework, and those
    that an application's configuration of a package names: their models are the package's."""
    pivots = {r.pivot_table.lower() for m in facts.eloquent.models for r in m.relations if r.pivot_table}
    for pair in facts.comparison.pairs:
        name = pair.existing.name if pair.existing else pair.required.name
        if (
            name.lower() not in pivots | _of_packages(facts)
            and not is_framework_table(name)
            and not _is_link(pair)
        ):
            yield Accompanied(pair, name, facts.eloquent.models_of(name))


def _of_packages(facts: Facts) -> set[str]:
    return {t.table.lower() for t in facts.config.table_names} if facts.project.kind == "app" else set()


def _is_link(pair: TablePair) -> bool:
    """A table that only joins two others: its key is two columns that refer to other tables."""
    key = pair.required.primary_key
    if key is None or len(key.columns) < 2:
        return False
    refers = {c.lower() for k in pair.required.foreign_keys for c in k.columns}
    return all(c.lower() in refers for c in key.columns)


def factories_of(facts: Facts, table: Accompanied) -> tuple[str, ...]:
    names = {m.name for m in table.models}
    found = {f.name for f in facts.eloquent.factories if f.model in names}
    found |= {m.factory for m in table.models if m.factory}
    return tuple(sorted(found))


def tests_of(facts: Facts, table: Accompanied) -> tuple[TestFile, ...]:
    names = {m.name for m in table.models}
    lowered = table.name.lower()
    return tuple(
        t for t in facts.eloquent.tests if names & set(t.models) or lowered in (n.lower() for n in t.tables)
    )
