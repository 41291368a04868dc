"""Everything that a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.shapes import NO_PERFORMANCE, Performance
from trueup.structs import Struct, field

if TYPE_CHECKING:
    from trueup.model.audit import Audit
    from trueup.model.evidence import Evidence
    from trueup.model.excerpts import Excerpt
    from trueup.model.proofs import ProofRun
    from trueup.model.remedies import Remedy
    from trueup.model.tickets import Draft


class Exhibit(Struct, frozen=True):
    """`excerpts` by place without column. Parts that were not asked for are empty."""

    audit: Audit
    excerpts: Mapping[Location, Excerpt] = field(default_factory=dict)
    performance: Performance = NO_PERFORMANCE
    evidence: Evidence | None = None
    proofs: tuple[ProofRun, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def excerpt(self, place: Location) -> Excerpt | None:
        return self.excerpts.get(Location(place.file, place.line))
