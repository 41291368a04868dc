"""Strings as bytes: searching, cutting, replacing, joining. Positions and lengths count bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.run.convert import decode, encode, scalar_text, type_name
from trueup.sources.php.run.reading import length
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

_BLANKS = " \n\r\t\v\0"
_LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(65, 91)})
_UPPER = str.maketrans({chr(c + 32): chr(c) for c in range(65, 91)})


def lower(text: str) -> str:
    """strtolower(): ASCII only since PHP 8."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def upper(text: str) -> str:
    return text.upper() if text.isascii() else text.translate(_UPPER)


@builtin("strlen", "s:string")
def _strlen(_: Runner, text: str) -> Value:
    return length(text)


@builtin("strtolower", "s:string")
def _strtolower(_: Runner, text: str) -> Value:
    return lower(text)


@builtin("strtoupper", "s:string")
def _strtoupper(_: Runner, text: str) -> Value:
    return upper(text)


@builtin("ucfirst", "s:string")
def _ucfirst(_: Runner, text: str) -> Value:
    return upper(text[:1]) + text[1:]


@builtin("lcfirst", "s:string")
def _lcfirst(_: Runner, text: str) -> Value:
    return lower(text[:1]) + text[1:]


@builtin("ucwords", "s:string ?s:separators=null")
def _ucwords(_: Runner, text: str, separators: str | None) -> Value:
    separators = " \t\r\n\f\v" if separators is None else separators
    return "".join(upper(c) if i == 0 or text[i - 1] in separators else c for i, c in enumerate(text))


def _characters(text: str) -> str:
    """The characters of a trim() list, ranges like "a..z" spelled out."""
    return re.sub(
        r"(.)\.\.(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), text, flags=re.S
    )


@builtin("trim", "s:string ?s:characters=null")
def _trim(_: Runner, text: str, characters: str | None) -> Value:
    return text.strip(_BLANKS if characters is None else _characters(characters))


@builtin("ltrim", "s:string ?s:characters=null")
def _ltrim(_: Runner, text: str, characters: str | None) -> Value:
    return text.lstrip(_BLANKS if characters is None else _characters(characters))


@builtin("rtrim chop", "s:string ?s:characters=null")
def _rtrim(_: Runner, text: str, characters: str | None) -> Value:
    return text.rstrip(_BLANKS if characters is None else _characters(characters))


# ── cutting ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def span(size: int, start: int, count: int | None) -> tuple[int, int]:
    """Start and end of PHP's (offset, length) pairs, either of which may count from the end."""
    first = max(size + start, 0) if start < 0 else min(start, size)
    if count is None:
        return first, size
    last = size + count if count < 0 else first + count
    return first, max(first, min(last, size))


@builtin("substr", "s:string i:offset ?i:length=null")
def _substr(_: Runner, text: str, offset: int, count: int | None) -> Value:
    if text.isascii():
        first, last = span(len(text), offset, count)
        return text[first:last]
    raw = encode(text)
    first, last = span(len(raw), offset, count)
    return decode(raw[first:last])


@builtin("substr_count", "s:haystack s:needle i:offset=0 ?i:length=null")
def _substr_count(run: Runner, text: str, needle: str, offset: int, count: int | None) -> Value:
    if not needle:
        raise run.throw("ValueError", "substr_count(): Argument #2 ($needle) cannot be empty")
    raw = encode(text)
    first, last = span(len(raw), offset, count)
    return raw[first:last].count(encode(needle))


@builtin("substr_replace", "s:string s:replace i:offset ?i:length=null")
def _substr_replace(_: Runner, text: str, replacement: str, offset: int, count: int | None) -> Value:
    raw = encode(text)
    first, last = span(len(raw), offset, count)
    return decode(raw[:first] + encode(replacement) + raw[last:])


@builtin("str_split", "s:string i:length=1")
def _str_split(run: Runner, text: str, size: int) -> Value:
    if size < 1:
        raise run.throw("ValueError", "str_split(): Argument #2 ($length) must be greater than 0")
    raw = encode(text)
    return PhpArray([decode(raw[i : i + size]) for i in range(0, len(raw), size)])


@builtin("strrev", "s:string")
def _strrev(_: Runner, text: str) -> Value:
    return decode(encode(text)[::-1])


