"""Remedies as text: for the terminal, as JSON (`trueup.fix/1`), as plain SQL, as one patch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from trueup.model.names import Driver
from trueup.model.remedies import Fix, Patch, Remedy, Trial
from trueup.report.plain import plain


def fix_terminal(fix: Fix) -> str:
    """What is offered with its steps and files, what is withheld and why, and what a person must decide."""
    offered = [r for r in fix.remedies if r.offered]
    kept = [r for r in fix.remedies if not r.offered]
    facts = fix.audit.facts
    lines = [
        f"{facts.project.name}  {facts.schema.framework}, {fix.audit.driver}",
        f"  {len(offered)} remedies offered, {len(kept)} withheld, {len(fix.unmended)} findings without a remedy",
        f"  tried by replay on {', '.join(fix.drivers)}",
    ]
    numbers = {remedy.id: number for number, remedy in enumerate(offered, 1)}
    for remedy in offered:
        lines += ["", *_offered(remedy, numbers)]
    if kept:
        lines += ["", "Withheld"]
        for remedy in kept:
            lines += [f"  {remedy.title} ({', '.join(remedy.codes)})", f"    {remedy.withheld}"]
    if fix.unmended:
        codes = Counter(f.code for f in fix.unmended)
        lines += ["", "Without a remedy: a person must decide, or write code", _codes(codes)]
    return "".join(f"{plain(line)}\n" for line in lines)


def _codes(codes: Counter[str]) -> str:
    return "  " + ", ".join(
        f"{code} ({count})" if count > 1 else code for code, count in sorted(codes.items())
    )


def _offered(remedy: Remedy, numbers: Mapping[str, int]) -> Iterator[str]:
    marks = [remedy.effort, *(["destroys data"] if remedy.destructive else [])]
    yield f"{numbers[remedy.id]}. {remedy.title}  [{', '.join(marks)}]"
    yield f"   mends {', '.join(remedy.codes)} ({len(remedy.finding_ids)} finding{'s' * (len(remedy.finding_ids) != 1)})"
    before = sorted(numbers[i] for i in remedy.depends_on if i in numbers)
    if before:
        yield f"   after {', '.join(map(str, before))}"
    yield from (f"   - {step}" for step in remedy.steps)
    yield from (f"   ! {risk}" for risk in remedy.risks)
    yield from (f"   + {file.path}" for file in remedy.files)
    yield from (f"   ~ {patch.path}" for patch in remedy.patches)
    skipped = [t for t in remedy.trial if t.skipped]
    yield from (f"   not on {t.driver}: {t.skipped}" for t in skipped)


def fix_json(fix: Fix) -> str:
    """`trueup.fix/1`: every remedy with its files, patches, SQL and trials."""
    facts = fix.audit.facts
    value = {
        "format": "trueup.fix/1",
        "project": {"root": ".", "framework": facts.schema.framework, "driver": fix.audit.driver},
        "drivers": list(fix.drivers),
        "remedies": [_remedy(r) for r in fix.remedies],
        "without_remedy": [{"id": f.id, "code": f.code, "table": f.table} for f in fix.unmended],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _remedy(remedy: Remedy) -> dict[str, object]:
    return {
        "id": remedy.id,
        "title": remedy.title,
        "concern": remedy.concern,
        "table": remedy.table,
        "findings": list(remedy.finding_ids),
        "codes": list(remedy.codes),
        "steps": list(remedy.steps),
        "files": [{"path": f.path, "text": f.text, "release": f.release} for f in remedy.files],
        "patches": [{"path": p.path, "text": p.text} for p in remedy.patches],
        "sql": [{"driver": s.driver, "up": list(s.up), "down": list(s.down)} for s in remedy.sql],
        "depends_on": list(remedy.depends_on),
        "destructive": remedy.destructive,
        "effort": remedy.effort,
        "risks": list(remedy.risks),
        "rollback": remedy.rollback,
        "trial": [_trial(t) for t in remedy.trial],
        "offered": remedy.offered,
        "withheld": remedy.withheld,
    }


def _trial(trial: Trial) -> dict[str, object]:
    return {
        "driver": trial.driver,
        "passed": trial.passed,
        "up": trial.up,
        "down": trial.down,
        "gone": list(trial.gone),
        "left": list(trial.left),
        "new": [{"id": f.id, "code": f.code, "message": f.message} for f in trial.new],
        "problem": trial.problem,
        "skipped": trial.skipped,
    }


def fix_sql(fix: Fix) -> str:
    """The offered remedies as SQL for the audited driver, each with its way back as comments."""
    return sql_of(fix, fix.audit.driver)


def sql_of(fix: Fix, driver: Driver) -> str:
    lines = [f"-- {driver}"]
    for remedy in fix.remedies:
        script = next((s for s in remedy.sql if s.driver == driver), None)
        if not remedy.offered or script is None or not script.up:
            continue
        lines += ["", f"-- {plain(remedy.title)} ({', '.join(remedy.codes)})"]
        lines += [s if s.startswith("--") else f"{s};" for s in script.up]
        lines += ["-- Back:", *(f"-- {line}" for s in script.down for line in _statement(s).split("\n"))]
    return "\n".join(lines) + "\n"


def _statement(text: str) -> str:
    return text if text.startswith("--") else f"{text};"


def fix_patch(fix: Fix) -> str:
    """New files and changes of the offered remedies as one unified diff, which `git apply` and `patch -p1` take."""
    offered = [r for r in fix.remedies if r.offered]
    parts = [_added(f.path, f.text) for r in offered for f in r.files]
    return "".join([*parts, *(p.text for p in patches_of(fix))])


def patches_of(fix: Fix) -> tuple[Patch, ...]:
    return tuple(p for r in fix.remedies if r.offered for p in r.patches)


def _added(path: str, text: str) -> str:
    lines = text.splitlines(keepends=True)
    head = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n"
    return head + "".join(f"+{line}" for line in lines)


def written(fix: Fix, paths: tuple[str, ...]) -> str:
    """What `--write` did: files added (+) and changed (~)."""
    changed = sorted({patch.path for patch in patches_of(fix)})
    lines = [*(f"+ {path}" for path in paths), *(f"~ {path}" for path in changed)]
    return "".join(f"{plain(line)}\n" for line in lines or ["There is nothing to write."])


FIX_FORMATS: Mapping[str, Callable[[Fix], str]] = {
    "terminal": fix_terminal,
    "json": fix_json,
    "sql": fix_sql,
    "patch": fix_patch,
}
