"""The one sentence that an audit comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from trueup.model.audit import Audit
from trueup.model.names import SEVERITIES, Severity
from trueup.report.plain import counted, listed

NOUNS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "remark"}


def verdict(audit: Audit) -> str:
    """What a reader must know first. Never "clean" where a part of Trueup crashed or something could not be told."""
    parts = [_of_findings(audit)]
    if audit.crashes:
        names = listed([crash.what for crash in audit.crashes])
        parts.append(f"Incomplete: Trueup itself failed in {names}.")
    unsure = len(audit.cannot_tell) + len(audit.gaps)
    if unsure:
        parts.append(f"{counted(unsure, 'point')} could not be told.")
    return " ".join(parts)


def _of_findings(audit: Audit) -> str:
    severities = Counter(finding.severity for finding in audit.findings)
    figures = listed([counted(severities[s], NOUNS[s]) for s in SEVERITIES if severities[s]])
    if not audit.facts.specification.required:
        told = f"No specification was found, so only what exists was judged: {figures or 'no findings'}."
    elif not audit.findings:
        told = "Everything that the specification requires is there, as far as was looked."
    elif severities["error"]:
        told = f"The database layer is not what the specification asks for: {figures}."
    else:
        told = f"The database layer holds what the specification asks for, with {figures}."
    if audit.crashes and not audit.findings:
        return "No findings in the parts that ran."
    return told
