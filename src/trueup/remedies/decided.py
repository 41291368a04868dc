"""Findings that only a person can decide about, with what there is to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.remedies.proposals import Proposal, Workshop, withheld

REASONS = {
    "IDX005": "the query must be written in another way, or a computed column be kept: see the finding's recommendation",
    "IDX007": "whether one of the two values is rare, so that the index helps, only the data tell",
    "IDX008": "which queries may become slower is for a person to decide: `trueup queries` tells what each index serves",
    "IDX009": "how long the values may be, or that a hash of them will do, is for a person to decide",
    "KEY010": "which of the two types is right, and what the rows then hold, is for a person to decide",
    "KEY015": "whether the rule is meant for true only, which not every server can keep, is for a person to decide",
    "REL001": "whether the class is to be written or the relation to be taken out is for a person to decide",
    "REL003": "which of the two types is right, and what the rows then hold, is for a person to decide",
    "REL008": "what must happen to the rows below, and in which order, is for a person to decide",
}  # fmt: skip


def decisions(workshop: Workshop) -> Iterator[Proposal]:
    """What is withheld from the start, one for each code and table."""
    findings = sorted(workshop.findings(*REASONS), key=lambda f: (f.code, f.table))
    for (code, table), group in groupby(findings, key=lambda f: (f.code, f.table)):
        found = list(group)
        about = table or found[0].model.rsplit(chr(92), 1)[-1]
        yield withheld("decision", f"Decide about {about}: {found[0].message}", table, found, REASONS[code])
