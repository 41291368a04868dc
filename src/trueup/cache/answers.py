"""A whole answer of a command, told again without reading anything as long as nothing that it hangs on has changed.

It hangs on Trueup itself with its libraries, on the command as given and where, on the date (accepted findings expire), and on the
state of the project's folder and of the files outside of it that were named."""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b

from trueup.cache.state import State, changed_since, file_states, folder_state, is_unchanged, with_contents
from trueup.cache.store import Store, cache_folder
from trueup.structs import Struct

_SHAPE = "answer 1"


class Answer(Struct, frozen=True):
    """`text` is what the command says, `code` its exit code."""

    text: str
    code: int


class Made(Struct, frozen=True):
    """An answer and what it hangs on: the project's folder (absolute) and files elsewhere; `keep` False where it hangs on more."""

    answer: Answer
    root: str
    files: tuple[str, ...] = ()
    keep: bool = True


def answered(command: Sequence[str], root_of: Callable[[], str | None], make: Callable[[], Made]) -> Answer:
    """The answer that was kept for this command, given here and today, else the one that `make` makes, which is then kept.

    `root_of` is asked before `make` for the project's folder, whose state is taken before anything is read; None: nothing is
    kept."""
    store = Store(cache_folder())
    key = _key(command)
    kept = _unpacked(store.get(key))
    if kept is not None and is_unchanged(kept.root, kept.state, kept.taken):
        return kept.answer
    root = root_of()
    before, taken = folder_state(root) if root is not None else None, time.time_ns()
    made = make()
    if root is None or before is None or not made.keep or made.root != root:
        return made.answer
    elsewhere = file_states(made.files)
    if changed_since(elsewhere, taken):
        return made.answer
    state = with_contents(root, {**before, **elsewhere})
    if state is not None:
        store.put(key, _packed(_Kept(made.answer, root, state, taken)))
    return made.answer


# How an answer is kept.


class _Kept(Struct, frozen=True):
    answer: Answer
    root: str
    state: State
    taken: int


def _packed(kept: _Kept) -> bytes:
    return marshal.dumps((_SHAPE, kept.answer.text, kept.answer.code, kept.root, kept.state, kept.taken))


def _unpacked(payload: bytes | None) -> _Kept | None:
    """None for nothing, and for what some other version has kept. The store has made sure that the bytes are our own."""
    if payload is None:
        return None
    try:
        shape, text, code, root, state, taken = marshal.loads(payload)
    except (ValueError, EOFError, TypeError):
        return None
    return _Kept(Answer(text, code), root, state, taken) if shape == _SHAPE else None


def _key(command: Sequence[str]) -> str:
    day = os.environ.get("SOURCE_DATE_EPOCH", "") or time.strftime("%Y-%m-%d")
    parts = [_SHAPE, *own_version(), os.getcwd(), day, *command]
    return (
        "answer-" + blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
    )


def own_version() -> list[str]:
    """What tells this Trueup from any other: Python, the files of the package, the folders that its libraries are installed in."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parts = [sys.version, package, *_file_stamps(package)]
    for folder in sorted({p for p in sys.path if p.endswith("-packages")}):
        try:
            parts.append(f"{folder} {os.stat(folder).st_mtime_ns}")
        except OSError:
            continue
    return parts


def _file_stamps(package: str) -> list[str]:
    stamps: list[str] = []
    pending = [package]
    while pending:
        with os.scandir(pending.pop()) as scan:
            for entry in scan:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        pending.append(entry.path)
                else:
                    found = entry.stat()
                    stamps.append(f"{entry.path} {found.st_size} {found.st_mtime_ns}")
    return sorted(stamps)
