"""The command from end to end: shown, written, and nothing left to be written again; patches only over what they were made for."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.remedies.conftest import Case
from trueup.cli import run
from trueup.config import Options
from trueup.errors import UserError
from trueup.model.remedies import Fix
from trueup.pipeline.fixing import fix, write
from trueup.pipeline.patching import applied, patched_texts
from trueup.remedies.edits import Source, patch_of
from trueup.structs import replace


def _sources(project: Path) -> dict[str, bytes]:
    return {str(p.relative_to(project)): p.read_bytes() for p in project.rglob("*") if p.is_file()}


def test_what_is_written_is_what_was_shown_and_is_not_proposed_again(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    shutil.copytree(case.project, project)
    before = _sources(project)
    assert run(["fix", str(project), "--try", "sqlite", "--write", "--quiet"]) == 0
    said = capsys.readouterr().out
    after = _sources(project)
    assert {f"+ {p}" for p in after.keys() - before.keys()} | {
        f"~ {p}" for p in before if after[p] != before[p]
    } == set(said.split("\n")) - {""}
    assert any(line.startswith("+ ") for line in said.split("\n"))
    assert any(line.startswith("~ ") for line in said.split("\n"))
    offered = {r.title for r in case.made.remedies if r.offered}
    assert run(["fix", str(project), "--try", "sqlite", "--format", "json", "--quiet"]) == 0
    again = {r["title"] for r in json.loads(capsys.readouterr().out)["remedies"] if r["offered"]}
    assert again & offered == set()


def test_a_file_that_was_changed_meanwhile_stops_everything(case: Case, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(case.project, project)
    facts = case.made.audit.facts
    moved = replace(facts, project=replace(facts.project, root=str(project)))
    made = replace(case.made, audit=replace(case.made.audit, facts=moved))
    path = next(p.path for r in made.remedies if r.offered for p in r.patches)
    (project / path).write_text((project / path).read_text() + "// mine\n")
    before = _sources(project)
    with pytest.raises(UserError) as caught:
        write(made)
    assert str(caught.value) == f"--write: '{path}' has changed since it was audited"
    assert _sources(project) == before


_DESTROYS = re.compile(r"dropColumn|DROP COLUMN|Schema::drop|->delete\(|truncate", re.IGNORECASE)


def _ups(made: Fix) -> dict[str, bool]:
    """Offered remedy → whether its `up()` destroys data."""
    return {
        r.title: any(_DESTROYS.search(f.text.split("function down")[0]) for f in r.files)
        for r in made.remedies
        if r.offered
    }


def test_nothing_is_destroyed_unless_it_is_allowed(case: Case) -> None:
    assert [title for title, destroys in _ups(case.made).items() if destroys] == []
    assert [r.title for r in case.made.remedies if r.destructive] == []


def test_what_destroys_says_so(case: Case) -> None:
    options = Options(select=("COL002", "TYP001"))
    made, _ = fix(str(case.project), options, drivers=("mysql",), allow_destructive=True)
    assert {r.title for r in made.remedies if r.offered and r.destructive} == {
        title for title, destroys in _ups(made).items() if destroys
    }
    assert any(_ups(made).values())


@given(st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=12), st.data())
def test_patches_are_applied_as_they_were_made(lines: list[str], data: st.DataObject) -> None:
    text = "".join(lines) + data.draw(st.sampled_from(["", "end"]))
    source = Source("a.php", text)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(text.splitlines())))
        source.add_after(number, "new") if data.draw(st.booleans()) or not number else source.put(number, "")
    assert applied(text, patch_of(source).text) == source.text


def test_patches_of_one_file_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.php").write_text("one\ntwo\n")
    first, second = Source("a.php", "one\ntwo\n"), Source("a.php", "one\nnew\ntwo\n")
    first.add_after(1, "new")
    second.put(3, "")
    found = patched_texts(str(tmp_path), [patch_of(first), patch_of(second)], "--write")
    assert found == {"a.php": ("one\ntwo\n", "one\nnew\n")}
