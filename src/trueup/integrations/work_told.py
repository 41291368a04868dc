"""Trials, remedies, tickets and checks as results with a short text beside each; bounded in size."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.checks.registry import Check
from trueup.integrations.asking import page_of
from trueup.integrations.results import (
    CheckExplained,
    DriverTrial,
    FailureTold,
    FileTold,
    Remedies,
    RemedyTold,
    RemedyTrial,
    Tickets,
    TicketTold,
    Trial,
)
from trueup.integrations.telling import (
    FEW,
    MANY,
    brief,
    crashes_told,
    cut,
    doubt_told,
    finding_line,
    finding_told,
    gap_told,
    next_page,
    place,
)
from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.remedies import NewFile, Patch, Remedy
from trueup.model.tickets import Draft
from trueup.pipeline.ticketing import Prepared
from trueup.remedies.pasted import Tried
from trueup.report.diff import difference_line
from trueup.report.plain import counted, plain

FILE_CHARACTERS = 20_000
"""Characters of a remedy's file."""


def check_told(audit: Audit, check: Check) -> tuple[CheckExplained, str]:
    from trueup.report.explain import explain_text

    told = CheckExplained(
        code=check.code,
        title=check.title,
        severity=check.severity,
        category=check.category,
        why=check.why,
        fix=check.fix,
        findings=sum(f.code == check.code for f in audit.findings),
    )
    return told, explain_text(check)


# A trial


def trial_told(path: str, tried: Sequence[Tried], offset: int, limit: int) -> tuple[Trial, str]:
    """`tried[0]` is the audited driver's, whose remaining findings are told."""
    remaining = (*tried[0].new, *tried[0].left)
    shown, at = page_of(sorted(remaining, key=lambda f: f.sort_key), offset, limit)
    told = Trial(
        **at,
        migration=path,
        drivers=[_driver(one) for one in tried],
        remaining=[finding_told(f) for f in shown],
    )
    lines = [line for one in tried for line in _trial_lines(one, bool(path))]
    return told, cut("\n".join([*lines, "Nothing was written."]), 8_000)


def _driver(one: Tried) -> DriverTrial:
    return DriverTrial(
        driver=one.driver,
        would_fail=bool(one.failures),
        failures=[FailureTold(at=place(f.at), reason=cut(f.reason), code=f.code) for f in one.failures[:FEW]],
        not_understood=[gap_told(gap) for gap in one.gaps[:FEW]],
        down_problem=cut(one.undone),
        changes=[cut(difference_line(d), 300) for d in one.changes[:MANY]],
        more_changes=max(0, len(one.changes) - MANY),
        gone_total=len(one.gone),
        gone=[brief(f) for f in one.gone[:MANY]],
        new_total=len(one.new),
        new=[finding_told(f) for f in one.new[:FEW]],
        left_total=len(one.left),
        cannot_tell_now=[doubt_told(d) for d in one.unsure[:FEW]],
        crashes=crashes_told(one.crashes),
    )


def _trial_lines(one: Tried, migrates: bool) -> list[str]:
    if one.failures:
        first = one.failures[0]
        return [plain(f"{one.driver}: it would fail at {first.at}: {first.reason}")]
    undone = f"down() does not restore: {one.undone}" if one.undone else "down() restores what was before"
    figures = f"{len(one.gone)} gone, {len(one.new)} new, {len(one.left)} left"
    how = f"it runs; {undone}. " if migrates else ""
    lines = [plain(f"{one.driver}: {how}Findings: {figures}.")]
    if one.gaps:
        lines.append(plain(f"  not understood: {one.gaps[0].at}: {one.gaps[0].reason}"))
    lines.extend(f"  gone: {finding_line(f)}" for f in one.gone[:FEW])
    lines.extend(f"  new: {finding_line(f)}" for f in one.new[:FEW])
    return lines


# Remedies


def remedies_told(
    asked: Sequence[Finding], made: Sequence[Remedy], offset: int, limit: int
) -> tuple[Remedies, str]:
    wanted = {f.id for f in asked}
    fitting = [r for r in made if wanted.intersection(r.finding_ids)]
    mended = {i for r in fitting for i in r.finding_ids}
    shown, at = page_of(fitting, offset, limit)
    without = sorted(wanted - mended)
    told = Remedies(
        **at,
        remedies=[_remedy(r) for r in shown],
        without_remedy=without[:MANY],
    )
    lines = [plain(f"{r.id}: {r.title}{f' (withheld: {r.withheld})' if r.withheld else ''}") for r in shown]
    head = f"{counted(len(fitting), 'remedy', 'remedies')} for {counted(len(asked), 'finding')}; {len(without)} without."
    return told, cut("\n".join([head, *lines, next_page(told.next_offset)]).rstrip(), 8_000)


def _remedy(remedy: Remedy) -> RemedyTold:
    return RemedyTold(
        id=remedy.id,
        title=remedy.title,
        concern=remedy.concern,
        table=remedy.table,
        finding_ids=list(remedy.finding_ids[:MANY]),
        more_finding_ids=max(0, len(remedy.finding_ids) - MANY),
        steps=[cut(step) for step in remedy.steps[:MANY]],
        files=[_file(f) for f in remedy.files[:FEW]],
        patches=[_file(p) for p in remedy.patches[:FEW]],
        depends_on=list(remedy.depends_on),
        destructive=remedy.destructive,
        effort=remedy.effort,
        risks=[cut(risk) for risk in remedy.risks[:FEW]],
        rollback=cut(remedy.rollback),
        trials=[
            RemedyTrial(driver=t.driver, passed=t.passed, problem=cut(t.problem or t.skipped))
            for t in remedy.trial
        ],
        withheld=cut(remedy.withheld),
    )


def _file(file: NewFile | Patch) -> FileTold:
    return FileTold(path=file.path, text=file.text[:FILE_CHARACTERS], cut=len(file.text) > FILE_CHARACTERS)


# Tickets


def tickets_told(
    prepared: Prepared, chosen: Sequence[Draft], text: str, offset: int, limit: int
) -> tuple[Tickets, str]:
    shown, at = page_of(chosen, offset, limit)
    actions: dict[str, str] = {change.about or change.path: change.action for change in prepared.changes}
    numbers = {draft.work.key: draft.number for draft in prepared.drafts.drafts}
    told = Tickets(
        **at,
        tickets=[_ticket(draft, actions.get(draft.path, ""), numbers) for draft in shown],
        notes=[cut(note) for note in prepared.notes[:MANY]],
        text=text,
    )
    lines = [plain(f"{d.number} {d.title} ({d.work.phase}, {d.effort})") for d in shown]
    head = f"{counted(len(chosen), 'ticket')}. Nothing was written."
    return told, "\n".join([head, *lines, next_page(told.next_offset)]).rstrip()


def _ticket(draft: Draft, action: str, numbers: dict[str, int]) -> TicketTold:
    ids = [f.id for f in draft.work.findings]
    return TicketTold(
        number=draft.number,
        title=draft.title,
        phase=draft.work.phase,
        path=draft.path,
        effort=draft.effort,
        action=action,
        tables=list(draft.work.tables[:MANY]),
        needs=sorted(numbers[key] for key in draft.work.needs if key in numbers),
        finding_ids=ids[:MANY],
        more_finding_ids=max(0, len(ids) - MANY),
    )
