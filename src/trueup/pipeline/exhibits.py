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


def exhibit_of(audited: Audit, settings: Settings, progress: Progress = silent) -> Exhibit:
    """The audit with excerpts of the code, the analysis of its queries, remedies, and the tickets that they come to. Only reads."""
    from trueup.indexes.analysis import performance
    from trueup.page.exhibit import Exhibit
    from trueup.page.views.findings import MAX_PLACES
    from trueup.sources.project.excerpts import read_excerpts

    places = [place for finding in audited.findings for place in finding.locations[:MAX_PLACES]]
    remedies, drafts = _mended(audited, settings, progress)
    return Exhibit(
        audit=audited,
        excerpts=read_excerpts(audited.facts.project.root, places),
        performance=performance(audited.facts),
        evidence=audited.evidence,
        remedies=remedies,
        drafts=drafts,
    )


def _mended(
    audited: Audit, settings: Settings, progress: Progress
) -> tuple[tuple[Remedy, ...], tuple[Draft, ...]]:
    """Remedies and tickets; neither where the audit ticket's folders or template are wrong, which `trueup tickets` tells of."""
    from trueup.pipeline.ticketing import prepared_of, with_remedies

    try:
        prepared = with_remedies(prepared_of(audited, settings), progress)
    except UserError:
        return (), ()
    return prepared.remedies, prepared.drafts.drafts
