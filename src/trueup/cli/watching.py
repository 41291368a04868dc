"""`trueup audit --watch`: the same audit again as often as a file is saved, in one process, so that what was parsed stays so."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable

from trueup.cache.state import NAMES_ONLY
from trueup.cli.running import MISTAKE, run_guarded
from trueup.errors import Mistake, UserError
from trueup.sources.project.ignore import IgnoreFile, is_ignored, read_ignore_file
from trueup.sources.project.walk import PRUNED_NAMES, PRUNED_PATHS

DEBOUNCE = 50
"""Milliseconds without a change that end a save: editors write in several steps."""
WAKE = 200
"""Milliseconds after which the watcher comes back without a change; the first time, to begin with the first audit."""


def watch(root: str, files: Iterable[str], output: str | None, audit: Callable[[], int]) -> int:
    """Audits, and again after each change below `root` or of the `files` (both absolute) that could matter; `output` is what the
    audit itself writes. Answers the code of the last audit when it is interrupted. Mistakes and crashes are told, and watched on.

    Raises UserError where `watchfiles` is not installed."""
    try:
        from watchfiles import watch as changes
    except ImportError as problem:
        needed = "pip install 'trueup[watch]'"
        raise UserError(Mistake("--watch", "watchfiles is not installed", needed)) from problem
    os.environ["TRUEUP_PROCESSES"] = "1"  # what a forked process parses is lost with it
    relevant = _Relevant(root, files, output)
    code: int | None = None
    try:
        for changed in changes(
            root,
            *relevant.elsewhere,
            watch_filter=lambda _, path: relevant(path),
            debounce=1000,
            step=DEBOUNCE,
            rust_timeout=WAKE,
            yield_on_timeout=True,
        ):
            if code is not None and not changed:
                continue
            if changed:
                _say_changed(root, {path for _, path in changed})
                relevant.read_ignore_files()
            begun = time.monotonic()
            code = _audited(audit)  # also the first time: what is saved meanwhile is seen
            what = (
                "nothing was audited" if code == MISTAKE else f"audited in {time.monotonic() - begun:.2f} s"
            )
            _say(f"{what}; watching, Ctrl-C ends")
    except KeyboardInterrupt:
        pass
    return code or 0


def _say_changed(root: str, changed: set[str]) -> None:
    paths = sorted(os.path.relpath(path, root) for path in changed)
    _say(f"changed: {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''}")


def _audited(audit: Callable[[], int]) -> int:
    code = run_guarded(audit, "trueup audit")
    if code == 130:
        raise KeyboardInterrupt
    return code


def _say(what: str) -> None:
    from trueup.report.plain import plain

    print(f"trueup: {plain(what)}", file=sys.stderr, flush=True)


class _Relevant:
    """Whether a path could matter to the audit: what the walk passes over, and what no reader opens, does not."""

    def __init__(self, root: str, files: Iterable[str], output: str | None) -> None:
        self._root = root
        self._own = os.path.abspath(output) if output else ""
        named = {os.path.realpath(file) for file in files}
        self._named = frozenset(named)
        self.elsewhere = tuple(
            sorted(file for file in named if not file.startswith(root + os.sep) and os.path.exists(file))
        )
        self._ignores: dict[str, tuple[IgnoreFile, ...]] = {}

    def read_ignore_files(self) -> None:
        """They may have changed."""
        self._ignores.clear()

    def __call__(self, path: str) -> bool:
        if path in self._named:
            return True
        inner = os.path.relpath(path, self._root).replace(os.sep, "/")
        name = os.path.basename(path)
        if inner.startswith("../") or path == self._own or name.startswith(".trueup-"):
            return False
        folders = inner.split("/")[:-1]
        if not PRUNED_NAMES.isdisjoint(inner.split("/")) or name.rpartition(".")[2].lower() in NAMES_ONLY:
            return False
        if any(inner == pruned or inner.startswith(pruned + "/") for pruned in PRUNED_PATHS):
            return False
        if name == ".gitignore":
            return True
        ignores = self._ignores_of("/".join(folders))
        above = ("/".join(folders[:depth]) for depth in range(1, len(folders) + 1))
        return not any(is_ignored(ignores, folder, is_folder=True) for folder in above) and not is_ignored(
            ignores, inner, is_folder=False
        )

    def _ignores_of(self, folder: str) -> tuple[IgnoreFile, ...]:
        """The ignore files that hold in a folder, from the root down."""
        known = self._ignores.get(folder)
        if known is None:
            above = self._ignores_of(folder.rpartition("/")[0]) if folder else ()
            read = _ignore_file(self._root, folder)
            known = self._ignores[folder] = (*above, read) if read else above
        return known


def _ignore_file(root: str, folder: str) -> IgnoreFile | None:
    try:
        with open(os.path.join(root, folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            return read_ignore_file(folder, file.read(1_000_000).splitlines())
    except OSError:
        return None
