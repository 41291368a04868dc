"""Begin: trueup.toml, a pre-commit hook and a GitHub workflow, made from what is found in the project.

Shows them. On a terminal it asks then whether to write them; elsewhere --write does. Nothing is ever overwritten: what is there
already is left, and shown to be merged by you."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from trueup.cli.arguments import Arguments, Given
from trueup.cli.running import CLEAN, deliver

if TYPE_CHECKING:
    from trueup.pipeline.starting import Beginning


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder")
    arguments.switch("write", "write the files that are not there yet")


def command(given: Given) -> int:
    from trueup.errors import UserError
    from trueup.pipeline.starting import begin, write_beginning

    if given.mistakes:
        raise UserError(*given.mistakes)
    beginning = begin(given.required("path"))
    deliver(_shown(beginning), None)
    if all(one.there for _, one in beginning.files):
        deliver("All of it is there already.\n", None)
    elif given.flag("write") or _agreed():
        deliver("".join(f"written: {os.path.relpath(path)}\n" for path in write_beginning(beginning)), None)
    else:
        deliver("Nothing was written: --write does.\n", None)
    return CLEAN


def _shown(beginning: Beginning) -> str:
    from trueup.report.plain import plain

    parts = []
    for folder, one in beginning.files:
        path = plain(os.path.relpath(os.path.join(folder, one.path)))
        head = f"── {path}" + (f": {one.there}, and is left as it is" if one.there else "")
        parts.append(f"{head}\n\n{one.text}\n")
    return "".join(parts)


def _agreed() -> bool:
    """Whether a person at the terminal says yes."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return input("Write these files? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
