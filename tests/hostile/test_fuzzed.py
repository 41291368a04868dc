"""What benchmarks/fuzz.py has found: each was a crash, or took too long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.hostile.guard import hung
from tests.project.trees import make
from trueup.config import Options, read_settings
from trueup.errors import ConfigError
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.pipeline.baseline import read_baseline
from trueup.sources.laravel.classes import Classes
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.project import read_project
from trueup.sources.project.composer import read_composer
from trueup.sources.sql.reader.tokens import tokenize

LONG = "1" * 5000
DEEP = "[" * 100_000


def test_a_class_name_that_is_no_utf8(tmp_path: Path) -> None:
    """fuzz 7:model:173: the name was looked for in other files as bytes."""
    source = (
        b"<?php\nnamespace App\\Models;\nclass Web\xa2ok extends \\Illuminate\\Database\\Eloquent\\Model {}\n"
    )
    eloquent, gaps = read_eloquent(read_project(str(make(tmp_path, {"app/Models/Web.php": source}))))
    assert [model.short for model in eloquent.models] == ["Web\udca2ok"]
    assert gaps == ()


@pytest.mark.parametrize("parents", ["A", "B"])
def test_a_class_that_is_its_own_heir(tmp_path: Path, parents: str) -> None:
    """fuzz 21:model:596: the heirs of a class that extends itself, or its heir, were looked for without end."""
    other = "class B extends A {}" if parents == "B" else ""
    source = f"<?php\nnamespace App;\nclass A extends {parents} {{}}\n{other}\n"
    classes = Classes(read_project(str(make(tmp_path, {"app/A.php": source}))))
    assert classes.heirs("App\\A") == (["App\\A"] if parents == "A" else ["App\\A", "App\\B"])


@pytest.mark.parametrize("driver", ["mysql", "pgsql", "sqlite"])
def test_a_number_of_many_digits_is_one_token(driver: Driver) -> None:
    """fuzz 21:sql:541: each way to end the number before a letter was tried."""
    assert len(tokenize(LONG + ".5e1x", driver)) <= 3
    assert hung([("number", lambda: tokenize("1" * 200_000 + ".5e1x", driver))]) == ""


def test_many_unknown_settings_are_counted(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text("".join(f"key{n} = 1\n" for n in range(20_000)))
    _, mistakes = read_settings(str(tmp_path), Options(), ())
    assert len(mistakes) == 51
    assert mistakes[-1].problem == "there are 19,950 more settings that Trueup does not know"


def test_settings_longer_than_a_million_characters_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text("# " + "a" * 1_000_000)
    _, mistakes = read_settings(str(tmp_path), Options(), ())
    assert [(m.where, m.problem) for m in mistakes] == [
        ("trueup.toml", "is longer than 1,000,000 characters")
    ]


def test_a_finding_about_a_name_that_is_no_utf8_has_an_id() -> None:
    whole = Finding("TBL001", "error", "table", "message", table="caf\udce9")
    assert len(whole.id) == 16
    assert whole.id != Finding("TBL001", "error", "table", "message", table="caf").id


@pytest.mark.parametrize(("text", "reason"), [(LONG, "a number is too long"), (DEEP, "nested too deeply")])
def test_composer_files_that_json_refuses(tmp_path: Path, text: str, reason: str) -> None:
    """fuzz 7:composer:353."""
    (tmp_path / "composer.json").write_text('{"a": ' + text)
    (tmp_path / "composer.lock").write_text(text)
    gaps = read_composer(str(tmp_path)).gaps
    assert (gaps[-1].at.file, gaps[-1].reason) == ("composer.lock", f"no valid JSON: {reason}")


@pytest.mark.parametrize("name", ["composer.json", "composer.lock"])
def test_a_version_of_5000_digits_is_none(tmp_path: Path, name: str) -> None:
    """fuzz 7:composer, composer.py:164."""
    text = '{"require": {"laravel/framework": "^%s"}, "packages": [{"name": "laravel/framework", "version": "%s"}]}'
    (tmp_path / name).write_text(text % (LONG, LONG))
    read = read_composer(str(tmp_path))
    assert (read.framework_version, read.framework_from) == ("", "assumed")


@pytest.mark.parametrize("text", [f"fail_on = {LONG}", f"fail_on = {DEEP}"])
def test_settings_that_toml_refuses(tmp_path: Path, text: str) -> None:
    """fuzz 7:config:1689."""
    (tmp_path / "trueup.toml").write_text(text)
    _, mistakes = read_settings(str(tmp_path), Options(), ())
    assert [(m.where, m.problem.split(":")[0]) for m in mistakes] == [("trueup.toml", "is no valid TOML")]


@pytest.mark.parametrize(
    "text", ['{"findings": ' + DEEP, '{"findings": ' + LONG + "}", "format = " + LONG, "format = " + DEEP]
)
def test_baselines_that_can_not_be_read(tmp_path: Path, text: str) -> None:
    """fuzz 7:baseline:6112."""
    path = tmp_path / "baseline"
    path.write_text(text)
    limit = sys.getrecursionlimit()
    with pytest.raises(ConfigError):
        read_baseline(str(path))
    assert sys.getrecursionlimit() == limit
