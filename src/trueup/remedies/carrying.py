"""Each proposal tried alone, then all that passed together: one after the other on one server, and judged as a whole.

Where the whole does not hold, those that what is wrong speaks of are tried again after the others, one by one; where it speaks of
none, halves are judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from trueup.model.names import Driver
from trueup.model.remedies import NewFile, Patch, Trial
from trueup.model.schema import Schema
from trueup.remedies.bench import Attempt
from trueup.remedies.blueprint import render
from trueup.remedies.conventions import Conventions, migration_text
from trueup.remedies.definitions import Unmendable
from trueup.remedies.edits import patch_of
from trueup.remedies.models import MENDERS, mended
from trueup.remedies.php import Code, Framework
from trueup.remedies.proposals import Desk, Edit, Proposal
from trueup.remedies.trial import Case, Court, Outcome, mended_besides
from trueup.remedies.trial import Code as PatchedCode
from trueup.structs import Struct, field, replace

Tell = Callable[[str], None]


class Tried(Struct, frozen=True):
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
    attempts: dict[Driver, Attempt] = field(default_factory=dict)
    """How it went after all those before it."""
    texts: dict[str, str] = field(default_factory=dict)
    """Of migrations that are mended themselves, as they are then."""

    @property
    def case(self) -> Case:
        """What is tried after the others."""
        return Case(tuple(_migrations(self.files)), skips=dict(self.skips), code=self.code)


class _Alone(Struct, frozen=True):
    """How a trial alone went, and the edit that was made with it."""

    outcomes: tuple[Outcome, ...]
    withheld: str
    edit: Edit | None
    schema: Schema | None
    """That by which a companion was made."""


def carry_out(
    proposals: Sequence[Proposal], court: Court, framework: Framework, conventions: Conventions, tell: Tell
) -> list[Tried]:
    """Files for each proposal, each tried alone (after what it depends on), and after all before it."""
    carrying = _Carrying(court, framework, conventions, tell)
    renaming = [p for p in proposals if p.concern == "rename table"]
    carrying.all_of([p for p in proposals if p not in renaming])
    for proposal in renaming:  # all others go by the old name
        carrying.all_of([proposal])
    return carrying.tried


_STUBS = "applications get this package's migrations from its stubs: a change is a stub more, which the service provider names"


class _Carrying:
    def __init__(self, court: Court, framework: Framework, conventions: Conventions, tell: Tell) -> None:
        self.court = court
        self.framework = framework
        self.conventions = conventions
        self.tell = tell
        self.tried: list[Tried] = []
        self._alone: dict[int, _Alone] = {}
        """By the proposal's identity: a trial alone does not depend on what else is proposed."""

    def all_of(self, proposals: Sequence[Proposal]) -> None:
        """Carries out these after those before; what does not hold with the others is withheld."""
        if not proposals:
            return
        before, mark, named = len(self.tried), self.court.mark(), self.conventions.mark()
        carried: list[Proposal] = []
        for proposal in proposals:  # one by one: each looks for what it needs among those before
            if not self._is_mended(proposal):
                carried.append(proposal)
                self.tried.append(self._one(proposal))
        passed = [t for t in self.tried[before:] if not t.withheld]
        fault = self.court.judge_together([(t.proposal, t.case) for t in passed]) if passed else None
        if fault is None:
            return
        self.court.restore(mark)
        self.conventions.restore(named)
        refused = self.tried[before:]
        del self.tried[before:]
        if len(carried) == 1:
            self._without(carried[0], replace(refused[0], withheld=_not_together(fault.reason)))
            return
        suspects = [p for p, t in zip(carried, refused, strict=True) if t.proposal in fault.suspects]
        for part in _parts(carried, suspects):
            self.all_of(part)

    def _is_mended(self, proposal: Proposal) -> bool:
        """Whether those before it leave nothing of its findings."""
        gone = {f.id for t in self.tried if not t.withheld for f in mended_besides(t.outcomes)}
        return bool(proposal.findings) and gone.issuperset(f.id for f in proposal.findings)

    def _without(self, proposal: Proposal, refused: Tried) -> None:
        """What is proposed instead of one that does not hold with the others, or why there is nothing."""
        if proposal.otherwise is not None and refused.proposal is proposal:
            self.all_of([proposal.otherwise])
            if not self.tried[-1].withheld:
                return
            del self.tried[-1]
        self.tried.append(refused)

    def _one(self, proposal: Proposal) -> Tried:
        """Tried alone, and put on the server where the others stay; what is withheld takes no name."""
        named = self.conventions.mark()
        one = self._tried_alone(proposal)
        if not one.withheld:
            stayed = self.court.stay(one.proposal, one.case)
            problem = _not_together(stayed.problem) if stayed.problem else ""
            one = replace(one, withheld=problem, attempts=stayed.attempts)
        if not one.withheld:
            return one
        self.conventions.restore(named)
        if proposal.otherwise is None:
            return one
        other = self._one(proposal.otherwise)
        return one if other.withheld else other

    def _tried_alone(self, proposal: Proposal) -> Tried:
        known = self._alone.get(id(proposal))
        if known is None:
            self.tell(f"trying: {proposal.title}")
        one = self._with_files(proposal)
        edit, schema = (known.edit, known.schema) if known is not None else (proposal.edit, None)
        if not one.withheld and edit is not None and (known is None or not known.withheld):
            one = _edited(one, edit, self.court, *self._schemas(one, schema), self._code_before(one))
        if one.withheld:
            return one
        if known is not None:
            return replace(one, outcomes=known.outcomes, withheld=known.withheld)
        one = _tried(one, self.tried, self.court)
        companion = _companion(one)
        if companion is not None:
            one, edit, schema = self._with_companion(one, companion, edit, schema)
        self._alone[id(proposal)] = _Alone(one.outcomes, one.withheld, edit, schema)
        return one

    def _schemas(self, one: Tried, schema: Schema | None) -> tuple[Schema, Schema]:
        """By which code is edited: after what it depends on, and after all before it. `schema`: that after the remedy's own change
        of the tables, which is both."""
        if schema is not None or one.proposal.changes:
            own = schema or self.court.facts.schema
            return own, own
        return self.court.schema_after(_files_before(one, self.tried)), self.court.schema_now

    def _code_before(self, one: Tried) -> PatchedCode | None:
        """The code with the patches of what it depends on, and no others."""
        texts: dict[str, str] = {}
        for number in _all_before(one, self.tried):
            code = self.tried[number].code_alone
            texts |= code.texts if code is not None else {}
        return self.court.patched(texts, alone=True) if texts else None

    def _with_companion(
        self, one: Tried, companion: tuple[Edit, Schema], edit: Edit | None, schema: Schema | None
    ) -> tuple[Tried, Edit | None, Schema | None]:
        """A change of the schema can ask for one of a model: a cast with the new digits, a cast for the new kind. Where all that
        it would bring is of that sort, the model is patched with it."""
        bare = replace(one, withheld="", outcomes=())
        edited = _edited(bare, companion[0], self.court, companion[1], companion[1])
        if not edited.withheld:
            retried = _tried(edited, self.tried, self.court)
            if not retried.withheld:
                return retried, *companion
        return one, edit, schema

    def _with_files(self, proposal: Proposal) -> Tried:
        if proposal.withheld:
            return Tried(proposal, withheld=proposal.withheld)
        before = self.tried
        depends = tuple(n for n, t in enumerate(before) if set(t.proposal.makes) & set(proposal.needs))
        stopped = next((before[n] for n in depends if before[n].withheld), None)
        if stopped is not None:
            reason = f"it needs another remedy that is withheld: {stopped.proposal.title}"
            return Tried(proposal, depends=depends, withheld=reason)
        if not proposal.changes:
            return Tried(proposal, proposal.files, depends=depends)
        if self.court.facts.project.stubs:
            return Tried(proposal, depends=depends, withheld=_STUBS)
        try:
            code = render(proposal.changes, self.framework)
        except Unmendable as reason:
            return Tried(proposal, depends=depends, withheld=str(reason))
        files = (_migration(proposal, code, self.conventions), *proposal.files)
        return Tried(proposal, files, tuple(code.skips.items()), depends)


