"""Proposals in order, as files, each tried alone and then all together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.remedies import NewFile, Patch, Remedy, Trial
from trueup.model.schema import Schema
from trueup.remedies.blueprint import Code, Framework, render
from trueup.remedies.conventions import Conventions, migration_text
from trueup.remedies.definitions import Unmendable
from trueup.remedies.edits import patch_of
from trueup.remedies.models import MENDERS, mended
from trueup.remedies.proposals import Desk, Edit, Proposal
from trueup.remedies.sql import scripts
from trueup.remedies.trial import Case, Court, Outcome
from trueup.remedies.trial import Code as PatchedCode

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """A proposal with its files and what came of its trials. `depends` are numbers of others in the list."""

    proposal: Proposal
    files: tuple[NewFile, ...] = ()
    skips: tuple[tuple[Driver, str], ...] = ()
    depends: tuple[int, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    patches: tuple[Patch, ...] = ()
    code: PatchedCode | None = None
    code_alone: PatchedCode | None = None
    withheld: str = ""


def ordered(proposals: Sequence[Proposal]) -> list[Proposal]:
    """By rank, table and name, and each after what makes what it needs. A circle is left as it is: the trial tells."""
    waiting = sorted(proposals, key=lambda p: (p.rank, p.table, p.slug, p.title))
    done: list[Proposal] = []
    while waiting:
        made_later = {m for p in waiting for m in p.makes}
        ready = [p for p in waiting if not (set(p.needs) - set(p.makes)) & made_later]
        chosen = ready[0] if ready else waiting[0]
        waiting.remove(chosen)
        done.append(chosen)
    return done


def carry_out(
    proposals: Sequence[Proposal], court: Court, framework: Framework, conventions: Conventions, tell: Tell
) -> list[Tried]:
    """Files for each proposal, each tried alone (after what it depends on), and after all before it."""
    tried: list[Tried] = []
    for proposal in ordered(proposals):
        tell(f"trying: {proposal.title}")
        stamp = conventions.stamp
        one = _carried_out(proposal, tried, court, framework, conventions)
        if one.withheld:
            conventions.stamp = stamp
        tried.append(one)
    return tried


def _carried_out(
    proposal: Proposal, before: list[Tried], court: Court, framework: Framework, conventions: Conventions
) -> Tried:
    one = _with_files(proposal, before, framework, conventions)
    if not one.withheld and proposal.edit is not None:
        one = _edited(one, proposal.edit, court, court.audit.facts.schema)
    if not one.withheld:
        one = _tried(one, before, court)
        one = _with_companions(one, before, court)
    if not one.withheld:
        one = _tried_with_others(one, court)
    if not one.withheld or proposal.otherwise is None:
        return one
    other = _carried_out(proposal.otherwise, before, court, framework, conventions)
    return one if other.withheld else other


def _edited(one: Tried, edit: Edit, court: Court, schema: Schema) -> Tried:
    """With the code patched: as it is on disk, for the trial alone, and as it is after the patches before, for all that follows."""
    try:
        alone = _desk(edit, court, None, schema)
        desk = alone if court.code is None else _desk(edit, court, court.code, schema)
    except Unmendable as reason:
        return replace(one, withheld=str(reason))
    if not desk.texts:
        return one if one.files else replace(one, withheld="there is nothing in the code to be edited")
    lists = "rename" not in one.proposal.concern
    code_alone = court.patched(alone.texts, alone=True, lists=lists)
    code = code_alone if court.code is None else court.patched(desk.texts, lists=lists)
    patches = tuple(patch_of(desk.sources[p]) for p in desk.texts)
    return replace(one, patches=patches, code=code, code_alone=code_alone)


def _desk(edit: Edit, court: Court, code: PatchedCode | None, schema: Schema) -> Desk:
    desk = Desk(code.project.root if code else court.audit.facts.project.root)
    edit(desk, court.facts_now(code), schema)
    return desk


def _with_companions(one: Tried, before: list[Tried], court: Court) -> Tried:
    """A change of the schema can ask for one of a model: a cast with the new digits, a cast for the new kind. Where all that
    it would bring is of that sort, the model is patched with it."""
    new = {f.id: f for o in one.outcomes for f in o.trial.new}
    if (
        not one.withheld
        or not new
        or one.code is not None
        or any(f.code not in MENDERS for f in new.values())
    ):
        return one
    own = next((o for o in one.outcomes if o.attempt is not None), None)
    if own is None or own.attempt is None:
        return one
    bare = replace(one, withheld="", outcomes=())
    edited = _edited(bare, partial(mended, tuple(new.values())), court, own.attempt.schema)
    if edited.withheld:
        return one
    retried = _tried(edited, before, court)
    return one if retried.withheld else retried


def _with_files(
    proposal: Proposal, before: list[Tried], framework: Framework, conventions: Conventions
) -> Tried:
    if proposal.withheld:
        return Tried(proposal, withheld=proposal.withheld)
    depends = tuple(n for n, t in enumerate(before) if set(t.proposal.makes) & set(proposal.needs))
    stopped = next((before[n] for n in depends if before[n].withheld), None)
    if stopped is not None:
        return Tried(
            proposal,
            depends=depends,
            withheld=f"it needs another remedy that is withheld: {stopped.proposal.title}",
        )
    if not proposal.changes:
        return Tried(proposal, proposal.files, depends=depends)
    try:
        code = render(proposal.changes, framework)
    except Unmendable as reason:
        return Tried(proposal, depends=depends, withheld=str(reason))
    return Tried(
        proposal,
        (*_migration(proposal, code, conventions), *proposal.files),
        tuple(code.skips.items()),
        depends,
    )


def _migration(proposal: Proposal, code: Code, conventions: Conventions) -> tuple[NewFile, ...]:
    name = conventions.next_name(proposal.slug)
    about = f"{proposal.title} ({', '.join(sorted({f.code for f in proposal.findings}))})."
    text = migration_text(conventions, name, code, about, proposal.table)
    return (NewFile(f"{conventions.folder_for(proposal.table)}/{name}", text),)


def _migrations(files: Sequence[NewFile]) -> list[NewFile]:
    return [f for f in files if f.path.rsplit("/", 1)[-1][:4].isdigit()]


def _tried(one: Tried, before: list[Tried], court: Court) -> Tried:
    after = tuple(f for n in _all_before(one, before) for f in _migrations(before[n].files))
    case = Case(tuple(_migrations(one.files)), after, dict(one.skips), one.code_alone)
    outcomes = tuple(court.try_alone(driver, one.proposal, case) for driver in court.drivers)
    return replace(one, outcomes=outcomes, withheld=_reason(outcomes, court))


def _all_before(one: Tried, before: list[Tried]) -> list[int]:
    """What it depends on, and what that depends on."""
    found: set[int] = set()
    waiting = list(one.depends)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting.extend(before[number].depends)
    return sorted(found)


def _tried_with_others(one: Tried, court: Court) -> Tried:
    case = Case(tuple(_migrations(one.files)), skips=dict(one.skips), code=one.code)
    outcomes: dict[Driver, Outcome] = {}
    for driver in court.drivers:
        outcome = outcomes[driver] = court.try_together(driver, one.proposal, case)
        reason = _fault(outcome.trial)
        if reason:
            where = f"not together with the remedies before it ({driver}: {reason})"
            return replace(one, withheld=f"{where}; run `trueup fix` again after them")
    court.accept(one.proposal, case, outcomes)
    return one


def _reason(outcomes: tuple[Outcome, ...], court: Court) -> str:
    """Why it is withheld; "" where every trial passed and at least one was carried out with a finding gone."""
    for outcome in outcomes:
        reason = _fault(outcome.trial)
        if reason:
            return f"on {outcome.trial.driver} {reason}"
    own = next((o.trial for o in outcomes if o.trial.driver == court.audit.driver), None)
    if own is not None and own.skipped:
        return f"on {own.driver}: {own.skipped}"
    if not any(o.trial.gone for o in outcomes):
        return "in the replay its finding does not go away on any driver"
    return ""


def _fault(trial: Trial) -> str:
    if trial.problem:
        return trial.problem
    if trial.left:
        return "its finding is still there in the replay"
    if trial.new:
        shown = "; ".join(f"{f.code} {f.message}" for f in trial.new[:2])
        return f"it would bring a new finding: {shown}"
    return ""


def as_remedies(tried: Sequence[Tried], court: Court) -> tuple[Remedy, ...]:
    ids = [_id(t.proposal) for t in tried]
    made = [_remedy(t, n, ids, court, tried) for n, t in enumerate(tried)]
    return (*(r for r in made if r.offered), *(r for r in made if not r.offered))


def _id(proposal: Proposal) -> str:
    subject = "\x1f".join(sorted(f.id for f in proposal.findings))
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{proposal.concern.replace(' ', '-')}-{proposal.table or 'project'}-{digest}"


def _revealed(one: Tried) -> list[str]:
    found = sorted({f"{f.code} {f.message}" for o in one.outcomes[:1] for f in o.revealed})
    return [f"With the table there, the audit finds what was hidden: {text}" for text in found]


def _same_files(one: Tried, before: Sequence[Tried]) -> list[int]:
    """Remedies that patched one of these files before, on whose text this patch is made."""
    paths = {p.path for p in one.patches}
    return [n for n, t in enumerate(before) if not t.withheld and paths & {p.path for p in t.patches}]


def _remedy(one: Tried, number: int, ids: list[str], court: Court, tried: Sequence[Tried]) -> Remedy:
    proposal = one.proposal
    own = next((o for o in one.outcomes if o.trial.driver == court.audit.driver), None)
    also: tuple[Finding, ...] = own.also_gone if own is not None and not one.withheld else ()
    findings = {f.id: f for f in (*proposal.findings, *also)}
    return Remedy(
        id=ids[number],
        title=proposal.title,
        concern=proposal.concern,
        finding_ids=tuple(findings),
        codes=tuple(sorted({f.code for f in findings.values()})),
        table=proposal.table,
        steps=proposal.steps,
        files=one.files,
        patches=one.patches,
        sql=scripts(one.proposal, one.outcomes) if not one.withheld else (),
        depends_on=tuple(ids[n] for n in sorted({*one.depends, *_same_files(one, tried[:number])})),
        destructive=proposal.destructive,
        effort=proposal.effort,
        risks=(*proposal.risks, *_revealed(one)),
        rollback=proposal.rollback,
        trial=tuple(o.trial for o in one.outcomes),
        withheld=one.withheld,
    )
