"""preg_*: the patterns that Python's engine runs the same way, within bounds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

MAX_SUBJECT = 200_000
"""Longer texts are not searched: patterns that backtrack would take too long."""
_NESTED = re.compile(r"[+*}][^()\[\]]{0,40}\)[+*{]|\)[+*]\)[+*]")
"""A repetition inside a repetition may take exponential time: then only short texts are searched."""
MAX_NESTED_SUBJECT = 24
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FLAGS = {"i": re.I, "m": re.M, "s": re.S, "x": re.X}
_POSIX = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "xdigit": "0-9A-Fa-f",
    "word": r"\w",
    "punct": r"!-/:-@\[-`{-~",
}


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A PHP pattern with its delimiters; None where Python's engine has no equal."""
    text = pattern.lstrip()
    if not text or text[0].isalnum() or text[0] == "\\":
        return None
    end = text.rfind(_PAIRS.get(text[0], text[0]))
    if end <= 0:
        return None
    body, modifiers = text[1:end], text[end + 1 :].strip()
    flags = re.A if "u" not in modifiers else re.U
    for modifier in modifiers:
        if modifier in _FLAGS:
            flags |= _FLAGS[modifier]
        elif modifier not in "uDSXJ":
            return None
    if "D" not in modifiers and "m" not in modifiers:
        body = re.sub(r"(?<!\\)\$(?=$|\))", r"(?=\\n?\\Z)", body)
    try:
        return re.compile(_translated(body), flags)
    except (re.error, OverflowError, RecursionError):
        return None


def _translated(body: str) -> str:
    """PCRE's spelling as Python's."""
    body = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", body)
    body = re.sub(r"\(\?'([A-Za-z_]\w*)'", r"(?P<\1>", body)
    body = re.sub(r"\\h", r"[ \\t]", body)
    body = re.sub(r"\\z", r"\\Z", body)
    body = re.sub(r"\\x\{([0-9A-Fa-f]{1,6})\}", lambda m: re.escape(chr(min(int(m[1], 16), 0x10FFFF))), body)
    body = re.sub(r"\\R", r"(?:\\r\\n|\\n|\\r)", body)
    body = re.sub(r"\[:(\w+):\]", lambda m: _POSIX.get(m[1], m[0]), body)
    return (
        body.replace(r"\p{Lu}", "[A-Z]")
        .replace(r"\p{Ll}", "[a-z]")
        .replace(r"\p{L}", r"[^\W\d_]")
        .replace(r"\p{N}", r"\d")
    )


