"""Remedies are tried: replayed after the project's migrations, up and down, and audited again, before anybody sees them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import cache

from trueup.checks.registry import catalogue, run_checks
from trueup.compare.pairing import Scores
from trueup.indexes.memory import remembering
from trueup.model.audit import Audit, Facts
from trueup.model.eloquent import Eloquent
from trueup.model.findings import Finding
from trueup.model.migrations import MigrationFile
from trueup.model.names import DRIVERS, Driver
from trueup.model.pairing import Comparison
from trueup.model.project import Project
from trueup.model.queries import NO_QUERIES, Queries
from trueup.model.remedies import NewFile, Trial
from trueup.model.schema import Schema
from trueup.remedies.bench import Attempt, Bench, State
from trueup.remedies.judging import judged
from trueup.remedies.novelty import (
    Findings,
    also_gone,
    checked_tables,
    is_about_kept,
    is_not_there,
    is_revealed,
    new_findings,
    suspects,
    unintended,
)
from trueup.remedies.overlay import overlaid
from trueup.remedies.proposals import Proposal
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.queries import Rereading
from trueup.sources.laravel.runtime.class_files import ClassFiles
from trueup.structs import Struct, field, replace


class Outcome(Struct, frozen=True):
    """A trial, and what else went away although nobody claimed it."""

    trial: Trial
    attempt: Attempt | None = None
    also_gone: tuple[Finding, ...] = ()
    revealed: tuple[Finding, ...] = ()
    """What was hidden as long as the table was not there."""
    before: frozenset[str] = frozenset()
    """Ids of what was found before it."""


def mended_besides(outcomes: Sequence[Outcome]) -> tuple[Finding, ...]:
    """What went away on every driver that had it, although nobody claimed it."""
    found = {f.id: f for o in outcomes for f in o.also_gone}

    def is_gone(id_: str, outcome: Outcome) -> bool:
        there = id_ in outcome.before and not outcome.trial.skipped
        return not there or any(f.id == id_ for f in outcome.also_gone)

    return tuple(f for i, f in found.items() if all(is_gone(i, o) for o in outcomes))


class Code(Struct, frozen=True):
    """The project with patched files, as it reads then."""

    project: Project
    eloquent: Eloquent
    texts: dict[str, str]


class Case(Struct, frozen=True):
    """What is tried: migrations, those that must run before them, drivers on which they do nothing (with the reason), and the
    project with its code as patched, where code is patched."""

    files: tuple[NewFile, ...]
    after: tuple[NewFile, ...] = ()
    skips: dict[Driver, str] = field(default_factory=dict)
    code: Code | None = None


class Fault(Struct, frozen=True):
    """What is wrong with several together, as a clause, and those that it may come from; none where nothing tells."""

    reason: str
    suspects: tuple[Proposal, ...] = ()


class Stayed(Struct, frozen=True):
    """Why a remedy can't stay after those before it, as a clause, or "" and what came of it on each driver."""

    problem: str
    attempts: dict[Driver, Attempt] = field(default_factory=dict)


class Mark(Struct, frozen=True):
    """Where everything stood at some moment."""

    benches: dict[Driver, State]
    found: dict[Driver, Findings]
    code: Code | None
    kept: frozenset[tuple[str, str]]
    checked: frozenset[str]


class Replayed(Struct, frozen=True):
    """All migrations of a project run again, and what is found then, by driver."""

    benches: dict[Driver, Bench]
    found: dict[Driver, Findings]


