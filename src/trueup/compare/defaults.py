"""Defaults compared by what they mean: `'0'` is 0, `now()` is CURRENT_TIMESTAMP, NULL is none."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from trueup.structs import Struct

DefaultKind = Literal["none", "literal", "number", "boolean", "now", "expression"]


class DefaultValue(Struct, frozen=True):
    """`text` is the value without quotes ("USD", "0", "true"); an expression's is its text, lower case, without spaces."""

    kind: DefaultKind
    text: str = ""


NONE = DefaultValue("none")
_NOW = re.compile(
    r"(current_timestamp|now|localtimestamp|localtime|getdate|statement_timestamp|transaction_timestamp"
    r"|datetime)(\(\s*+(\d++|'now'|'now',\s*+'(utc|localtime)')?\s*+\))?"
)
_PG_CAST = re.compile(
    r"::\s*+[a-z_\" ]++(\(\s*+\d++(\s*+,\s*+\d++)?\s*+\))?(\s++with(out)? time zone)?(\[\])?\s*+$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?:_[a-z0-9]+\s*|e|n|b)?'((?:[^'\\]|''|\\.)*)'", re.IGNORECASE | re.DOTALL)
_EMPTY_JSON = {
    "json_array()": "[]",
    "json_object()": "{}",
    "jsonb_build_array()": "[]",
    "jsonb_build_object()": "{}",
}
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def parse_default(text: str | None) -> DefaultValue:
    """The value that a DEFAULT clause (without the word) of any of the servers gives."""
    if text is None:
        return NONE
    bare = _without_wrapping(text.strip())
    lowered = re.sub(r"\s+", " ", bare.lower())
    if lowered in ("", "null"):
        return NONE
    quoted = _QUOTED.fullmatch(bare)
    if quoted:
        return DefaultValue("literal", _unescape(quoted.group(1)))
    if lowered in ("true", "false"):
        return DefaultValue("boolean", lowered)
    if _number(bare) is not None:
        return DefaultValue("number", bare)
    if _NOW.fullmatch(lowered):
        return DefaultValue("now")
    if lowered in _EMPTY_JSON:
        return DefaultValue("literal", _EMPTY_JSON[lowered])
    return DefaultValue("expression", lowered.replace(" ", ""))


def same_default(a: str | None, b: str | None, numeric: bool = False) -> bool:
    """Whether two defaults give the same value. `numeric`: the column holds numbers, so that `'0.00'` is 0."""
    left, right = parse_default(a), parse_default(b)
    if left == right:
        return True
    if "none" in (left.kind, right.kind) or "now" in (left.kind, right.kind):
        return False
    if "expression" in (left.kind, right.kind):
        return _bare(left) == _bare(right)
    if numeric or "number" in (left.kind, right.kind) or "boolean" in (left.kind, right.kind):
        one, other = _as_number(left), _as_number(right)
        if one is not None and other is not None:
            return one == other
    return left.text == right.text or _same_json(left.text, right.text)


def _bare(value: DefaultValue) -> str:
    """For comparison with an expression: MySQL 8 reports texts without quotes, so that they look like one."""
    return "".join(value.text.lower().split())


def _without_wrapping(text: str) -> str:
    """Without PostgreSQL's casts and the parentheses that MySQL and SQLite ask for around expressions."""
    while True:
        before = text
        text = _PG_CAST.sub("", text).strip()
        if text.startswith("(") and text.endswith(")") and _closes_at_end(text):
            text = text[1:-1].strip()
        if text == before:
            return text


def _closes_at_end(text: str) -> bool:
    depth, quoted = 0, False
    for position, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return position == len(text) - 1
    return False


def _unescape(text: str) -> str:
    unquoted = text.replace("''", "'")
    return re.sub(r"\\(.)", lambda m: _UNESCAPED.get(m.group(1), m.group(1)), unquoted)


def _number(text: str) -> Decimal | None:
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?", text.strip(), re.IGNORECASE):
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _as_number(value: DefaultValue) -> Decimal | None:
    if value.text.lower() in ("true", "false", "t", "f"):
        return Decimal(int(value.text.lower().startswith("t")))
    return _number(value.text)


def _same_json(a: str, b: str) -> bool:
    if a[:1] not in ("[", "{") or b[:1] not in ("[", "{"):
        return False
    try:
        return bool(json.loads(a) == json.loads(b))
    except (ValueError, RecursionError):
        return False