# ── searching ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _find(run: Runner, name: str, texts: tuple[str, str], offset: int, last: bool) -> int | bool:
    haystack, needle = encode(texts[0]), encode(texts[1])
    if abs(offset) > len(haystack):
        message = f"{name}(): Argument #3 ($offset) must be contained in argument #1 ($haystack)"
        raise run.throw("ValueError", message)
    if not last:
        at = haystack.find(needle, offset if offset >= 0 else len(haystack) + offset)
    elif offset >= 0:
        at = haystack.rfind(needle, offset)
    else:
        at = haystack.rfind(needle, 0, min(len(haystack), len(haystack) + offset + len(needle)))
    return at if at >= 0 else False


@builtin("strpos", "s:haystack s:needle i:offset=0")
def _strpos(run: Runner, text: str, needle: str, offset: int) -> Value:
    return _find(run, "strpos", (text, needle), offset, False)


@builtin("stripos", "s:haystack s:needle i:offset=0")
def _stripos(run: Runner, text: str, needle: str, offset: int) -> Value:
    return _find(run, "stripos", (lower(text), lower(needle)), offset, False)


@builtin("strrpos", "s:haystack s:needle i:offset=0")
def _strrpos(run: Runner, text: str, needle: str, offset: int) -> Value:
    return _find(run, "strrpos", (text, needle), offset, True)


@builtin("strripos", "s:haystack s:needle i:offset=0")
def _strripos(run: Runner, text: str, needle: str, offset: int) -> Value:
    return _find(run, "strripos", (lower(text), lower(needle)), offset, True)


@builtin("strstr", "s:haystack s:needle b:before_needle=false")
def _strstr(_: Runner, text: str, needle: str, before: bool) -> Value:
    at = text.find(needle)
    return False if at < 0 else text[:at] if before else text[at:]


@builtin("stristr", "s:haystack s:needle b:before_needle=false")
def _stristr(_: Runner, text: str, needle: str, before: bool) -> Value:
    at = lower(text).find(lower(needle))
    return False if at < 0 else text[:at] if before else text[at:]


@builtin("strrchr", "s:haystack s:needle")
def _strrchr(_: Runner, text: str, needle: str) -> Value:
    at = text.rfind(needle[:1]) if needle else -1
    return False if at < 0 else text[at:]


@builtin("str_contains", "s:haystack s:needle")
def _str_contains(_: Runner, text: str, needle: str) -> Value:
    return needle in text


@builtin("str_starts_with", "s:haystack s:needle")
def _str_starts_with(_: Runner, text: str, needle: str) -> Value:
    return text.startswith(needle)


@builtin("str_ends_with", "s:haystack s:needle")
def _str_ends_with(_: Runner, text: str, needle: str) -> Value:
    return text.endswith(needle)


# ── building ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("str_repeat", "s:string i:times")
def _str_repeat(run: Runner, text: str, times: int) -> Value:
    if times < 0:
        raise run.throw("ValueError", "str_repeat(): Argument #2 ($times) must be greater than or equal to 0")
    if len(text) * times > run.budget.string:
        run.exceeded(f"a string of more than {run.budget.string:,} characters")
    return text * times


@builtin("str_pad", "s:string i:length ?s:pad_string=null i:pad_type=1")
def _str_pad(run: Runner, text: str, size: int, pad: str | None, kind: int) -> Value:
    """`kind` 0 left, 1 right, 2 both."""
    if size > run.budget.string:
        run.exceeded(f"a string of more than {run.budget.string:,} characters")
    pad = pad or " "
    missing = size - length(text)
    if missing <= 0:
        return text
    left = missing if kind == 0 else missing // 2 if kind == 2 else 0
    right = missing - left
    return (pad * left)[:left] + text + (pad * right)[:right]


@builtin("implode join", "m:separator m:array=null")
def _implode(run: Runner, separator: Value, array: Value) -> Value:
    """What is no array or no text where one is wanted is refused in the order in which PHP looks: second, first, what is in it."""
    if array is None:
        separator, array = "", separator
        wanted = "#1 ($array) must be of type array, string"
    else:
        wanted = f"#2 ($array) must be of type ?array, {type_name(array)}"
    if isinstance(array, Unknown):
        return array
    if not isinstance(array, PhpArray):
        raise run.throw("TypeError", f"implode(): Argument {wanted} given")
    if isinstance(separator, PhpArray):
        raise run.throw(
            "TypeError", "implode(): Argument #1 ($separator) must be of type string, array given"
        )
    glue = run.to_string(separator)
    if isinstance(glue, Unknown):
        return glue
    if array.unknown is not None:
        return array.unknown
    texts = [run.to_string(value) for value in array.values()]
    unknown = next((t for t in texts if isinstance(t, Unknown)), None)
    return unknown or glue.join(t for t in texts if isinstance(t, str))


