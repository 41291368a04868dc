"""The audit: ticket, specification, migrations, models → facts → comparison → findings → answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from trueup.checks.registry import catalogue, chosen
from trueup.compare.prefix import without_prefix
from trueup.config import Options, Settings
from trueup.model.acceptance import Ignore
from trueup.model.audit import Audit, CriterionAnswer, Facts, InventoryRow
from trueup.model.config import NO_CONFIG, DatabaseConfig
from trueup.model.eloquent import Eloquent
from trueup.model.enforcement import NO_ENFORCEMENT, Enforcement
from trueup.model.live import Live
from trueup.model.locations import Gap, Location
from trueup.model.names import Category, Driver
from trueup.model.pairing import Comparison
from trueup.model.project import Project
from trueup.model.queries import NO_QUERIES, Queries
from trueup.model.schema import Schema
from trueup.model.shapes import NO_PERFORMANCE, Performance
from trueup.model.spec import Specification
from trueup.model.ticket import Ticket
from trueup.parallel import Ahead, cores
from trueup.pipeline.accepting import OF_COMMENTS, Accepting, Sifted, asked_beside, files_with_comments, sift
from trueup.pipeline.attempts import Attempts, Progress, silent
from trueup.pipeline.baseline import baseline_path, read_baseline
from trueup.pipeline.criteria import Outcome, answer_criteria
from trueup.pipeline.inventory import inventory
from trueup.pipeline.judging import Judged, Replayed, in_order, judge, judged_everywhere
from trueup.pipeline.opening import Opened, choose_driver, open_target
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.laravel.classes import Classes
    from trueup.sources.laravel.memory import Memory

BLIND_SCHEMA: tuple[Category, ...] = (
    "table",
    "column",
    "type",
    "key",
    "index",
    "migration",
    "model",
    "factory",
    "query",
    "live",
    "capability",
)
BLIND_MODELS: tuple[Category, ...] = ("model", "factory", "query", "test")


def audit(
    target: str,
    options: Options,
    progress: Progress = silent,
    live: Live | None = None,
    say: Progress = silent,
    remember: bool = False,
) -> tuple[Audit, Settings]:
    """Audits the project at `target`, a folder or an audit ticket in one, and says by which settings. Only reads. `live`: a live
    database that was read before; without it, the one that the options name is read. `say` hears beforehand what evidence will
    take. `remember`: what is found in single files is kept in the user's cache, and what was kept there is not looked for again.

    Raises UserError with every mistake in the target, the options and the configuration."""
    opened = open_target(target, options, _codes())
    accepting = _accepting(opened)
    _check_servers(opened.settings)
    attempts = Attempts(progress)
    ticket = _ticket(opened, attempts)
    specification = _specification(opened, ticket, attempts)
    live = live or _live(opened, attempts)
    driver, why = choose_driver(opened.project, opened.settings, specification, live)
    memory = _memory(opened.project) if remember else None
    opened = _of_version(opened, live, driver)
    facts, dump, others = _facts(opened, ticket, specification, driver, attempts, memory)
    facts = replace(facts, live=live)
    judged = _judge(facts, opened.settings, attempts)
    judged = judged_everywhere(facts, judged, others, opened.settings, attempts)
    sifted = _sifted(facts, judged, accepting, opened.settings, attempts)
    gaps = (*_left_out(opened.settings), *_gaps(facts))
    analysed = _performance(facts, attempts)
    listed = _inventory(facts, attempts)
    criteria = _criteria(
        Outcome(facts, listed, sifted.told, judged.cannot_tell, gaps, dump, analysed), attempts
    )
    audited = Audit(
        facts=facts,
        driver=driver,
        driver_why=why,
        findings=sifted.told,
        cannot_tell=judged.cannot_tell,
        gaps=gaps,
        crashes=tuple(attempts.crashes),
        inventory=listed,
        criteria=criteria,
        inputs=_inputs(facts, len(sifted.suppressed)),
        dump=dump,
        performance=analysed,
        suppressed=sifted.suppressed,
        expired=sifted.expired,
        stale=sifted.stale,
        checked=judged.checked,
        drivers=(driver, *others) if others else (),
    )
    audited = _with_evidence(audited, opened.settings, attempts, say)
    return audited, opened.settings


def _check_servers(settings: Settings) -> None:
    if settings.evidence_urls:
        from trueup.pipeline.evidence import check_servers

        check_servers(settings)


def _with_evidence(audited: Audit, settings: Settings, attempts: Attempts, say: Progress) -> Audit:
    if not settings.evidence_rows:
        return audited
    from trueup.pipeline.evidence import gather_evidence

    evidence = attempts.run(
        "measuring the queries",
        lambda: gather_evidence(audited.facts, settings, attempts.progress, say),
        None,
    )
    return replace(audited, evidence=evidence, crashes=tuple(attempts.crashes))


# What is read.


def _codes() -> Sequence[str]:
    """The codes that options and configuration may name; those of the user's own checks come with the settings."""
    from trueup.checks.registry import catalogue, use_own

    use_own(())
    return tuple(check.code for check in catalogue())


