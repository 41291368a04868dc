"""Comments that accept a finding: `trueup-ignore CODE reason`, in PHP, Blade, Markdown, SQL and what else has comments.

In PHP the tree says what is a comment, so that texts that look like one are none. A comment that is alone on its line speaks of the
next line, any other of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from trueup.model.acceptance import Ignore
from trueup.model.locations import Location

WORD = b"trueup-ignore"
MAX_BYTES = 8_000_000

_BODY = re.compile(r"trueup-ignore(?![\w-])[ \t]*(?P<rest>[^\r\n]*)")
_MARK = r"<!--|\{\{--|--|//|/\*|#"
_ANYWHERE = re.compile(rf"(?P<mark>{_MARK})[ \t]*(?P<body>trueup-ignore(?![\w-])[^\r\n]*)")
_CODES = re.compile(
    r"(?P<codes>[A-Za-z]{3,5}\d{3}(?:\s*,\s*[A-Za-z]{3,5}\d{3})*)(?![\w-])\s*[:–—-]*\s*(?P<reason>.*)"
)
_END = re.compile(r"(?:(?<!\s)\s++)?(?:\*/|--\}\}|-->).*", re.DOTALL)


def read_ignores(root: str, files: Iterable[str]) -> tuple[Ignore, ...]:
    """The comments in `files`, which are relative to `root`, sorted by place. A file that can't be read has none: readers tell of
    that. A comment without a reason or codes has "" or none of them."""
    found: list[Ignore] = []
    for file in sorted(set(files)):
        source = _source(root, file)
        if source is not None and WORD in source:
            found.extend(
                _with_targets(tuple(_in_php(source, file) if _is_php(file) else _in_text(source, file)))
            )
    return tuple(sorted(found))


def _source(root: str, file: str) -> bytes | None:
    path = os.path.realpath(os.path.join(root, file))
    base = os.path.realpath(root)
    if not path.startswith(base.rstrip(os.sep) + os.sep):
        return None
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MAX_BYTES:
            return None
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return None


def _is_php(file: str) -> bool:
    lowered = file.lower()
    return lowered.endswith(".php") and not lowered.endswith(".blade.php")


def _in_php(source: bytes, file: str) -> Iterator[Ignore]:
    from trueup.sources.php.parse import parse

    lines = source.decode("utf-8", "replace").splitlines()
    for comment in parse(source, file).comments:
        for offset, text in enumerate(comment.text.splitlines()):
            body = _BODY.search(text)
            if body is None or text[: body.start()].strip(" \t/*#"):
                continue  # a comment that speaks of such comments is none
            line = comment.line + offset
            around = [
                lines[n - 1].strip() if n <= len(lines) else "" for n in (comment.line, comment.end_line)
            ]
            written = comment.text.strip().splitlines()
            alone = around == [written[0].strip(), written[-1].strip()]
            yield _ignore(file, line, body["rest"], alone, comment.end_line + 1)


def _in_text(source: bytes, file: str) -> Iterator[Ignore]:
    for number, text in enumerate(source.decode("utf-8", "replace").splitlines(), 1):
        found = _ANYWHERE.search(text)
        body = _BODY.search(found["body"]) if found else None
        if found and body:
            alone = not text[: found.start()].strip()
            yield _ignore(file, number, body["rest"], alone, number + 1)


def _ignore(file: str, line: int, rest: str, alone: bool, following: int) -> Ignore:
    rest = _END.sub("", rest).strip()
    parts = _CODES.match(rest)
    codes = tuple(code.strip().upper() for code in parts["codes"].split(",")) if parts else ()
    reason = parts["reason"].strip() if parts else ""
    told = reason if re.search(r"\w{2}", reason) else ""
    return Ignore(Location(file, line), codes, told, alone, following if alone else line)


def _with_targets(ignores: Sequence[Ignore]) -> Iterator[Ignore]:
    """Comments in a row all speak of the line after them."""
    targets = {one.at.line: one.target for one in ignores if one.alone}
    for one in ignores:
        target = one.target
        while one.alone and target in targets:
            target = targets[target]
        yield Ignore(one.at, one.codes, one.reason, one.alone, target)
