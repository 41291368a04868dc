"""`--evidence`: what real servers do with the queries of an audited project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.pipeline.attempts import Progress

if TYPE_CHECKING:
    from trueup.config import Settings
    from trueup.model.audit import Facts
    from trueup.model.evidence import Evidence
    from trueup.model.names import Driver
    from trueup.model.schema import Schema
    from trueup.model.shapes import Performance


def gather_evidence(facts: Facts, settings: Settings, progress: Progress, say: Progress) -> Evidence:
    """Evidence from each server of the settings, in their order; from SQLite where there is none. `say` hears beforehand what each
    will take. Raises UserError for a server that does not answer or on which no database can be made."""
    from trueup.evidence.measure import gather
    from trueup.evidence.run import Bounds
    from trueup.indexes.analysis import analyse
    from trueup.model.evidence import Evidence
    from trueup.pipeline.schemas import replay_for

    def subject(driver: Driver) -> tuple[Schema, Performance]:
        """The server's own schema: the same migrations build another on each."""
        schema = facts.schema
        if driver != schema.driver:
            schema = replay_for(facts.project, driver, settings)
        return schema, analyse(schema, facts.eloquent, facts.queries)

    bounds = Bounds(rows=settings.evidence_rows, seconds=60.0 * settings.evidence_minutes)
    urls: tuple[str | None, ...] = settings.evidence_urls or (None,)
    servers = tuple(gather(url, subject, bounds, progress, say) for url in urls)
    return Evidence(servers, bounds.seed)


def check_servers(settings: Settings) -> None:
    """Connects to each server of the settings, so that a wrong URL is told before the work. Raises UserError."""
    from trueup.errors import Mistake, UserError
    from trueup.scratch.hosts import host_at
    from trueup.sources.database import address_of

    mistakes: list[Mistake] = []
    for url in settings.evidence_urls:
        try:
            host_at(address_of(url)).version()
        except UserError as problem:
            mistakes.extend(problem.mistakes)
    if mistakes:
        raise UserError(*mistakes)
