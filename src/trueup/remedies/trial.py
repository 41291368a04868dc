"""Remedies are tried: replayed after the project's migrations, up and down, and audited again, before anybody sees them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace

from trueup.checks.registry import run_checks
from trueup.compare.diff import Difference, diff
from trueup.model.audit import Audit, Facts
from trueup.model.eloquent import Eloquent
from trueup.model.findings import Finding
from trueup.model.names import DRIVERS, Driver
from trueup.model.project import Project
from trueup.model.queries import NO_QUERIES, Queries
from trueup.model.remedies import NewFile, Trial
from trueup.model.schema import Schema
from trueup.remedies.bench import Attempt, Bench
from trueup.remedies.changes import AddColumn, Change, ChangeColumn, DropColumn, ReplaceColumn
from trueup.remedies.definitions import Definition
from trueup.remedies.judging import judged
from trueup.remedies.overlay import overlaid
from trueup.remedies.proposals import Proposal
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.queries import Rereading
from trueup.sources.laravel.runtime.class_files import ClassFiles

Findings = dict[str, Finding]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial, what else went away although nobody claimed it, and all that the audit found then."""

    trial: Trial
    attempt: Attempt | None = None
    also_gone: tuple[Finding, ...] = ()
    found: Findings = field(default_factory=dict)
    revealed: tuple[Finding, ...] = ()
    """What was hidden as long as the table was not there."""


