"""Strings as characters and as codes: mb_*, ctype_*, comparing, escaping, hashing, bases."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.sources.php.run.builtins.registry import builtin, opaque
from trueup.sources.php.run.builtins.strings import lower, span
from trueup.sources.php.run.convert import decode, encode, fit
from trueup.sources.php.values import PhpArray, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── characters ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("mb_strlen", "s:string ?s:encoding=null")
def _mb_strlen(_: Runner, text: str, _encoding: str | None) -> Value:
    return len(text)


@builtin("mb_strwidth", "s:string ?s:encoding=null")
def _mb_strwidth(_: Runner, text: str, _encoding: str | None) -> Value:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@builtin("mb_substr", "s:string i:start ?i:length=null ?s:encoding=null")
def _mb_substr(_: Runner, text: str, start: int, count: int | None, _encoding: str | None) -> Value:
    first, last = span(len(text), start, count)
    return text[first:last]


@builtin("mb_strtolower", "s:string ?s:encoding=null")
def _mb_strtolower(_: Runner, text: str, _encoding: str | None) -> Value:
    return text.lower()


@builtin("mb_strtoupper", "s:string ?s:encoding=null")
def _mb_strtoupper(_: Runner, text: str, _encoding: str | None) -> Value:
    return text.upper()


@builtin("mb_convert_case", "s:string i:mode ?s:encoding=null")
def _mb_convert_case(_: Runner, text: str, mode: int, _encoding: str | None) -> Value:
    if mode in (0, 4):
        return text.upper()
    if mode in (1, 5):
        return text.lower()
    return re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)?", lambda m: m[0][:1].upper() + m[0][1:].lower(), text)


@builtin("mb_strpos", "s:haystack s:needle i:offset=0 ?s:encoding=null")
def _mb_strpos(_: Runner, text: str, needle: str, offset: int, _encoding: str | None) -> Value:
    at = text.find(needle, offset if offset >= 0 else max(len(text) + offset, 0))
    return at if at >= 0 else False


@builtin("mb_strrpos", "s:haystack s:needle i:offset=0 ?s:encoding=null")
def _mb_strrpos(_: Runner, text: str, needle: str, offset: int, _encoding: str | None) -> Value:
    at = text.rfind(needle, max(offset, 0))
    return at if at >= 0 else False


@builtin("mb_str_split", "s:string i:length=1 ?s:encoding=null")
def _mb_str_split(run: Runner, text: str, size: int, _encoding: str | None) -> Value:
    if size < 1:
        raise run.throw("ValueError", "mb_str_split(): Argument #2 ($length) must be greater than 0")
    return PhpArray([text[i : i + size] for i in range(0, len(text), size)])


@builtin("mb_internal_encoding mb_detect_encoding", "*m:rest")
def _mb_encoding(_: Runner, *_rest: Value) -> Value:
    return "UTF-8"


@builtin("mb_convert_encoding", "s:string s:to_encoding ?v:from_encoding=null")
def _mb_convert_encoding(run: Runner, text: str, to: str, _source: Value) -> Value:
    if text.isascii() and to.upper().startswith(("UTF-8", "ISO-8859", "ASCII")):
        return text
    return run.unknown("the result of mb_convert_encoding()")


def _ctype(pattern: str) -> Callable[..., Value]:
    compiled = re.compile(pattern)
    return lambda _run, value: isinstance(value, str) and compiled.fullmatch(value) is not None


for _name, _pattern in {
    "alnum": r"[A-Za-z0-9]+",
    "alpha": r"[A-Za-z]+",
    "digit": r"[0-9]+",
    "lower": r"[a-z]+",
    "upper": r"[A-Z]+",
    "space": r"[ \t\n\r\v\f]+",
    "xdigit": r"[0-9A-Fa-f]+",
    "punct": r"[!-/:-@\[-`{-~]+",
}.items():
    builtin(f"ctype_{_name}", "v:text")(_ctype(_pattern))


# ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _order(a: bytes, b: bytes) -> int:
    """The difference of the first bytes that differ, else the sign of the difference in length."""
    for x, y in zip(a, b, strict=False):
        if x != y:
            return x - y
    return (len(a) > len(b)) - (len(a) < len(b))


@builtin("strcmp strcoll", "s:string1 s:string2")
def _strcmp(_: Runner, a: str, b: str) -> Value:
    return _order(encode(a), encode(b))


@builtin("strcasecmp", "s:string1 s:string2")
def _strcasecmp(_: Runner, a: str, b: str) -> Value:
    return _order(encode(lower(a)), encode(lower(b)))


@builtin("strncmp", "s:string1 s:string2 i:length")
def _strncmp(_: Runner, a: str, b: str, size: int) -> Value:
    return _order(encode(a)[:size], encode(b)[:size])


@builtin("strncasecmp", "s:string1 s:string2 i:length")
def _strncasecmp(_: Runner, a: str, b: str, size: int) -> Value:
    return _order(encode(lower(a))[:size], encode(lower(b))[:size])


_CHUNKS = re.compile(r"\d+|\D+", re.A)


def natural_order(a: str, b: str) -> int:
    """strnatcmp(): numbers in the text are compared as numbers."""
    for x, y in zip(_CHUNKS.findall(a), _CHUNKS.findall(b), strict=False):
        if x == y:
            continue
        if x[0].isdigit() and y[0].isdigit():
            return -1 if int(x) < int(y) else 1
        return -1 if encode(x) < encode(y) else 1
    return (len(a) > len(b)) - (len(a) < len(b))


@builtin("strnatcmp", "s:string1 s:string2")
def _strnatcmp(_: Runner, a: str, b: str) -> Value:
    return natural_order(a, b)


@builtin("strnatcasecmp", "s:string1 s:string2")
def _strnatcasecmp(_: Runner, a: str, b: str) -> Value:
    return natural_order(lower(a), lower(b))


@builtin("levenshtein", "s:string1 s:string2")
def _levenshtein(run: Runner, a: str, b: str) -> Value:
    run.spend(len(a) * len(b) // 100)
    left, right = encode(a), encode(b)
    row = list(range(len(right) + 1))
    for i, x in enumerate(left, 1):
        above, row[0] = row[0], i
        for j, y in enumerate(right, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (x != y))
    return row[-1]


# ── codes and escapes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("chr", "i:codepoint")
def _chr(_: Runner, code: int) -> Value:
    return decode(bytes((code % 256,)))


@builtin("ord", "s:character")
def _ord(_: Runner, text: str) -> Value:
    return encode(text)[0] if text else 0


@builtin("bin2hex", "s:string")
def _bin2hex(_: Runner, text: str) -> Value:
    return encode(text).hex()


@builtin("hex2bin", "s:string")
def _hex2bin(_: Runner, text: str) -> Value:
    try:
        return decode(bytes.fromhex(text)) if text.isalnum() or not text else False
    except ValueError:
        return False


def _from_base(base: int) -> Callable[..., Value]:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"[:base]

    def convert(_run: Runner, text: str) -> Value:
        clean = "".join(c for c in text.lower() if c in digits)
        return fit(int(clean, base)) if clean else 0

    return convert


builtin("hexdec", "s:hex_string")(_from_base(16))
builtin("bindec", "s:binary_string")(_from_base(2))
builtin("octdec", "s:octal_string")(_from_base(8))


def in_base(number: int, base: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"


@builtin("dechex", "i:num")
def _dechex(_: Runner, number: int) -> Value:
    return in_base(number % 2**64, 16)


@builtin("decbin", "i:num")
def _decbin(_: Runner, number: int) -> Value:
    return in_base(number % 2**64, 2)


@builtin("decoct", "i:num")
def _decoct(_: Runner, number: int) -> Value:
    return in_base(number % 2**64, 8)


@builtin("base_convert", "s:num i:from_base i:to_base")
def _base_convert(run: Runner, text: str, source: int, target: int) -> Value:
    if not (2 <= source <= 36 and 2 <= target <= 36):
        raise run.throw(
            "ValueError", "base_convert(): Argument #2 ($from_base) must be between 2 and 36 (inclusive)"
        )
    number = _from_base(source)(run, text)
    return in_base(number, target) if isinstance(number, int) else run.unknown("the result of base_convert()")


@builtin("addslashes", "s:string")
def _addslashes(_: Runner, text: str) -> Value:
    return re.sub(r"(['\"\\])", r"\\\1", text).replace("\0", "\\0")


@builtin("stripslashes", "s:string")
def _stripslashes(_: Runner, text: str) -> Value:
    return re.sub(r"\\(.?)", lambda m: "\0" if m[1] == "0" else m[1], text, flags=re.S)


_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"}


@builtin("htmlspecialchars htmlentities", "s:string i:flags=3 ?s:encoding=null b:double_encode=true")
def _htmlspecialchars(_: Runner, text: str, *_rest: Value) -> Value:
    return "".join(_ENTITIES.get(c, c) for c in text)


@builtin("html_entity_decode htmlspecialchars_decode", "s:string i:flags=3 ?s:encoding=null")
def _html_decode(_: Runner, text: str, *_rest: Value) -> Value:
    import html

    return html.unescape(text)


@builtin("strip_tags", "s:string v:allowed_tags=null")
def _strip_tags(run: Runner, text: str, allowed: Value) -> Value:
    return re.sub(r"<[^<>]*+>", "", text) if allowed is None else run.unknown("the result of strip_tags()")


@builtin("base64_encode", "s:string")
def _base64_encode(_: Runner, text: str) -> Value:
    return binascii.b2a_base64(encode(text), newline=False).decode("ascii")


@builtin("base64_decode", "s:string b:strict=false")
def _base64_decode(_: Runner, text: str, strict: bool) -> Value:
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
    if strict and re.search(r"[^A-Za-z0-9+/=\s]", text):
        return False
    try:
        return decode(binascii.a2b_base64(clean + "=" * (-len(clean) % 4)))
    except binascii.Error:
        return False


@builtin("urlencode", "s:string")
def _urlencode(_: Runner, text: str) -> Value:
    from urllib.parse import quote_plus

    return quote_plus(encode(text), safe="-_.").replace("~", "%7E")


@builtin("rawurlencode", "s:string")
def _rawurlencode(_: Runner, text: str) -> Value:
    from urllib.parse import quote

    return quote(encode(text), safe="-_.~")


@builtin("rawurldecode", "s:string")
def _rawurldecode(_: Runner, text: str) -> Value:
    from urllib.parse import unquote_to_bytes

    return decode(unquote_to_bytes(encode(text)))


@builtin("urldecode", "s:string")
def _urldecode(_: Runner, text: str) -> Value:
    return _rawurldecode(_, text.replace("+", " "))


# ── hashes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _digest(name: str, raw: bytes) -> bytes | None:
    import hashlib

    lowered = name.lower()
    if lowered == "crc32b":
        return zlib.crc32(raw).to_bytes(4, "big")
    known = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}
    return hashlib.new(lowered, raw, usedforsecurity=False).digest() if lowered in known else None


@builtin("md5", "s:string b:binary=false")
def _md5(_: Runner, text: str, binary: bool) -> Value:
    digest = _digest("md5", encode(text)) or b""
    return decode(digest) if binary else digest.hex()


@builtin("sha1", "s:string b:binary=false")
def _sha1(_: Runner, text: str, binary: bool) -> Value:
    digest = _digest("sha1", encode(text)) or b""
    return decode(digest) if binary else digest.hex()


@builtin("crc32", "s:string")
def _crc32(_: Runner, text: str) -> Value:
    return zlib.crc32(encode(text))


@builtin("hash", "s:algo s:data b:binary=false m:options=null")
def _hash(run: Runner, name: str, text: str, binary: bool, _options: Value) -> Value:
    digest = _digest(name, encode(text))
    if digest is None:
        return run.unknown(f"hash() with {name}")
    return decode(digest) if binary else digest.hex()


@builtin("hash_hmac", "s:algo s:data s:key b:binary=false")
def _hash_hmac(run: Runner, name: str, text: str, key: str, binary: bool) -> Value:
    if _digest(name, b"") is None or name.lower() == "crc32b":
        return run.unknown(f"hash_hmac() with {name}")
    import hmac

    digest = hmac.new(encode(key), encode(text), name.lower()).digest()
    return decode(digest) if binary else digest.hex()


opaque(
    "uniqid lcg_value random_bytes openssl_random_pseudo_bytes password_hash crypt", "the random result of"
)
opaque("soundex metaphone similar_text iconv utf8_encode utf8_decode mb_str_pad hash_algos", "the result of")
