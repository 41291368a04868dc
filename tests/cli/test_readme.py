"""The README shows what Trueup really prints. `TRUEUP_GOLDEN=write pytest tests/cli/test_readme.py` writes the block anew."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from tests.cli.shop import trueup
from tests.report.golden import compare

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- trueup (?P<arguments>[^\n]*) -->\n```\n(?P<shown>.*?)```\n", re.DOTALL)
WIDTH = 132
LINES = 22


def shown(output: str) -> str:
    """The first lines, as far as they fit on a page; dots where something is left out."""
    lines = output.splitlines()
    cut = [line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…" for line in lines[:LINES]]
    return "\n".join([*cut, "…", lines[-1]]) + "\n"


def test_the_output_in_the_readme_is_real() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = BLOCK.search(readme)
    assert block is not None
    run = trueup(*shlex.split(block["arguments"]), cwd=ROOT)
    expected = shown(run.out)
    if os.environ.get("TRUEUP_GOLDEN") == "write":
        text = readme[: block.start("shown")] + expected + readme[block.end("shown") :]
        (ROOT / "README.md").write_text(text, encoding="utf-8")
        return
    assert block["shown"] == expected


def test_the_whole_of_it_with_code_and_carets() -> None:
    """What a person sees who audits the example: excerpts with carets, the summary, the next command."""
    run = trueup("audit", "examples/ai-budget", cwd=ROOT)
    assert re.search(r"^ +\d+ │ .*\n +│ +\^+$", run.out, re.MULTILINE)
    compare("example.txt", run.out)
