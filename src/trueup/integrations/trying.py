"""What tools make of the audit that is held, each once for as long as the audit holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.config import Settings
from trueup.errors import Mistake, UserError
from trueup.integrations.held import Held
from trueup.model.audit import Audit, Crash, Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Driver
from trueup.model.remedies import NewFile, Remedy
from trueup.model.schema import Schema
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.pipeline.ticketing import Prepared
    from trueup.remedies.pasted import Tried


def schema_on(held: Held, driver: Driver | None) -> Schema:
    """What the migrations build on a driver; None: on the audited one."""

    def make(audited: Audit, settings: Settings) -> Schema:
        from trueup.pipeline.schemas import replay_for

        if driver in (None, audited.driver):
            return audited.facts.schema
        assert driver is not None
        return replay_for(audited.facts.project, driver, replace(settings, server_version=""))

    return held.derived(("schema", driver), make)


def tried(
    held: Held, path: str, migration: str, code: dict[str, str], drivers: tuple[Driver, ...]
) -> tuple[Tried, ...]:
    """The audit after a migration and code that were pasted: on the audited driver, the others of the settings, and `drivers`.

    Raises UserError for a text that is no migration."""

    def make(audited: Audit, settings: Settings) -> tuple[Tried, ...]:
        from trueup.remedies.pasted import try_pasted

        file = NewFile(path, migration) if migration else None
        wanted = (*settings.drivers, *drivers)
        found = try_pasted(audited, file, code, wanted, lambda f: judge(f, settings), settings.server_version)
        accepted = {one.finding.id for one in audited.suppressed}
        return tuple(replace(t, left=tuple(f for f in t.left if f.id not in accepted)) for t in found)

    found = held.derived(("trial", path, migration, tuple(code.items()), drivers), make)
    for gap in found[0].gaps:
        if gap.kind == "no-class":
            raise UserError(Mistake("migration", f"the text is no migration: {gap.reason}", str(gap.at)))
    return found


def judge(facts: Facts, settings: Settings) -> tuple[tuple[Verdict, ...], tuple[Crash, ...]]:
    """The checks as the project's settings want them."""
    from trueup.checks.registry import run_checks

    verdicts, crashes = run_checks(facts, settings.select, settings.ignore)
    severities = dict(settings.severity)
    return tuple(
        replace(v, severity=severities.get(v.code, v.severity)) if isinstance(v, Finding) else v
        for v in verdicts
    ), crashes


def remedies_for(held: Held, codes: tuple[str, ...]) -> tuple[Remedy, ...]:
    """Remedies for the findings of these checks, tried on the drivers that the project is for."""

    def make(audited: Audit, settings: Settings) -> tuple[Remedy, ...]:
        from trueup.remedies import RemedyOptions, remedies

        drivers = tuple(dict.fromkeys((audited.driver, *settings.drivers)))
        return remedies(audited, RemedyOptions(codes, drivers, settings.server_version))

    return held.derived(("remedies", codes), make) if codes else ()


def prepared_tickets(held: Held, with_remedies: bool = False) -> Prepared:
    """The tickets that follow from the audit; with remedies it takes as long as replaying the migrations a few times."""

    def make(audited: Audit, settings: Settings) -> Prepared:
        from trueup.pipeline.ticketing import prepared_of, with_remedies

        return with_remedies(prepared_of(audited, settings))

    def make_bare(audited: Audit, settings: Settings) -> Prepared:
        from trueup.pipeline.ticketing import prepared_from

        return prepared_from(audited, settings)

    return (
        held.derived("tickets with remedies", make) if with_remedies else held.derived("tickets", make_bare)
    )
