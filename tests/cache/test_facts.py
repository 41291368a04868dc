"""Facts of single files are believed exactly as long as what they hang on is as it was."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cache.edits import write_project
from trueup.config import Options
from trueup.model.queries import Queries
from trueup.pipeline.opening import open_target
from trueup.sources.laravel import classes
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.memory import Fact, Facts
from trueup.sources.laravel.migrations.replay import replay
from trueup.sources.laravel.queries import read_queries


class Kept:
    """A memory in memory, that counts."""

    def __init__(self) -> None:
        self.payloads: dict[str, bytes] = {}
        self.puts = 0

    def get(self, name: str) -> bytes | None:
        return self.payloads.get(name)

    def put(self, name: str, payload: bytes) -> None:
        self.puts += 1
        self.payloads[name] = payload


class Reader:
    """Finds the length of a text, and notes what it was asked to do."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.worked_on: list[str] = []

    def state_of(self, kind: str, name: str) -> str:
        return self.texts[name]

    def work(self, file: str) -> Fact[int]:
        self.worked_on.append(file)
        return Fact(len(self.texts[file]), (("file", file, self.texts[file]),))

    def read(self, memory: Kept, whole: str = "") -> Sequence[int]:
        self.worked_on = []
        facts: Facts[int] = Facts(memory, "lengths", whole)
        return facts.of(list(self.texts), self.state_of, self.work, lambda files: 1)


def test_only_what_changed_is_worked_on_again() -> None:
    memory, reader = Kept(), Reader({"a": "1", "b": "22"})
    assert reader.read(memory) == [1, 2]
    assert reader.worked_on == ["a", "b"]
    assert reader.read(memory) == [1, 2]
    assert (reader.worked_on, memory.puts) == ([], 1)
    reader.texts["b"] = "333"
    assert reader.read(memory) == [1, 3]
    assert reader.worked_on == ["b"]
    assert reader.read(memory, "another whole") == [1, 3]
    assert reader.worked_on == ["a", "b"]


def test_facts_of_files_that_went_away_are_dropped() -> None:
    memory, reader = Kept(), Reader({"a": "1", "b": "22"})
    reader.read(memory)
    del reader.texts["a"]
    reader.read(memory)
    assert pickle.loads(memory.payloads["lengths"])[2].keys() == {"b"}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"no pickle",
        pickle.dumps(None),
        pickle.dumps(("facts 0", "", {})),
        pickle.dumps(("facts 1", "", {"a": os.getcwd})),
        pickle.dumps(("facts 1", "", {"a": Path("/")})),
    ],
    ids=["empty", "no pickle", "nothing", "another shape", "a function", "a foreign class"],
)
def test_what_is_no_fact_counts_as_absent(payload: bytes) -> None:
    memory, reader = Kept(), Reader({"a": "1"})
    memory.payloads["lengths"] = payload
    assert reader.read(memory) == [1]
    assert reader.worked_on == ["a"]


class Called:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (os.environ["TRUEUP_NEVER_MADE"],)


def test_a_payload_that_would_call_something_calls_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUEUP_NEVER_MADE", str(tmp_path / "made"))
    memory, reader = Kept(), Reader({"a": "1"})
    memory.payloads["lengths"] = pickle.dumps(("facts 1", "", {"a": Called()}))
    assert reader.read(memory) == [1]
    assert not (tmp_path / "made").exists()


def _queries(root: Path, memory: Kept | None = None) -> Queries:
    opened = open_target(str(root), Options())
    project = opened.project
    eloquent, schema = read_eloquent(project)[0], replay(project, "mysql").schema
    return read_queries(project, eloquent, schema, memory=memory)


TABLES = (
    "<?php\nnamespace App;\nuse Illuminate\\Support\\Facades\\DB;\n"
    "class Tables { public function main() { return DB::table('orders'); } }\n"
)
ASKS = (
    "<?php\nnamespace App;\n"
    "class Asks { public function all(Tables $tables) { return $tables->main()->where('a', 1)->get(); } }\n"
)


def test_code_that_was_followed_counts_as_read(tmp_path: Path) -> None:
    """The file that asks is not changed, only the one that it follows."""
    write_project(tmp_path)
    (tmp_path / "app/Tables.php").write_text(TABLES)
    (tmp_path / "app/Asks.php").write_text(ASKS)
    memory = Kept()
    before = _queries(tmp_path, memory)
    (tmp_path / "app/Tables.php").write_text(TABLES.replace("'orders'", "'others'"))
    after = _queries(tmp_path, memory)
    asked = [{s.table for s in q.sites if s.at.file == "app/Asks.php"} for q in (before, after)]
    assert asked == [{"orders"}, {"others"}]
    assert after == _queries(tmp_path)


def test_trees_that_are_let_go_of_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path)
    kept = _queries(tmp_path)
    monkeypatch.setattr(classes, "MOST_BYTES", 1)
    assert kept.sites
    assert _queries(tmp_path) == kept
