"""The catalogue: loud about disorder, quiet about a check that crashes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from trueup.checks import registry
from trueup.checks.examples import Example, Expected, clean, failing, given
from trueup.checks.registry import RegistrationError, catalogue, check, chosen, find_check, run_checks
from trueup.errors import UserError
from trueup.model.audit import Crash, Facts
from trueup.model.eloquent import Eloquent
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.names import SEVERITIES
from trueup.model.pairing import Comparison
from trueup.model.project import Project
from trueup.model.schema import Schema
from trueup.model.spec import Specification

NOTHING = Facts(
    Project("/", "p", "app", "laravel", "12.0.0", "assumed", (), ()),
    Schema("mysql"),
    Specification(),
    Comparison(),
    Eloquent(),
)
FAILS, PASSES = failing("a", given(), Expected("info", "Bad.")), clean("b", given())


def register(code: str, examples: tuple[Example, ...] = (FAILS, PASSES)) -> None:
    def nothing(facts: Facts) -> Iterator[Verdict]:
        del facts
        yield from ()

    check(code=code, title="t", severity="info", category="table", why="w", fix="f", examples=examples)(
        nothing
    )


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalogue()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))
    yield
    catalogue.cache_clear()


def test_codes_are_sorted_and_each_has_both_kinds_of_examples() -> None:
    codes = [c.code for c in catalogue()]
    assert codes == sorted(set(codes))
    assert all(
        any(e.findings for e in c.examples) and not all(e.findings for e in c.examples) for c in catalogue()
    )


def test_no_finding_of_an_example_is_graver_than_its_check() -> None:
    graver = [
        (c.code, f.message)
        for c in catalogue()
        for e in c.examples
        for f in e.findings
        if SEVERITIES.index(f.severity) < SEVERITIES.index(c.severity)
    ]
    assert graver == []


@pytest.mark.parametrize(
    ("code", "examples", "problem"),
    [
        ("TBL001", (FAILS, PASSES), "the code TBL001 is taken by trueup.checks.table.missing"),
        ("t1", (FAILS, PASSES), "'t1' is no code like ABC123"),
        ("ABC123", (FAILS,), "ABC123 needs a failing and a clean example"),
        ("ABC123", (PASSES,), "ABC123 needs a failing and a clean example"),
    ],
)
def test_disorder_is_refused(code: str, examples: tuple[Example, ...], problem: str) -> None:
    with pytest.raises(RegistrationError, match=problem):
        register(code, examples)


def test_two_checks_in_one_file_are_refused() -> None:
    register("ABC001")
    with pytest.raises(RegistrationError, match="one file holds one check"):
        register("ABC002")


def test_a_failing_example_must_expect_something() -> None:
    with pytest.raises(ValueError, match="expects nothing"):
        failing("x", given())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no check in trueup.checks.table.stray"),
        ("import nowhere_at_all", "trueup.checks.table.stray cannot be imported"),
    ],
)
def test_a_stray_file_is_an_error(
    text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stray.py").write_text(text)
    folder: ModuleType = sys.modules["trueup.checks.table"]
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    catalogue.cache_clear()
    with pytest.raises(RegistrationError, match=problem):
        catalogue()
    sys.modules.pop("trueup.checks.table.stray", None)


def test_choosing() -> None:
    assert [c.code for c in chosen(("tbl",))] == ["TBL001", "TBL002", "TBL003"]
    assert [c.code for c in chosen(("TBL",), ("TBL002", "COL"))] == ["TBL001", "TBL003"]
    assert chosen(("all",)) == chosen() == tuple(c for c in catalogue() if not c.off)


def test_what_is_off_by_default_runs_when_it_is_asked_for() -> None:
    off = [c.code for c in catalogue() if c.off]
    assert off == [c.code for c in chosen(("optional",))]
    assert [c.code for c in chosen(("RUL006",))] == ["RUL006"]
    assert [c.code for c in chosen(("RUL00",)) if c.off] == []
    assert chosen(("all", "optional")) == catalogue()
    assert all(c.severity == "info" for c in catalogue() if c.off)


def test_mistakes_in_choosing_are_told_all_at_once() -> None:
    with pytest.raises(UserError) as raised:
        chosen(("TLB001",), ("XYZ9",))
    assert [str(m) for m in raised.value.mistakes] == [
        "select: no check has the code 'TLB001' (did you mean TBL001?)",
        "ignore: no check has the code 'XYZ9'",
    ]
    with pytest.raises(UserError, match="they leave no check to run"):
        chosen((), ("all",))


def test_find_check() -> None:
    found = find_check("tbl001")
    assert found is not None
    assert found.title == "A required table is missing"
    assert find_check("ABC999") is None


def test_a_project_without_anything_has_no_findings() -> None:
    assert run_checks(NOTHING) == ((), ())


def test_a_crash_in_one_check_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(facts: Facts) -> Iterator[Verdict]:
        yield Finding("TBL001", "error", "table", f"{facts.project.name} never seen.")
        raise KeyError("x")

    def fine(facts: Facts) -> Iterator[Verdict]:
        yield CannotTell("TBL003", facts.project.name, "unread")
        yield Finding("TBL003", "info", "table", "Twice.", table="b")
        yield Finding("TBL003", "info", "table", "Twice.", table="b")
        yield Finding("TBL003", "warning", "table", "First.", table="c")

    def made(code: str, run: registry.CheckFunction) -> registry.Check:
        return registry.Check(code, "t", "info", "table", "w", "f", (), run, "m")

    monkeypatch.setattr(registry, "chosen", lambda *_: (made("TBL001", crash), made("TBL003", fine)))
    verdicts, crashes = run_checks(NOTHING)
    assert verdicts == (
        Finding("TBL003", "warning", "table", "First.", table="c"),
        Finding("TBL003", "info", "table", "Twice.", table="b"),
        CannotTell("TBL003", "p", "unread"),
    )
    assert crashes == (Crash("TBL001", "KeyError: 'x'"),)
