"""Do the queries that Trueup calls wrong really fail, and do the others run? Asked of a real MariaDB.

    python benchmarks/phantoms.py PROJECT... [--show]

For each project: the schema that its migrations build (`trueup schema --driver mariadb --format sql`) is made in a scratch
database of its own; each place of a QRY001 to QRY004 finding becomes a statement with the table and columns that the code names
there, run in a transaction that is rolled back, and must fail with the error that was predicted. The control: every other
resolved query site becomes a statement too and must not fail for a table or column that is unknown or left out (sites on a table of
which the audit says that it cannot tell whether it is there are not asked). `--show` prints
each finding with the server's words. Exit code 1 if any prediction was wrong. The server is that of the tests
(TRUEUP_TEST_MYSQL_URL)."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymysql

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.statements import Statement, statement_of
from tests.support.servers import MYSQL_URL
from trueup.checks.query._payloads import Write, writes
from trueup.checks.query._uses import bare, is_system_table, made_in_tests, sites
from trueup.checks.subjects import is_framework_table
from trueup.config import Options
from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.queries import QuerySite
from trueup.pipeline.flow import audit
from trueup.report import schema_as

PREDICTED = {
    "QRY001": frozenset({1146}),
    "QRY002": frozenset({1054}),
    "QRY003": frozenset({1364}),
    "QRY004": frozenset({1048, 1264, 1265, 1292, 1366, 1406}),
}
"""MariaDB's error numbers: no such table, unknown column, no default value, and the ways to refuse a value."""
NAMES = frozenset({1054, 1146, 1364})
"""What a query without a finding must not fail with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` is the server's number and words, None where the statement ran."""

    finding: Finding
    site: QuerySite
    statement: Statement
    error: tuple[int, str] | None

    @property
    def predicted(self) -> bool:
        return self.error is not None and self.error[0] in PREDICTED[self.finding.code]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("projects", nargs="+", metavar="PROJECT")
    parser.add_argument("--show", action="store_true", help="print every finding with what the server said")
    options = parser.parse_args(arguments)
    return 1 if sum([run(path, show=options.show) for path in options.projects]) else 0


def run(path: str, *, show: bool) -> int:
    """Prints one project's lines; returns how many predictions were wrong."""
    audited = audit(path, Options(driver="mariadb", select=tuple(PREDICTED)))[0]
    with Scratch(audited) as server:
        outcomes = list(planned(audited, server))
        controls = list(control(audited, server))
    for crash in audited.crashes:
        print(f"{Path(path).name}: crash in {crash.what}: {crash.problem}")
    wrong = [o for o in outcomes if not o.predicted]
    failing = [(s, e) for s, e in controls if e is not None and e[0] in NAMES]
    other = Counter(e[0] for _, e in controls if e is not None and e[0] not in NAMES)
    findings = {o.finding.id for o in outcomes}
    counts = Counter(o.finding.code for o in outcomes)
    print(
        f"{Path(path).name}: {len(findings)} findings, {len(outcomes)} statements "
        f"({', '.join(f'{code} {counts[code]}' for code in sorted(counts)) or 'none'}), "
        f"{len(outcomes) - len(wrong)} fail as predicted, {len(wrong)} do not; "
        f"control: {len(controls)} sites, {len(failing)} fail on a name"
        + (f" ({', '.join(f'{n} with {c}' for c, n in sorted(other.items()))})" if other else "")
    )
    for outcome in outcomes if show else wrong:
        told = f"{outcome.error[0]} {outcome.error[1]}" if outcome.error else "it ran"
        print(f"  {outcome.finding.code} {outcome.site.at} {outcome.statement.text[:100]}\n      {told}")
    for site, error in failing:
        print(f"  control {site.at} {site.terminal}: {error[0]} {error[1]}" if error else "")
    return len(wrong) + len(failing) + len(audited.crashes)


