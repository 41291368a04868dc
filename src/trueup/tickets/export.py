"""Tickets for other trackers: GitHub issues, Jira's and Linear's CSV imports, JSON. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from trueup.model.names import SEVERITIES
from trueup.model.tickets import Draft

PRIORITIES = {"error": "High", "warning": "Medium", "info": "Low"}
"""Of the gravest finding that a ticket mends or tests."""


def export(form: str, drafts: Sequence[Draft]) -> str:
    """The tickets in one of FORMATS, in order. Raises KeyError for any other."""
    return FORMATS[form](drafts)


def neutralised(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: those that begin with = + - @, a tab or a line break get an apostrophe in
    front (OWASP, "CSV Injection")."""
    return (
        f"'{cell}"
        if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") and cell
        else cell
    )


def severity_of(draft: Draft) -> str:
    found = [f.severity for f in (*draft.work.findings, *draft.work.covers)]
    return min(found, key=SEVERITIES.index) if found else "info"


def _labels(draft: Draft) -> list[str]:
    return ["database", draft.work.phase.lower().replace(" ", "-"), severity_of(draft)]


def _needs(draft: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    return [d for d in drafts if d.work.key in draft.work.needs]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[neutralised(cell) for cell in row] for row in rows])
    return out.getvalue()


def _github(drafts: Sequence[Draft]) -> str:
    """One JSON object a line, each as `POST /repos/{owner}/{repo}/issues` takes it."""
    return "".join(
        json.dumps(
            {"title": f"{d.number} {d.title}", "body": d.text, "labels": _labels(d)}, ensure_ascii=False
        )
        + "\n"
        for d in drafts
    )


def _jira(drafts: Sequence[Draft]) -> str:
    """Columns of Jira's CSV import; estimates in seconds, as it wants them; links by the file's own issue ids."""
    links = max((len(_needs(d, drafts)) for d in drafts), default=0)
    head = [
        "Issue Id",
        "Issue Type",
        "Summary",
        "Description",
        "Priority",
        "Labels",
        "Labels",
        "Labels",
        "Original Estimate",
    ]
    rows = [[*head, *["Inward issue link (Blocks)"] * links]]
    for d in drafts:
        needs = [str(n.number) for n in _needs(d, drafts)]
        base = [
            str(d.number),
            "Task",
            f"{d.number} {d.title}",
            d.text,
            PRIORITIES[severity_of(d)],
            *_labels(d),
        ]
        rows.append([*base, str(int(d.work.hours * 3600)), *needs, *[""] * (links - len(needs))])
    return _csv(rows)


def _linear(drafts: Sequence[Draft]) -> str:
    """Columns of Linear's CSV import; estimates in hours, rounded up."""
    rows = [["Title", "Description", "Priority", "Status", "Labels", "Estimate", "Blocked by"]]
    for d in drafts:
        needs = ", ".join(str(n.number) for n in _needs(d, drafts))
        hours = str(int(-(-d.work.hours // 1)))
        rows.append(
            [
                f"{d.number} {d.title}",
                d.text,
                PRIORITIES[severity_of(d)],
                "Backlog",
                ", ".join(_labels(d)),
                hours,
                needs,
            ]
        )
    return _csv(rows)


def _json(drafts: Sequence[Draft]) -> str:
    tickets = [
        {
            "number": d.number,
            "key": d.work.key,
            "phase": d.work.phase,
            "kind": d.work.kind,
            "title": d.title,
            "file": d.path,
            "tables": list(d.work.tables),
            "findings": sorted({f.id for f in d.work.findings}),
            "covers": sorted({f.id for f in d.work.covers}),
            "after": [n.number for n in _needs(d, drafts)],
            "hours": d.work.hours,
            "effort": d.effort,
            "severity": severity_of(d),
            "text": d.text,
        }
        for d in drafts
    ]
    return json.dumps({"format": "trueup.tickets/1", "tickets": tickets}, indent=2, ensure_ascii=False) + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Draft]], str]] = {
    "github": _github,
    "jira-csv": _jira,
    "linear-csv": _linear,
    "json": _json,
}
