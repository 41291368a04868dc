"""Mistakes, gathered to be told all at once, and how single values are checked."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.errors import Mistake

if TYPE_CHECKING:
    from trueup.checks.registry import Check

ALIASES = {
    "postgres": "pgsql",
    "postgresql": "pgsql",
    "psql": "pgsql",
    "maria": "mariadb",
    "md": "markdown",
    "text": "terminal",
}
"""What people say for a value that goes by another name here."""

EVIDENCE_ROWS = (100, 10_000, 1_000_000)
"""The fewest, the usual and the most rows of the largest tables."""

EVIDENCE_MINUTES = (1, 15, 600)
"""The same of what one server may take."""


class Gathering:
    """Mistakes so far, and how values are checked."""

    def __init__(
        self, root: str | None, codes: Sequence[str] | None, *, may_lack_baseline: bool = False
    ) -> None:
        self.root = root
        self.codes = codes
        self.may_lack_baseline = may_lack_baseline
        self.mistakes: list[Mistake] = []
        self.project_checks = False
        self.left_out: list[str] = []
        self.own_checks: list[Check] = []

    def wrong(self, where: str, problem: str, expected: str = "") -> None:
        self.mistakes.append(Mistake(where, problem, expected))

    def number(self, text: str | None, where: str, what: str, bounds: tuple[int, int, int]) -> int:
        """A number of `what`, written with or without separators, within `bounds`: least, the one without the option, most."""
        least, usual, most = bounds
        if text is None:
            return usual
        plain = re.sub(r"(?<=\d)[_,](?=\d)", "", text)
        if plain.isdecimal() and least <= int(plain) <= most:
            return int(plain)
        self.wrong(where, f"'{text}' is no number of {what}", f"{least:,} to {most:,}")
        return least

    def text(self, value: object, where: str) -> str | None:
        if isinstance(value, str) and value:
            return value
        self.wrong(where, f"{shown(value)} is no text", 'a text in quotes, such as "mysql"')
        return None

    def texts(self, value: object, where: str) -> tuple[str, ...] | None:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.wrong(where, f"{shown(value)} is no list of texts", 'a list such as ["a", "b"]')
            return None
        read = [self.text(item, where) for item in value]
        return tuple(item for item in read if item is not None)

    def choice(self, value: object, where: str, choices: Sequence[str]) -> str | None:
        text = self.text(value, where)
        if text is None or text in choices:
            return text
        self.wrong(where, f"there is no '{text}'", nearest(text, choices))
        return None

    def check_codes(self, values: tuple[str, ...] | None, where: str) -> tuple[str, ...] | None:
        for value in values or ():
            if value.lower() in ("all", "optional"):
                continue
            if self.codes is not None and not any(code.startswith(value.upper()) for code in self.codes):
                hint = f"--own-checks loads those that {self.left_out[0]} names" if self.left_out else ""
                hint = hint or nearest(value.upper(), self.codes)
                self.wrong(where, f"no check has the code '{value}'", hint)
        return None if values is None else tuple(value.upper() for value in values)

    def own(self, values: tuple[str, ...] | None, where: str, base: str) -> tuple[str, ...] | None:
        """Checks of the user's own, which are loaded where checks are to run. None where one can't be used."""
        named = [
            os.path.abspath(os.path.join(base, v)) if v.endswith(".py") or "/" in v else v
            for v in values or ()
        ]
        if self.codes is None or values is None:
            return None if values is None else tuple(named)
        from trueup.checks.own import load, taken

        for value, name in zip(values, named, strict=True):
            if os.path.isabs(name) and not os.path.isfile(name):
                self.wrong(where, f"there is no file '{value}'", nearest_file(base, value))
                continue
            made, mistakes = load(name, where)
            self.mistakes.extend(mistakes)
            other = taken(made, tuple(self.own_checks)) if made else ""
            if made and other:
                self.wrong(name, f"the code {made.code} is taken by {other}", "another code")
            elif made and made not in self.own_checks:
                self.own_checks.append(made)
                self.codes = (*self.codes, made.code)
        return tuple(named)

    def existing(self, values: tuple[str, ...] | None, where: str, *bases: str) -> tuple[str, ...] | None:
        """The values, each of which must be there in one of the folders `bases`."""
        for value in values or ():
            if not any(os.path.exists(os.path.join(base, value)) for base in bases):
                self.wrong(where, f"there is no file or folder '{value}'", nearest_file(bases[0], value))
        return values

    def writable(self, output: str) -> None:
        folder = os.path.dirname(output) or "."
        if os.path.isdir(output):
            self.wrong("--output", f"'{output}' is a folder", "the file to write")
        elif not os.path.isdir(folder):
            self.wrong("--output", f"there is no folder '{folder}' to write to")


def nearest(text: str, choices: Sequence[str]) -> str:
    """What was probably meant, and what else could be: the end of a mistake's message."""
    from difflib import get_close_matches

    near = [ALIASES[text.lower()]] if ALIASES.get(text.lower()) in choices else []
    near = near or get_close_matches(text, choices, n=1) or get_close_matches(text.lower(), choices, n=1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    return f"{meant}known: {', '.join(choices)}" if len(choices) <= 16 else meant.strip()


def nearest_file(base: str, path: str) -> str:
    from difflib import get_close_matches

    folder, name = os.path.split(os.path.join(base, path))
    try:
        near = get_close_matches(name, sorted(os.listdir(folder)), n=1)
    except OSError:
        near = []
    return f"did you mean '{os.path.join(os.path.dirname(path), near[0])}'?" if near else ""


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
