"""Findings in, remedies out: every maker of proposals, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trueup.model.audit import Audit, Facts
from trueup.model.names import DRIVERS, Driver
from trueup.model.remedies import Remedy
from trueup.model.schema import Column
from trueup.remedies import (
    RemedyOptions,
    advised,
    columns,
    decided,
    different_columns,
    further_columns,
    keys,
    missing_indexes,
    models,
    names,
    new_factories,
    new_models,
    primary_keys,
    rules,
    tables,
    uniques,
)
from trueup.remedies.carrying import Tried, carry_out
from trueup.remedies.conventions import conventions_of
from trueup.remedies.mending import mend_migrations
from trueup.remedies.php import Framework
from trueup.remedies.plan import as_remedies, ordered
from trueup.remedies.proposals import Proposal, Workshop
from trueup.remedies.trial import Court, mended_besides
from trueup.structs import replace

MAKERS: tuple[Callable[[Workshop], Iterator[Proposal]], ...] = (
    tables.missing_tables,
    columns.missing_columns,
    further_columns.soft_delete_columns,
    different_columns.different_columns,
    further_columns.left_out,
    further_columns.forgotten_attributes,
    missing_indexes.missing_indexes,
    missing_indexes.unindexed_columns,
    advised.advised_indexes,
    advised.redundant_indexes,
    uniques.missing_uniques,
    uniques.relied_on_uniques,
    keys.missing_keys,
    keys.different_keys,
    primary_keys.primary_keys,
    keys.related_keys,
    rules.missing_checks,
    tables.renamed_tables,
    new_models.missing_models,
    new_factories.missing_factories,
    models.model_patches,
    decided.decisions,
)
"""Each makes proposals from findings of its codes."""


def make(audit: Audit, options: RemedyOptions, tell: Callable[[str], None]) -> tuple[Remedy, ...]:
    tell("replaying the migrations on every driver")
    court = Court(audit, options.drivers or DRIVERS, options.server_version)
    chosen = tuple(f for f in audit.findings if not options.select or f.code.startswith(options.select))
    with court.scratch:
        court.open()
        workshop = Workshop(audit.facts, court.schemas, options.allow_destructive, chosen)
        first = mend_migrations(list(names.long_names(workshop)), court, tell)
        workshop = replace(workshop, facts=court.facts, schemas=court.schemas)
        proposals = _without_gone([p for maker in MAKERS for p in maker(workshop)], first)
        conventions = conventions_of(audit.facts)
        tried = carry_out(ordered(proposals), court, _framework(court), conventions, tell)
        return as_remedies([*first, *(_renumbered(t, first) for t in tried)], court)


def _without_gone(proposals: list[Proposal], first: list[Tried]) -> list[Proposal]:
    """Without those of which mended migrations leave nothing to be done."""
    gone = {f.id for t in first if not t.withheld for f in mended_besides(t.outcomes)}
    return [p for p in proposals if not gone.issuperset(f.id for f in p.findings)]


def _renumbered(one: Tried, first: list[Tried]) -> Tried:
    """Numbers in `depends` are of the list of those that were carried out; those that mend migrations of its table come first."""
    own = {f"table {one.proposal.table}", *one.proposal.needs}
    mended = [n for n, t in enumerate(first) if not t.withheld and own & set(t.proposal.makes)]
    return replace(one, depends=(*mended, *(n + len(first) for n in one.depends)))


def _framework(court: Court) -> Framework:
    facts = court.facts
    return Framework(
        facts.project.major, _is_native(facts), facts.config.chosen.prefix, _probing(court), court.checked
    )


def _is_native(facts: Facts) -> bool:
    """Whether `change()` and `renameColumn()` need no doctrine/dbal (`usingNativeSchemaOperations`): always from 11 on."""
    return facts.project.major >= 11


def _probing(court: Court) -> Callable[[Driver, str], Column | None]:
    known: dict[tuple[Driver, str], Column | None] = {}

    def probe(driver: Driver, statement: str) -> Column | None:
        key = (driver, statement)
        if key not in known:
            known[key] = court.benches[driver].probe(statement)
        return known[key]

    return probe
