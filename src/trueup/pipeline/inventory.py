"""The inventory: every table that is required or exists, with its model, factory, tests and migration."""

from __future__ import annotations

from trueup.model.audit import Facts, InventoryRow
from trueup.model.eloquent import Eloquent, Model
from trueup.model.locations import Location
from trueup.model.pairing import TablePair
from trueup.model.schema import Table
from trueup.model.spec import Specification
from trueup.structs import Struct


def inventory(facts: Facts) -> tuple[InventoryRow, ...]:
    """Required tables first, then the others, each sorted by name."""
    tests = _Tests.of(facts.eloquent)
    required = [_required(pair, facts, tests) for pair in facts.comparison.pairs]
    extra = [_extra(table, facts.eloquent, tests) for table in facts.comparison.extra]
    return (*sorted(required, key=lambda r: r.table), *sorted(extra, key=lambda r: r.table))


class _Tests(Struct, frozen=True):
    """The paths of tests by the model and by the table (in lower case) that they name."""

    by_model: dict[str, list[str]]
    by_table: dict[str, list[str]]

    @classmethod
    def of(cls, eloquent: Eloquent) -> _Tests:
        found = cls({}, {})
        for test in eloquent.tests:
            for model in test.models:
                found.by_model.setdefault(model, []).append(test.path)
            for table in test.tables:
                found.by_table.setdefault(table.lower(), []).append(test.path)
        return found

    def about(self, table: str, models: tuple[Model, ...]) -> tuple[str, ...]:
        paths = set(self.by_table.get(table.lower(), ()))
        return tuple(sorted(paths.union(*(self.by_model.get(model.name, ()) for model in models))))


def _required(pair: TablePair, facts: Facts, tests: _Tests) -> InventoryRow:
    name = pair.required.name
    existing = pair.existing
    models = facts.eloquent.models_of(existing.name if existing else name)
    return InventoryRow(
        table=name,
        status=pair.status,
        required_by=_places(name, facts.specification),
        matched=existing.name if existing else "",
        score=pair.score,
        candidates=tuple((c.table, c.score) for c in pair.candidates),
        model=_names(models),
        factory=_factory(models, facts.eloquent),
        tests=tests.about(existing.name if existing else name, models),
        migration=existing.at if existing else None,
        columns_required=len(pair.required.columns),
        columns_present=sum(1 for column in pair.columns if column.existing is not None),
    )


def _extra(table: Table, eloquent: Eloquent, tests: _Tests) -> InventoryRow:
    models = eloquent.models_of(table.name)
    return InventoryRow(
        table=table.name,
        status="extra",
        matched=table.name,
        model=_names(models),
        factory=_factory(models, eloquent),
        tests=tests.about(table.name, models),
        migration=table.at,
    )


def _places(name: str, specification: Specification) -> tuple[Location, ...]:
    """Every place that defines or names the table, in the order of the documents; the definition gone by first."""
    lowered = name.lower()
    chosen = specification.table(name)
    places = [chosen.at] if chosen else []
    places.extend(d.at for d in specification.definitions if d.name.lower() == lowered)
    places.extend(m.at for m in specification.mentions if m.name.lower() == lowered)
    return tuple(dict.fromkeys(places))


def _names(models: tuple[Model, ...]) -> str:
    return ", ".join(sorted(model.name for model in models))


def _factory(models: tuple[Model, ...], eloquent: Eloquent) -> str:
    """The factory of one of the models: as the factory itself says, or the model."""
    names = {model.name for model in models}
    found = [factory.name for factory in eloquent.factories if factory.model in names]
    known = {factory.name for factory in eloquent.factories}
    found.extend(m.factory for m in models if m.factory in known and m.factory)
    return ", ".join(sorted(set(found)))
