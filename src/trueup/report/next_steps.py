"""What to type after an audit."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.model.names import SEVERITIES
from trueup.report.plain import plain

MOST = 3


def next_steps(audit: Audit, target: str) -> list[tuple[str, str]]:
    """Commands and what they are good for, the most useful first; three at most."""
    given = "" if target == "." else f" {shlex.quote(plain(target))}"
    return list(_steps(audit, given))[:MOST]


def _steps(audit: Audit, given: str) -> Iterator[tuple[str, str]]:
    if not audit.facts.specification.documents and not audit.change:
        yield f"trueup audit{given} --spec FILE", "compare with what was written down"
    code = _gravest(audit)
    if code:
        yield f"trueup explain {code}", "why it matters, and how to mend it"
    if audit.findings and not audit.change:
        yield f"trueup fix{given}", "remedies, each tried by replay"
    if audit.facts.ticket and audit.findings:
        yield f"trueup tickets{given}", "the tickets that follow from it"
    if audit.findings:
        yield f"trueup baseline{given} --reason WHY", "accept what is to stay"
    elif not audit.change:
        yield f"trueup prove{given}", "try the schema under load"


def _gravest(audit: Audit) -> str:
    """The check that finds most among the gravest findings."""
    for severity in SEVERITIES:
        counts = Counter(f.code for f in audit.findings if f.severity == severity)
        if counts:
            return min(counts, key=lambda code: (-counts[code], code))
    return ""
