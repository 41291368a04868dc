"""Where `--output` writes: a file whole or not at all, a device as it is."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from trueup.cli.running import deliver
from trueup.errors import UserError


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    file.write_text("before")
    deliver("after ✓", str(file))
    assert file.read_text(encoding="utf-8") == "after ✓"
    assert os.listdir(tmp_path) == ["report.md"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("report.md")
    deliver("text", str(tmp_path / "link"))
    assert os.readlink(tmp_path / "link") == "report.md"
    assert (tmp_path / "report.md").read_text() == "text"


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    deliver("text", str(pipe))
    reader.join(30)
    assert read == ["text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    """A link to the device stands for it: should this fail, the link is what is lost."""
    (tmp_path / "null").symlink_to("/dev/fd/1")
    deliver("", str(tmp_path / "null"))
    assert (tmp_path / "null").is_symlink()


@pytest.mark.parametrize("name", ["folder", "missing/report.md"])
def test_what_cannot_be_written_is_the_users_mistake(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="can't write to"):
        deliver("text", str(tmp_path / name))
    assert os.listdir(tmp_path) == ["folder"]