def _ticket(opened: Opened, attempts: Attempts) -> Ticket | None:
    if not opened.ticket_path:
        return None
    from trueup.sources.ticket.reader import read_ticket

    def read() -> Ticket | None:
        return read_ticket(opened.ticket_path, opened.project.root)

    return attempts.run("reading the ticket", read, None)


def _specification(opened: Opened, ticket: Ticket | None, attempts: Attempts) -> Specification:
    from trueup.sources.spec.documents import find_documents
    from trueup.sources.spec.reader import read_specification

    project, settings = opened.project, opened.settings
    hint = settings.driver or (project.driver if project.driver_from != "assumed" else None)

    def read() -> Specification:
        documents = find_documents(
            project.root, project.documents, ticket, settings.specs, project.migrations
        )
        found = read_specification(documents, project.root, driver_hint=hint)
        return found if documents else replace(found, gaps=(*found.gaps, *_passed_over(project)))

    return attempts.run("reading the specification", read, Specification(), blinds=("spec", "table"))


def _passed_over(project: Project) -> tuple[Gap, ...]:
    """Where no specification was found: the documents that define tables all the same, so that they can be given."""
    from trueup.sources.spec.documents import undedicated

    paths = undedicated(project.root, project.documents)
    if not paths:
        return ()
    others = f" (and {', '.join(paths[1:4])}{', ...' if len(paths) > 4 else ''})" if len(paths) > 1 else ""
    reason = f"defines tables{others}, but nothing says that it is a specification: --spec takes it for one"
    return (Gap(Location(paths[0]), reason, "spec-unnamed"),)


def _live(opened: Opened, attempts: Attempts) -> Live | None:
    if not opened.settings.database_url:
        return None
    from trueup.pipeline.live import read_live_database

    return attempts.run(
        "reading the live database", lambda: read_live_database(opened), None, blinds=("live",)
    )


def _of_version(opened: Opened, live: Live | None, driver: Driver) -> Opened:
    """The same with the live server's version, without what distributors add to it, where no other is set."""
    found = re.search(r"(?<!\d)\d++(?:\.\d++)++", live.schema.server_version) if live else None
    if live is None or found is None or opened.settings.server_version or driver != live.schema.driver:
        return opened
    return replace(opened, settings=replace(opened.settings, server_version=found[0]))


def _facts(
    opened: Opened,
    ticket: Ticket | None,
    specification: Specification,
    driver: Driver,
    attempts: Attempts,
    memory: Memory | None = None,
) -> tuple[Facts, str, dict[Driver, Replayed]]:
    """Everything that was read and paired, the squashed dump that was loaded, and what the migrations build elsewhere."""
    project, settings = opened.project, opened.settings
    replays = _replays(project, driver, settings)
    config = _config(project, driver, attempts)
    eloquent, model_gaps = _eloquent(project, attempts, memory)
    built = {name: _replayed(name, replays[name], attempts) for name in replays}
    replayed, files, dump = built.pop(driver)
    schema, migrations = without_prefix(replayed, files, config.chosen.prefix)
    others = tuple(other for other, _, _ in built.values())
    specification = _without_ledger(specification, config.ledger)
    comparison = _compared(specification, schema, eloquent, attempts)
    project = replace(project, driver=driver, gaps=(*project.gaps, *model_gaps))
    classes = _classes(project)
    queries = _queries(project, eloquent, schema, classes, attempts, memory)
    facts = Facts(
        project, schema, specification, comparison, eloquent, migrations, ticket, others, queries, config
    )
    return replace(facts, enforcement=_enforcement(facts, classes, settings, attempts, memory)), dump, built


