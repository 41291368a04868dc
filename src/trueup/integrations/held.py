"""The audit of one project, kept in memory and made anew when a file has changed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from trueup.cache.state import State, changed_since, file_states, folder_state, is_unchanged, with_contents
from trueup.config import Options, Settings
from trueup.model.audit import Audit
from trueup.pipeline.flow import audit
from trueup.pipeline.hanging import files_elsewhere, may_be_kept
from trueup.sources.project import find_root

Made = TypeVar("Made")

MOST_DERIVED = 24
"""So many things that were made of an audit are kept beside it."""


class Held:
    """One project at `target`, a folder or an audit ticket. Several threads may ask at once: they take turns."""

    def __init__(self, target: str, options: Options) -> None:
        """Raises UserError where there is no project."""
        self.target = os.path.abspath(target)
        self.options = options
        self.root = find_root(self.target)
        self.times = 0
        """How often the project was audited."""
        self._lock = threading.RLock()
        self._audit: tuple[Audit, Settings] | None = None
        self._state: State | None = None
        self._day = ""
        self._taken = 0
        self._derived: dict[Hashable, object] = {}

    def audit(self) -> tuple[Audit, Settings]:
        """The audit of what is on disk now, with its settings. Raises UserError with the user's mistakes."""
        with self._lock:
            if self._audit is None or not self._holds():
                self._audit = None
                self._audit = self._made()
            return self._audit

    def derived(self, key: Hashable, make: Callable[[Audit, Settings], Made]) -> Made:
        """What `make` makes of the audit, kept under `key` for as long as the audit holds."""
        with self._lock:
            audited, settings = self.audit()
            if key not in self._derived:
                while len(self._derived) >= MOST_DERIVED:
                    del self._derived[next(iter(self._derived))]  # the oldest
                self._derived[key] = make(audited, settings)
            return cast(Made, self._derived[key])

    def _made(self) -> tuple[Audit, Settings]:
        self._derived.clear()
        self._state = None
        before, self._taken, self._day = folder_state(self.root), time.time_ns(), _today()
        audited, settings = audit(self.target, self.options)
        self.times += 1
        elsewhere = file_states(files_elsewhere(settings))
        if before is not None and may_be_kept(audited) and not changed_since(elsewhere, self._taken):
            self._state = with_contents(self.root, {**before, **elsewhere})
        return audited, settings

    def _holds(self) -> bool:
        """Whether nothing has changed, the day included: accepted findings expire."""
        kept = self._state
        return kept is not None and self._day == _today() and is_unchanged(self.root, kept, self._taken)


def _today() -> str:
    return time.strftime("%Y-%m-%d")
