"""Writing: everything or nothing, only where the ticket says, and never out of the project."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.errors import UserError
from trueup.model.tickets import Change
from trueup.tickets.writing import write_changes


def create(path: str, text: str = "new\n") -> Change:
    return Change("create", path, None, text)


def files(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in sorted(root.rglob("*")) if p.is_file()}


def test_all_kinds_of_changes_at_once(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/a.md").write_text("old\n")
    (tmp_path / "t/a.md").chmod(0o640)
    (tmp_path / "t/b.md").write_text("goes\n")
    changes = [
        Change("update", "t/a.md", "old\n", "newer\n"),
        Change("withdraw", "t/b.md", "goes\n", None),
        create("t/deep/c.md"),
    ]
    write_changes(str(tmp_path), changes, ["t", "t/deep"])
    assert files(tmp_path) == {"t/a.md": "newer\n", "t/deep/c.md": "new\n"}
    assert (tmp_path / "t/a.md").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../../etc/x.md", "is not inside the project"),
        ("t/../../x.md", "is not inside the project"),
        ("/tmp/x.md", "is not inside the project"),
        ("t/../other/x.md", "is not in a folder that the audit ticket names"),
        ("other/x.md", "is not in a folder that the audit ticket names"),
        ("out/x.md", "is not inside the project"),
        ("t/link.md", "is not inside the project"),
        ("t/inside.md", "is a symbolic link"),
    ],
)
def test_only_where_the_ticket_says(tmp_path: Path, path: str, problem: str) -> None:
    project = tmp_path / "project"
    (project / "t").mkdir(parents=True)
    (project / "other").mkdir()
    (project / "out").symlink_to(tmp_path)
    (project / "t/link.md").symlink_to(tmp_path / "elsewhere.md")
    (project / "t/inside.md").symlink_to(project / "other/y.md")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError) as refused:
        write_changes(str(project), [create("t/fine.md"), create(path)], ["t", "out"])
    assert str(refused.value) == f"{path}: {problem} (nothing was changed)"
    assert sorted(tmp_path.rglob("*")) == before


def test_what_changed_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("somebody was faster\n")
    with pytest.raises(UserError, match="has changed in the meantime"):
        write_changes(str(tmp_path), [create("b.md"), Change("update", "a.md", "old\n", "new\n")], [""])
    with pytest.raises(UserError, match="has changed in the meantime"):
        write_changes(str(tmp_path), [create("b.md"), create("a.md")], [""])
    assert files(tmp_path) == {"a.md": "somebody was faster\n"}


@pytest.mark.parametrize("step", range(3))
def test_a_failure_while_putting_in_place_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = {}
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(f"old {name}\n")
        before[f"{name}.md"] = f"old {name}\n"
    changes = [
        create("new/x.md"),
        *(Change("update", f"{name}.md", f"old {name}\n", f"new {name}\n") for name in ("a", "b")),
        Change("withdraw", "c.md", "old c\n", None),
    ]
    true_replace, calls = os.replace, []

    def failing(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == step + 1:
            raise OSError(errno.EIO, "Input/output error")
        true_replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    if step < 2:
        with pytest.raises(UserError, match="can't be written: Input/output error"):
            write_changes(str(tmp_path), changes, ["", "new"])
        assert files(tmp_path) == before
        assert not (tmp_path / "new").exists()
    else:
        write_changes(str(tmp_path), changes, ["", "new"])
        assert files(tmp_path) == {"a.md": "new a\n", "b.md": "new b\n", "new/x.md": "new\n"}


@contextlib.contextmanager
def small_disk(folder: Path, options: str) -> Iterator[bool]:
    """A file system of 64 KB at the folder, where this process may mount one; else nothing, and False."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size=64k,{options}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real full disk where one can be mounted, else with the error that it gives."""
    (tmp_path / "t").mkdir()
    with small_disk(tmp_path / "t", "mode=755") as mounted:
        (tmp_path / "t/old.md").write_text("old\n")
        if not mounted:
            monkeypatch.setattr(os, "fsync", _full)
        changes = [
            Change("update", "t/old.md", "old\n", "newer\n"),
            *(create(f"t/{number}.md", "x" * 10_000) for number in range(20)),
        ]
        with pytest.raises(UserError) as refused:
            write_changes(str(tmp_path), changes, ["t"])
        assert str(refused.value).endswith("can't be written: No space left on device (nothing was changed)")
        assert files(tmp_path) == {"t/old.md": "old\n"}


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    """Read-only by mount where that can be done (root may write where modes forbid it), else by its mode."""
    (tmp_path / "t").mkdir()
    with small_disk(tmp_path / "t", "ro") as mounted:
        if not mounted:
            (tmp_path / "t").chmod(0o500)
        with pytest.raises(UserError) as refused:
            write_changes(str(tmp_path), [create("u/fine.md"), create("t/a.md")], ["t", "u"])
        reason = "Read-only file system" if mounted else "Permission denied"
        assert str(refused.value) == f"t/a.md: can't be written: {reason} (nothing was changed)"
        assert files(tmp_path) == {}
        assert not (tmp_path / "u").exists()
        if not mounted:
            (tmp_path / "t").chmod(0o700)
