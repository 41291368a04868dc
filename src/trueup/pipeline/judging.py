"""Facts to verdicts: on the audited driver, and on every further one that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trueup.config import Settings
from trueup.model.audit import Crash, Facts, MigrationFile
from trueup.model.config import NO_CONFIG
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.names import Driver
from trueup.model.pairing import Comparison
from trueup.model.queries import NO_QUERIES, Queries
from trueup.model.schema import Schema
from trueup.pipeline.attempts import Attempts
from trueup.structs import Struct, replace

Replayed = tuple[Schema, tuple[MigrationFile, ...], str]
"""What the migrations build, the migrations that ran, the dump that was loaded before them."""

TOLD_ONCE = ("IDX002", "MIG001", "MIG002", "TST002")
"""What speaks of other servers by itself: that the migrations stop on a further driver, for one, is told by MIG002."""


class Judged(Struct, frozen=True):
    """Verdicts, sorted, and the codes of the checks that ran."""

    findings: tuple[Finding, ...]
    cannot_tell: tuple[CannotTell, ...]
    checked: tuple[str, ...]


def judge(facts: Facts, checks: Sequence[str], settings: Settings, attempts: Attempts) -> Judged:
    """The verdicts of these checks, with the severities of the settings, without what a crash has blinded."""
    from trueup.checks.registry import run_checks

    if not checks:
        return Judged((), (), ())
    nothing: tuple[tuple[Verdict, ...], tuple[Crash, ...]] = ((), ())
    verdicts, crashes = attempts.run("checking", lambda: run_checks(facts, checks), nothing)
    attempts.crashes.extend(crashes)
    severities = dict(settings.severity)
    findings = [
        replace(v, severity=severities.get(v.code, v.severity))
        for v in verdicts
        if isinstance(v, Finding) and v.category not in attempts.blind
    ]
    unsure = sorted(v for v in verdicts if isinstance(v, CannotTell))
    return Judged(in_order(findings), tuple(unsure), tuple(checks))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, code and subject."""
    return tuple(sorted(findings, key=lambda f: f.sort_key))


def judged_everywhere(
    facts: Facts, judged: Judged, others: Mapping[Driver, Replayed], settings: Settings, attempts: Attempts
) -> Judged:
    """The verdicts on all drivers: each finding once, with the drivers that it holds on. It is told as on the audited driver, else
    as on the first of the others; what only a further driver can't tell says so."""
    if not others:
        return judged
    found: dict[str, Finding] = {
        f.id: replace(f, drivers=f.drivers or (facts.schema.driver,)) for f in judged.findings
    }
    unsure = list(judged.cannot_tell)
    asked = {(question.code, question.subject) for question in unsure}
    checks = [code for code in judged.checked if code not in TOLD_ONCE]
    for driver, replayed in others.items():
        elsewhere = _on(facts, driver, replayed, attempts)
        verdicts = judge(elsewhere, checks, settings, attempts)
        for finding in verdicts.findings:
            known = found.get(finding.id, finding)
            found[finding.id] = replace(known, drivers=(*known.drivers, driver))
        unsure.extend(
            replace(q, reason=f"on {driver}: {q.reason}")
            for q in verdicts.cannot_tell
            if (q.code, q.subject) not in asked
        )
    return Judged(in_order(found.values()), tuple(sorted(unsure)), judged.checked)


def _on(facts: Facts, driver: Driver, replayed: Replayed, attempts: Attempts) -> Facts:
    """The same project on another driver. What the code says is read again only where it hangs on the schema's names; the live
    database is of the audited driver, and no other's."""
    from trueup.compare.pairing import compare
    from trueup.compare.prefix import without_prefix
    from trueup.sources.laravel.config import read_config

    project = replace(facts.project, driver=driver)
    config = attempts.run(
        f"reading the configuration for {driver}", lambda: read_config(project, driver), NO_CONFIG
    )
    schema, migrations = without_prefix(replayed[0], replayed[1], config.chosen.prefix)
    comparison = attempts.run(
        f"pairing tables on {driver}",
        lambda: compare(facts.specification, schema, facts.eloquent),
        Comparison(extra=schema.tables),
    )
    return Facts(
        project,
        schema,
        facts.specification,
        comparison,
        facts.eloquent,
        migrations,
        facts.ticket,
        (),
        _queries(facts, schema, attempts),
        config,
        enforcement=facts.enforcement,
    )


def _queries(facts: Facts, schema: Schema, attempts: Attempts) -> Queries:
    """The queries as they were read, unless this driver's schema has other tables or columns, by which columns are told apart."""
    if _names(schema) == _names(facts.schema):
        return facts.queries
    from trueup.sources.laravel.queries import read_queries

    return attempts.run(
        f"following the queries for {schema.driver}",
        lambda: read_queries(facts.project, facts.eloquent, schema),
        NO_QUERIES,
        blinds=("query",),
    )


def _names(schema: Schema) -> dict[str, tuple[str, ...]]:
    return {table.name: tuple(column.name for column in table.columns) for table in schema.tables}
