"""An audit as `trueup.audit/1`: sorted, with relative paths, the same bytes for the same input."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from trueup.model.acceptance import Acceptance
from trueup.model.audit import Audit, InventoryRow
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.names import SEVERITIES
from trueup.report.live import live_rows
from trueup.report.performance_json import performance_json
from trueup.report.verdict import verdict

FORMAT = "trueup.audit/1"

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def audit_json(audit: Audit) -> str:
    """The audit as JSON text."""
    counts = dict(audit.inputs)
    specs: list[Json] = [document.path for document in audit.facts.specification.documents]
    document: dict[str, Json] = {
        "format": FORMAT,
        "project": {"root": ".", "framework": audit.facts.project.framework, "driver": audit.driver},
        "inputs": {"specs": specs, **counts},
        "inventory": [_row(row) for row in audit.inventory],
        **_live(audit),
        **performance_json(audit.performance),
        **_evidence(audit),
        "findings": [_finding(finding) for finding in audit.findings],
        **_accepted(audit),
        "cannot_tell": [
            {"code": c.code, "subject": c.subject, "table": c.table, "reason": c.reason, **_at(c.at)}
            for c in sorted(audit.cannot_tell)
        ],
        "failures": [
            {"migration": f.migration, **_at(f.at), "reason": f.reason} for f in audit.facts.schema.failures
        ],
        "gaps": [{**_at(g.at), "reason": g.reason, "kind": g.kind} for g in sorted(audit.gaps)],
        "summary": _summary(audit),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _evidence(audit: Audit) -> dict[str, Json]:
    if audit.evidence is None:
        return {}
    from trueup.report.evidence_json import evidence_json

    return evidence_json(audit.evidence)


def _live(audit: Audit) -> dict[str, Json]:
    """The key `live`, which is there only where a live database was read. Sizes in bytes, None where the server does not tell."""
    live = audit.facts.live
    if live is None:
        return {}
    tables: list[Json] = [
        {
            "table": row.table,
            "state": row.state,
            "required": row.required,
            "rows": row.size.rows,
            "counted": row.size.counted,
            "data_bytes": row.size.data,
            "index_bytes": row.size.indexes,
            "reads": row.size.reads,
        }
        for row in live_rows(audit.facts)
    ]
    indexes: list[Json] = [
        {"table": i.table, "index": i.index, "reads": i.reads, "bytes": i.size} for i in live.indexes
    ]
    return {
        "live": {
            "database": live.at.file,
            "driver": live.schema.driver,
            "version": live.schema.server_version,
            "migrations": None if live.entries is None else list(live.entries),
            "reads_since": live.since,
            "tables": tables,
            "indexes": indexes,
            "untold": [{"part": u.part, "reason": u.reason} for u in live.untold],
        }
    }


def _at(at: Location) -> dict[str, Json]:
    return {"file": at.file, "line": at.line}


def _places(places: Iterable[Location]) -> list[Json]:
    return [_at(place) for place in places if place.file]


def _row(row: InventoryRow) -> dict[str, Json]:
    return {
        "table": row.table,
        "required_by": _places(row.required_by),
        "status": row.status,
        "matched": row.matched,
        "score": round(row.score, 4),
        "model": row.model,
        "factory": row.factory,
        "tests": list(row.tests),
    }


def _accepted(audit: Audit) -> dict[str, Json]:
    """The keys `suppressed`, `expired`, `stale` and `change`, each only where there is something to tell."""
    suppressed: list[Json] = [
        {**_finding(s.finding), "accepted": _acceptance(s.acceptance)} for s in audit.suppressed
    ]
    told: dict[str, Json] = {"suppressed": suppressed}
    for name, entries in (("expired", audit.expired), ("stale", audit.stale)):
        told[name] = [
            {"id": e.id, "code": e.code, "subject": e.subject, "accepted": _acceptance(e.acceptance)}
            for e in entries
        ]
    if audit.change:
        gone: list[Json] = [_finding(finding) for finding in audit.change.gone]
        told["change"] = {
            "before": audit.change.before,
            "after": audit.change.after,
            "stayed": audit.change.stayed,
            "gone": gone,
        }
    return {name: value for name, value in told.items() if value}


def _acceptance(acceptance: Acceptance) -> dict[str, Json]:
    named = {"reason": acceptance.reason, "author": acceptance.author, "expires": acceptance.expires}
    shown: dict[str, Json] = {name: value for name, value in named.items() if value}
    return {"by": acceptance.by, **shown, **_at(acceptance.at)}


def _finding(finding: Finding) -> dict[str, Json]:
    drivers: dict[str, Json] = {"drivers": list(finding.drivers)} if finding.drivers else {}
    return {
        "id": finding.id,
        "code": finding.code,
        "severity": finding.severity,
        "category": finding.category,
        "table": finding.table,
        "column": finding.column,
        "index": finding.index,
        "model": finding.model,
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "locations": _places(finding.locations),
        "recommendation": finding.recommendation,
        "effort": finding.effort,
        **drivers,
    }


def _summary(audit: Audit) -> dict[str, Json]:
    severities = Counter(finding.severity for finding in audit.findings)
    categories: Counter[str] = Counter(finding.category for finding in audit.findings)
    return {
        "verdict": verdict(audit),
        "driver_why": audit.driver_why,
        "framework": audit.facts.schema.framework,
        "severities": {severity: severities[severity] for severity in SEVERITIES},
        "categories": _sorted(categories),
        **_by_driver(audit),
        "tables": _sorted(Counter(row.status for row in audit.inventory)),
        "queries": {
            "resolved": len(audit.facts.queries.sites),
            "unresolved": len(audit.facts.queries.unresolved),
        },
        "crashes": [{"what": crash.what, "problem": crash.problem} for crash in audit.crashes],
        "criteria": [{"text": c.text, **_at(c.at), "state": c.state, "how": c.how} for c in audit.criteria],
    }


def _by_driver(audit: Audit) -> dict[str, Json]:
    """The key `drivers`, where several were audited: findings by driver and severity."""
    counts = {
        driver: Counter(f.severity for f in audit.findings if driver in f.drivers) for driver in audit.drivers
    }
    shown: dict[str, Json] = {d: {s: counted[s] for s in SEVERITIES} for d, counted in counts.items()}
    return {"drivers": shown} if shown else {}


def _sorted(counts: Mapping[str, int]) -> dict[str, Json]:
    return {key: counts[key] for key in sorted(counts)}
