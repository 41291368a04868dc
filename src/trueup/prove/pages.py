"""docs/proofs.md, computed from the capabilities: `python -m trueup.prove.pages docs/proofs.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from trueup.prove.capabilities import CAPABILITIES, AskedCapability

_HEAD = """<!-- Made by python -m trueup.prove.pages from trueup.prove.capabilities; edit that. -->

# What trueup prove asks

Each capability has a code, under which findings tell what is in its way. `trueup explain CODE` tells the same in the terminal.
"""


def proofs_page() -> str:
    """All capabilities, in the order of the probes."""
    return "\n".join((_HEAD, *map(_section, CAPABILITIES)))


def _section(asked: AskedCapability) -> str:
    return (
        f"## {asked.code}: {asked.title}\n\nProbe: `{asked.probe}`. {asked.asked}\n\n"
        f"Why: {asked.why}\n\nWhat carries it: {asked.fix}\n"
    )


def main(target: str = "docs/proofs.md") -> None:
    Path(target).write_text(proofs_page(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
