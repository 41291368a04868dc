"""A run of probes as text, Markdown and JSON: the verdict table first, then the evidence of each."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from itertools import groupby

from trueup.model.findings import Finding
from trueup.model.proofs import PROOF_VERDICTS, Evidence, Proof, ProofRun
from trueup.model.roles import COLUMN_ROLES, TABLE_ROLES, Binding
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted, plain

FORMAT = "trueup.proofs/1"
TITLES = {
    "record": "Record",
    "add-up": "Add up",
    "enforce": "Enforce",
    "alert": "Alert",
    "keep-whole": "Keep whole",
    "grow": "Grow",
}
_STYLES = {"carried": "32", "carried with conditions": "33", "not carried": "1;31", "cannot tell": "2"}
_WHO = {"record": "costs", "budget": "budgets", "alert": "alerts"}

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def summary(run: ProofRun) -> str:
    """ "9 carried, 4 with conditions, 3 not carried"."""
    short = {"carried with conditions": "with conditions"}
    counts = [(v, sum(1 for p in run.proofs if p.verdict == v)) for v in PROOF_VERDICTS]
    return ", ".join(f"{n} {short.get(v, v)}" for v, n in counts if n) or "nothing was asked"


def chosen_by(binding: Binding) -> dict[str, str]:
    """Why each table has its part: "required as ai_cost_records", "trueup.toml:12"."""
    return {choice.table: choice.why for choice in binding.tables if choice.why}


def roles_of(binding: Binding) -> Iterator[tuple[str, str, str]]:
    """What plays which part: "costs", the table, and its columns as "user → user_id"."""
    for table_role in TABLE_ROLES:
        roles = binding.roles(table_role)
        if roles is None:
            yield _WHO[table_role], "", "no table"
            continue
        played = [(r, getattr(roles, r)) for r in COLUMN_ROLES[table_role]]
        texts = [
            f"{role.replace('_', ' ')} → {column}"
            for role, column in played
            if isinstance(column, str) and column
        ]
        limits = [f"{period} limit → {column}" for period, column in getattr(roles, "limits", ())]
        yield _WHO[table_role], roles.table.name, ", ".join((*texts, *limits))


# The terminal.


def proofs_terminal(run: ProofRun, *, width: int | None = None, color: bool = False) -> str:
    """Text; `width` is the terminal's in columns, None: lines are not broken."""
    lines = [*_head(run, width), "", *_verdicts(run, width, color)]
    for proof in run.proofs:
        if proof.verdict != "carried":
            lines += ["", *_detail(proof, width, color)]
    lines += ["", *_end(run)]
    return "\n".join(plain(line) if not color else line for line in lines) + "\n"


def _head(run: ProofRun, width: int | None) -> Iterator[str]:
    yield f"{run.subject} on {run.driver}, {_short(run.server)}"
    chosen = chosen_by(run.binding)
    for who, name, columns in roles_of(run.binding):
        why = f" ({chosen[name]})" if name in chosen else ""
        yield from _wrapped(f"{who}: {name}{why}{': ' if name else ''}{columns}", width, 2)
    for refused in run.not_built:
        yield from _wrapped(f"not built: {refused.table}: {refused.reason}", width, 2)


def _short(server: str) -> str:
    """ "PostgreSQL 15.20" of PostgreSQL's long text."""
    return server.partition(" (")[0].partition(" on ")[0]


def _verdicts(run: ProofRun, width: int | None, color: bool) -> Iterator[str]:
    longest = max((len(p.capability) for p in run.proofs), default=0)
    for probe, proofs in groupby(run.proofs, key=lambda p: p.probe):
        yield TITLES[probe]
        for proof in proofs:
            verdict = _colored(f"{proof.verdict:<23}", proof.verdict, color)
            yield f"  {proof.capability:<{longest}}  {verdict}".rstrip()
            if proof.verdict == "carried":
                yield from _wrapped(proof.reason, width, 6)


def _detail(proof: Proof, width: int | None, color: bool) -> Iterator[str]:
    yield f"{_colored(proof.verdict, proof.verdict, color)}: {proof.capability}"
    yield from _wrapped(f"{proof.reason}.", width, 2)
    for seen in proof.evidence:
        yield from _wrapped(f"{seen.what}: {seen.result}", width, 4, "- ")
        if seen.sql:
            yield from _wrapped(seen.sql, width, 8)
    for change in proof.changes:
        yield from _wrapped(f"{change.sql};  -- {change.why}", width, 4, "+ ")


