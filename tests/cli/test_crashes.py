"""Our own crashes: told with what they were, exit code 3, never clean, and the rest is still reported."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import trueup.checks.registry
import trueup.sources.laravel.eloquent
import trueup.sources.laravel.migrations.replay
from tests.cli.shop import shop
from trueup.checks.registry import Check
from trueup.cli import run
from trueup.errors import ReaderCrash
from trueup.structs import replace


def broken(*_: object, **__: object) -> None:
    raise ValueError("what\nnow")


def audited(
    root: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> tuple[int, dict[str, list[dict[str, str]]]]:
    code = run(["audit", str(root), "--format", "json", "--no-cache"])
    document = json.loads(capfdbinary.readouterr().out)
    return code, {
        "findings": document["findings"],
        "crashes": document["summary"]["crashes"],
        "verdict": document["summary"]["verdict"],
    }


def test_a_reader_that_crashes_blinds_only_what_leans_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(trueup.sources.laravel.eloquent, "read_eloquent", broken)
    code, document = audited(shop(tmp_path), capfdbinary)
    assert code == 3
    assert [crash["what"] for crash in document["crashes"]] == ["reading models, factories and tests"]
    assert document["crashes"][0]["problem"].startswith("ValueError: what now (test_crashes.py:")
    categories = {finding["category"] for finding in document["findings"]}
    assert "type" in categories
    assert not categories & {"model", "factory", "query", "test"}


def test_without_a_schema_nothing_is_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(trueup.sources.laravel.migrations.replay, "replay", broken)
    code, document = audited(shop(tmp_path), capfdbinary)
    assert code == 3
    assert [finding for finding in document["findings"] if finding["category"] == "table"] == []
    assert "Incomplete: Trueup itself failed" in str(document["verdict"])


@pytest.mark.parametrize(
    ("module", "part", "what"),
    [
        ("sources.spec.reader", "read_specification", "reading the specification"),
        ("sources.laravel.config", "read_config", "reading the configuration"),
        ("compare.pairing", "compare", "pairing tables"),
        ("sources.laravel.queries", "read_queries", "following the queries"),
        ("sources.laravel.enforcement", "read_enforcement", "following checks and counts"),
        ("sources.ignores", "read_ignores", "reading comments"),
        ("indexes.analysis", "performance", "judging indexes"),
        ("pipeline.flow", "inventory", "taking the inventory"),
        ("pipeline.flow", "answer_criteria", "answering the criteria"),
    ],
)
def test_a_part_that_crashes_leaves_the_rest(
    module: str,
    part: str,
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    root = shop(tmp_path)
    _, whole = audited(root, capfdbinary)
    monkeypatch.setattr(importlib.import_module(f"trueup.{module}"), part, broken)
    code, document = audited(root, capfdbinary)
    assert code == 3
    assert [crash["what"] for crash in document["crashes"]] == [what]
    found = {finding["id"] for finding in document["findings"]}
    assert found <= {finding["id"] for finding in whole["findings"]}, "a crash makes no findings"
    assert bool(found) == (part != "compare"), "only what leans on it is silent"


def test_a_check_that_crashes_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    root = shop(tmp_path)
    _, whole = audited(root, capfdbinary)
    failing = whole["findings"][0]["code"]
    one = next(check for check in trueup.checks.registry.catalogue() if check.code == failing)
    monkeypatch.setattr(trueup.checks.registry, "chosen", _with_one_broken(one))
    code, document = audited(root, capfdbinary)
    assert code == 3
    assert document["crashes"] == [{"what": failing, "problem": "ValueError: what\nnow"}]
    assert document["findings"] == [f for f in whole["findings"] if f["code"] != failing]


def _with_one_broken(one: Check) -> Callable[..., tuple[Check, ...]]:
    real = trueup.checks.registry.chosen

    def chosen(*given: Iterable[str]) -> tuple[Check, ...]:
        return tuple(replace(c, run=broken) if c.code == one.code else c for c in real(*given))

    return chosen


def test_checks_that_crash_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def crashing(*_: object, **__: object) -> None:
        raise ReaderCrash("the checks", "all at once")

    monkeypatch.setattr(trueup.checks.registry, "run_checks", crashing)
    code, document = audited(shop(tmp_path), capfdbinary)
    assert (code, document["findings"]) == (3, [])
    assert document["crashes"] == [{"what": "the checks", "problem": "all at once"}]
    assert str(document["verdict"]).startswith("No findings in the parts that ran.")


def test_a_command_that_crashes_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(trueup.sources.laravel.migrations.replay, "replay", broken)
    assert run(["schema", str(shop(tmp_path))]) == 3
    told = capfdbinary.readouterr()
    assert told.out == b""
    assert told.err.decode().splitlines()[-1] == (
        "trueup schema: Trueup itself failed here; this is a bug and says nothing about the project."
    )
