"""What all commands share: errors of each addressee end in their exit code, and output goes where it was asked to go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trueup.errors import Mistake, UserError

if TYPE_CHECKING:
    from trueup.config import FailOn
    from trueup.model.audit import Audit

CLEAN, FINDINGS, MISTAKE, CRASH = 0, 1, 2, 3


def run_guarded(work: Callable[[], int], name: str) -> int:
    """The exit code of `work`, or that of the error in which it ends."""
    try:
        return work()
    except SystemExit as leaving:  # argparse, after --help
        return leaving.code if isinstance(leaving.code, int) else CLEAN
    except UserError as problem:
        tell_mistakes(name, problem.mistakes)
        return MISTAKE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130
    except Exception as problem:  # our own crash, whatever it is, must end in 3 and never look clean
        return _tell_crash(name, problem)


def tell_mistakes(name: str, mistakes: Sequence[Mistake]) -> None:
    """Every mistake on a line of its own, on stderr."""
    from trueup.redaction import redacted
    from trueup.report.plain import plain

    for mistake in mistakes:
        print(f"{name}: {redacted(plain(str(mistake)))}", file=sys.stderr)


def _tell_crash(name: str, problem: Exception) -> int:
    import traceback

    from trueup.redaction import redacted

    print(redacted("".join(traceback.format_exception(problem))), end="", file=sys.stderr)
    print(
        f"{name}: Trueup itself failed here; this is a bug and says nothing about the project.",
        file=sys.stderr,
    )
    return CRASH


class Status:
    """What is being done now, on stderr, where somebody watches: one line that is overwritten, gone at the end."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.shown = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Status:
        return self

    def tell(self, what: str) -> None:
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{what} …")
            sys.stderr.flush()

    def say(self, what: str) -> None:
        """A line that stays, also where nobody watches."""
        if not self.quiet:
            self.clear()
            print(what, file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Takes the line away, so that something else may be written."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def screen(output: str | None) -> tuple[int | None, bool]:
    """The width to break lines at (None: not at all) and whether colours show, for what goes to `output` or the screen."""
    if output not in (None, "-") or not sys.stdout.isatty():
        return None, False
    import shutil

    plain_terminal = os.environ.get("NO_COLOR", "") != "" or os.environ.get("TERM") == "dumb"
    return min(shutil.get_terminal_size().columns, 160), not plain_terminal


def exit_code(audit: Audit, fail_on: FailOn) -> int:
    """3 where a part of ours crashed, else 1 for a finding at or above `fail_on`, else 0."""
    if audit.crashes:
        return CRASH
    counted = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on]
    return FINDINGS if any(finding.severity in counted for finding in audit.findings) else CLEAN


def deliver(text: str, output: str | None) -> None:
    """Writes to the file `output`, whole or not at all, or to stdout."""
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
        sys.stdout.buffer.flush()
        return
    import tempfile

    folder = os.path.dirname(os.path.abspath(output))
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".trueup-")
    except OSError as problem:
        raise UserError(Mistake("--output", f"can't write to '{output}': {problem.strerror}")) from problem
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", errors="replace"))
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, output)
    except OSError as problem:
        os.unlink(temporary)
        raise UserError(Mistake("--output", f"can't write to '{output}': {problem.strerror}")) from problem


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
