"""An audit as GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json

from trueup.model.audit import Audit
from trueup.model.names import Severity
from trueup.report.audit_json import Json
from trueup.report.places import first_place
from trueup.report.plain import plain
from trueup.report.sarif import message_of
from trueup.report.showing import Showing

SEVERITY: dict[Severity, str] = {"error": "critical", "warning": "major", "info": "info"}


def audit_gitlab(audit: Audit, showing: Showing) -> str:
    """A list of findings; the fingerprint is the finding's id, by which GitLab tells new ones from known ones. Where a part of
    Trueup crashed, that is an entry too: an empty list would say that all is well."""
    entries: list[Json] = []
    for finding in audit.findings:
        place = first_place(audit, finding, showing.prefix)
        entries.append(
            {
                "description": message_of(finding),
                "check_name": finding.code,
                "fingerprint": finding.id,
                "severity": SEVERITY[finding.severity],
                "location": {"path": place.file, "lines": {"begin": place.line}},
            }
        )
    for number, crash in enumerate(audit.crashes):
        entries.append(
            {
                "description": plain(f"Trueup itself failed in {crash.what}: {crash.problem}"),
                "check_name": "trueup",
                "fingerprint": f"trueup-crash-{number}",
                "severity": "blocker",
                "location": {"path": f"{showing.prefix}composer.json", "lines": {"begin": 1}},
            }
        )
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