class Scratch:
    """A database with the project's schema, gone at the end."""

    def __init__(self, audited: Audit) -> None:
        self.audited = audited
        self.name = f"trueup_phantoms_{os.getpid()}"

    def __enter__(self) -> Scratch:
        from urllib.parse import urlsplit

        url = urlsplit(os.environ.get("TRUEUP_TEST_MYSQL_URL", MYSQL_URL))
        self.connection = pymysql.connect(
            host=url.hostname or "127.0.0.1",
            port=url.port or 3306,
            user=url.username or "root",
            password=url.password or "",
        )
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{self.name}`")
            cursor.execute(f"USE `{self.name}`")
            cursor.execute("SET foreign_key_checks = 0")
            script = schema_as("sql", self.audited.facts.schema)
            plain = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
            for text in plain.split(";\n"):
                if text.strip("; \n"):
                    cursor.execute(text)
            loose = self.audited.facts.config.strict is False
            mode = "" if loose else "STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE"
            cursor.execute("SET SESSION sql_mode = %s", (mode,))
        return self

    def __exit__(self, *_: object) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE `{self.name}`")
        self.connection.close()

    def error_of(self, statement: Statement) -> tuple[int, str] | None:
        """What the server says of the statement, which is rolled back; None where it runs."""
        with self.connection.cursor() as cursor:
            try:
                self.connection.begin()
                cursor.execute(statement.text, statement.values or None)
            except pymysql.Error as problem:
                return int(problem.args[0]), str(problem.args[1])
            finally:
                self.connection.rollback()
        return None


def planned(audited: Audit, server: Scratch) -> Iterator[Outcome]:
    """Every place of a finding that says that a statement fails, with what the server says."""
    inserted = {id(w.site): w for w in writes(audited.facts)}
    for finding in audited.findings:
        if finding.severity == "info" or (finding.code == "QRY004" and "in silence" in finding.message):
            continue  # strict mode is off: it is stored all the same
        for site in places_of(audited, finding):
            statement = statement_of(audited.facts.schema, site, inserted.get(id(site)), finding)
            if statement is not None:
                yield Outcome(finding, site, statement, server.error_of(statement))


def places_of(audited: Audit, finding: Finding) -> Iterator[QuerySite]:
    """The sites that a finding is about."""
    places = set(finding.locations)
    for site in sites(audited.facts):
        here = site.at in places
        if finding.code == "QRY001":
            wanted = here and any(t.name.lower().endswith(finding.table.lower()) for t in site.tables)
        elif finding.code == "QRY003":
            wanted = here and site.table.lower() == finding.table.lower()
        else:
            wanted = any(
                c.column == finding.column
                and c.table.lower().endswith(finding.table.lower())
                and (here or c.at in places)
                for c in site.columns
            )
        if wanted:
            yield site


def control(audited: Audit, server: Scratch) -> Iterator[tuple[QuerySite, tuple[int, str] | None]]:
    """The sites that no finding is about, with what the server says of them."""
    told = {place for f in audited.findings for place in f.locations if place.file}
    names = {(f.table.lower(), f.column) for f in audited.findings if f.code in {"QRY001", "QRY002"}}
    doubted = {c.at for c in audited.cannot_tell}
    untold = {bare(c.table) for c in audited.cannot_tell if c.code == "QRY001"}
    made = made_in_tests(audited.facts)
    inserted: dict[int, Write] = {id(w.site): w for w in writes(audited.facts)}
    for site in sites(audited.facts):
        if site.at in told | doubted or any(c.at in told | doubted for c in site.columns):
            continue
        used = {(bare(t.name), "") for t in site.tables} | {(bare(c.table), c.column) for c in site.columns}
        if used & names or any(_is_foreign(t.name) or bare(t.name) in untold for t in site.tables):
            continue
        if site.area in {"test", "factory"} and any(bare(t.name) in made for t in site.tables):
            continue  # the test builds the table itself
        write = inserted.get(id(site))
        if write is not None and not write.sure:
            write = None
        statement = statement_of(audited.facts.schema, site, write, None)
        if statement is not None:
            yield site, server.error_of(statement)


def _is_foreign(name: str) -> bool:
    """A table that the project's migrations do not make and need not."""
    return is_system_table(name) or is_framework_table(bare(name))


if __name__ == "__main__":
    sys.exit(main())
