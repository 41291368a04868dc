"""The whole text of the example's remedies: for the terminal, as one patch with every migration, as SQL of each server.

`TRUEUP_GOLDEN=write pytest tests/remedies/test_golden.py` writes the golden files anew; read what changed before committing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.remedies.conftest import EXAMPLE
from trueup.config import Options
from trueup.model.remedies import Fix
from trueup.pipeline.fixing import fix
from trueup.report.fix import fix_patch, fix_terminal, sql_of

GOLDEN = Path(__file__).parent / "golden"
CODES = (
    *("TBL001", "TBL002", "COL001", "COL002", "COL003", "COL005", "COL006", "COL007", "COL008", "COL009"),
    *("TYP001", "TYP002", "KEY001", "KEY002", "KEY004", "KEY005", "KEY006", "KEY009", "KEY010", "KEY011"),
    *("KEY013", "KEY015", "IDX001", "IDX002", "IDX003", "IDX004", "IDX005", "IDX006", "IDX007", "IDX008"),
    *("IDX009", "MIG001", "MIG013", "MOD001", "MOD002", "MOD005", "MOD007", "MOD011", "MOD012", "MOD013"),
    *("MOD014", "MOD015", "FAC003", "FAC004", "REL001", "REL002", "REL003", "REL004", "REL005", "REL006"),
    *("REL007", "REL008", "QRY008", "RUL001"),
)
"""The golden files are about these checks, so that a new one does not change them."""


@pytest.fixture(scope="module")
def made() -> Fix:
    return fix(str(EXAMPLE), Options(select=CODES))[0]


def test_golden_remedies(made: Fix) -> None:
    texts = {
        "fix.txt": fix_terminal(made),
        "fix.patch": fix_patch(made),
        "mysql.sql": sql_of(made, "mysql"),
        "pgsql.sql": sql_of(made, "pgsql"),
        "sqlite.sql": sql_of(made, "sqlite"),
    }
    if os.environ.get("TRUEUP_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        for name, text in texts.items():
            (GOLDEN / name).write_text(text, "utf-8")
    assert {path.name: path.read_text("utf-8") for path in GOLDEN.iterdir()} == texts
