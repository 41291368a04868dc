"""preg_*: the patterns that Python's engine runs the same way, within bounds."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

T = TypeVar("T")

MAX_SUBJECT = 200_000
"""Longer texts are not searched."""
SHORT_SUBJECT = 30
"""What any pattern may be tried on without a clock at hand."""
SECONDS = 0.5
_REPEATED_GROUP = re.compile(r"\)[+*{]")
_WIDE = re.compile(r"(?:\.|\[\^[^\]]{0,200}+\]|\\[SDW])[+*]")
_ANY_REPETITION = re.compile(r"[^\\][+*]")
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


def search(
    run: Runner, pattern: str, subject: str, limit: int = -1, offset: int = 0
) -> list[re.Match[str]] | Unknown:
    """The matches, at most `limit` of them unless negative; Unknown where the pattern can't be run, or not in time."""
    regex = compiled(pattern)
    unknown = run.unknown(f"what the pattern {pattern!r} matches")
    if regex is None or len(subject) > MAX_SUBJECT:
        return unknown
    run.spend(len(subject) // 100)
    found = partial(_matches, regex, subject, limit, offset)
    if len(subject) <= SHORT_SUBJECT or not _may_be_slow(pattern):
        return found()
    return within(SECONDS, found, unknown)


def _matches(regex: re.Pattern[str], subject: str, limit: int, offset: int) -> list[re.Match[str]]:
    start = offset if offset >= 0 else max(len(subject) + offset, 0)
    return list(islice(regex.finditer(subject, start), limit if limit >= 0 else None))


def _may_be_slow(pattern: str) -> bool:
    """Whether a search could take more than time in proportion to the text: repeated groups, several repetitions that overlap."""
    return bool(
        _REPEATED_GROUP.search(pattern)
        or len(_WIDE.findall(pattern)) > 1
        or len(_ANY_REPETITION.findall(pattern)) > 3
    )


class _Overtime(Exception):
    """A search took too long."""


def within(seconds: float, work: Callable[[], T], otherwise: T | Unknown) -> T | Unknown:
    """Does the work under a clock that interrupts it, as Python's engine looks for signals while it searches. Where signals are
    not to be had (outside of the main thread, on Windows), nothing is done."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return otherwise

    def ring(_number: int, _frame: object) -> None:
        raise _Overtime

    before = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    except (_Overtime, RecursionError, MemoryError):
        return otherwise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - before), 0.001), interval)


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
    found = search(run, pattern, subject, 1, offset)
    if isinstance(found, Unknown) or flags:
        unknown = (
            found if isinstance(found, Unknown) else run.unknown("the result of preg_match() with flags")
        )
        if matches is not None:
            run.assign(matches, unknown)
        return unknown
    if matches is not None:
        run.assign(matches, groups(found[0]) if found else PhpArray())
    return len(found)


@builtin("preg_match_all", "s:pattern s:subject &m:matches=null i:flags=1 i:offset=0")
def _preg_match_all(
    run: Runner, pattern: str, subject: str, matches: Ref | None, flags: int, offset: int
) -> Value:
    found = search(run, pattern, subject, -1, offset)
    if isinstance(found, Unknown) or flags not in (0, 1, 2):
        unknown = (
            found if isinstance(found, Unknown) else run.unknown("the result of preg_match_all() with flags")
        )
        if matches is not None:
            run.assign(matches, unknown)
        return unknown
    regex = compiled(pattern)
    if matches is not None and regex is not None:
        rows = [groups(m, padded=True) for m in found]
        run.assign(matches, PhpArray(rows) if flags == 2 else _by_group(regex, rows))
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


def _replaced(
    run: Runner, pattern: str, text: str, limit: int, new: Callable[[re.Match[str]], str | Unknown]
) -> tuple[str | Unknown, int]:
    """The text with each match replaced, and how many there were."""
    found = search(run, pattern, text, limit)
    if isinstance(found, Unknown):
        return found, 0
    parts: list[str] = []
    position = 0
    for match in found:
        piece = new(match)
        if isinstance(piece, Unknown):
            return piece, 0
        parts += (text[position : match.start()], piece)
        position = match.end()
    parts.append(text[position:])
    return "".join(parts), len(found)


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
        if isinstance(text, Unknown):
            return text
        new = news[0] if not isinstance(replacement, PhpArray) else news[index] if index < len(news) else ""
        shown = run.text_of(new)
        text, times = _replaced(run, run.text_of(one), text, limit, partial(_expanded, replacement=shown))
        total += times
    if count is not None:
        run.assign(count, total)
    return text


@builtin("preg_replace_callback", "v:pattern m:callback v:subject i:limit=-1 &m:count=null")
def _preg_replace_callback(
    run: Runner, pattern: Value, callback: Value, subject: Value, limit: int, count: Ref | None
) -> Value:
    text = run.to_string(subject)

    def called(match: re.Match[str]) -> str | Unknown:
        return run.to_string(run.invoke(callback, (groups(match),)))

    total = 0
    for one in _list(pattern):
        if isinstance(text, Unknown):
            return text
        text, times = _replaced(run, run.text_of(one), text, limit, called)
        total += times
    if count is not None:
        run.assign(count, total)
    return text


@builtin("preg_split", "s:pattern s:subject ?i:limit=-1 i:flags=0")
def _preg_split(run: Runner, pattern: str, subject: str, limit: int | None, flags: int) -> Value:
    """Flags 1: no empty parts, 2: with the captures."""
    found = search(run, pattern, subject)
    if isinstance(found, Unknown) or flags not in (0, 1, 2, 3):
        return found if isinstance(found, Unknown) else run.unknown("the result of preg_split() with flags")
    parts: list[Value] = []
    position, most = 0, limit if limit and limit > 0 else 0
    for match in found:
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
        found = search(run, pattern, text if isinstance(text, str) else "", 1)
        if isinstance(found, Unknown) or isinstance(text, Unknown):
            return found if isinstance(found, Unknown) else text
        if bool(found) != bool(flags & 1):
            kept.append((key, value))
    return PhpArray.of(kept)


@builtin("preg_last_error", "")
def _preg_last_error(_: Runner) -> Value:
    return 0
