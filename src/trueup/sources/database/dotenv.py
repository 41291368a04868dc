"""A .env file, as vlucas/phpdotenv reads it: names and values, quotes, comments, `${NAME}` of earlier lines.

Source: https://github.com/vlucas/phpdotenv, README "Nesting variables" and "Comments". Read only when the user names the file."""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*+(?:export\s++)?(?P<name>[A-Za-z_][\w.]*+)\s*+=\s*+(?P<value>.*)$")
_NESTED = re.compile(r"\$\{(\w+)\}")
_ESCAPED = re.compile(r'\\(["\\$nrt])')
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}
_MOST = 200_000


def read_dotenv(path: str) -> dict[str, str]:
    """The variables of the file; a later line replaces an earlier one. Raises OSError."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read(_MOST)
    values: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            values[match["name"]] = _value(match["value"].strip(), values)
    return values


def _value(text: str, values: dict[str, str]) -> str:
    if text[:1] == "'":
        return text[1:].partition("'")[0]
    if text[:1] == '"':
        inner = re.match(r'"((?:[^"\\]|\\.)*)"', text)
        if inner is None:
            return ""
        unescaped = _ESCAPED.sub(lambda m: _MEANT.get(m[1], m[1]), inner[1])
        return _nested(unescaped, values)
    return _nested(re.split(r"(?<!\s)\s++#|^#", text, maxsplit=1)[0].strip(), values)


def _nested(text: str, values: dict[str, str]) -> str:
    return _NESTED.sub(lambda m: values.get(m[1], m[0]), text)
