"""The public names, and what importing them costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import trueup
from tests.cli.shop import shop


def test_all_is_sorted_and_there() -> None:
    assert trueup.__all__ == sorted(trueup.__all__)
    assert dir(trueup) == trueup.__all__
    assert [name for name in trueup.__all__ if getattr(trueup, name, None) is None] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(trueup, "nothing")


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    heavy = (
        "rich",
        "sqlglot",
        "markdown_it",
        "tree_sitter",
        "pathspec",
        "jinja2",
        "typer",
        "trueup.model.audit",
        "trueup.checks",
    )
    code = f"import sys, trueup, trueup.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_answer_that_was_kept_is_told_without_the_reader(tmp_path: Path) -> None:
    """It takes about as long as Python needs to start, and so does each module more."""
    root = shop(tmp_path / "shop")
    heavy = ("inspect", "dataclasses", "tree_sitter", "trueup.model.audit", "trueup.sources", "trueup.checks")
    code = (
        "import sys\nfrom trueup.cli import run\n"
        f"run(['audit', {str(root)!r}, '--output', {str(tmp_path / 'report')!r}])\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    environment = {**os.environ, "TRUEUP_CACHE_DIR": str(tmp_path / "cache")}

    def loaded() -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout.splitlines()[-1]

    assert "tree_sitter" in loaded()
    assert loaded() == "[]"
