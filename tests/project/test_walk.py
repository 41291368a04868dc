"""Which files count: ignored and foreign ones do not, and nothing on disk makes the walk fail."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.project.trees import make
from trueup.sources.project.ignore import is_ignored, read_ignore_file
from trueup.sources.project.walk import MAX_PHP_BYTES, walk

PHP = "<?php\n"


def test_foreign_and_generated_code_does_not_count(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "app/A.php": PHP,
            "app/view.blade.php": PHP,
            "vendor/x/B.php": PHP,
            "packages/p/vendor/y/C.php": PHP,
            "node_modules/z/D.php": PHP,
            "storage/framework/views/E.php": PHP,
            "bootstrap/cache/F.php": PHP,
            "docs/SPEC.md": "# Spec",
            "vendor/x/README.md": "# No",
        },
    )
    found = walk(str(root))
    assert (found.php, found.views, found.documents, found.gaps) == (
        ["app/A.php"],
        ["app/view.blade.php"],
        ["docs/SPEC.md"],
        [],
    )


def test_gitignore_of_the_root_and_of_folders(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            ".gitignore": "/build\n*.gen.php\n# a comment\ntmp/\n!keep.gen.php\nlogs/**/old\n",
            "build/A.php": PHP,
            "src/build/B.php": PHP,
            "src/C.gen.php": PHP,
            "src/keep.gen.php": PHP,
            "src/tmp/D.php": PHP,
            "logs/x/old/E.php": PHP,
            "src/inner/.gitignore": "*\n!F.php\n",
            "src/inner/F.php": PHP,
            "src/inner/G.php": PHP,
        },
    )
    assert walk(str(root)).php == ["src/build/B.php", "src/inner/F.php", "src/keep.gen.php"]


PATTERNS = st.lists(
    st.sampled_from(
        [
            "a",
            "/a",
            "a/",
            "*.php",
            "b*",
            "!a.php",
            "a/b",
            "a/*",
            "**/b",
            "a/*.php",
            "*b*",
            "\\a.php",
            "\\!a.php",
            "?/b*",
            "*\\*",
            "*/b",
            "a*.php/",
            "/*b/",
            "?.php",
            "[ab].php",
            "!b/",
            "a/**",
            "*b",
            "*",
            "/*.php",
        ]
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATTERNS)
def test_patterns_mean_what_git_means_by_them(tmp_path: Path, patterns: list[str]) -> None:
    if not (tmp_path / ".git").exists():
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        make(
            tmp_path,
            dict.fromkeys(("a.php", "b.php", "ab/x.php", "a/b/c.php", "b/a.php", "c/b.php", "a/b.php"), PHP),
        )
    (tmp_path / ".gitignore").write_text("\n".join(patterns) + "\n")
    listed = subprocess.run(
        ["git", "-C", str(tmp_path), "ls-files", "--others", "--exclude-standard", "*.php"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert walk(str(tmp_path)).php == sorted(listed.stdout.split())


@given(st.text(max_size=30), st.text(min_size=1, max_size=10))
def test_any_line_of_a_gitignore_can_be_read(line: str, path: str) -> None:
    read = read_ignore_file("", [line])
    assert is_ignored((read,) if read else (), path, is_folder=False) in (True, False)


def test_links_out_of_the_project_are_gaps_and_loops_end(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", {"Secret.php": PHP})
    root = make(tmp_path / "project", {"src/A.php": PHP})
    (root / "src" / "loop").symlink_to(root)
    (root / "inside").symlink_to(root / "src")
    (root / "away").symlink_to(outside)
    (root / "one.php").symlink_to(outside / "Secret.php")
    (root / "nowhere.txt").symlink_to(root / "none")
    found = walk(str(root))
    assert found.php == ["src/A.php"]
    assert [(str(g.at), g.kind) for g in found.gaps] == [("away", "symlink"), ("one.php", "symlink")]


def test_a_file_over_the_limit_is_a_gap(tmp_path: Path) -> None:
    root = make(tmp_path, {"big.php": PHP})
    os.truncate(root / "big.php", 300_000_000)
    found = walk(str(root))
    assert found.php == []
    reason = f"file of 300,000,000 bytes is over the limit of {MAX_PHP_BYTES:,} and was not read"
    assert [(str(g.at), g.reason, g.kind) for g in found.gaps] == [("big.php", reason, "limit")]


def test_a_name_that_is_no_utf8_is_a_gap(tmp_path: Path) -> None:
    root = make(tmp_path, {"a.php": PHP})
    with open(os.fsencode(root) + b"/caf\xe9.php", "wb") as file:
        file.write(PHP.encode())
    found = walk(str(root))
    assert (found.php, [g.kind for g in found.gaps]) == (["a.php"], ["unreadable-file"])


def test_a_folder_that_cannot_be_read_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path, {"locked/A.php": PHP, "B.php": PHP})
    scandir = os.scandir

    def refusing(path: str) -> os._ScandirIterator[str]:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = walk(str(root))
    assert found.php == ["B.php"]
    assert [(str(g.at), g.reason) for g in found.gaps] == [
        ("locked", "folder can't be read: Permission denied")
    ]
