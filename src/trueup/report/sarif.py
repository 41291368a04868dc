"""An audit as SARIF 2.1.0, for GitHub code scanning and other viewers of static analysis results.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what GitHub reads of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.names import Severity
from trueup.report.audit_json import Json
from trueup.report.places import first_place, repository_places
from trueup.report.plain import plain
from trueup.report.showing import Showing
from trueup.report.verdict import verdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
MOST_RELATED = 20
"""Further places of a finding; GitHub shows no more than a few."""


def audit_sarif(audit: Audit, showing: Showing) -> str:
    """The audit as one SARIF run. Fingerprints are the findings' ids, which survive moved lines; accepted findings are listed in
    the run's properties and are no results, as GitHub would raise alerts for them."""
    codes = sorted({finding.code for finding in audit.findings})
    driver: dict[str, Json] = {
        "name": "Trueup",
        **({"version": showing.version, "semanticVersion": showing.version} if showing.version else {}),
        "rules": [_rule(code, audit) for code in codes],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "trueup/audit/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "SRCROOT": {"description": {"text": "The root of the repository that was audited."}}
        },
        "invocations": [_invocation(audit, showing)],
        "results": [_result(audit, finding, codes, showing) for finding in audit.findings],
        "properties": {
            "verdict": verdict(audit),
            "driver": audit.driver,
            "suppressed": [
                {
                    "id": s.finding.id,
                    "code": s.finding.code,
                    "by": s.acceptance.by,
                    "reason": s.acceptance.reason,
                }
                for s in audit.suppressed
            ],
        },
    }
    document: dict[str, Json] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str, audit: Audit) -> dict[str, Json]:
    """What is known of a check: its title, why it matters and how to mend what it finds."""
    from trueup.checks.registry import find_check

    check = find_check(code)
    if check is None:
        severity = next(f.severity for f in audit.findings if f.code == code)
        return {"id": code, "defaultConfiguration": {"level": LEVELS[severity]}}
    return {
        "id": code,
        "name": _pascal(check.title),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.why},
        "help": {
            "text": f"{check.title}\n\nWhy: {check.why}\n\nHow to mend it: {check.fix}",
            "markdown": f"**{check.title}**\n\n{check.why}\n\n**How to mend it.** {check.fix}",
        },
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "properties": {"category": check.category, "tags": ["database", check.category]},
    }


def _pascal(title: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", title))


def _result(audit: Audit, finding: Finding, codes: list[str], showing: Showing) -> dict[str, Json]:
    place = first_place(audit, finding, showing.prefix)
    others = [
        p
        for p in repository_places(finding.locations, showing.prefix)
        if (p.file, p.line) != (place.file, place.line)
    ]
    related: list[Json] = [
        {"id": number, **_location(other)} for number, other in enumerate(others[:MOST_RELATED], 1)
    ]
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": message_of(finding)},
        "locations": [{**_location(place), **_logical(finding)}],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.id}:1", "trueupFinding/v1": finding.id},
        "properties": _properties(finding),
    }


def message_of(finding: Finding) -> str:
    """The finding's sentence and its advice."""
    return plain(f"{finding.message} {finding.recommendation}".strip())


def _properties(finding: Finding) -> dict[str, Json]:
    named = {
        "category": finding.category,
        "effort": finding.effort,
        "expected": finding.expected,
        "found": finding.found,
    }
    shown: dict[str, Json] = {name: value for name, value in named.items() if value}
    return {**shown, **({"drivers": list(finding.drivers)} if finding.drivers else {})}


def _location(place: Location) -> dict[str, Json]:
    region: dict[str, Json] = {"startLine": max(place.line, 1)}
    if place.column:
        region["startColumn"] = place.column
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file), "uriBaseId": "SRCROOT"},
            "region": region,
        }
    }


def _logical(finding: Finding) -> dict[str, Json]:
    """Table, column, index and model, as far as the finding names them."""
    parts = [("type", finding.table), ("member", finding.column), ("member", finding.index)]
    names: list[Json] = []
    for kind, name in parts:
        if name:
            whole = name if name == finding.table or not finding.table else f"{finding.table}.{name}"
            names.append({"name": name, "fullyQualifiedName": whole, "kind": kind})
    if finding.model:
        names.append(
            {"name": finding.model.rsplit("\\", 1)[-1], "fullyQualifiedName": finding.model, "kind": "type"}
        )
    return {"logicalLocations": names} if names else {}


def _invocation(audit: Audit, showing: Showing) -> dict[str, Json]:
    """Whether all of Trueup ran, and what could not be told."""
    notes = [
        *(_notification("error", f"Trueup itself failed in {c.what}: {c.problem}") for c in audit.crashes),
        *(
            _notification("note", f"Cannot tell ({c.code}): {c.subject}: {c.reason}", (c.at,), showing.prefix)
            for c in sorted(audit.cannot_tell)
        ),
        *(
            _notification("note", f"Not understood: {g.reason}", (g.at,), showing.prefix)
            for g in sorted(audit.gaps)
        ),
    ]
    return {"executionSuccessful": not audit.crashes, "toolExecutionNotifications": list(notes)}


def _notification(
    level: str, text: str, places: Iterable[Location] = (), prefix: str = ""
) -> dict[str, Json]:
    shown: list[Json] = [_location(place) for place in _known(places, prefix)]
    return {"level": level, "message": {"text": plain(text)}, **({"locations": shown} if shown else {})}


def _known(places: Iterable[Location], prefix: str) -> Iterator[Location]:
    yield from repository_places(tuple(places), prefix)
