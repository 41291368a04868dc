"""Applies patches of our own making: to the very text that they were made for, or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable

from trueup.errors import Mistake, UserError
from trueup.model.remedies import Patch

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


def patched_texts(root: str, patches: Iterable[Patch], option: str) -> dict[str, tuple[str, str]]:
    """Path → the text of the file now and with all its patches, in their order. Raises UserError with every file that is not what
    a patch was made for."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    mistakes: list[Mistake] = []
    wrong: set[str] = set()
    for patch in patches:
        if patch.path in wrong:
            continue
        try:
            if patch.path not in before:
                with open(os.path.join(root, patch.path), encoding="utf-8", newline="") as file:
                    before[patch.path] = file.read()
        except (OSError, UnicodeDecodeError) as problem:
            mistakes.append(Mistake(option, f"'{patch.path}' can't be read: {problem}"))
            wrong.add(patch.path)
            continue
        text = after.get(patch.path, before[patch.path])
        if hashlib.sha256(text.encode()).hexdigest() != patch.base:
            mistakes.append(Mistake(option, f"'{patch.path}' has changed since it was audited"))
            wrong.add(patch.path)
            continue
        after[patch.path] = applied(text, patch.text)
    if mistakes:
        raise UserError(*mistakes)
    return {path: (before[path], text) for path, text in after.items()}


def applied(text: str, patch: str) -> str:
    """The text with a unified diff of one file that was made for it."""
    lines = text.splitlines(keepends=True)
    made: list[str] = []
    position, last = 0, ""
    for line in patch.splitlines(keepends=True):
        hunk = _HUNK.match(line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != "0")  # a hunk that takes nothing stands after its line
            made += lines[position:start]
            position = start
        elif line.startswith((" ", "-")) and not line.startswith("--- "):
            made += lines[position : position + 1] if line.startswith(" ") else []
            position += 1
        elif line.startswith("+") and not line.startswith("+++ "):
            made.append(line[1:])
        elif line.startswith("\\") and last == "+":
            made[-1] = made[-1].removesuffix("\n")
        last = line[0]
    return "".join([*made, *lines[position:]])