@builtin("explode", "s:separator s:string ?i:limit=null")
def _explode(run: Runner, separator: str, text: str, limit: int | None) -> Value:
    if not separator:
        raise run.throw("ValueError", "explode(): Argument #1 ($separator) cannot be empty")
    if limit is None:
        return PhpArray(text.split(separator))
    parts = text.split(separator)
    if limit < 0:
        return PhpArray(parts[:limit])
    return PhpArray(text.split(separator, max(limit, 1) - 1))


# ── replacing ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _texts(run: Runner, value: Value) -> list[str] | None:
    """The strings of a search or replacement argument, which may be one or an array; None: not known."""
    if isinstance(value, PhpArray):
        if value.unknown is not None:
            return None
        found = [run.to_string(v) for v in value.values()]
    else:
        found = [run.to_string(value)]
    return None if any(isinstance(t, Unknown) for t in found) else [t for t in found if isinstance(t, str)]


def _replaced(run: Runner, args: tuple[Value, Value, Value], insensitive: bool, count: Ref | None) -> Value:
    search, replace, subject = args
    if isinstance(subject, PhpArray):
        done = PhpArray()
        for key, value in subject.items():
            done.set(key, _replaced(run, (search, replace, value), insensitive, count))
        done.unknown = subject.unknown
        return done
    text = run.to_string(subject)
    needles, replacements = _texts(run, search), _texts(run, replace)
    if isinstance(text, Unknown) or needles is None or replacements is None:
        return text if isinstance(text, Unknown) else run.unknown("the result of str_replace()")
    single = replacements[0] if not isinstance(replace, PhpArray) else None
    for index, needle in enumerate(needles):
        new = single if single is not None else replacements[index] if index < len(replacements) else ""
        if needle:
            text = _replace_one(text, needle, new, insensitive, count)
        if len(text) > run.budget.string:
            run.exceeded(f"a string of more than {run.budget.string:,} characters")
    return text


def _replace_one(text: str, needle: str, new: str, insensitive: bool, count: Ref | None) -> str:
    if not insensitive:
        if count is not None:
            count.value = (count.value if isinstance(count.value, int) else 0) + text.count(needle)
        return text.replace(needle, new)
    done, times = re.subn(re.escape(needle), lambda _: new, text, flags=re.I | re.A)
    if count is not None:
        count.value = (count.value if isinstance(count.value, int) else 0) + times
    return done


@builtin("str_replace", "m:search m:replace m:subject &m:count=null")
def _str_replace(run: Runner, search: Value, replace: Value, subject: Value, count: Ref | None) -> Value:
    if count is not None:
        count.value = 0
    return _replaced(run, (search, replace, subject), False, count)


@builtin("str_ireplace", "m:search m:replace m:subject &m:count=null")
def _str_ireplace(run: Runner, search: Value, replace: Value, subject: Value, count: Ref | None) -> Value:
    if count is not None:
        count.value = 0
    return _replaced(run, (search, replace, subject), True, count)


@builtin("strtr", "s:string v:from ?s:to=null")
def _strtr(run: Runner, text: str, pairs: Value, to: str | None) -> Value:
    if isinstance(pairs, PhpArray):
        if "" in pairs:
            run.warn("strtr(): Ignoring replacement of empty string")
        table = {str(k): run.text_of(v) for k, v in pairs.items() if k != ""}
        if not table:
            return text
        pattern = "|".join(re.escape(k) for k in sorted(table, key=len, reverse=True))
        return re.sub(pattern, lambda m: table[m[0]], text)
    source, target = encode(scalar_text(run.text_of(pairs))), encode(to or "")
    size = min(len(source), len(target))
    return decode(encode(text).translate(bytes.maketrans(source[:size], target[:size])))


@builtin("nl2br", "s:string")
def _nl2br(_: Runner, text: str) -> Value:
    return re.sub(r"(\r\n|\n\r|\n|\r)", r"<br />\1", text)


@builtin("wordwrap", "s:string i:width=75 ?s:break=null b:cut_long_words=false")
def _wordwrap(run: Runner, text: str, width: int, mark: str | None, cut: bool) -> Value:
    if cut or width < 1:
        return run.unknown("the result of wordwrap()")
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if len(longer) > width and line:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return (mark or "\n").join(lines)
