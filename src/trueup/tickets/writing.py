"""The only code that writes tickets: all changes or none, and only inside the folders that the audit ticket names.

Everything is first written beside its place and flushed to disk, where a full disk or a folder that can't be written to is met
before any ticket has changed. Then the files are put in place one by one; should that fail in the middle, those that are in place
already go back to what they were, from links that were made beforehand and need no space."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator, Sequence

from trueup.errors import Mistake, UserError
from trueup.interrupts import held_back
from trueup.model.tickets import Change
from trueup.structs import Struct, field

PREFIX = ".trueup-"


def write_changes(
    root: str, changes: Sequence[Change], folders: Collection[str], files: Collection[str] = ()
) -> None:
    """Carries out the changes, whole or not at all. `folders` and `files`, relative to the root, are the places that may be written
    to.

    Raises UserError, with nothing changed, where a place is not among these or leads out of the project, where a file is not what
    it was when the changes were worked out, or where the system refuses."""
    mistakes = [m for change in changes for m in _misplaced(root, change, folders, files)]
    if mistakes:
        raise UserError(*mistakes)
    with held_back():
        _carry_out(root, changes)


def _carry_out(root: str, changes: Sequence[Change]) -> None:
    batch = _Batch(root)
    current = ""
    try:
        for change in changes:
            current = change.path
            _refuse_changed(root, change)
            batch.stage(change)
        for change in changes:
            current = change.path
            batch.place(change)
    except OSError as problem:
        batch.undo()
        raise UserError(
            Mistake(current, f"can't be written: {problem.strerror or problem}", "nothing was changed")
        ) from problem
    except BaseException:
        batch.undo()
        raise
    batch.finish()


def _misplaced(
    root: str, change: Change, folders: Collection[str], files: Collection[str]
) -> Iterator[Mistake]:
    base = os.path.realpath(root)
    folder = os.path.dirname(change.path)
    full = os.path.realpath(os.path.join(base, change.path))
    named = change.path in files or os.path.normpath(folder) in {os.path.normpath(f) for f in folders}
    if os.path.isabs(change.path) or not full.startswith(base.rstrip(os.sep) + os.sep):
        yield Mistake(change.path, "is not inside the project", "nothing was changed")
    elif not named or ".." in change.path.split("/"):
        yield Mistake(change.path, "is not in a folder that the audit ticket names", "nothing was changed")
    elif os.path.islink(os.path.join(base, change.path)):
        yield Mistake(change.path, "is a symbolic link", "nothing was changed")


def _refuse_changed(root: str, change: Change) -> None:
    path = os.path.join(root, change.path)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            now: str | None = file.read()
    except FileNotFoundError:
        now = None
    except UnicodeDecodeError:
        now = ""
    if now != change.before:
        raise UserError(
            Mistake(change.path, "has changed in the meantime", "nothing was changed; run it again")
        )


class _Batch(Struct):
    """Files on their way: `staged` waits beside its place, `saved` is a link to what was there."""

    root: str
    staged: dict[str, str] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)
    placed: list[Change] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    def stage(self, change: Change) -> None:
        path = os.path.join(self.root, change.path)
        self._make_folder(os.path.dirname(path))
        if change.before is not None:
            if not os.access(path, os.W_OK):
                raise PermissionError(13, "Permission denied", path)
            backup = tempfile.mktemp(prefix=PREFIX, dir=os.path.dirname(path))
            self.saved[change.path] = backup
            os.link(path, backup)
        if change.after is not None:
            self.staged[change.path] = temporary = tempfile.mktemp(prefix=PREFIX, dir=os.path.dirname(path))
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(change.after)
                file.flush()
                os.fsync(file.fileno())
            if change.before is not None:
                os.chmod(temporary, os.stat(path).st_mode & 0o777)

    def _make_folder(self, folder: str) -> None:
        missing: list[str] = []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for path in reversed(missing):
            os.mkdir(path)
            self.made.append(path)

    def place(self, change: Change) -> None:
        path = os.path.join(self.root, change.path)
        self.placed.append(change)
        if change.after is None:
            os.unlink(path)
        elif change.before is None:
            os.link(
                self.staged[change.path], path
            )  # unlike a rename it refuses to replace what came in between
            os.unlink(self.staged.pop(change.path))
        else:
            os.replace(self.staged[change.path], path)
            del self.staged[change.path]

    def undo(self) -> None:
        for change in reversed(self.placed):
            path = os.path.join(self.root, change.path)
            if change.path in self.saved:
                os.replace(self.saved[change.path], path)  # does nothing where both are the same file
            elif change.before is None and change.path not in self.staged:
                os.unlink(path)
        self.finish()
        for folder in reversed(self.made):
            with contextlib.suppress(OSError):  # somebody else has put something into it
                os.rmdir(folder)

    def finish(self) -> None:
        """What is left beside the places goes."""
        for left in (*self.staged.values(), *self.saved.values()):
            if os.path.lexists(left):
                os.unlink(left)
        self.staged.clear()
        self.saved.clear()