def _without_ledger(specification: Specification, ledger: str) -> Specification:
    """Without the framework's table of the migrations that ran, which `migrate` itself makes: dumps and diagrams list it."""
    required = tuple(t for t in specification.required if t.name.lower() != ledger.lower())
    return replace(specification, required=required)


def _replays(project: Project, driver: Driver, settings: Settings) -> dict[Driver, Ahead[Replayed]]:
    """The replays of the driver that is judged, with all details, and of the others; begun where another core is free."""
    fork = cores() > 1
    judged = partial(_replay, project, driver, settings.server_version, True)
    replays = {driver: Ahead(judged, fork=fork)}
    for other in settings.drivers:
        if other not in replays:
            replays[other] = Ahead(partial(_replay, project, other, "", True), fork=fork)
    return replays


def _replay(project: Project, driver: Driver, server_version: str, details: bool) -> Replayed:
    from trueup.sources.laravel.migrations.replay import replay

    replayed = replay(project, driver, server_version=server_version or None, details=details)
    return replayed.schema, replayed.migrations, replayed.dump


def _replayed(driver: Driver, ahead: Ahead[Replayed], attempts: Attempts) -> Replayed:
    nothing: Replayed = (Schema(driver), (), "")
    return attempts.run(f"replaying the migrations for {driver}", ahead.result, nothing, BLIND_SCHEMA)


def _eloquent(
    project: Project, attempts: Attempts, memory: Memory | None
) -> tuple[Eloquent, tuple[Gap, ...]]:
    from trueup.sources.laravel.eloquent import read_eloquent

    nothing: tuple[Eloquent, tuple[Gap, ...]] = (Eloquent(), ())
    return attempts.run(
        "reading models, factories and tests",
        lambda: read_eloquent(project, memory=memory),
        nothing,
        BLIND_MODELS,
    )


def _queries(
    project: Project,
    eloquent: Eloquent,
    schema: Schema,
    classes: Classes,
    attempts: Attempts,
    memory: Memory | None,
) -> Queries:
    from trueup.sources.laravel.queries import read_queries

    return attempts.run(
        "following the queries",
        lambda: read_queries(project, eloquent, schema, classes, memory),
        NO_QUERIES,
        blinds=("query",),
    )


def _memory(project: Project) -> Memory:
    from trueup.cache.facts import ProjectMemory

    return ProjectMemory(project.root)


def _classes(project: Project) -> Classes:
    """One index of the project's classes for the readers that follow its code."""
    from trueup.sources.laravel.classes import Classes

    return Classes(project)


def _enforcement(
    facts: Facts, classes: Classes, settings: Settings, attempts: Attempts, memory: Memory | None
) -> Enforcement:
    """Only where a check is to run that asks for it: it reads every method that writes."""
    from trueup.checks.registry import chosen
    from trueup.sources.laravel.enforcement import read_enforcement

    if not any(check.category == "capability" for check in chosen(settings.select, settings.ignore)):
        return NO_ENFORCEMENT
    return attempts.run(
        "following checks and counts",
        lambda: read_enforcement(facts.project, facts.queries, facts.schema, classes, memory),
        NO_ENFORCEMENT,
        blinds=("capability",),
    )


def _config(project: Project, driver: Driver, attempts: Attempts) -> DatabaseConfig:
    from trueup.sources.laravel.config import read_config

    return attempts.run("reading the configuration", lambda: read_config(project, driver), NO_CONFIG)


def _compared(
    specification: Specification, schema: Schema, eloquent: Eloquent, attempts: Attempts
) -> Comparison:
    from trueup.compare.pairing import compare

    nothing = Comparison(extra=schema.tables)
    return attempts.run(
        "pairing tables",
        lambda: compare(specification, schema, eloquent),
        nothing,
        blinds=("table", "column", "type", "key", "index", "model"),
    )


