"""New files, all or none: never over a file that is there, never outside the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping

from trueup.errors import Mistake, UserError


def write_new_files(folder: str, files: Mapping[str, str], option: str) -> tuple[str, ...]:
    """Writes `files` (path below `folder` → text); answers the paths. Either all are there afterwards or none is. `option` is
    what the user asked with, for messages.

    Raises UserError with every path that is outside, taken or can't be written to; then nothing was changed."""
    root = os.path.realpath(folder)
    mistakes = [m for path in files if (m := _mistake(root, path, option)) is not None]
    if mistakes:
        raise UserError(*mistakes)
    made: list[str] = []
    try:
        waiting = [(_temporary(root, path, text, made), path) for path, text in files.items()]
        for temporary, path in waiting:
            os.link(temporary, os.path.join(root, path))  # unlike rename, it never replaces
            made.append(os.path.join(root, path))
    except OSError as problem:
        _take_back(made)
        reason = problem.strerror or str(problem)
        raise UserError(Mistake(option, f"nothing was written to '{folder}': {reason}")) from problem
    for temporary, _ in waiting:
        os.unlink(temporary)
    return tuple(files)


def _mistake(root: str, path: str, option: str) -> Mistake | None:
    whole = os.path.normpath(os.path.join(root, path))
    if os.path.isabs(path) or not _is_inside(root, whole):
        return Mistake(option, f"'{path}' is outside the folder")
    if not _is_inside(root, os.path.realpath(os.path.dirname(whole))):
        return Mistake(option, f"'{path}' leads out of the folder by a symbolic link")
    if os.path.lexists(whole):
        return Mistake(option, f"'{path}' is there already, and nothing is overwritten")
    return None


def _is_inside(root: str, path: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _temporary(root: str, path: str, text: str, made: list[str]) -> str:
    """A file with the text beside where it is to be; `made` gets what must go again if anything fails."""
    folder = os.path.dirname(os.path.join(root, path))
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        os.mkdir(each)
        made.append(each)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.join(root, path)), prefix=".trueup-")
    made.append(temporary)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _take_back(made: list[str]) -> None:
    for path in reversed(made):
        if os.path.isdir(path):
            os.rmdir(path)
        elif os.path.lexists(path):
            os.unlink(path)
