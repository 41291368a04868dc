"""Snippets of PHP that php-cli and the evaluator must answer alike: `expressions.txt` has one expression a line, `bodies.txt`
function bodies with a blank line between them (a line of its own with a dot stands for a blank line inside one)."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def expressions() -> list[str]:
    lines = (_HERE / "expressions.txt").read_text(encoding="utf-8").splitlines()
    return [f"return {line};" for line in lines if line]


def bodies() -> list[str]:
    text = (_HERE / "bodies.txt").read_text(encoding="utf-8").strip("\n")
    return [body.replace("\n.\n", "\n\n") for body in text.split("\n\n")]
