"""The example has the faults that its list names, and the audit finds those and no others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from trueup.checks.registry import catalogue
from trueup.config import Options
from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.pipeline.flow import audit
from trueup.structs import replace

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"
TICKET = EXAMPLE / "docs/tickets/audit/1004-audit-database-schema.md"
FAULTS = EXAMPLE / "FAULTS.toml"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a finding is about: what identifies it but for its text."""

    code: str
    severity: str
    table: str = ""
    column: str = ""
    index: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """As listed. `driver` "": the one that the audit chooses itself."""

    what: str
    subject: Subject
    file: str
    says: str = ""
    driver: str = ""

    def is_told_by(self, finding: Finding) -> bool:
        return (
            subject_of(finding) == self.subject
            and self.file in {place.file for place in finding.locations}
            and self.says in finding.message
        )


def subject_of(finding: Finding) -> Subject:
    return Subject(
        finding.code, finding.severity, finding.table, finding.column, finding.index, finding.model
    )


@cache
def faults() -> tuple[Fault, ...]:
    listed = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    return tuple(_fault(dict(entry)) for entry in listed)


def _fault(entry: dict[str, str]) -> Fault:
    rest = {name: entry.pop(name, "") for name in ("what", "file", "says", "driver")}
    return Fault(rest["what"], Subject(**entry), rest["file"], rest["says"], rest["driver"])


@cache
def audited(driver: str = "") -> Audit:
    """With what holds on the audited driver alone: the example's configuration names further ones, and tests/formats tells them
    apart. That the migrations stop elsewhere is a finding of the audited one."""
    found = audit(str(TICKET), Options(driver=driver or None))[0]
    own = tuple(f for f in found.findings if found.driver in f.drivers or f.code == "MIG002")
    return replace(found, findings=own)


def test_nothing_crashes_and_nothing_is_left_unread() -> None:
    found = audited()
    assert found.crashes == ()
    assert [str(g.at) for g in found.gaps if g.kind != "contradiction"] == []


def test_nothing_is_found_that_was_not_planted() -> None:
    planted = sorted(f.subject for f in faults() if not f.driver)
    assert sorted(map(subject_of, audited().findings)) == planted


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.subject.code} {fault.what}")
def test_the_fault_is_found_where_it_is(fault: Fault) -> None:
    told = [f for f in audited(fault.driver).findings if fault.is_told_by(f)]
    assert len(told) == 1


def test_every_check_has_a_fault() -> None:
    """Those of a live database have theirs on real servers: tests/database/test_audit_live.py. What is off by default is not
    part of the example's audit."""
    asked = {c.code for c in catalogue() if c.category != "live" and not c.off}
    assert sorted(asked - {f.subject.code for f in faults()}) == []


def test_no_fault_is_listed_twice() -> None:
    assert len({f.what for f in faults()}) == len(faults())
