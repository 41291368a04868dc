"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import trueup


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