class Court(Struct):
    """Judges proposals on every driver."""

    audit: Audit
    drivers: tuple[Driver, ...] = DRIVERS
    server_version: str = ""
    facts: Facts = field(init=False)
    """Those of the audit, by what mended migrations build."""
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
    _codes: dict[tuple[tuple[str, str], ...], Code] = field(default_factory=dict)
    """Code by the texts that it is patched with."""
    _paired: dict[Driver, Comparison] = field(default_factory=dict)
    """The documents' tables in what the project's own migrations build."""
    _scores: Scores = field(default_factory=Scores)

    def open(self) -> None:
        """Replays the project's migrations on every driver and audits what they build."""
        facts = self.facts = self.audit.facts
        self.scratch.enter_context(remembering(facts.eloquent))
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
        self.checked = checked_tables(self.benches["sqlite"].schema)
        for driver in self.drivers:
            bench = self.benches[driver]
            self.base[driver] = self._judge(bench.schema, replace(facts, migrations=bench.migrations))
            self.together[driver] = bench.beside()
            self.found_together[driver] = self.base[driver]

    @property
    def prefix(self) -> str:
        return self.facts.config.chosen.prefix

    @property
    def schemas(self) -> dict[Driver, Schema]:
        return {driver: bench.schema for driver, bench in self.benches.items()}

    @property
    def schema_now(self) -> Schema:
        """What the audited driver has after all remedies that passed."""
        return self.together[self.audit.driver].schema

    def schema_after(self, files: tuple[NewFile, ...]) -> Schema:
        """What the audited driver has when these ran right after the project's migrations."""
        bench = self.benches[self.audit.driver]
        return bench.attempt((), files).schema if files else bench.schema

    def try_alone(self, driver: Driver, proposal: Proposal, case: Case) -> Outcome:
        """One trial of the files right after the project's migrations and what they depend on."""
        bench = self.benches[driver]
        before = self.base[driver]
        if case.after:
            attempt = bench.attempt((), case.after)
            before = self._judge(attempt.schema, self._facts(attempt.migrations, None))
        elif is_not_there(bench.schema, proposal):
            reason = f"the project's own migrations do not leave {proposal.table} behind there"
            return Outcome(Trial(driver, skipped=reason))
        # PostgreSQL and SQLite put a column that was dropped and comes back behind the others.
        in_order = not proposal.destructive or driver in ("mysql", "mariadb")
        attempt = bench.attempt(case.files, case.after, in_order)
        return self._tried(driver, proposal, case, attempt, before)

    def replayed(self, texts: dict[str, str]) -> Replayed:
        """What there is when migrations read so: all of them run again, on each driver."""
        project = self.scratch.enter_context(overlaid(self.audit.facts.project, texts))
        self._readings[project.root] = self._readings[self.facts.project.root]
        classes = ClassFiles(project)
        benches, found = {}, {}
        for driver in self.drivers:
            version = self.server_version if driver == self.audit.driver else ""
            bench = benches[driver] = Bench.of(project, driver, self.prefix, version, classes, True)
            facts = replace(self.facts, project=project, migrations=bench.migrations)
            found[driver] = self._judge(bench.schema, facts)
        return Replayed(benches, found)

    def start_from(self, mended: Replayed) -> None:
        """Takes the project with mended migrations for the one that all further trials begin with."""
        self.benches |= mended.benches
        self.base = mended.found
        if "sqlite" in mended.benches:
            self.checked.clear()
            self.checked.update(checked_tables(mended.benches["sqlite"].schema))
        for driver, bench in mended.benches.items():
            self.together[driver] = bench.beside()
            self.found_together[driver] = self.base[driver]
            facts = replace(self.facts, migrations=bench.migrations)
            self._paired[driver] = judged(facts, bench.schema, self._asked(bench.schema, facts)).comparison
            if driver == self.audit.driver:
                self.facts = judged(facts, bench.schema, self._current)

    # All together

    def mark(self) -> Mark:
        """Where the servers and the code stand, for `restore`."""
        benches = {d: b.mark() for d, b in self.together.items()}
        return Mark(
            benches, self.found_together.copy(), self.code, frozenset(self.kept), frozenset(self.checked)
        )

    def restore(self, mark: Mark) -> None:
        """Takes back what stayed since."""
        for driver, state in mark.benches.items():
            self.together[driver].back_to(state)
        self.found_together, self.code, self.kept = mark.found.copy(), mark.code, set(mark.kept)
        self.checked.clear()
        self.checked.update(mark.checked)

    def stay(self, proposal: Proposal, case: Case) -> Stayed:
        """Runs the files after those of all remedies before, for good. Where that fails nothing stays."""
        mark = self.mark()
        attempts: dict[Driver, Attempt] = {}
        for driver in self.drivers:
            bench = self.together[driver]
            if is_not_there(bench.schema, proposal):
                continue
            attempt = attempts[driver] = bench.advance(case.files)
            problem = unintended(attempt, proposal)
            if attempt.failures:
                problem = f"{attempt.failures[0].migration} fails: {attempt.failures[0].reason}"
            if problem:
                self.restore(mark)
                return Stayed(f"{driver}: {problem}")
            if driver == "sqlite":
                self.checked |= checked_tables(bench.schema)
        self.code = case.code or self.code
        self.kept |= {(proposal.table.lower(), c) for c in proposal.leftovers}
        return Stayed("", attempts)

    def judge_together(self, passed: Sequence[tuple[Proposal, Case]]) -> Fault | None:
        """Audits what the remedies since the last judgement have left: their findings gone, no other come. None where that is so;
        then what was found is what later ones are compared with."""
        everything: dict[Driver, Findings] = {}
        for driver in self.drivers:
            bench, before = self.together[driver], self.found_together[driver]
            facts = self._facts(bench.migrations, self.code)
            found = self._without_kept(self._judge(bench.schema, facts), self.kept)
            claimed = [
                f for p, case in passed if driver not in case.skips for f in p.findings if f.id in before
            ]
            left = [f for f in claimed if f.id in found]
            new = new_findings(found, before, [p for p, _ in passed])
            if left or new:
                said = "; ".join(f"{f.code} {f.message}" for f in (left or new)[:2])
                reason = f"{driver}: {'still there' if left else 'it would bring a new finding'}: {said}"
                return Fault(reason, tuple(suspects(left, new, [p for p, _ in passed])))
            everything[driver] = found
        self.found_together = everything
        return None

    def _without_kept(self, findings: Findings, kept: set[tuple[str, str]]) -> Findings:
        return {i: f for i, f in findings.items() if not is_about_kept(f, kept)}

    def _tried(
        self, driver: Driver, proposal: Proposal, case: Case, attempt: Attempt, before: Findings
    ) -> Outcome:
        if attempt.failures:
            first = attempt.failures[0]
            return Outcome(Trial(driver, problem=f"{first.migration} fails: {first.reason}"), attempt)
        claimed = [f.id for f in proposal.findings if f.id in before]
        kept = {(proposal.table.lower(), c) for c in proposal.leftovers}
        judged = self._judge(attempt.schema, self._facts(attempt.migrations, case.code))
        found = self._without_kept(judged, kept)
        new = tuple(new_findings(found, before, [proposal]))
        skip = case.skips.get(driver, "")
        left = tuple(i for i in claimed if i in found) if not skip else ()
        gone = tuple(i for i in claimed if i not in found)
        problem = f"going back leaves something else: {attempt.undone}" if attempt.undone else ""
        problem = problem or unintended(attempt, proposal)
        revealed = tuple(f for i, f in found.items() if i not in before and is_revealed(f, proposal))
        trial = Trial(driver, True, not attempt.undone, gone, left, new, problem, skip)
        also = tuple(also_gone(found, before, proposal)) if case.code is None else ()
        return Outcome(trial, attempt, also, revealed, frozenset(before))

    def patched(self, texts: dict[str, str], alone: bool = False, lists: bool = False) -> Code:
        """The project as it reads with these files in place of those before; `alone`: of those on disk. `lists`: what was edited
        is what models declare, and no statement."""
        base = None if alone else self.code
        facts = self.facts
        whole = {**(base.texts if base else {}), **texts}
        key = tuple(sorted(whole.items()))
        if key in self._codes:
            return self._codes[key]
        project = self.scratch.enter_context(overlaid(facts.project, whole))
        code = self._codes[key] = Code(
            project, read_eloquent(project, facts.eloquent if lists else None)[0], whole
        )
        before = self._readings[base.project.root if base else facts.project.root]
        alike = lists and before.reads_alike(code.eloquent)
        self._readings[project.root] = before if alike else before.patched(project, code.eloquent, texts)
        return code

    def facts_now(self, code: Code | None, sites: bool) -> Facts:
        """The facts by which code is edited: of the code with the patches so far. `sites`: also where each query stands now."""
        facts = self.facts
        if code is None:
            return facts
        now = replace(facts, project=code.project, eloquent=code.eloquent)
        if not sites:
            return now
        reading = self._readings[facts.project.root].patched(code.project, code.eloquent, code.texts)
        return replace(now, queries=reading.queries(facts.schema))

    def _facts(self, migrations: tuple[MigrationFile, ...], code: Code | None) -> Facts:
        facts = self.facts
        if code is not None:
            facts = replace(facts, project=code.project, eloquent=code.eloquent)
        return replace(facts, migrations=migrations)

    def _judge(self, schema: Schema, facts: Facts) -> Findings:
        """What the audit finds in this state of schema and code. Where both differ from the project's own in nothing but lists of
        models, what is found by the schema and the queries alone is as it was."""
        own = self.benches[schema.driver].schema
        base = self.base.get(schema.driver)
        reading = self._readings[facts.project.root]
        if base is not None and schema is own and reading is self._readings[self.facts.project.root]:
            queries = self._asked(schema, facts)
            known = replace(facts, schema=schema, comparison=self._paired[schema.driver], queries=queries)
            found = run_checks(known, ignore=_apart_from_lists())[0]
            kept = {i: f for i, f in base.items() if f.code in _apart_from_lists()}
            return kept | {v.id: v for v in found if isinstance(v, Finding)}
        own_models = facts.eloquent is self.audit.facts.eloquent
        now = judged(facts, schema, self._asked(schema, facts), self._scores if own_models else None)
        if base is None:
            self._paired[schema.driver] = now.comparison
        verdicts, _ = run_checks(now)
        return {v.id: v for v in verdicts if isinstance(v, Finding)}

    def _asked(self, schema: Schema, facts: Facts) -> Queries:
        """The queries, read anew where tables or columns have other names: by these they are told apart. They are read by the
        audited driver's schema, which comes first in every trial; the others' would tell the same."""
        if schema.driver != self.audit.driver:
            return self._current
        self._current = self._readings[facts.project.root].queries(schema)
        return self._current


@cache
def _apart_from_lists() -> tuple[str, ...]:
    """Codes of checks that do not go by the lists of models (casts, `$fillable` and the like)."""
    apart = ("index", "key", "column", "table", "migration", "spec", "config", "live")
    return tuple(c.code for c in catalogue() if c.category in apart)