# What is judged.


def _judge(facts: Facts, settings: Settings, attempts: Attempts) -> Judged:
    checks = tuple(check.code for check in chosen(settings.select, settings.ignore))
    return judge(facts, checks, settings, attempts)


def _accepting(opened: Opened) -> Accepting:
    """What accepts findings, as of today. Raises ConfigError with the mistakes of the baseline."""
    entries = read_baseline(baseline_path(opened.settings.baseline, opened.project.root))
    return Accepting(opened.settings.ignore_rules, entries, datetime.date.today())


def _sifted(
    facts: Facts, judged: Judged, accepting: Accepting, settings: Settings, attempts: Attempts
) -> Sifted:
    """The findings without those that were accepted, and with those of the comments that would accept some."""
    from trueup.sources.ignores import read_ignores

    files = files_with_comments(facts, judged.findings)
    nothing: tuple[Ignore, ...] = ()
    ignores = attempts.run("reading comments", lambda: read_ignores(facts.project.root, files), nothing)
    known = [check.code for check in catalogue()]
    beside = asked_beside(ignores, judged.checked, known)
    more = judge(facts, beside, settings, attempts).findings if beside else ()
    ran = (*judged.checked, *beside)
    sifted = sift(judged.findings, ignores, accepting, ran, more)
    of_comments = tuple(code for code in OF_COMMENTS if code in judged.checked)
    if not ignores or not of_comments or attempts.crashes:
        return sifted
    about = judge(replace(facts, ignores=sifted.ignores), of_comments, settings, attempts).findings
    everywhere = (facts.schema.driver, *(s.driver for s in facts.others)) if facts.others else ()
    about = tuple(replace(finding, drivers=everywhere) for finding in about)
    again = sift((*judged.findings, *about), ignores, accepting, ran, more)
    return replace(again, told=in_order(again.told))


def _performance(facts: Facts, attempts: Attempts) -> Performance:
    """How the indexes serve the queries, as the checks have judged it."""
    from trueup.indexes.analysis import performance

    return attempts.run("judging indexes", lambda: performance(facts), NO_PERFORMANCE)


def _inventory(facts: Facts, attempts: Attempts) -> tuple[InventoryRow, ...]:
    return attempts.run("taking the inventory", lambda: inventory(facts), ())


def _criteria(outcome: Outcome, attempts: Attempts) -> tuple[CriterionAnswer, ...]:
    return attempts.run("answering the criteria", lambda: answer_criteria(outcome), ())


def _left_out(settings: Settings) -> tuple[Gap, ...]:
    """Checks that the project's configuration names, which are its code and run only where the user says so."""
    places = [where.rpartition(":") for where in settings.checks_left_out]
    reason = "the checks that are named here were not run: --own-checks loads them"
    return tuple(
        Gap(Location(file, int(line)), reason, "own-check") for file, _, line in places if line.isdigit()
    )


def _gaps(facts: Facts) -> tuple[Gap, ...]:
    """Every gap of every reader, once, sorted by place. Where a ticket contradicts itself is a finding, not a gap."""
    ticket = [gap for gap in facts.ticket.gaps if gap.kind != "contradiction"] if facts.ticket else []
    return tuple(
        sorted(
            {
                *facts.project.gaps,
                *facts.schema.gaps,
                *facts.specification.gaps,
                *facts.queries.unresolved,
                *facts.queries.limits,
                *facts.enforcement.cut,
                *(facts.live.schema.gaps if facts.live else ()),
                *ticket,
            }
        )
    )


def _inputs(facts: Facts, suppressed: int) -> tuple[tuple[str, int], ...]:
    """How much of each kind was read; `known`: accepted findings, which are not told."""
    from trueup.sources.laravel.migrations.files import migration_files

    counts = {
        "migrations": len(migration_files(facts.project)),
        "models": len([m for m in facts.eloquent.models if not m.abstract]),
        "query_sites": facts.queries.total,
        "tests": len(facts.eloquent.tests),
        **({"known": suppressed} if suppressed else {}),
    }
    return tuple(counts.items())
