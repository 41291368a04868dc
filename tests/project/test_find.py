"""From a target to its project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.trees import make
from trueup.errors import TargetError
from trueup.sources.project import find_project, find_root


def test_a_folder_inside_and_a_ticket_belong_to_the_nearest_project(tmp_path: Path) -> None:
    make(tmp_path, {})
    inner = make(tmp_path / "packages" / "inner", {"docs/ticket.md": "# T", "src/A.php": "<?php"})
    assert find_root(str(inner / "src")) == str(inner)
    assert find_project(str(inner / "docs" / "ticket.md")).root == str(inner)
    assert find_root(str(tmp_path / "packages")) == str(tmp_path)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere", "{root}/nowhere: no such file or folder"),
        ("dcos", "{root}/dcos: no such file or folder (did you mean {root}/docs?)"),
        ("dcos/a.md", "{root}/dcos/a.md: no such file or folder (did you mean {root}/docs?)"),
        (
            "docs",
            "{root}/docs: no project here: no composer.json in this folder or above it (there is one in backend)",
        ),
        ("docs/a.md", "{root}/docs/a.md: no project here: no composer.json in this folder or above it"),
    ],
)
def test_targets_without_a_project(target: str, message: str, tmp_path: Path) -> None:
    make(tmp_path / "docs" / "backend", {})
    (tmp_path / "docs" / "a.md").write_text("# A")
    with pytest.raises(TargetError) as caught:
        find_root(str(tmp_path / target))
    assert str(caught.value) == message.format(root=tmp_path)
