"""Spellings that PHP takes and the grammar does not, put into others of the same length: every byte stays in its place.

- `const string DEFAULT = 1`: a typed constant named by a keyword (PHP 8.3). The type goes.
- `const NAMESPACE = 1`: two keywords that the grammar takes for no constant's name at all. Any other name stands for them.
- `use App\\{A, B,}`: a comma behind the last name (7.2). The comma goes.
- `readonly private int $a`: modifiers in this order. `readonly` goes.
- `f(list: 1)`: an argument named by one of the keywords that the grammar takes for something else. `xxxx` stands for it.
- `enum A: String`: the type of a backed enum in capitals.
"""

from __future__ import annotations

import re

_TYPED_CONSTANT = re.compile(rb"(?<=\bconst)(\s{1,99})([?\w\\|&()]{1,200})(?=\s{1,99}\w{1,200}\s{0,99}=)")
_KEYWORD_CONSTANT = re.compile(rb"\bconst\s{1,300}(?:namespace|callable)(?=\s{0,99}=)", re.I)
_USE_GROUP = re.compile(rb"\buse\s{1,99}[\w\\ ]{1,300}\{[\w\\,\s]*+(?=\})")
_READONLY_FIRST = re.compile(rb"\breadonly(?=\s{1,99}(?:public|protected|private)\b)")

_KEYWORD_ARGUMENT = re.compile(rb"(?<=[(,\s])(?:list|new|clone|print|include|require|yield)(?=\s{0,9}:(?!:))")
_ENUM_TYPE = re.compile(rb"\benum\s{1,99}\w{1,200}\s{0,99}:\s{0,99}(?:string|int)\b", re.I)


def respelled(source: bytes) -> bytes:
    """`source` with these spellings put right, whether or not they stand in strings: the texts of a file are taken from itself."""
    source = _TYPED_CONSTANT.sub(lambda m: m[1] + b" " * len(m[2]), source)
    source = _KEYWORD_CONSTANT.sub(lambda m: m[0][:-8] + b"x" * 8, source)
    source = _KEYWORD_ARGUMENT.sub(lambda m: b"x" * len(m[0]), source)
    source = _ENUM_TYPE.sub(lambda m: m[0][:-6] + m[0][-6:].lower(), source)
    source = _USE_GROUP.sub(_without_last_comma, source)
    return _READONLY_FIRST.sub(b" " * len(b"readonly"), source)


def _without_last_comma(group: re.Match[bytes]) -> bytes:
    text = group[0]
    names = text.rstrip()
    return names[:-1] + b" " + text[len(names) :] if names.endswith(b",") else text
