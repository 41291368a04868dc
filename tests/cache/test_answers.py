"""A kept answer is told again exactly as long as it is right."""

from __future__ import annotations

import io
import os
import random
import sys
from pathlib import Path

import pytest

from tests.cache.edits import edit, write_project
from trueup.cache import state
from trueup.cli import run
from trueup.model.audit import Audit
from trueup.report.showing import Showing


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(tmp_path / "cache"))
    write_project(tmp_path / "shop")
    return tmp_path / "shop"


class _Out(io.TextIOWrapper):
    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes)


def said(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[bytes, int]:
    """What a command prints, and its exit code."""
    out = _Out()
    monkeypatch.setattr(sys, "stdout", out)
    code = run(list(arguments))
    out.flush()
    return out.bytes.getvalue(), code


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one for each audit that is really carried out."""
    import trueup.pipeline.flow as flow

    audits: list[str] = []
    real = flow.audit

    def audit(target: str, *rest: object, **named: object) -> object:
        audits.append(target)
        return real(target, *rest, **named)  # type: ignore[arg-type]  # handed on as they come

    monkeypatch.setattr(flow, "audit", audit)
    return audits


def test_the_second_answer_is_told_without_an_audit(
    project: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said(monkeypatch, "audit", str(project))
    assert said(monkeypatch, "audit", str(project)) == first
    assert len(made) == 1
    said(monkeypatch, "audit", str(project), "--format", "json")
    said(monkeypatch, "audit", str(project), "--no-cache")
    assert len(made) == 3


@pytest.mark.parametrize("target", ["", "docs/ticket.md"])
def test_after_every_edit_warm_and_cold_say_the_same(
    project: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    done = []
    for _ in range(30):
        done.append(edit(project, chance))
        asked = [
            "audit",
            str(project / target) if (project / target).exists() else str(project),
            "--format",
            "json",
        ]
        assert said(monkeypatch, *asked) == said(monkeypatch, *asked, "--no-cache"), done
        assert said(monkeypatch, *asked) == said(monkeypatch, *asked, "--no-cache"), done


def test_a_specification_elsewhere_counts(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "SPEC.md"
    spec.write_text("```sql\nCREATE TABLE carts (id BIGINT PRIMARY KEY);\n```\n")
    asked = ["audit", str(project), "--spec", str(spec)]
    os.utime(spec, ns=(1, 1))
    first = said(monkeypatch, *asked)
    spec.write_text("```sql\nCREATE TABLE orders (id BIGINT PRIMARY KEY);\n```\n")
    os.utime(spec, ns=(1, 1))
    second = said(monkeypatch, *asked)
    assert b"carts" in first[0]
    assert b"carts" not in second[0]


def test_what_changes_during_an_audit_is_not_kept(
    project: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import trueup.report as report

    real = report.audit_as

    def audit_as(form: str, audit: Audit, showing: Showing) -> str:
        (project / "app/Reports.php").write_text(f"<?php // {len(made)}\n")
        return real(form, audit, showing)

    monkeypatch.setattr(report, "audit_as", audit_as)
    said(monkeypatch, "audit", str(project))
    said(monkeypatch, "audit", str(project))
    assert len(made) == 2


def test_a_tree_too_large_to_watch_is_read_anew(
    project: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "MAX_ENTRIES", 5)
    said(monkeypatch, "audit", str(project))
    said(monkeypatch, "audit", str(project))
    assert len(made) == 2
