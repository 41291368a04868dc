"""Files are written all or none, over nothing, and nowhere else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.remedies.conftest import Case
from tests.support.remedying import migrations_of
from trueup.errors import UserError
from trueup.pipeline.writing import write_new_files

FILES = {"database/migrations/one.php": "<?php // one\n", "database/migrations/two.php": "<?php // two\n"}


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_all_are_written_in_folders_that_are_made(tmp_path: Path) -> None:
    assert write_new_files(str(tmp_path), FILES, "--write") == tuple(FILES)
    assert {p: (tmp_path / p).read_text() for p in FILES} == FILES
    assert tree(tmp_path) == ["database", "database/migrations", *FILES]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"../out.php": "x"}, "--write: '../out.php' is outside the folder"),
        ({"a/../../out.php": "x"}, "--write: 'a/../../out.php' is outside the folder"),
        ({"/etc/out.php": "x"}, "--write: '/etc/out.php' is outside the folder"),
        (
            {"there.php": "x", "new.php": "y"},
            "--write: 'there.php' is there already, and nothing is overwritten",
        ),
        ({"link/new.php": "x"}, "--write: 'link/new.php' leads out of the folder by a symbolic link"),
        ({"dangling.php": "x"}, "--write: 'dangling.php' is there already, and nothing is overwritten"),
    ],
)
def test_what_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "there.php").write_text("mine")
    (project / "link").symlink_to(outside)
    (project / "dangling.php").symlink_to(outside / "nothing.php")
    before = tree(tmp_path)
    with pytest.raises(UserError) as caught:
        write_new_files(str(project), files, "--write")
    assert str(caught.value) == message
    assert tree(tmp_path) == before
    assert (project / "there.php").read_text() == "mine"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.fail("mounting a small file system needs root, as in CI")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True, timeout=30)
    yield folder
    subprocess.run(["umount", folder], check=True, timeout=30)


def test_a_full_disk_leaves_nothing_behind(small: Path) -> None:
    files = {**FILES, "database/migrations/three.php": "x" * 200_000}
    with pytest.raises(UserError) as caught:
        write_new_files(str(small), files, "--write")
    assert str(caught.value) == f"--write: nothing was written to '{small}': No space left on device"
    assert tree(small) == []


def test_a_read_only_folder_is_told(small: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small], check=True, timeout=30)
    with pytest.raises(UserError) as caught:
        write_new_files(str(small), FILES, "--write")
    assert str(caught.value) == f"--write: nothing was written to '{small}': Read-only file system"


def test_the_names_of_new_migrations_are_new_and_in_order(case: Case) -> None:
    names = [f.path for f in migrations_of(case.made)]
    assert names == sorted(set(names))
    newest = max(m.name for m in case.made.audit.facts.migrations)
    assert all(name.rsplit("/", 1)[1] > newest for name in names)
