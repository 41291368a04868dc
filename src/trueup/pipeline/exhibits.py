"""`--format html`: everything that the page of an audit shows, worked out from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.errors import UserError
from trueup.pipeline.attempts import Progress, silent

if TYPE_CHECKING:
    from trueup.config import Settings
    from trueup.model.audit import Audit
    from trueup.model.remedies import Remedy
    from trueup.model.tickets import Draft
    from trueup.page.exhibit import Exhibit


def exhibit_of(audited: Audit, settings: Settings, target: str, progress: Progress = silent) -> Exhibit:
    """The audit with excerpts of the code, the analysis of its queries, remedies, and the tickets that they come to. Only reads."""
    from trueup.indexes.analysis import performance
    from trueup.page.exhibit import Exhibit
    from trueup.page.views.findings import MAX_PLACES
    from trueup.sources.project.excerpts import read_excerpts

    places = [place for finding in audited.findings for place in finding.locations[:MAX_PLACES]]
    return Exhibit(
        audit=audited,
        excerpts=read_excerpts(audited.facts.project.root, places),
        performance=performance(audited.facts),
        evidence=audited.evidence,
        remedies=_remedies(audited, settings, progress),
        drafts=_drafts(audited, settings, target),
    )


def _remedies(audited: Audit, settings: Settings, progress: Progress) -> tuple[Remedy, ...]:
    """Tried on the audited driver alone: `trueup fix` tries them on the others too."""
    from trueup.remedies import RemedyOptions, remedies

    options = RemedyOptions(drivers=(audited.driver,), server_version=settings.server_version)
    return remedies(audited, options, progress)


def _drafts(audited: Audit, settings: Settings, target: str) -> tuple[Draft, ...]:
    """None where the audit ticket says nothing of where tickets go, or wrongly; `trueup tickets` tells of that."""
    from trueup.pipeline.ticketing import prepare_from

    ticket = audited.facts.ticket
    try:
        prepared = prepare_from(audited, settings, audited.facts.project.root, ticket, target)
    except UserError:
        return ()
    return prepared.drafts.drafts
