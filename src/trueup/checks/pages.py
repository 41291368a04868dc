"""The manual of the checks, one page a check, computed from the checks: `python -m trueup.checks.pages docs/checks`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from trueup.checks.examples import Example, Expected
from trueup.checks.registry import Check, catalogue

_MADE_BY = "<!-- Made by python -m trueup.checks.pages from the check itself; edit that. -->\n\n"


def pages() -> dict[str, str]:
    """Every page's text by file name, the index ("README.md") included."""
    checks = catalogue()
    return {"README.md": _index(checks), **{f"{c.code}.md": page(c) for c in checks}}


def group_of(check: Check) -> str:
    """The heading under which the index lists a check: the thing that it is about, as "Table"."""
    return check.module.split(".")[-2].capitalize()


def page(check: Check) -> str:
    """One check: what it means, why it matters, how to mend it, and its examples."""
    parts = [
        f"# {check.code}: {check.title}\n",
        f"Severity: {check.severity} at most. Category: {check.category}. {_off(check)}"
        f"Source: `src/{check.module.replace('.', '/')}.py`.\n",
        f"## Why\n\n{check.why}\n",
        f"## How to mend it\n\n{check.fix}\n",
        *("\n".join(_example(e)) for e in check.examples),
    ]
    return _MADE_BY + "\n".join(parts)


def _off(check: Check) -> str:
    return f"Off by default: `--select {check.code}` runs it. " if check.off else ""


def _example(example: Example) -> Iterator[str]:
    kind = "Found" if example.findings else "Cannot tell" if example.cannot_tell else "Not found"
    yield f"## {kind}: {_lowered(example.title)}\n"
    if example.given.driver != "mysql":
        yield f"On `{example.given.driver}`.\n"
    for caption, language, text in example.given.shown:
        fence = "~~~~" if "```" in text else "```"
        yield f"{caption}:\n\n{fence}{language}\n{text}{fence}\n"
    yield from (_finding(f) for f in example.findings)
    if example.findings:
        yield ""


def _lowered(title: str) -> str:
    """The title after a colon; names and abbreviations keep their capitals."""
    return (
        title
        if title[1:2].isupper() or title.split(" ")[0] in ("I", "PostgreSQL", "SQLite", "MySQL", "Laravel")
        else (title[:1].lower() + title[1:])
    )


def _finding(finding: Expected) -> str:
    return f"- {finding.severity}: {finding.message}"


def _index(checks: tuple[Check, ...]) -> str:
    lines = ["# Checks\n", f"{len(checks)} checks. `trueup explain CODE` tells the same in the terminal.\n"]
    for name, group in groupby(sorted(checks, key=lambda c: (group_of(c), c.code)), group_of):
        package = sys.modules[f"trueup.checks.{name.lower()}"]
        lines.append(f"## {name}\n\n{(package.__doc__ or '').strip()}\n")
        lines.append("| Code | What it finds | Severity |\n| --- | --- | --- |")
        lines.extend(
            f"| [{c.code}]({c.code}.md) | {c.title} | {c.severity}{', off by default' if c.off else ''} |"
            for c in group
        )
        lines.append("")
    return _MADE_BY + "\n".join(lines)


def main(folder: str = "docs/checks") -> None:
    """Writes the pages into `folder` and removes pages of checks that are gone."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name in sorted(made):
        (target / name).write_text(made[name], encoding="utf-8")
    for old in sorted(target.glob("*.md")):
        if old.name not in made:
            old.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:2])
