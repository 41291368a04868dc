"""The state of a folder and of single files: enough of it to tell whether anything that Trueup reads has changed.

Files are compared by content. A file whose size, times and inode are what they were is taken to be unchanged, as git does, unless
it was changed so shortly before the state was taken that its times could not tell (git's "racy" entries); then its content
decides."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from hashlib import blake2b

PRUNED = frozenset({"vendor", "node_modules", ".git", ".svn", ".hg", ".idea", "__pycache__"})
"""Folders that no reader looks into: what changes in them changes nothing."""

NAMES_ONLY = frozenset({
    "js", "mjs", "cjs", "ts", "tsx", "jsx", "vue", "svelte", "css", "scss", "sass", "less", "styl", "map", "woff", "woff2", "ttf",
    "eot", "otf", "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "bmp", "mp3", "mp4", "ogg", "wav", "webm", "pdf",
    "zip", "gz", "tgz", "bz2", "xz", "7z", "log", "po", "mo",
})  # fmt: skip
"""Endings of files that no reader opens: that they are there may matter, what is in them does not."""

MAX_ENTRIES = 200_000
_RACY = 2_000_000_000
"""Nanoseconds: file systems exist that keep times by two seconds."""

Stamp = tuple[int, int, int, int, str]
"""Size, modification time, change time (ns), inode, digest of the content ("" for what has none)."""
State = dict[str, Stamp]
"""By path: relative to the folder, or absolute for single files. A folder's has a trailing slash."""


def leads_into_pruned(path: str) -> bool:
    """Whether a path leads to where the state of a folder says nothing."""
    return not PRUNED.isdisjoint(path.split("/"))


def changed_since(state: State, taken: int) -> bool:
    """Whether the times of a file do not rule out that it was changed after the time `taken` (ns)."""
    return any(max(stamp[1], stamp[2]) >= taken for stamp in state.values())


def file_states(files: Iterable[str]) -> State:
    """The states of single files, given by absolute paths, without contents. That there is none is a state too."""
    return {file: _single(file) for file in files}


def folder_state(root: str, files: Iterable[str] = ()) -> State | None:
    """The state of everything below `root` and of the single `files` (absolute), without contents. None where it is too large or
    can't be read."""
    found: State = {}
    try:
        for path, entry in _entries(root):
            found[path] = _stamp(entry.path, entry.stat(follow_symlinks=False), path)
            if len(found) > MAX_ENTRIES:
                return None
        found.update(file_states(files))
    except OSError:
        return None
    return found


def with_contents(root: str, before: State) -> State | None:
    """The state with the digests of contents. None where a file can't be read or is no longer what it was in `before`: what was
    read of it in the meantime is then of no known state."""
    full: State = {}
    for path, stamp in before.items():
        if stamp[4] != _UNREAD:
            full[path] = stamp
            continue
        digest = _content(os.path.join(root, path))
        if digest is None:
            return None
        full[path] = (*stamp[:4], digest)
    again = folder_state(root, [path for path in before if os.path.isabs(path)])
    return full if again == before else None


def is_unchanged(root: str, kept: State, taken: int) -> bool:
    """Whether everything is as in `kept`, a state with contents that was taken at the time `taken` (ns)."""
    now = folder_state(root, [path for path in kept if os.path.isabs(path)])
    if now is None or now.keys() != kept.keys():
        return False
    return all(_same(root, path, stamp, kept[path], taken) for path, stamp in now.items())


def _same(root: str, path: str, now: Stamp, kept: Stamp, taken: int) -> bool:
    if now[:4] == kept[:4] and max(now[1], now[2]) < taken - _RACY:
        return now[4] == kept[4] or now[4] == _UNREAD
    if now[4] != _UNREAD:
        return now[4] == kept[4]
    return now[0] == kept[0] and _content(os.path.join(root, path)) == kept[4]


# One by one.

_UNREAD = "?"
"""Stands for the content of a file that was not yet read."""


def _entries(root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    pending = [""]
    while pending:
        folder = pending.pop()
        with os.scandir(os.path.join(root, folder)) as scan:
            for entry in scan:
                path = folder + entry.name
                if not entry.is_dir(follow_symlinks=False):
                    yield path, entry
                    continue
                yield path + "/", entry
                if entry.name not in PRUNED:
                    pending.append(path + "/")


def _stamp(full: str, found: os.stat_result, path: str) -> Stamp:
    """Of a folder and of a file whose content does not matter only that it is there; of a symbolic link where it leads."""
    if stat.S_ISDIR(found.st_mode):
        return (0, 0, 0, 0, _access(full, found))
    if stat.S_ISLNK(found.st_mode):
        return (0, 0, 0, 0, f"link {os.readlink(full)} {_target(full)}")
    if not stat.S_ISREG(found.st_mode):
        return (0, 0, 0, 0, "special")
    if path.rpartition(".")[2].lower() in NAMES_ONLY:
        return (0, 0, 0, 0, "")
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, _UNREAD)


def _access(full: str, found: os.stat_result) -> str:
    """A folder that may not be entered is a gap; who runs Trueup does not change, so that the mode tells."""
    return f"folder {stat.S_IMODE(found.st_mode):o}"


def _target(full: str) -> str:
    """What a link leads to; links are not followed by any reader, but lead to a folder, a file or nothing."""
    try:
        found = os.stat(full)
    except OSError:
        return "nothing"
    return f"{stat.S_IFMT(found.st_mode):o} {found.st_size} {found.st_mtime_ns}"


def _single(file: str) -> Stamp:
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return (0, 0, 0, 0, "absent")
    if stat.S_ISREG(found.st_mode):
        return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, _UNREAD)
    return (0, 0, 0, 0, "no file")


def _content(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return blake2b(file.read(), digest_size=16).hexdigest()
    except OSError:
        return None
