"""Styled text for terminals: the few styles that reports use, and links, without a library that is slow to import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Segment = tuple[str, str]
"""Text and its style: words such as "bold red", and for a link "link=URL"; "" for none."""

Line = tuple[Segment, ...]

_CODES: Mapping[str, str] = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
"""SGR parameters of ECMA-48."""


def rendered(lines: Iterable[Line], color: bool) -> str:
    """The lines as text, styles carried out or dropped."""
    return "".join("".join(_shown(line, color)).rstrip() + "\n" for line in lines)


def _shown(line: Line, color: bool) -> Iterable[str]:
    return (styled(text, style) if color else text for text, style in line)


def styled(text: str, style: str) -> str:
    """One piece of text in its style. Links are OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda."""
    words = style.split()
    codes = ";".join(_CODES[word] for word in words if not word.startswith("link="))
    target = next((word[5:] for word in words if word.startswith("link=")), "")
    shown = f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text
    return f"\x1b]8;;{target}\x1b\\{shown}\x1b]8;;\x1b\\" if target and text else shown
