"""How ready the database is, as one number and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.model.audit import Audit
from trueup.report.matrix import column_rows, key_rows
from trueup.structs import Struct


class Part(Struct, frozen=True):
    """`good` of `total`; parts of which there is nothing do not count."""

    name: str
    good: int
    total: int
    about: str

    @property
    def percent(self) -> int:
        """Rounded down: 100 only where all is good."""
        return 100 * self.good // self.total


class Readiness(Struct, frozen=True):
    """`score` is the mean of the parts' shares in percent, rounded down; None where there is nothing to judge by."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> int | None:
        if not self.parts:
            return None
        return int(sum(100 * part.good / part.total for part in self.parts) / len(self.parts))


def readiness(audit: Audit) -> Readiness:
    return Readiness(tuple(part for part in _parts(audit) if part.total))


def _parts(audit: Audit) -> Iterator[Part]:
    pairs = audit.facts.comparison.pairs
    present = sum(1 for p in pairs if p.existing is not None)
    yield Part("Required tables", present, len(pairs), "exist, under their own or another name")
    columns = [row for p in pairs for row in column_rows(audit, p)]
    right = sum(1 for row in columns if _is_right(row.status))
    yield Part("Required columns", right, len(columns), "exist and hold what they must")
    missing = sum(len(p.required.indexes) + len(p.required.foreign_keys) for p in pairs if p.existing is None)
    keys = [row for p in pairs for row in key_rows(p)]
    served = sum(1 for row in keys if row.status in ("as required", "covered"))
    yield Part("Required indexes and keys", served, len(keys) + missing, "exist, or another does their work")
    run = len(audit.facts.migrations)
    failed = len({f.migration for f in audit.facts.schema.failures})
    yield Part("Migrations", max(0, run - failed), run, f"run on an empty {audit.driver} database")
    yield _queries(audit)


def _queries(audit: Audit) -> Part:
    """Query sites none of whose places is that of an error."""
    wrong = {
        (place.file, place.line)
        for finding in audit.findings
        if finding.category == "query" and finding.severity == "error"
        for place in finding.locations
    }
    sites = {(site.at.file, site.at.line) for site in audit.facts.queries.sites}
    unresolved = {(gap.at.file, gap.at.line) for gap in audit.facts.queries.unresolved} - sites
    total = len(sites | unresolved)
    return Part("Query sites", len(sites - wrong), total, "were resolved, and no error was found in them")


def _is_right(status: str) -> bool:
    """A remark leaves a column right; a doubt does not."""
    return not any(word in status for word in ("missing", "differs", "cannot tell"))
