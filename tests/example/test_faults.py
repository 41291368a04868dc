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

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"
TICKET = EXAMPLE / "docs/tickets/audit/1004-audit-database-schema.md"
FAULTS = EXAMPLE / "FAULTS.toml"


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What identifies a finding, apart from its line."""

    code: str
    severity: str
    table: str = ""
    column: str = ""
    index: str = ""
    model: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    answer: Answer
    driver: str = ""
    """"" for the driver that the audit chooses itself."""


@cache
def faults() -> tuple[Fault, ...]:
    listed = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    return tuple(_fault(entry) for entry in listed)


def _fault(entry: dict[str, str]) -> Fault:
    what, driver = entry.pop("what"), entry.pop("driver", "")
    return Fault(what, Answer(**entry), driver)


@cache
def audited(driver: str = "") -> Audit:
    return audit(str(TICKET), Options(driver=driver or None))[0]


def answer(finding: Finding) -> Answer:
    """The first place is where to look first: there the fault was planted."""
    file = finding.locations[0].file if finding.locations else ""
    return Answer(
        finding.code,
        finding.severity,
        finding.table,
        finding.column,
        finding.index,
        finding.model,
        file,
    )


def test_nothing_crashes_and_nothing_is_left_unread() -> None:
    found = audited()
    assert found.crashes == ()
    assert [str(g.at) for g in found.gaps if g.kind != "contradiction"] == []


def test_each_fault_is_found_and_nothing_else() -> None:
    expected = sorted(f.answer for f in faults() if not f.driver)
    assert sorted(map(answer, audited().findings)) == expected


@pytest.mark.parametrize("driver", sorted({f.driver for f in faults() if f.driver}))
def test_faults_that_another_server_shows(driver: str) -> None:
    expected = {f.answer for f in faults() if f.driver == driver}
    assert expected - set(map(answer, audited(driver).findings)) == set()


def test_every_check_has_a_fault() -> None:
    assert sorted({c.code for c in catalogue()} - {f.answer.code for f in faults()}) == []


def test_every_fault_is_where_the_list_says() -> None:
    assert [f.answer.file for f in faults() if not (EXAMPLE / f.answer.file).is_file()] == []
    assert len({(f.what, f.driver) for f in faults()}) == len(faults())