def _end(run: ProofRun) -> Iterator[str]:
    for crash in run.crashes:
        yield f"The probe {crash.probe} failed itself, which says nothing about the schema: {crash.problem}"
    yield f"{summary(run)}; {counted(len(run.findings), 'finding')}, {run.seconds:.0f} s."


def _wrapped(text: str, width: int | None, indent: int, mark: str = "") -> list[str]:
    shown = plain(text)
    first, rest = " " * indent + mark, " " * (indent + len(mark))
    if not width:
        return [first + shown]
    return textwrap.wrap(
        shown, max(width, 40), initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


def _colored(text: str, verdict: str, color: bool) -> str:
    return f"\x1b[{_STYLES[verdict]}m{text}\x1b[0m" if color else text


# Markdown.


def proofs_markdown(run: ProofRun) -> str:
    """A document: verdicts, roles, and the evidence of every capability."""
    work = run.workload
    blocks = [
        f"# Can {escape(run.subject)} carry cost tracking and budgets?",
        f"{run.driver}, {escape(_short(run.server))}; up to {work.rows:,} rows and {work.writers} writers, seed {work.seed}: "
        f"{summary(run)}.",
        table(
            ["Probe", "Capability", "Verdict", "Why"],
            [[TITLES[p.probe], escape(p.capability), p.verdict, escape(p.reason)] for p in run.proofs],
        ),
        "## Roles",
        table(
            ["Part", "Table", "Found", "Columns"],
            [
                [who, code(name), escape(chosen_by(run.binding).get(name, "")), escape(c)]
                for who, name, c in roles_of(run.binding)
            ],
        ),
    ]
    if run.not_built:
        rows = [[code(n.table), escape(n.reason), code(n.sql)] for n in run.not_built]
        blocks += ["## What the server did not build", table(["Table", "Reason", "Statement"], rows)]
    for probe, proofs in groupby(run.proofs, key=lambda p: p.probe):
        blocks.append(f"## {TITLES[probe]}")
        blocks += [part for proof in proofs for part in _section(proof)]
    blocks += [f"The probe {c.probe} failed itself: {escape(c.problem)}" for c in run.crashes]
    return "\n\n".join(blocks) + "\n"


def _section(proof: Proof) -> Iterator[str]:
    yield f"### {escape(proof.capability)}: {proof.verdict}"
    yield f"{escape(proof.reason)}."
    if proof.evidence:
        rows = [[escape(e.what), escape(e.result), code(e.sql)] for e in proof.evidence]
        yield table(["What was done", "What came of it", "SQL"], rows)
    if proof.changes:
        lines = "\n".join(f"{c.sql};  -- {c.why}" for c in proof.changes)
        yield f"Schema change:\n\n```sql\n{lines}\n```"


# JSON.


def proofs_json(run: ProofRun) -> str:
    """`trueup.proofs/1`."""
    document: dict[str, Json] = {
        "format": FORMAT,
        "subject": run.subject,
        "driver": run.driver,
        "server": run.server,
        "workload": {
            "rows": run.workload.rows,
            "writers": run.workload.writers,
            "seed": run.workload.seed,
            "load": run.workload.load,
        },
        "roles": [{"part": who, "table": name, "columns": c} for who, name, c in roles_of(run.binding)],
        "not_built": [{"table": n.table, "reason": n.reason, "sql": n.sql} for n in run.not_built],
        "proofs": [_proof(p) for p in run.proofs],
        "findings": [_finding(f) for f in run.findings],
        "crashes": [{"probe": c.probe, "problem": c.problem} for c in run.crashes],
        "summary": {v: sum(1 for p in run.proofs if p.verdict == v) for v in PROOF_VERDICTS},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _proof(proof: Proof) -> Json:
    return {
        "probe": proof.probe,
        "capability": proof.capability,
        "verdict": proof.verdict,
        "reason": proof.reason,
        "evidence": [_evidence(e) for e in proof.evidence],
        "changes": [{"why": c.why, "sql": c.sql} for c in proof.changes],
        "findings": [f.id for f in proof.findings],
    }


def _evidence(seen: Evidence) -> Json:
    return {"what": seen.what, "result": seen.result, "sql": seen.sql}


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "code": finding.code,
        "severity": finding.severity,
        "category": finding.category,
        "table": finding.table,
        "column": finding.column,
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "locations": [{"file": at.file, "line": at.line} for at in finding.locations],
        "recommendation": finding.recommendation,
        "effort": finding.effort,
    }
