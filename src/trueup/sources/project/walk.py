"""The files of a project that count: PHP sources and Markdown documents, without what others wrote or generated."""

from __future__ import annotations

import os
from itertools import islice

from trueup.model.locations import Gap, Location
from trueup.sources.project.ignore import IgnoreFile, is_ignored, read_ignore_file
from trueup.structs import Struct, field

MAX_PHP_BYTES = 2_000_000
"""Larger PHP files are gaps: written code is never that long, and generated tables of data hold no schema."""

MAX_DOCUMENT_BYTES = 5_000_000

MAX_ENTRIES = 500_000
"""A tree with more entries than this is not walked to its end; that is a gap too."""

PRUNED_NAMES = frozenset(
    {
        "vendor",
        "node_modules",
        "bower_components",
        ".git",
        ".hg",
        ".svn",
        ".idea",
        ".vscode",
        "__pycache__",
        ".venv",
    }
)
"""Folders of other people's code, of version control and of tools, at any depth."""

PRUNED_PATHS = frozenset({"storage/framework", "bootstrap/cache"})
"""Folders that the framework fills with generated PHP."""


class Walk(Struct):
    """All paths relative to the root with POSIX slashes, sorted. `folders` are all that were walked, `stubs` the `*.php.stub` in
    folders of migrations, `views` Blade templates, `scripts` SQL files."""

    php: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    stubs: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    entries: int = 0


def walk(root: str) -> Walk:
    """Walks `root` (absolute) once. What can't be read, is too large or leads out of the project is a gap."""
    found = Walk()
    pending: list[tuple[str, tuple[IgnoreFile, ...]]] = [("", ())]
    while pending:
        folder, ignores = pending.pop()
        if found.entries > MAX_ENTRIES:
            reason = f"more than {MAX_ENTRIES} files and folders: the rest of the project was not read"
            found.gaps.append(Gap(Location(folder), reason, "limit"))
            break
        pending.extend(_walk_folder(root, folder, ignores, found))
    for names in (found.php, found.views, found.scripts, found.documents, found.folders, found.stubs):
        names.sort()
    found.gaps.sort()
    return found


def _walk_folder(
    root: str, folder: str, ignores: tuple[IgnoreFile, ...], found: Walk
) -> list[tuple[str, tuple[IgnoreFile, ...]]]:
    """Takes in one folder; answers the folders inside that are to be walked."""
    try:
        with os.scandir(os.path.join(root, folder)) as scan:
            entries = list(islice(scan, MAX_ENTRIES))
    except OSError as problem:
        found.gaps.append(
            Gap(Location(folder), f"folder can't be read: {problem.strerror}", "unreadable-folder")
        )
        return []
    found.entries += len(entries)
    found.folders.append(folder)
    if any(entry.name == ".gitignore" for entry in entries):
        ignores = _with_ignore_file(root, folder, ignores)
    inner: list[tuple[str, tuple[IgnoreFile, ...]]] = []
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if _is_folder_to_walk(root, entry, path, ignores, found):
            inner.append((path, ignores))
    return inner


def _with_ignore_file(root: str, folder: str, ignores: tuple[IgnoreFile, ...]) -> tuple[IgnoreFile, ...]:
    try:
        with open(os.path.join(root, folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            read = read_ignore_file(folder, file.read(1_000_000).splitlines())
    except OSError:
        return ignores
    return (*ignores, read) if read else ignores


def _is_folder_to_walk(
    root: str, entry: os.DirEntry[str], path: str, ignores: tuple[IgnoreFile, ...], found: Walk
) -> bool:
    """Takes in one entry where it is a file; answers whether it is a folder to go into."""
    if entry.is_symlink():
        _note_symlink(root, entry, path, ignores, found)
        return False
    if entry.is_dir(follow_symlinks=False):
        pruned = entry.name in PRUNED_NAMES or path in PRUNED_PATHS
        return not pruned and not is_ignored(ignores, path, is_folder=True)
    kind = _kind(entry.name)
    if kind and entry.is_file(follow_symlinks=False) and not is_ignored(ignores, path, is_folder=False):
        _take_file(entry, path, kind, found)
    return False


def _kind(name: str) -> str:
    lowered = name.lower()
    if lowered.endswith(".php.stub"):
        return "stub"
    if lowered.endswith(".php"):
        generated = lowered.startswith(
            ("_ide_helper", ".phpstorm.meta")
        )  # for editors: no code of the project
        if lowered.endswith(".blade.php"):
            return "view"
        return "" if generated else "php"
    if lowered.endswith(".sql"):
        return "script"
    return "document" if lowered.endswith((".md", ".markdown")) else ""


def _take_file(entry: os.DirEntry[str], path: str, kind: str, found: Walk) -> None:
    if kind == "stub":
        if "/migrations/" in f"/{path.lower()}":
            found.stubs.append(path)
        return
    limit = MAX_DOCUMENT_BYTES if kind == "document" else MAX_PHP_BYTES
    try:
        size = entry.stat(follow_symlinks=False).st_size
        path.encode()
    except (OSError, UnicodeEncodeError) as problem:
        shown = path.encode(errors="replace").decode()
        found.gaps.append(Gap(Location(shown), f"file can't be read: {problem}", "unreadable-file"))
        return
    if size > limit and kind != "script":  # dumps may be large: only comments are looked for in them
        reason = f"file of {size:,} bytes is over the limit of {limit:,} and was not read"
        found.gaps.append(Gap(Location(path), reason, "limit"))
        return
    of_kind = {"php": found.php, "view": found.views, "document": found.documents, "script": found.scripts}
    of_kind[kind].append(path)


def _note_symlink(
    root: str, entry: os.DirEntry[str], path: str, ignores: tuple[IgnoreFile, ...], found: Walk
) -> None:
    """A symbolic link is never followed: what it names inside the project is read in its own place; one that leads out, and
    could name code or documents, is a gap."""
    if entry.name in PRUNED_NAMES:
        return
    target = os.path.realpath(os.path.join(root, path))
    inside = target == root or target.startswith(root.rstrip(os.sep) + os.sep)
    is_folder = os.path.isdir(target)
    if (
        inside
        or not (is_folder or _kind(entry.name) not in ("", "script"))
        or is_ignored(ignores, path, is_folder)
    ):
        return
    found.gaps.append(
        Gap(Location(path), "symbolic link leads out of the project and was not followed", "symlink")
    )
