"""DBML text → tokens with lines: names, strings, expressions, signs; comments are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from trueup.structs import Struct

TokenKind = Literal["word", "name", "string", "expression", "color", "sign", "newline"]

_PATTERN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<long>'''(?:\\.|[^\\])*?(?:'''|\Z))"
    r"|(?P<string>'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z))"
    r"|(?P<name>\"[^\"\n]*(?:\"|(?=\n)|\Z))"
    r"|(?P<expression>`[^`]*(?:`|\Z))"
    r"|(?P<color>\#[0-9A-Fa-f]{3,8}\b)"
    r"|(?P<newline>\n)"
    r"|(?P<word>-?\d+(?:\.\d+)?(?![\w.])|[^\W][\w]*)"
    r"|(?P<sign><>|[{}\[\]():,.<>~-]|\S)"
    r"|(?P<space>[^\S\n]+)",
    re.DOTALL,
)


class Token(Struct, frozen=True):
    """`text` without quotes; `name` is a word in double quotes, `expression` one in backticks. `spaced`: white space stands
    before it."""

    kind: TokenKind
    text: str
    line: int
    spaced: bool = False


def tokens(text: str, first: int) -> Iterator[Token]:
    line, spaced = first, False
    for match in _PATTERN.finditer(text):
        kind, raw = match.lastgroup or "sign", match[0]
        if kind in ("space", "comment"):
            spaced = True
        else:
            yield Token(_KINDS[kind], _text(kind, raw), line, spaced)
            spaced = False
        line += raw.count("\n")


_KINDS: dict[str, TokenKind] = {
    "long": "string",
    "string": "string",
    "name": "name",
    "expression": "expression",
    "color": "color",
    "newline": "newline",
    "word": "word",
    "sign": "sign",
}


def _text(kind: str, raw: str) -> str:
    if kind == "long":
        return raw.strip("'").strip()
    if kind in ("string", "name", "expression"):
        inner = raw[1:-1] if len(raw) > 1 and raw[-1] == raw[0] else raw[1:]
        return re.sub(r"\\(.)", r"\1", inner)
    return raw


def is_name(token: Token) -> bool:
    """A word, or a name in quotes; in backticks too, which people carry over from MySQL."""
    plain = token.kind == "expression" and re.fullmatch(r"[A-Za-z_]\w*", token.text) is not None
    return token.kind in ("word", "name") or plain


class TokenStream:
    """Goes over tokens; lines count only where asked for."""

    def __init__(self, stream: list[Token]) -> None:
        self.stream = stream
        self.position = 0

    def peek(self, skip_lines: bool = True) -> Token | None:
        while (
            skip_lines and self.position < len(self.stream) and self.stream[self.position].kind == "newline"
        ):
            self.position += 1
        return self.stream[self.position] if self.position < len(self.stream) else None

    def next(self, skip_lines: bool = True) -> Token | None:
        token = self.peek(skip_lines)
        if token is not None:
            self.position += 1
        return token

    def take(self, text: str, skip_lines: bool = True) -> bool:
        token = self.peek(skip_lines)
        if token is not None and token.kind in ("sign", "word") and token.text.lower() == text:
            self.position += 1
            return True
        return False

    def skip_line(self) -> None:
        while (
            (token := self.peek(skip_lines=False)) is not None
            and token.kind != "newline"
            and token.text != "}"
        ):
            self.position += 1

    def skip_block(self) -> None:
        """Over `{ ... }` (nested) or to the end of the line if none opens."""
        depth = 0
        while (token := self.next(skip_lines=False)) is not None:
            depth += (token.text == "{" and token.kind == "sign") - (
                token.text == "}" and token.kind == "sign"
            )
            if depth <= 0 and (token.text == "}" or token.kind == "newline"):
                return
