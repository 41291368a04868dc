"""The inventory: every table that is required or exists, with its model, factory, tests and migration."""

from __future__ import annotations

from trueup.model.audit import Facts, InventoryRow
from trueup.model.eloquent import Eloquent, Model
from trueup.model.locations import Location
from trueup.model.pairing import TablePair
from trueup.model.schema import Table
from trueup.model.spec import Specification


def inventory(facts: Facts) -> tuple[InventoryRow, ...]:
    """Required tables first, then the others, each sorted by name."""
    required = [_required(pair, facts) for pair in facts.comparison.pairs]
    extra = [_extra(table, facts.eloquent) for table in facts.comparison.extra]
    return (*sorted(required, key=lambda r: r.table), *sorted(extra, key=lambda r: r.table))


def _required(pair: TablePair, facts: Facts) -> InventoryRow:
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
        tests=_tests(existing.name if existing else name, models, facts.eloquent),
        migration=existing.at if existing else None,
        columns_required=len(pair.required.columns),
        columns_present=sum(1 for column in pair.columns if column.existing is not None),
    )


def _extra(table: Table, eloquent: Eloquent) -> InventoryRow:
    models = eloquent.models_of(table.name)
    return InventoryRow(
        table=table.name,
        status="extra",
        matched=table.name,
        model=_names(models),
        factory=_factory(models, eloquent),
        tests=_tests(table.name, models, eloquent),
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


def _tests(table: str, models: tuple[Model, ...], eloquent: Eloquent) -> tuple[str, ...]:
    names = {model.name for model in models}
    lowered = table.lower()
    return tuple(
        sorted(
            test.path
            for test in eloquent.tests
            if names.intersection(test.models) or lowered in (name.lower() for name in test.tables)
        )
    )
