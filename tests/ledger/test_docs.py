"""The example of the manual runs and prints what the manual says, on every server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.ledger.places import Place, build_contract
from trueup.model.names import Driver

MANUAL = Path(__file__).parents[2] / "docs" / "ledger.md"


def test_the_example_prints_what_the_manual_says(
    here: Place, engine: Engine, driver: Driver, capsys: pytest.CaptureFixture[str]
) -> None:
    build_contract(engine, driver)
    text = MANUAL.read_text()
    example = re.search(r"```python\n(.*?)```", text, re.S)
    printed = re.search(r"It prints:\n\n```\n(.*?)```", text, re.S)
    assert example is not None
    assert printed is not None
    exec(compile(example[1], "docs/ledger.md", "exec"), {"url": here.url})
    assert capsys.readouterr().out == printed[1]
