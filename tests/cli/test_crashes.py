"""Our own crashes: told with what they were, exit code 3, never clean, and the rest is still reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import trueup.checks.registry
import trueup.sources.laravel.eloquent
import trueup.sources.laravel.migrations.replay
from tests.cli.shop import shop
from trueup.cli import run
from trueup.errors import ReaderCrash


def broken(*_: object, **__: object) -> None:
    raise ValueError("what\nnow")


def audited(
    root: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> tuple[int, dict[str, list[dict[str, str]]]]:
    code = run(["audit", str(root), "--format", "json"])
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