def ready(run: Runner, pattern: str, subject: str) -> re.Pattern[str] | Unknown:
    """The pattern to search the subject with, or why not."""
    found = compiled(pattern)
    if found is None:
        return run.unknown(f"what the pattern {pattern!r} matches")
    limit = MAX_NESTED_SUBJECT if _NESTED.search(pattern) else MAX_SUBJECT
    if len(subject) > limit:
        return run.unknown(f"what the pattern {pattern!r} matches in a long text")
    run.spend(len(subject) // 100)
    return found


def groups(match: re.Match[str], padded: bool = False) -> PhpArray:
    """The captures, names before their numbers; trailing ones that did not take part are left out."""
    last = (
        match.re.groups
        if padded
        else max((i for i in range(match.re.groups + 1) if match.start(i) >= 0), default=0)
    )
    names = {number: name for name, number in match.re.groupindex.items()}
    found = PhpArray()
    for index in range(last + 1):
        text = match[index] or ""
        if index in names:
            found.set(names[index], text)
        found.set(index, text)
    return found


@builtin("preg_match", "s:pattern s:subject &m:matches=null i:flags=0 i:offset=0")
def _preg_match(
    run: Runner, pattern: str, subject: str, matches: Ref | None, flags: int, offset: int
) -> Value:
    regex = ready(run, pattern, subject)
    if isinstance(regex, Unknown) or flags:
        unknown = (
            regex if isinstance(regex, Unknown) else run.unknown("the result of preg_match() with flags")
        )
        if matches is not None:
            run.assign(matches, unknown)
        return unknown
    match = regex.search(subject, offset)
    if matches is not None:
        run.assign(matches, groups(match) if match else PhpArray())
    return 1 if match else 0


@builtin("preg_match_all", "s:pattern s:subject &m:matches=null i:flags=1 i:offset=0")
def _preg_match_all(
    run: Runner, pattern: str, subject: str, matches: Ref | None, flags: int, offset: int
) -> Value:
    regex = ready(run, pattern, subject)
    if isinstance(regex, Unknown) or flags not in (0, 1, 2):
        unknown = (
            regex if isinstance(regex, Unknown) else run.unknown("the result of preg_match_all() with flags")
        )
        if matches is not None:
            run.assign(matches, unknown)
        return unknown
    found = [groups(m, padded=True) for m in regex.finditer(subject, offset)]
    if matches is not None:
        run.assign(matches, PhpArray(found) if flags == 2 else _by_group(regex, found))
    return len(found)


def _by_group(regex: re.Pattern[str], found: list[PhpArray]) -> PhpArray:
    names = {number: name for name, number in regex.groupindex.items()}
    by_group = PhpArray()
    for index in range(regex.groups + 1):
        column = [m.get(index) for m in found]
        if index in names:
            by_group.set(names[index], PhpArray(column))
        by_group.set(index, PhpArray(column))
    return by_group


def _expanded(match: re.Match[str], replacement: str) -> str:
    def group(reference: re.Match[str]) -> str:
        number = int(reference[1] or reference[2] or reference[3])
        return (match[number] or "") if number <= match.re.groups else ""

    return re.sub(r"\\(\d{1,2})|\$(\d{1,2})|\$\{(\d{1,2})\}", group, replacement, flags=re.A)


def _list(value: Value) -> list[Value]:
    return value.values() if isinstance(value, PhpArray) else [value]


@builtin("preg_replace", "v:pattern v:replacement v:subject i:limit=-1 &m:count=null")
def _preg_replace(
    run: Runner, pattern: Value, replacement: Value, subject: Value, limit: int, count: Ref | None
) -> Value:
    if isinstance(subject, PhpArray):
        pairs = [(k, _preg_replace(run, pattern, replacement, v, limit, count)) for k, v in subject.items()]
        return PhpArray.of(pairs)
    text = run.to_string(subject)
    news = _list(replacement)
    total = 0
    for index, one in enumerate(_list(pattern)):
        new = news[0] if not isinstance(replacement, PhpArray) else news[index] if index < len(news) else ""
        if isinstance(text, Unknown):
            return text
        regex = ready(run, run.text_of(one), text)
        if isinstance(regex, Unknown):
            return regex
        shown = run.text_of(new)
        text, times = regex.subn(lambda m, shown=shown: _expanded(m, shown), text, max(limit, 0))  # type: ignore[misc]  # bound as a default
        total += times
    if count is not None:
        run.assign(count, total)
    return text


@builtin("preg_replace_callback", "v:pattern m:callback v:subject i:limit=-1 &m:count=null")
def _preg_replace_callback(
    run: Runner, pattern: Value, callback: Value, subject: Value, limit: int, count: Ref | None
) -> Value:
    text = run.to_string(subject)
    unknown: list[Unknown] = []

    def called(match: re.Match[str]) -> str:
        value = run.to_string(run.invoke(callback, (groups(match),)))
        if isinstance(value, Unknown):
            unknown.append(value)
            return ""
        return value

    total = 0
    for one in _list(pattern):
        if isinstance(text, Unknown):
            return text
        regex = ready(run, run.text_of(one), text)
        if isinstance(regex, Unknown):
            return regex
        text, times = regex.subn(called, text, max(limit, 0))
        total += times
    if count is not None:
        run.assign(count, total)
    return unknown[0] if unknown else text


@builtin("preg_split", "s:pattern s:subject ?i:limit=-1 i:flags=0")
def _preg_split(run: Runner, pattern: str, subject: str, limit: int | None, flags: int) -> Value:
    """Flags 1: no empty parts, 2: with the captures."""
    regex = ready(run, pattern, subject)
    if isinstance(regex, Unknown) or flags not in (0, 1, 2, 3):
        return regex if isinstance(regex, Unknown) else run.unknown("the result of preg_split() with flags")
    parts: list[Value] = []
    position, most = 0, limit if limit and limit > 0 else 0
    for match in regex.finditer(subject):
        if most and len(parts) >= most - 1:
            break
        if match.end() == match.start() and (match.start() == 0 or match.start() == len(subject)):
            continue
        piece = subject[position : match.start()]
        if piece or not flags & 1:
            parts.append(piece)
        if flags & 2:
            parts += [g for g in match.groups() if g or (g is not None and not flags & 1)]
        position = match.end()
    rest = subject[position:]
    if rest or not flags & 1:
        parts.append(rest)
    return PhpArray(parts)


@builtin("preg_quote", "s:str ?s:delimiter=null")
def _preg_quote(_: Runner, text: str, delimiter: str | None) -> Value:
    special = ".\\+*?[^]$(){}=!<>|:-#/"[:-1] + (delimiter or "")
    return "".join(f"\\{c}" if c in special else "\\000" if c == "\0" else c for c in text)


@builtin("preg_grep", "s:pattern a:array i:flags=0")
def _preg_grep(run: Runner, pattern: str, array: PhpArray, flags: int) -> Value:
    kept: list[tuple[int | str, Value]] = []
    for key, value in array.items():
        text = run.to_string(value)
        regex = ready(run, pattern, text if isinstance(text, str) else "")
        if isinstance(regex, Unknown) or isinstance(text, Unknown):
            return regex if isinstance(regex, Unknown) else text
        if bool(regex.search(text)) != bool(flags & 1):
            kept.append((key, value))
    return PhpArray.of(kept)


@builtin("preg_last_error", "")
def _preg_last_error(_: Runner) -> Value:
    return 0
