"""Our own crashes: one reader or check that fails on one input is reported, and the rest goes on."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from trueup.errors import ReaderCrash, UserError
from trueup.model.audit import Crash
from trueup.model.names import Category
from trueup.redaction import redacted

Result = TypeVar("Result")

Progress = Callable[[str], None]
"""Told what is being done now, in a few words."""


def silent(_: str) -> None:
    """No progress is shown."""


class Attempts:
    """Runs the parts of an audit. What crashes is in `crashes`, in order; `blind` are the categories of which nothing can be
    said then: what was not read must not pass for missing."""

    def __init__(self, progress: Progress = silent) -> None:
        self.progress = progress
        self.crashes: list[Crash] = []
        self.blind: set[Category] = set()

    def run(
        self, what: str, work: Callable[[], Result], otherwise: Result, blinds: Iterable[Category] = ()
    ) -> Result:
        """The result of `work`, or `otherwise` where it crashes; then the categories `blinds` can't be judged. Mistakes of the
        user pass through."""
        self.progress(what)
        try:
            return work()
        except UserError:
            raise
        except ReaderCrash as problem:
            self.crashes.append(Crash(problem.what, problem.problem))
        except Exception as problem:  # whatever it is, the other readers and checks must still be heard
            self.crashes.append(Crash(what, described(problem)))
        self.blind.update(blinds)
        return otherwise


def described(problem: BaseException) -> str:
    """The error and the place in our own code where it was raised."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    text = redacted(" ".join(str(problem).split()))[:300]
    return f"{type(problem).__name__}: {text}{place}"
