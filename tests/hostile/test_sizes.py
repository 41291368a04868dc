"""Documents and files that only are large: read in time that grows as they do, or refused with a word about their size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.guard import hung
from trueup.config import Options, read_settings
from trueup.errors import ConfigError
from trueup.pipeline import baseline
from trueup.sources.spec.document import read_document

COUNT = 20_000
FORMS = {
    "dbml": "```dbml\nTable a {\n" + "".join(f"  c{n} int [pk]\n" for n in range(COUNT)) + "}\n```\n",
    "sql": "```sql\nCREATE TABLE a (\n" + ",\n".join(f"  c{n} int" for n in range(COUNT)) + "\n);\n```\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_table_of_many_columns(form: str) -> None:
    def read() -> None:
        assert [len(table.columns) for table, _ in read_document(form, "a.md").tables] == [COUNT]

    assert hung([("read", read)], cpu_seconds=20) == ""


def test_partials_of_partials_end(tmp_path: Path) -> None:
    doubled = "".join(f"TablePartial p{n + 1} {{\n ~p{n}\n ~p{n}\n}}\n" for n in range(40))
    text = f"```dbml\nTablePartial p0 {{\n id int\n}}\n{doubled}Table x {{\n ~p40\n}}\n```\n"
    read = read_document(text, "a.md")
    assert [(t.name, t.complete) for t, _ in read.tables] == [("x", False)]
    assert {g.reason for g in read.gaps} == {"table partials that bring more than 100,000 columns"}


@pytest.mark.parametrize("text", ["a." * 40_000 + "a = 1", "[a" + ".a" * 40 + "]\nb = 1"])
def test_keys_of_many_parts_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "trueup.toml").write_text(text)
    _, mistakes = read_settings(str(tmp_path), Options(), ())
    wanted = "is no valid TOML: a key of more than 20 parts (at line 1)"
    assert [(m.where, m.problem) for m in mistakes] == [("trueup.toml", wanted)]
    (tmp_path / "baseline.toml").write_text(text)
    with pytest.raises(ConfigError, match="a key of more than 20 parts"):
        baseline.read_baseline(str(tmp_path / "baseline.toml"))


def test_points_in_texts_and_comments_are_no_parts(tmp_path: Path) -> None:
    points = "." * 50
    text = f'driver = "mysql" # {points}\nspec = ["{points}", \'{points}\', """\n{points}\n"""]\n'
    (tmp_path / "trueup.toml").write_text(text)
    _, mistakes = read_settings(str(tmp_path), Options(), ())
    assert [m.problem for m in mistakes if "TOML" in m.problem] == []


def test_a_baseline_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "MAX_CHARACTERS", 100)
    file = tmp_path / "baseline.toml"
    file.write_text("# " + "a" * 99)
    with pytest.raises(ConfigError, match="it is longer than 100 characters"):
        baseline.read_baseline(str(file))
