"""What preflight found: for the terminal, as Markdown, as `trueup.preflight/1`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from trueup.model.preflight import Answer, Preflight, Survival
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted, plain

FORMAT = "trueup.preflight/1"
VERDICTS: tuple[Survival, ...] = ("fails", "cannot tell", "survives")


def preflight_text(found: Preflight) -> str:
    """What stands in the way first, with examples and statements."""
    lines = [f"{found.project}  {found.database} ({found.driver} {found.version})".strip(), ""]
    for verdict in VERDICTS:
        answers = [a for a in found.answers if a.verdict == verdict]
        if not answers:
            continue
        lines.append(f"{verdict.capitalize()} ({len(answers)})")
        for answer in answers:
            lines.append(f"  {answer.proposal.text}  [{', '.join(answer.proposal.codes)}]")
            lines.extend(f"      {line}" for line in _details(answer))
        lines.append("")
    lines.append(summary(found))
    return "\n".join(map(plain, lines)) + "\n"


def _details(answer: Answer) -> Iterator[str]:
    yield _count(answer)
    if answer.examples:
        yield f"{', '.join(answer.example_columns)}: {'; '.join(', '.join(key) for key in answer.examples)}"
    if answer.verdict != "survives" and answer.query:
        yield f"all: {answer.query}"
    if answer.cleanup:
        yield f"mend: {answer.cleanup}"


def _count(answer: Answer) -> str:
    rows = "" if answer.rows is None else f" of about {answer.rows:,} rows"
    if answer.verdict == "cannot tell":
        estimate = "" if answer.expected is None else f"; the server's estimate: {answer.expected:,}"
        return f"{answer.reason}{rows}{estimate}"
    sampled = "" if answer.sampled is None else f" in a sample of {answer.sampled:g} %"
    number = counted(answer.violations or 0, "row stands in the way", "rows stand in the way")
    told = "no row stands in the way" if not answer.violations else number
    return f"{told}{sampled}{rows}" + (f" ({answer.reason})" if answer.reason else "")


def summary(found: Preflight) -> str:
    """The whole in one sentence."""
    if not found.answers:
        return "No finding proposes a constraint: nothing was asked."
    counts = Counter(a.verdict for a in found.answers)
    told = ", ".join(f"{counts[v]} {word}" for v, word in _WORDS if counts[v])
    limit = f"each question limited to {found.seconds:g} s"
    sample = "" if found.sample is None else f", {found.sample:g} % of the rows asked"
    return f"{counted(len(found.answers), 'constraint')} asked about: {told} ({limit}{sample})."


_WORDS: tuple[tuple[Survival, str], ...] = (
    ("fails", "would fail"),
    ("survives", "would hold"),
    ("cannot tell", "cannot be told"),
)


def preflight_markdown(found: Preflight) -> str:
    """A document to attach to the ticket of a migration."""
    blocks = [
        f"# Preflight: {escape(found.project)}",
        escape(f"{found.database} ({found.driver} {found.version}). {summary(found)}"),
    ]
    if found.answers:
        rows = [
            [
                code(a.proposal.text),
                a.verdict,
                "" if a.violations is None else f"{a.violations:,}",
                "" if a.rows is None else f"{a.rows:,}",
                ", ".join(a.proposal.codes),
            ]
            for v in VERDICTS
            for a in found.answers
            if a.verdict == v
        ]
        headers = ("Constraint", "Today's rows", "In the way", "Rows (estimate)", "Proposed by")
        blocks.append(table(headers, rows, numbers=(2, 3)))
    for answer in found.answers:
        if answer.verdict != "survives":
            blocks.extend(_section(answer))
    return "\n\n".join(blocks) + "\n"


def _section(answer: Answer) -> Iterator[str]:
    yield f"## {code(answer.proposal.text)}"
    text = _count(answer)
    yield f"{escape(text[:1].upper() + text[1:])}." + (
        f" Asked for at {code(str(answer.proposal.at))}." if answer.proposal.at.file else ""
    )
    if answer.examples:
        rows = [[code(part) for part in key] for key in answer.examples]
        yield table([code(c) for c in answer.example_columns], rows)
    for title, sql in (
        ("All of them:", answer.query),
        ("To mend them, once somebody has read it:", answer.cleanup),
    ):
        if sql:
            yield f"{title}\n\n```sql\n{plain(sql)}\n```"


def preflight_json(found: Preflight) -> str:
    """`trueup.preflight/1`: sorted, the same bytes for the same answers."""
    document = {
        "format": FORMAT,
        "database": found.database,
        "driver": found.driver,
        "version": found.version,
        "seconds": found.seconds,
        "sample": found.sample,
        "answers": [_entry(answer) for answer in found.answers],
        "summary": {v: sum(1 for a in found.answers if a.verdict == v) for v in VERDICTS},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _entry(answer: Answer) -> dict[str, object]:
    p = answer.proposal
    return {
        "constraint": p.text,
        "kind": p.kind,
        "table": p.table,
        "columns": list(p.columns),
        "foreign_table": p.foreign_table,
        "foreign_columns": list(p.foreign_columns),
        "type": p.type,
        "values": list(p.values),
        "expression": p.expression,
        "codes": list(p.codes),
        "findings": list(p.findings),
        "at": {"file": p.at.file, "line": p.at.line},
        "verdict": answer.verdict,
        "violations": answer.violations,
        "rows": answer.rows,
        "expected": answer.expected,
        "examples": [dict(zip(answer.example_columns, key, strict=False)) for key in answer.examples],
        "query": answer.query,
        "cleanup": answer.cleanup,
        "reason": answer.reason,
        "sampled": answer.sampled,
    }
