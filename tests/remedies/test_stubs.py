"""A package that keeps its migrations as stubs: a dated migration beside them would be nothing that applications get."""

from __future__ import annotations

from pathlib import Path

from tests.project.trees import make
from tests.support.migrations import create, migration
from trueup.config import Options
from trueup.pipeline.fixing import fix

_SPECIFICATION = """# Shop

```sql
CREATE TABLE goods (
    id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
    maker VARCHAR(60) NULL
);
```
"""


def test_remedies_that_are_migrations_are_withheld(tmp_path: Path) -> None:
    stub = {"database/migrations/create_goods_table.php.stub": migration(create("goods", "id()"))}
    root = make(tmp_path, {**stub, "docs/specification.md": _SPECIFICATION})
    made = fix(str(root), Options(), allow_destructive=False)[0]
    assert [(f.code, f.column) for f in made.audit.findings if f.severity == "error"] == [("COL001", "maker")]
    withheld = [r.withheld for r in made.remedies if "COL001" in r.codes]
    assert len(withheld) == 1
    assert "stub" in withheld[0]
    assert not [f.path for r in made.remedies for f in r.files if "migrations/" in f.path]
