"""The same as plain SQL."""

from __future__ import annotations

from trueup.model.remedies import SqlScript
from trueup.remedies.proposals import Proposal
from trueup.remedies.trial import Outcome


def scripts(proposal: Proposal, outcomes: tuple[Outcome, ...]) -> tuple[SqlScript, ...]:
    return ()
