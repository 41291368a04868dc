"""What all commands share: errors of each addressee end in their exit code, and output goes where it was asked to go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from trueup.errors import Mistake, UserError

if TYPE_CHECKING:
    from trueup.config import FailOn
    from trueup.model.audit import Audit
    from trueup.report.showing import Showing

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


def screen(output: str | None, target: str = ".") -> Showing:
    """What is known of where the text goes: nothing for files and pipes, else the width to break lines at, colours and links."""
    from trueup.report.showing import Showing

    if output not in (None, "-") or not sys.stdout.isatty():
        return Showing(target=target)
    import shutil

    plain_terminal = os.environ.get("NO_COLOR", "") != "" or os.environ.get("TERM") == "dumb"
    width = min(shutil.get_terminal_size().columns, 160)
    return Showing(width, not plain_terminal, not plain_terminal and has_links(os.environ), target=target)


def has_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one that is known to show OSC 8 links; in others they would be noise. FORCE_HYPERLINK overrules.
    The list is that of https://github.com/zkat/supports-hyperlinks and the terminals' own notes."""
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    if environment.get("CI") or environment.get("TMUX") or environment.get("TERM", "").startswith("screen"):
        return False
    if environment.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"):
        return True
    if environment.get("TERM", "") in ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour"):
        return True
    if any(environment.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")):
        return True
    version = environment.get("VTE_VERSION", "")
    return (
        version.isdigit() and int(version) >= 5000
    )  # 0.50: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda


def exit_code(audit: Audit, fail_on: FailOn) -> int:
    """3 where a part of ours crashed, else 1 for a finding at or above `fail_on`, else 0."""
    if audit.crashes:
        return CRASH
    from trueup.pipeline.telling import FAILING

    counted = FAILING[fail_on]
    return FINDINGS if any(finding.severity in counted for finding in audit.findings) else CLEAN


def deliver(text: str, output: str | None, *, styled: bool = False) -> None:
    """Writes to the file `output`, whole or not at all, or to stdout. A terminal gets no control characters, which a project's
    names may hold, unless the text is `styled`: then they are our own, and names were made plain before."""
    if output is None or output == "-":
        if not styled and sys.stdout.isatty():
            from trueup.report.plain import plain_lines

            text = plain_lines(text)
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
        sys.stdout.buffer.flush()
        return
    try:
        _write(output, text.encode("utf-8", errors="replace"))
    except OSError as problem:
        raise UserError(Mistake("--output", f"can't write to '{output}': {problem.strerror}")) from problem


def _write(output: str, content: bytes) -> None:
    """A file is replaced whole, where a link leads to it too; into a device or a pipe (/dev/null, /dev/stdout, a named pipe) it is
    written: that is not ours to replace. Raises OSError."""
    path = os.path.realpath(output)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as special:  # a folder refuses
            special.write(content)
        return
    from trueup.interrupts import held_back

    with held_back():
        _replace(path, content)


def _replace(path: str, content: bytes) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".trueup-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
