"""A person at a terminal, asked at the gates of `trueup run`; and the options that plan, run and tickets share."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from trueup.cli.arguments import Given
from trueup.cli.running import Status, deliver

if TYPE_CHECKING:
    from trueup.config import Options
    from trueup.pipeline.ticket_run import Answer
    from trueup.tickets.review import Gate

WORDS: Mapping[str, Answer] = {
    "a": "approve",
    "approve": "approve",
    "e": "edit",
    "edit": "edit",
    "s": "stop",
    "stop": "stop",
    "q": "stop",
    "quit": "stop",
}


def ticket_options(given: Given) -> Options:
    """Options for the audit behind a ticket's plan, run or tickets."""
    from trueup.config import Options

    return Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        mistakes=given.mistakes,
    )


class Terminal:
    """Shows on stdout; asks where stdin and stderr are a terminal. `status` is the line of progress that is in the way."""

    def __init__(self, status: Status) -> None:
        self.status = status

    def show(self, text: str) -> None:
        self.status.clear()
        deliver(text, None)

    def ask(self, gate: Gate, details: Mapping[str, str]) -> Answer | None:
        """Asks until the answer is understood. The end of the input stops."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        look = ", or a ticket's number to read it" if details else ""
        while True:
            sys.stderr.write(f"\n{gate}: [a]pprove, [e]dit, [s]top{look}? ")
            sys.stderr.flush()
            line = sys.stdin.readline()
            word = line.strip().lower()
            if not line:
                return "stop"
            if word in details:
                self.show(details[word])
            elif word in WORDS:
                return WORDS[word]
            else:
                sys.stderr.write("Please answer a, e or s.\n")

    def edit(self, text: str) -> str | None:
        """In the editor that VISUAL or EDITOR names."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            sys.stderr.write(
                "Neither VISUAL nor EDITOR names an editor; set one, or edit the file and run again.\n"
            )
            return None
        handle, path = tempfile.mkstemp(prefix="trueup-", suffix=".md")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([*shlex.split(editor), path], check=False)
            if done.returncode:
                sys.stderr.write(f"The editor ended with {done.returncode}; nothing is changed.\n")
                return None
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as problem:
            sys.stderr.write(f"Could not be edited: {problem}\n")
            return None
        finally:
            os.unlink(path)
