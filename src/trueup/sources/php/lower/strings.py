"""Strings: quotes, escapes, interpolation, heredoc and nowdoc."""

from __future__ import annotations

import re

from tree_sitter import Node

from trueup.sources.php.lower.kinds import (
    DYNAMIC_VARIABLE,
    END_TAG,
    IDENTIFIER,
    PLAIN_NAME,
    SUBSCRIPT,
    VALUE,
    kinds,
)
from trueup.sources.php.lower.lowering import EXPRESSIONS, Lowering
from trueup.sources.php.tree import Expr, Index, Interpolated, Literal, Unary, Unsupported, Variable

_TEXT = kinds("string_content", "escape_sequence", "nowdoc_string")
_SINGLE = re.compile(r"\\([\\'])")
_DOUBLE = re.compile(r"\\(?:([nrtvef\\$\"])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\})")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "e": "\x1b", "f": "\f", "\\": "\\", "$": "$", '"': '"'}


def double_quoted(text: str, heredoc: bool = False) -> str:
    """The value between double quotes; in a heredoc `\\"` stays as it is."""
    if "\\" not in text:
        return text
    return _joined(_DOUBLE.sub(lambda m: _escape(m, heredoc), text))


def _escape(match: re.Match[str], heredoc: bool) -> str:
    simple, octal, hexadecimal, point = match.groups()
    if simple:
        return match[0] if heredoc and simple == '"' else _SIMPLE[simple]
    if octal or hexadecimal:
        byte = int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)
        return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)
    code = int(point, 16) if len(point) <= 6 else 0x110000
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _joined(text: str) -> str:
    """Bytes that were written one by one ("\\xC3\\xA9") become the characters that they spell."""
    if text.isascii() or not any("\udc80" <= c <= "\udcff" for c in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


@EXPRESSIONS.on("string")
def _string(low: Lowering, node: Node) -> Expr:
    start = node.start_byte + 1
    if low.source[start - 1 : start] in (b"b", b"B"):
        start += 1
    text = low.between(start, node.end_byte - 1)
    return Literal(node.start_point[0] + 1, _SINGLE.sub(r"\1", text) if "\\" in text else text)


@EXPRESSIONS.on("encapsed_string")
def _encapsed(low: Lowering, node: Node) -> Expr:
    start = node.start_byte + (2 if low.source[node.start_byte : node.start_byte + 1] in (b"b", b"B") else 1)
    end = node.end_byte - 1
    parts = _parts(low, node, start, end)
    line = node.start_point[0] + 1
    done = [double_quoted(p) if isinstance(p, str) else p for p in parts]
    return _assembled(line, done)


def _assembled(line: int, parts: list[str | Expr]) -> Expr:
    if not parts:
        return Literal(line, "")
    if len(parts) == 1 and isinstance(parts[0], str):
        return Literal(line, parts[0])
    return Interpolated(line, tuple([Literal(line, p) if isinstance(p, str) else p for p in parts]))


def _parts(low: Lowering, node: Node, start: int, end: int) -> list[str | Expr]:
    """Raw text and expressions in turn, between two offsets. Braces around an expression go with it."""
    parts: list[str | Expr] = []
    position = start
    children = node.children
    for index, child in enumerate(children):
        if not child.is_named or child.kind_id in _TEXT or child.start_byte < position:
            continue
        braced = index > 0 and children[index - 1].type == "{"
        before = children[index - 1].start_byte if braced else child.start_byte
        if before > position:
            parts.append(low.between(position, before))
        parts.append(_embedded(low, child, braced))
        position = child.end_byte
        if braced and index + 1 < len(children):
            position = children[index + 1].end_byte
    if position < end:
        parts.append(low.between(position, end))
    return parts


def _embedded(low: Lowering, node: Node, braced: bool) -> Expr:
    if braced:
        return low.exprs[node.kind_id](low, node)
    if node.kind_id in SUBSCRIPT:
        return _simple_index(low, node)
    if node.kind_id in DYNAMIC_VARIABLE:
        return _dollar_brace(low, node)
    return low.exprs[node.kind_id](low, node)


def _simple_index(low: Lowering, node: Node) -> Expr:
    """`$a[key]`, `$a[0]`, `$a[-1]`, `$a[$i]` in a string: a bare word is a string."""
    lowered = low.exprs[node.kind_id](low, node)
    key = next((c for c in node.children[1:] if c.is_named), None)
    if not isinstance(lowered, Index) or key is None:
        return lowered
    if key.kind_id in PLAIN_NAME:
        return Index(lowered.line, lowered.base, Literal(lowered.line, low.text(key)))
    index = lowered.index
    if (
        isinstance(index, Unary)
        and isinstance(index.operand, Literal)
        and isinstance(index.operand.value, int)
    ):
        return Index(lowered.line, lowered.base, Literal(lowered.line, -index.operand.value))
    return lowered


def _dollar_brace(low: Lowering, node: Node) -> Expr:
    """`${name}`, `${name[expr]}`, `${expr}` in a string."""
    line = node.start_point[0] + 1
    named = next((c for c in node.children if c.is_named), None)
    if named is not None and named.kind_id in PLAIN_NAME:
        return Variable(line, low.text(named))
    if named is not None and named.kind_id in SUBSCRIPT:
        parts = [c for c in named.children if c.is_named]
        if len(parts) == 2 and parts[0].kind_id in PLAIN_NAME:
            return Index(line, Variable(line, low.text(parts[0])), low.exprs[parts[1].kind_id](low, parts[1]))
    return low.exprs[node.kind_id](low, node)


@EXPRESSIONS.on("heredoc", "nowdoc")
def _heredoc(low: Lowering, node: Node) -> Expr:
    line = node.start_point[0] + 1
    opened, closed = node.child_by_field_id(IDENTIFIER), node.child_by_field_id(END_TAG)
    if opened is None or closed is None:
        return Unsupported(line, low.excerpt(node), "not readable as PHP")
    start = low.source.find(b"\n", opened.end_byte) + 1
    last = low.source.rfind(b"\n", opened.end_byte, closed.start_byte)
    indent = closed.start_byte - last - 1 - _tag_space(low, last + 1, closed)
    if last + 1 <= start:
        return Literal(line, "")
    end = last - 1 if low.source[last - 1 : last] == b"\r" and last > start else last
    body = node.child_by_field_id(VALUE)
    raw = node.type == "nowdoc"
    parts: list[str | Expr] = (
        [low.between(start, end)] if raw or body is None else _parts(low, body, start, end)
    )
    return _assembled(line, _dedented(parts, indent, raw))


def _tag_space(low: Lowering, start: int, closed: Node) -> int:
    """Zero, or the whole gap where what stands before the closing tag is no indentation."""
    gap = low.source[start : closed.start_byte]
    return len(gap) if gap.strip(b" \t") else 0


def _dedented(parts: list[str | Expr], indent: int, raw: bool) -> list[str | Expr]:
    after_newline = re.compile(rf"(?<=\n)[ \t]{{1,{indent}}}") if indent else None
    done: list[str | Expr] = []
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            done.append(part)
            continue
        text = part
        if after_newline is not None:
            head = "\n" + text if number == 0 else text
            head = after_newline.sub("", head)
            text = head[1:] if number == 0 else head
        done.append(text if raw else double_quoted(text, heredoc=True))
    return [p for p in done if p != ""]
