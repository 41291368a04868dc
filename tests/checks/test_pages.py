"""The manual in docs/checks says what the checks say."""

from __future__ import annotations

from pathlib import Path

from trueup.checks.pages import pages

FOLDER = Path(__file__).parents[2] / "docs" / "checks"


def test_the_manual_is_not_stale() -> None:
    written = {p.name: p.read_text(encoding="utf-8") for p in FOLDER.glob("*.md")}
    assert written == pages(), "run: python -m trueup.checks.pages docs/checks"
