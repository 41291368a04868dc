"""Which repositories a target has, and whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fleet.yard import repository
from trueup.errors import TargetError
from trueup.fleet.listing import find_repositories
from trueup.model.fleet import Repository


def test_owners_are_folders_vendors_or_where_it_lies(tmp_path: Path) -> None:
    root = tmp_path / "code"
    two = repository(root, "acme/shop")
    vendor = {"composer.json": json.dumps({"name": "Spatie/laravel-tags"})}
    one = repository(root, "tags", files=vendor)
    skeleton = repository(root, "mine")
    repository(root, "vendor/other/thing")
    repository(root, ".hidden")
    (root / "link").symlink_to(repository(tmp_path / "elsewhere", "outside"))
    assert find_repositories(str(root)) == (
        Repository(str(two), "acme/shop", "acme"),
        Repository(str(skeleton), "code/mine", "code"),
        Repository(str(one), "spatie/tags", "spatie"),
    )


def test_a_list_is_relative_to_itself_and_names_each_once(tmp_path: Path) -> None:
    shop = repository(tmp_path, "acme/shop")
    (tmp_path / "again").symlink_to(shop)
    listed = tmp_path / "list.txt"
    listed.write_text("\ufeff# ours\nacme/shop # the shop\n\n  again\r\nacme/gone\n")
    assert find_repositories(str(listed)) == (
        Repository(str(tmp_path / "acme/gone"), "acme/gone", "acme"),
        Repository(str(shop), "acme/shop", "acme"),
    )


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("gone", "no such file or folder"),
        ("empty", "no repositories here (folders with composer.json, or a list of them)"),
        ("list.txt", "no repositories here (folders with composer.json, or a list of them)"),
    ],
)
def test_without_repositories(tmp_path: Path, target: str, problem: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.txt").write_text("# nothing\n")
    with pytest.raises(TargetError) as caught:
        find_repositories(str(tmp_path / target))
    assert [str(mistake) for mistake in caught.value.mistakes] == [f"{tmp_path / target}: {problem}"]