@dataclass(frozen=True, slots=True)
class Code:
    """The project with patched files, as it reads then."""

    project: Project
    eloquent: Eloquent
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried: migrations, those that must run before them, drivers on which they do nothing (with the reason), and the
    project with its code as patched, where code is patched."""

    files: tuple[NewFile, ...]
    after: tuple[NewFile, ...] = ()
    skips: dict[Driver, str] = field(default_factory=dict)
    code: Code | None = None


@dataclass(slots=True)
class Court:
    """Judges proposals on every driver."""

    audit: Audit
    drivers: tuple[Driver, ...] = DRIVERS
    server_version: str = ""
    benches: dict[Driver, Bench] = field(default_factory=dict)
    base: dict[Driver, Findings] = field(default_factory=dict)
    together: dict[Driver, Bench] = field(default_factory=dict)
    """Where the remedies that passed stay, one after the other."""
    found_together: dict[Driver, Findings] = field(default_factory=dict)
    code: Code | None = None
    """The code with all patches so far; None: as it is on disk."""
    kept: set[tuple[str, str]] = field(default_factory=set)
    """Tables (lower case) and columns that were replaced and are still there."""
    scratch: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    checked: set[str] = field(default_factory=set)
    """Tables, lower case, that have CHECKs on SQLite by now."""
    _readings: dict[str, Rereading] = field(default_factory=dict)
    """Queries of each state of the code, by the root that it stands at."""
    _current: Queries = NO_QUERIES

    def open(self) -> None:
        """Replays the project's migrations on every driver and audits what they build."""
        facts = self.audit.facts
        self._current = facts.queries
        self.drivers = tuple(dict.fromkeys((self.audit.driver, *self.drivers)))
        classes = ClassFiles(facts.project)
        prefix = facts.config.chosen.prefix
        for driver in dict.fromkeys((*self.drivers, "mysql", "pgsql", "sqlite")):
            version = self.server_version if driver == self.audit.driver else ""
            tried = driver in self.drivers
            self.benches[driver] = Bench.of(facts.project, driver, prefix, version, classes, tried)
        reading = Rereading(facts.project, facts.eloquent)
        reading.remember(facts.schema, facts.queries)
        self._readings[facts.project.root] = reading
        self.checked = _checked(self.benches["sqlite"].schema)
        for driver in self.drivers:
            bench = self.benches[driver]
            self.base[driver] = self._judge(bench.schema, replace(facts, migrations=bench.migrations))
            self.together[driver] = bench.beside()
            self.found_together[driver] = self.base[driver]

    @property
    def schemas(self) -> dict[Driver, Schema]:
        return {driver: bench.schema for driver, bench in self.benches.items()}

    def try_alone(self, driver: Driver, proposal: Proposal, case: Case) -> Outcome:
        """One trial of the files right after the project's migrations and what they depend on."""
        bench = self.benches[driver]
        before = self.base[driver]
        if case.after:
            attempt = bench.attempt((), case.after)
            before = self._judge(attempt.schema, self._facts(attempt, case))
        elif _is_not_there(bench.schema, proposal):
            reason = f"the project's own migrations do not leave {proposal.table} behind there"
            return Outcome(Trial(driver, skipped=reason))
        return self._tried(driver, proposal, case, bench.attempt(case.files, case.after), before)

    def try_together(self, driver: Driver, proposal: Proposal, case: Case) -> Outcome:
        """One trial of the files after all remedies that passed before."""
        bench = self.together[driver]
        if _is_not_there(bench.schema, proposal) and not case.after:
            return Outcome(Trial(driver, skipped="as alone"))
        case = replace(case, code=case.code or self.code)
        return self._tried(driver, proposal, case, bench.attempt(case.files), self.found_together[driver])

    def accept(self, proposal: Proposal, case: Case, outcomes: dict[Driver, Outcome]) -> None:
        """What passed stays for those that come after it."""
        self.code = case.code or self.code
        self.kept |= {(proposal.table.lower(), c) for c in proposal.leftovers}
        for driver, outcome in outcomes.items():
            if outcome.attempt is not None:
                self.together[driver].keep(case.files)
                self.found_together[driver] = outcome.found
                if driver == "sqlite":
                    self.checked |= _checked(outcome.attempt.schema)

    def _tried(
        self, driver: Driver, proposal: Proposal, case: Case, attempt: Attempt, before: Findings
    ) -> Outcome:
        if attempt.failures:
            first = attempt.failures[0]
            return Outcome(Trial(driver, problem=f"{first.migration} fails: {first.reason}"), attempt)
        claimed = [f.id for f in proposal.findings if f.id in before]
        kept = {(proposal.table.lower(), c) for c in proposal.leftovers} | self.kept
        judged = self._judge(attempt.schema, self._facts(attempt, case))
        found = {i: f for i, f in judged.items() if not _is_about_kept(f, kept)}
        known = {_subject(f) for f in before.values()}
        new = tuple(
            f
            for i, f in found.items()
            if i not in before and not _is_expected(f, proposal) and _subject(f) not in known
        )
        skip = case.skips.get(driver, "")
        left = tuple(i for i in claimed if i in found) if not skip else ()
        gone = tuple(i for i in claimed if i not in found)
        problem = f"going back leaves something else: {attempt.undone}" if attempt.undone else ""
        problem = problem or _unintended(attempt, proposal)
        revealed = tuple(f for i, f in found.items() if i not in before and is_revealed(f, proposal))
        trial = Trial(driver, True, not attempt.undone, gone, left, new, problem, skip)
        also = tuple(
            f for i, f in before.items() if i not in found and i not in claimed and case.code is None
        )
        return Outcome(trial, attempt, also, found, revealed)

    def patched(self, texts: dict[str, str], alone: bool = False, lists: bool = False) -> Code:
        """The project as it reads with these files in place of those before; `alone`: of those on disk. `lists`: what was edited
        is what models declare, and no statement."""
        base = None if alone else self.code
        facts = self.audit.facts
        whole = {**(base.texts if base else {}), **texts}
        project = self.scratch.enter_context(overlaid(facts.project, whole))
        code = Code(project, read_eloquent(project)[0], whole)
        before = self._readings[base.project.root if base else facts.project.root]
        alike = lists and before.reads_alike(code.eloquent)
        self._readings[project.root] = before if alike else before.patched(project, code.eloquent, texts)
        return code

    def facts_now(self, code: Code | None) -> Facts:
        """The facts by which code is edited: of the code with the patches so far."""
        facts = self.audit.facts
        if code is None:
            return facts
        now = replace(facts, project=code.project, eloquent=code.eloquent)
        return replace(now, queries=self._asked(facts.schema, now))

    def _facts(self, attempt: Attempt, case: Case) -> Facts:
        facts = self.audit.facts
        if case.code is not None:
            facts = replace(facts, project=case.code.project, eloquent=case.code.eloquent)
        return replace(facts, migrations=attempt.migrations)

    def _judge(self, schema: Schema, facts: Facts) -> Findings:
        verdicts, _ = run_checks(judged(facts, schema, self._asked(schema, facts)))
        return {v.id: v for v in verdicts if isinstance(v, Finding)}

    def _asked(self, schema: Schema, facts: Facts) -> Queries:
        """The queries, read anew where tables or columns have other names: by these they are told apart. They are read by the
        audited driver's schema, which comes first in every trial; the others' would tell the same."""
        if schema.driver != self.audit.driver:
            return self._current
        self._current = self._readings[facts.project.root].queries(schema)
        return self._current


