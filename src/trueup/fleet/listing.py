"""Which repositories a fleet has: those below a folder, or those that a list names."""

from __future__ import annotations

import json
import os

from trueup.errors import Mistake, TargetError
from trueup.model.fleet import Repository
from trueup.sources.project.walk import PRUNED_NAMES

SKELETONS = frozenset(
    {"laravel/laravel", "laravel/lumen", "laravel/livewire-starter-kit", "laravel/react-starter-kit"}
)
"""Names that an application keeps of what it was begun from: they tell nothing of its owner."""

_MAX_MANIFEST = 5_000_000


def find_repositories(target: str) -> tuple[Repository, ...]:
    """The repositories of `target`, sorted by path, each once: a folder with repositories one or two levels down, or a text file
    with one path a line (relative to the file; `#` begins a comment). What a list names need not be there: that is told later.

    Raises TargetError where there is no such file or folder, or no repository in it."""
    if os.path.isdir(target):
        found = _in_folder(os.path.realpath(target))
    elif os.path.isfile(target):
        found = _in_list(target)
    else:
        raise TargetError(Mistake(target, "no such file or folder"))
    if not found:
        raise TargetError(
            Mistake(target, "no repositories here", "folders with composer.json, or a list of them")
        )
    return tuple(found[path] for path in sorted(found))


def _in_folder(root: str) -> dict[str, Repository]:
    """Folders of owners hold folders of repositories; a symbolic link is not followed."""
    found: dict[str, Repository] = {}
    for folder in _folders(root):
        if _is_repository(folder):
            found[folder] = repository(folder)
            continue
        for inner in _folders(folder):
            if _is_repository(inner):
                found[inner] = repository(inner, owner=os.path.basename(folder))
    if not found and _is_repository(root):
        found[root] = repository(root)
    return found


def _in_list(target: str) -> dict[str, Repository]:
    base = os.path.dirname(os.path.abspath(target))
    try:
        with open(target, encoding="utf-8-sig", errors="surrogateescape") as file:
            lines = [line.split(" #")[0].strip() for line in file]
    except OSError as problem:
        raise TargetError(Mistake(target, f"can't be read: {problem.strerror}")) from problem
    paths = [
        os.path.realpath(os.path.join(base, line)) for line in lines if line and not line.startswith("#")
    ]
    return {path: repository(path) for path in paths}


def _is_repository(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "composer.json"))


def _folders(root: str) -> list[str]:
    try:
        with os.scandir(root) as scan:
            return sorted(
                entry.path
                for entry in scan
                if entry.is_dir(follow_symlinks=False)
                and entry.name not in PRUNED_NAMES
                and not entry.name.startswith(".")
            )
    except OSError:
        return []


def repository(path: str, owner: str = "") -> Repository:
    """The repository at `path`. Its owner is `owner`, else the vendor in its composer name, else the folder that it lies in."""
    name = _composer_name(path)
    vendor = name.split("/")[0] if "/" in name and name not in SKELETONS else ""
    owner = owner or vendor or os.path.basename(os.path.dirname(path))
    return Repository(path, f"{owner}/{os.path.basename(path)}", owner)


def _composer_name(path: str) -> str:
    """ "vendor/package", or "" where composer.json says none that can be read."""
    try:
        with open(os.path.join(path, "composer.json"), "rb") as file:
            manifest = json.loads(file.read(_MAX_MANIFEST).decode("utf-8-sig", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return ""
    name = manifest.get("name") if isinstance(manifest, dict) else None
    return name.lower() if isinstance(name, str) else ""
