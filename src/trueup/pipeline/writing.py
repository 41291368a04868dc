"""Files, all or none: new ones never over a file that is there, changed ones only in place of what they were made from, and nothing
outside the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from types import MappingProxyType

from trueup.errors import Mistake, UserError
from trueup.interrupts import held_back


def write_new_files(
    folder: str,
    files: Mapping[str, str],
    option: str,
    changed: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Writes `files` (path below `folder` → text), and `changed` ones (path → text before and after); answers the new ones'
    paths. Either all are there afterwards or none is. `option` is what the user asked with, for messages.

    Raises UserError with every path that is outside, taken or can't be written to; then nothing was changed."""
    root = os.path.realpath(folder)
    mistakes = [m for path in files if (m := _mistake(root, path, option)) is not None]
    mistakes += [m for path in changed if (m := _mistake(root, path, option, there=True)) is not None]
    if mistakes:
        raise UserError(*mistakes)
    with held_back():
        _write(root, files, option, changed)
    return tuple(files)


def _write(root: str, files: Mapping[str, str], option: str, changed: Mapping[str, tuple[str, str]]) -> None:
    made: list[str] = []
    replaced: list[tuple[str, str]] = []
    try:
        changing = [(_changed(root, path, text, made), path) for path, text in changed.items()]
        waiting = [(_temporary(root, path, text, made), path) for path, text in files.items()]
        for temporary, path in waiting:
            os.link(temporary, os.path.join(root, path))  # unlike rename, it never replaces
            made.append(os.path.join(root, path))
        for (temporary, kept), path in changing:
            os.replace(temporary, os.path.join(root, path))
            replaced.append((kept, os.path.join(root, path)))
    except OSError as problem:
        for kept, whole in replaced:
            os.replace(kept, whole)
        _take_back(made)
        reason = problem.strerror or str(problem)
        raise UserError(Mistake(option, f"nothing was written to '{root}': {reason}")) from problem
    for temporary in [*(t for t, _ in waiting), *(kept for kept, _ in replaced)]:
        os.unlink(temporary)


def _changed(root: str, path: str, texts: tuple[str, str], made: list[str]) -> tuple[str, str]:
    """Two files beside a changed one: its new text and its old one, both with its permissions. Raises OSError where it is not what
    it was any more."""
    whole = os.path.join(root, path)
    with open(whole, encoding="utf-8", newline="") as file:
        if file.read() != texts[0]:
            raise OSError(0, f"'{path}' has changed in the meantime")
    mode = os.stat(whole).st_mode & 0o7777
    new, old = _temporary(root, path, texts[1], made), _temporary(root, path, texts[0], made)
    os.chmod(new, mode)
    os.chmod(old, mode)
    return new, old


def _mistake(root: str, path: str, option: str, there: bool = False) -> Mistake | None:
    whole = os.path.normpath(os.path.join(root, path))
    if os.path.isabs(path) or not _is_inside(root, whole):
        return Mistake(option, f"'{path}' is outside the folder")
    if not _is_inside(root, os.path.realpath(os.path.dirname(whole))):
        return Mistake(option, f"'{path}' leads out of the folder by a symbolic link")
    if there and (os.path.islink(whole) or not os.path.isfile(whole)):
        return Mistake(option, f"'{path}' is not a file of the project")
    if not there and os.path.lexists(whole):
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
