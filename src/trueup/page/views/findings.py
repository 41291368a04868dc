"""The findings, each with code at its line, its remedy and its ticket."""

from __future__ import annotations

from trueup.model.excerpts import Excerpt
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.remedies import Remedy
from trueup.page.exhibit import Exhibit
from trueup.structs import Struct

MAX_PLACES = 12
MAX_EXCERPTS = 2


class FindingView(Struct, frozen=True):
    """`more` places are not listed. `phase` is that of its ticket, "" without one."""

    finding: Finding
    places: tuple[Location, ...]
    more: int
    excerpts: tuple[Excerpt, ...]
    remedy: Remedy | None
    ticket: str
    phase: str


class Filters(Struct, frozen=True):
    """The values that can be chosen, each with how many findings have it."""

    severities: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    tables: tuple[tuple[str, int], ...]
    phases: tuple[tuple[str, int], ...]


def finding_views(exhibit: Exhibit) -> tuple[FindingView, ...]:
    remedies = {mended: remedy for remedy in exhibit.remedies for mended in remedy.finding_ids}
    drafts = {f.id: draft for draft in exhibit.drafts for f in draft.work.findings}
    views = []
    for finding in exhibit.audit.findings:
        draft = drafts.get(finding.id)
        shown = [e for place in finding.locations[:MAX_PLACES] if (e := exhibit.excerpt(place)) is not None]
        views.append(
            FindingView(
                finding=finding,
                places=finding.locations[:MAX_PLACES],
                more=max(0, len(finding.locations) - MAX_PLACES),
                excerpts=tuple(shown[:MAX_EXCERPTS]),
                remedy=remedies.get(finding.id),
                ticket=draft.name if draft else "",
                phase=draft.work.phase if draft else "",
            )
        )
    return tuple(views)


def filters(views: tuple[FindingView, ...]) -> Filters:
    def counted(values: list[str]) -> tuple[tuple[str, int], ...]:
        return tuple((value, values.count(value)) for value in sorted(set(values)) if value)

    severities = [v.finding.severity for v in views]
    return Filters(
        severities=tuple((s, severities.count(s)) for s in ("error", "warning", "info") if s in severities),
        categories=counted([v.finding.category for v in views]),
        tables=counted([v.finding.table for v in views]),
        phases=counted([v.phase for v in views]),
    )
