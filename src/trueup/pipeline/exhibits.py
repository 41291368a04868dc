"""`--format html`: everything that the page of an audit shows, worked out from the audit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trueup.errors import UserError
from trueup.pipeline.attempts import Progress, silent

if TYPE_CHECKING:
    from trueup.config import Settings
    from trueup.model.audit import Audit
    from trueup.model.proofs import ProofRun
    from trueup.model.remedies import Remedy
    from trueup.model.tickets import Draft
    from trueup.page.exhibit import Exhibit


PROVED_ROWS = 10_000
"""Rows of the largest table that the probes of a page work on; `trueup prove` takes more."""


def exhibit_of(
    audited: Audit, settings: Settings, prove: bool = False, progress: Progress = silent
) -> Exhibit:
    """The audit with excerpts of the code, the analysis of its queries, remedies, and the tickets that they come to; the probes
    where they are asked for. Only reads."""
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
        proofs=(_proved(audited, progress),) if prove else (),
        remedies=remedies,
        drafts=drafts,
    )


def _proved(audited: Audit, progress: Progress) -> ProofRun:
    from trueup.config import Options
    from trueup.model.proofs import Workload
    from trueup.pipeline.proving import Asked, prove

    root = audited.facts.project.root
    specs = tuple(os.path.join(root, d.path) for d in audited.facts.specification.documents)
    return prove(root, Options(specs=specs), Asked(workload=Workload(rows=PROVED_ROWS)), progress)


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