def _parts(proposals: Sequence[Proposal], suspects: list[Proposal]) -> list[list[Proposal]]:
    """What is carried out for itself: those without the suspects, each suspect, what waits for suspects. Else two halves."""
    waiting: list[Proposal] = []
    makes = {m for s in suspects for m in s.makes}
    for proposal in proposals:
        if proposal not in suspects and makes & set(proposal.needs):
            waiting.append(proposal)
            makes |= set(proposal.makes)
    rest = [p for p in proposals if p not in suspects and p not in waiting]
    if suspects and rest:
        return [rest, *([s] for s in suspects), waiting]
    middle = len(proposals) // 2
    return [list(proposals[:middle]), list(proposals[middle:])]


def _not_together(fault: str) -> str:
    return f"not together with the remedies before it ({fault}); run `trueup fix` again after them"


def _migration(proposal: Proposal, code: Code, conventions: Conventions) -> NewFile:
    name = conventions.next_name(proposal.slug)
    about = f"{proposal.title} ({', '.join(sorted({f.code for f in proposal.findings}))})."
    text = migration_text(conventions, name, code, about, proposal.table)
    return NewFile(f"{conventions.folder_for(proposal.table)}/{name}", text)


def _migrations(files: Sequence[NewFile]) -> list[NewFile]:
    return [f for f in files if f.path.rsplit("/", 1)[-1][:4].isdigit()]


