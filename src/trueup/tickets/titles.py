"""What a ticket is called: its title and the short name in its file's name. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from trueup.model.tickets import Work
from trueup.report.plain import counted, listed
from trueup.tickets.kinds import KINDS

MAX_SLUG = 64

_THINGS: tuple[tuple[str, str, str], ...] = (
    ("COL001", "missing column", ""),
    ("COL003", "column that must be filled", "columns that must be filled"),
    ("COL005", "NULL rule", ""),
    ("COL006", "default", ""),
    ("TYP", "type", ""),
    ("TBL002", "table name", ""),
    ("COL002", "column name", ""),
    ("IDX", "index", "indexes"),
    ("KEY004", "foreign key", ""),
    ("KEY005", "foreign key", ""),
    ("REL004", "foreign key", ""),
    ("KEY", "key", ""),
    ("REL", "relation", ""),
    ("QRY001", "query of a table that is not there", "queries of tables that are not there"),
    ("QRY002", "column that is not there", "columns that are not there"),
    ("QRY003", "insert that leaves out a column", "inserts that leave out columns"),
    ("QRY", "query", "queries"),
    ("MOD", "model setting", ""),
    ("RUL", "validation rule", ""),
    ("CFG", "configured name", ""),
    ("COL", "column", ""),
    ("MIG", "migration", ""),
)
"""Beginnings of codes and what such a finding is about, one and many."""


def things(work: Work) -> str:
    """ "2 missing columns, 1 default and 1 index": what the findings are about."""
    counts: Counter[tuple[str, str]] = Counter()
    for finding in work.findings:
        one, many = next(((o, m) for c, o, m in _THINGS if finding.code.startswith(c)), ("finding", ""))
        counts[one, many] += 1
    return listed([counted(n, one, many) for (one, many), n in counts.items()])


def _tables(work: Work, most: int = 4) -> str:
    if len(work.tables) > most:
        return f"{', '.join(work.tables[:most])} and {len(work.tables) - most} more"
    return listed(work.tables)


def _subject(work: Work) -> str:
    return (
        _tables(work)
        or work.key.removeprefix(work.kind).strip()
        or listed(sorted({f.code for f in work.findings}))
    )


def _migrations(work: Work) -> str:
    files = sorted(
        {
            f.locations[0].file.rsplit("/", 1)[-1].removesuffix(".stub").removesuffix(".php")
            for f in (*work.findings, *work.covers)
            if f.locations
        }
    )
    return files[0] if len(files) == 1 else counted(len(files), "migration")


_TITLES: Mapping[str, Callable[[Work], str]] = {
    "migration fails": lambda w: f"Make {_migrations(w)} run on an empty database",
    "create table": lambda w: f"Create the table {_subject(w)}"
    + (" with its model" if any(f.code == "MOD001" for f in w.findings) else ""),
    "rename": lambda w: f"Settle the names of {_subject(w)}: {things(w)}",
    "columns": lambda w: f"Bring {_subject(w)} in order: {things(w)}",
    "keys": lambda w: f"Correct the keys and indexes of {_subject(w)}: {things(w)}",
    "live data": lambda w: f"Prepare the rows of {_subject(w)}",
    "models": lambda w: f"Write the models of {_subject(w)}",
    "code": lambda w: f"Make the code and {_subject(w)} agree: {things(w)}",
    "capability": lambda w: f"Make the schema carry its work: {counted(len(w.findings), 'probe')} failed",
    "rollback": lambda w: f"Make {_migrations(w)} go back as {'it' if _one(w) else 'they'} came",
    "migrations on rows": lambda w: f"Make {_migrations(w)} safe on tables with rows",
    "order of migrations": lambda w: f"Settle the order of migrations: {counted(len(w.findings), 'doubt')}",
    "commented out": lambda w: f"Decide {counted(len(w.findings), 'commented constraint')}"
    + (f" of {_tables(w)}" if w.tables else ""),
    "other servers": lambda w: f"Make the migrations run on other servers: {things(w)}",
    "amounts": lambda w: f"Keep the same amount with the same digits: {listed(sorted({f.column for f in w.findings if f.column}))}",
    "column habits": lambda w: f"Tidy columns of {_subject(w)}",
    "index habits": lambda w: f"Tidy indexes and keys{f' of {_tables(w)}' if w.tables else ''}: {things(w)}",
    "model habits": lambda w: f"Tidy the models of {_subject(w)}",
    "one-way tables": lambda w: f"Settle what {_subject(w)} {'is' if len(w.tables) == 1 else 'are'} for",
    "configuration": lambda w: f"Correct the configuration: {listed(sorted({f.code for f in w.findings}))}",
    "beyond the specification": lambda w: f"Describe or drop what goes beyond the specification: {_subject(w)}",
    "documents": lambda w: f"Correct {listed(_documents(w))}",
    "migration tests": lambda w: f"Test that {_migrations(w)} run{'s' if _one(w) else ''}",
    "table tests": lambda w: f"Test {_subject(w)}: {counted(len(w.covers) + len(w.findings), 'case')}",
    "code tests": lambda w: f"Test the code on {_subject(w)}: {counted(len(w.covers), 'case')}",
    "new factories": lambda w: f"Write the factories of {_subject(w)}",
    "test server": lambda w: "Run the tests as the project runs: " + listed(sorted({f.expected for f in w.findings})),
    "shadow schema": lambda w: f"Test {_subject(w)} as the migrations build it",
    "factories": lambda w: f"Make the factories of {_subject(w)} fit",
    "test code": lambda w: f"Correct the tests on {_subject(w)}: {things(w)}",
}  # fmt: skip


def _one(work: Work) -> bool:
    return len({f.locations[0].file for f in (*work.findings, *work.covers) if f.locations}) == 1


def _documents(work: Work) -> list[str]:
    """The names of the documents that the findings are about."""
    named = (next((p.file for p in f.locations if p.file.endswith(".md")), "") for f in work.findings)
    return sorted({path.rsplit("/", 1)[-1] for path in named if path}) or ["the documents"]


def title_of(work: Work) -> str:
    return _TITLES[work.kind](work)


def slug_of(work: Work) -> str:
    """The kind, and the table where it is about one; lower case with dashes, at most MAX_SLUG characters, cut between words."""
    kind = KINDS[work.kind]
    own = work.key.removeprefix(work.kind).strip()
    raw = f"{kind.slug} {own}"
    words = re.sub(r"[^a-z0-9]+", "-", raw.lower()).strip("-")
    return words if len(words) <= MAX_SLUG else words[:MAX_SLUG].rsplit("-", 1)[0]
