"""Risks, the way back, and notes of a ticket: doubts of the audit, and the remedy that was tried. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.remedies import Remedy, Trial
from trueup.model.tickets import Work
from trueup.report.markdown import code, escape
from trueup.report.plain import listed
from trueup.tickets.around import Around
from trueup.tickets.content import Setting
from trueup.tickets.describing import SERVERS
from trueup.tickets.grouping import existing_names
from trueup.tickets.relating import test_file
from trueup.tickets.sentences import RISK, about

MAX_ATTACHED = 120
"""Lines of a remedy's file up to which it is attached whole."""


def risks(setting: Setting, work: Work) -> tuple[str, ...]:
    """A list, or nothing where none is known."""
    names = existing_names(setting.audit)
    own = [about(RISK, f, names.get(f.table, f.table)) for f in work.findings]
    tried = [f"{code(r.id)}: {escape(risk)}" for r in setting.remedies_of(work) for risk in r.risks]
    told = [
        f"- {risk[0].upper() if risk[0] != '`' else risk[0]}{risk[1:].rstrip('.')}."
        for risk in dict.fromkeys((*own, *tried))
        if risk
    ]
    return ("\n".join(told),) if told else ()


def rollback(setting: Setting, work: Work) -> tuple[str, ...]:
    remedies = [
        f"- {code(r.id)}: {escape(r.rollback)}" for r in setting.remedies_of(work) if r.offered and r.rollback
    ]
    if remedies:
        return ("\n".join(remedies),)
    sentence = _rollback(setting, work)
    return (sentence,) if sentence else ()


def _rollback(setting: Setting, work: Work) -> str:
    tables = listed([code(t) for t in work.tables])
    columns = listed([code(c) for c in sorted({f.column for f in work.findings if f.column})]) or tables
    match work.kind:
        case "create table":
            return f"`down()` drops {tables}; rows written since are lost, so copy them first."
        case "columns":
            return (
                f"`down()` gives {columns} of {tables} their old definitions back; values that only the new ones "
                "hold are lost or cut."
            )
        case "keys":
            return f"`down()` drops the new keys and indexes of {tables}; no row changes."
        case "rename":
            return f"`down()` gives {tables} the old names back, together with the code of the same release."
        case "migration fails" | "rollback" | "order of migrations" | "migrations on rows" | "other servers":
            files = sorted({f.locations[0].file for f in work.findings if f.locations})
            return (
                f"Revert the commit that changes {listed([code(f) for f in files[:6]])}: databases that have run "
                "them are not touched by it."
            )
    if work.phase == "Test Implementation":
        return f"Delete {code(test_file(setting, work))}: nothing else depends on it."
    if work.phase == "Test Cleanup":
        places = sorted({f.locations[0].file for f in work.findings if f.locations})
        return f"Revert {listed([code(p) for p in places[:6]])}: only the suite notices."
    return f"Revert the commit on {tables or work.kind}: no migration belongs to it unless one of the steps adds it."


def notes(setting: Setting, work: Work, near: Around) -> tuple[str, ...]:
    """Doubts about the tables, decisions that were made for the ticket, remedies."""
    lines = [*_doubts(setting, work), *_pairing(near), *_withheld(setting, work)]
    checks = sorted({f.code for f in work.findings})
    if checks:
        lines.append(f"- Background: {listed([f'`trueup explain {c}`' for c in checks])}.")
    if not lines:
        subject = listed([code(t) for t in work.tables]) or work.kind
        lines = [f"- Nothing about {subject} is left in doubt by the audit."]
    blocks = ["\n".join(lines)]
    for remedy in setting.remedies_of(work):
        if remedy.offered:
            blocks.extend(_attached(remedy))
    return tuple(blocks)


def _doubts(setting: Setting, work: Work) -> Iterator[str]:
    names = {t.lower() for t in work.tables} | {f.table.lower() for f in work.findings if f.table}
    for doubt in setting.audit.cannot_tell:
        if doubt.table.lower() in names and doubt.table:
            yield f"- Could not be told: {escape(doubt.subject)} ({doubt.code}): {escape(doubt.reason)}."
    files = {p.file for f in work.findings for p in f.locations}
    for gap in setting.audit.gaps:
        if gap.at.file in files:
            yield f"- Not understood: {code(str(gap.at))}: {escape(gap.reason)}."


def _pairing(near: Around) -> Iterator[str]:
    for pair in near.pairs:
        if pair.status == "renamed" and pair.existing:
            best = next((c for c in pair.candidates if c.table == pair.existing.name), None)
            reasons = f": {escape(', '.join(best.reasons))}" if best and best.reasons else ""
            yield (
                f"- {code(pair.existing.name)} was taken for {code(pair.required.name)} (score "
                f"{pair.score:.2f}{reasons}); if that is wrong, {code(pair.required.name)} is missing instead."
            )
        elif pair.status == "missing" and pair.candidates:
            others = ", ".join(f"{code(c.table)} {c.score:.2f}" for c in pair.candidates[:3])
            yield f"- Tables that were weighed for {code(pair.required.name)} and found too unlike: {others}."


def _withheld(setting: Setting, work: Work) -> Iterator[str]:
    for remedy in setting.remedies_of(work):
        if not remedy.offered:
            yield f"- No remedy is attached for {escape(remedy.title)}: {escape(remedy.withheld)}"


def _attached(remedy: Remedy) -> Iterator[str]:
    after = (
        f"; made to come after {listed([code(i) for i in remedy.depends_on])}" if remedy.depends_on else ""
    )
    trials = "; ".join(_trials(remedy)) or "not tried"
    yield f"**Remedy {code(remedy.id)}: {escape(remedy.title)}** ({trials}{after})"
    for path, text, language in (
        *((f.path, f.text, "php") for f in remedy.files),
        *((p.path, p.text, "diff") for p in remedy.patches),
    ):
        lines = text.rstrip("\n").split("\n")
        if len(lines) > MAX_ATTACHED:
            yield f"{code(path)}: {len(lines)} lines, written by `trueup fix --write`."
            continue
        fence = "```" if "```" not in text else "````"
        yield f"{code(path)}:"
        yield "\n".join([f"{fence}{language}", *lines, fence])


def _trials(remedy: Remedy) -> Iterator[str]:
    for trial in remedy.trial:
        yield f"{SERVERS[trial.driver]}: {_trial(trial)}"


def _trial(trial: Trial) -> str:
    if trial.skipped:
        return f"not tried, {escape(trial.skipped)}"
    if trial.passed:
        return f"up and down, {len(trial.gone)} gone, none new"
    return escape(trial.problem) or f"{len(trial.left)} left, {len(trial.new)} new"