# Code


def _edited(
    one: Tried, edit: Edit, court: Court, schema: Schema, later: Schema, start: PatchedCode | None = None
) -> Tried:
    """With the code patched: as it is on disk, for the trial alone, and as it is after the patches before, for all that follows.
    `schema` is what the tables are by the first, `later` by the second; `start`: the first with what it depends on."""
    lists = "rename" not in one.proposal.concern
    try:
        alone = _desk(edit, court, start, schema, lists)
        again = court.code is not start or later is not schema
        desk = _desk(edit, court, court.code, later, lists) if again else alone
    except Unmendable as reason:
        return replace(one, withheld=str(reason))
    if not desk.texts:
        return one if one.files else replace(one, withheld="there is nothing in the code to be edited")
    before = start.texts if start is not None else {}
    code_alone = court.patched({**before, **alone.texts}, alone=True, lists=lists)
    code = court.patched(desk.texts, lists=lists) if again else code_alone
    patches = tuple(patch_of(desk.sources[p]) for p in desk.edited)
    files = (*one.files, *(NewFile(path, text) for path, text in desk.created.items()))
    return replace(one, files=files, patches=patches, code=code, code_alone=code_alone)


def _desk(edit: Edit, court: Court, code: PatchedCode | None, schema: Schema, lists: bool) -> Desk:
    desk = Desk(code.project.root if code else court.facts.project.root)
    edit(desk, court.facts_now(code, not lists), schema)
    return desk


def _companion(one: Tried) -> tuple[Edit, Schema] | None:
    """An edit of models by which all that a remedy would bring goes away, and the schema that it is for."""
    new = {f.id: f for o in one.outcomes for f in o.trial.new}
    if not one.withheld or not new or one.code is not None:
        return None
    own = next((o.attempt for o in one.outcomes if o.attempt is not None), None)
    if own is None or any(f.code not in MENDERS for f in new.values()):
        return None
    return partial(mended, tuple(new.values())), own.schema


# Trials


def _tried(one: Tried, before: list[Tried], court: Court) -> Tried:
    after = _files_before(one, before)
    case = Case(tuple(_migrations(one.files)), after, dict(one.skips), one.code_alone)
    outcomes = tuple(court.try_alone(driver, one.proposal, case) for driver in court.drivers)
    return replace(one, outcomes=outcomes, withheld=reason_of(outcomes, court))


def _files_before(one: Tried, before: list[Tried]) -> tuple[NewFile, ...]:
    """The migrations of what it depends on."""
    return tuple(f for n in _all_before(one, before) for f in _migrations(before[n].files))


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


def reason_of(outcomes: tuple[Outcome, ...], court: Court) -> str:
    """Why it is withheld; "" where every trial passed and at least one was carried out with a finding gone."""
    for outcome in outcomes:
        reason = fault_of(outcome.trial)
        if reason:
            return f"on {outcome.trial.driver} {reason}"
    own = next((o.trial for o in outcomes if o.trial.driver == court.audit.driver), None)
    if own is not None and own.skipped:
        return f"on {own.driver}: {own.skipped}"
    if not any(o.trial.gone for o in outcomes):
        return "in the replay its finding does not go away on any driver"
    return ""


def fault_of(trial: Trial) -> str:
    """What a trial does not pass by, as a clause, or ""."""
    if trial.problem:
        return trial.problem
    if trial.left:
        return "its finding is still there in the replay"
    if trial.new:
        shown = "; ".join(f"{f.code} {f.message}" for f in trial.new[:2])
        return f"it would bring a new finding: {shown}"
    return ""
