"""Texts kept in tests/report/golden.

`TRUEUP_GOLDEN=write pytest tests/report` writes them anew; read what changed before committing."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def compare(name: str, text: str) -> None:
    """Fails where `text` is not what the golden file has."""
    file = FOLDER / name
    if os.environ.get("TRUEUP_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"differs from {file}; see {__name__}"