def _checked(schema: Schema) -> set[str]:
    return {t.name.lower() for t in schema.tables if t.checks}


def _is_not_there(schema: Schema, proposal: Proposal) -> bool:
    makes_table = any(m.startswith("table ") for m in proposal.makes)
    return not makes_table and bool(proposal.table) and schema.table(proposal.table) is None


def _is_about_kept(finding: Finding, kept: set[tuple[str, str]]) -> bool:
    """A cast for a column that was replaced and waits to be dropped is nothing to ask for."""
    names = finding.expected.removeprefix("casts for ").split(", ") if finding.code == "MOD014" else []
    return bool(names) and all((finding.table.lower(), n) in kept for n in names)


def _subject(finding: Finding) -> tuple[str, str, str, str, object]:
    """One and the same fault where what is found differs in words only: of one kind, at one place."""
    at = finding.locations[0] if finding.locations else None
    return (finding.code, finding.table, finding.column, finding.index, at)


def is_revealed(finding: Finding, proposal: Proposal) -> bool:
    """What the code does wrong with a table that was not there could not be told before."""
    hidden = finding.category in ("query", "model", "factory", "test")
    return proposal.concern == "create table" and finding.table.lower() == proposal.table.lower() and hidden


def _is_expected(finding: Finding, proposal: Proposal) -> bool:
    """What the proposal itself says will be found then: work that follows, or the column that it keeps."""
    if finding.code == "COL004":
        return bool(proposal.leftovers)
    if is_revealed(finding, proposal):
        return True
    return finding.code in proposal.follow


def _unintended(attempt: Attempt, proposal: Proposal) -> str:
    """What changed on the server besides what the changes name: an attribute that was lost, a check that a rebuild dropped."""
    named = {d.name.lower() for change in proposal.changes for d in _definitions(change)}
    for one in diff(attempt.before, attempt.raw, names=False, comments=True):
        what = _outside(one, proposal, named)
        if what:
            return f"it also changes {what}"
    return ""


def _definitions(change: Change) -> tuple[Definition, ...]:
    match change:
        case AddColumn(column=column) | DropColumn(column=column):
            return (column,)
        case ChangeColumn(old=old, new=new) | ReplaceColumn(old=old, new=new):
            return (old, new)
        case _:
            return ()


def _outside(one: Difference, proposal: Proposal, named: set[str]) -> str:
    table = getattr(one, "table", "")
    name = table if isinstance(table, str) else table.name
    tables = {proposal.table.lower(), *(getattr(c, "to", "").lower() for c in proposal.changes)}
    if not any(name.lower().endswith(t) for t in tables if t):
        return f"the table {name}"
    column = getattr(one, "new", None) or getattr(one, "column", None)
    kind = type(one).__name__
    if (
        kind == "ColumnChanged"
        and column is not None
        and column.name.lower() not in named | set(proposal.leftovers)
    ):
        return f"the {getattr(one, 'aspect', '')} of {name}.{column.name}"
    if kind == "CheckRemoved":
        return f"the check {getattr(one, 'check', None)}"
    return ""
