"""json_encode() and json_decode()."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trueup.sources.php.run import objects
from trueup.sources.php.run.builtins.printing import find_unknown
from trueup.sources.php.run.builtins.registry import builtin
from trueup.sources.php.run.convert import fit, float_text
from trueup.sources.php.values import EnumCase, HostObject, PhpArray, PhpObject, Unknown, Value, normal_key

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

_PRETTY, _SLASHES, _UNICODE, _THROW, _FORCE_OBJECT, _ZERO_FRACTION = 128, 64, 256, 4194304, 16, 1024
MAX_DEPTH = 200


class _Failure(Exception):
    """What can't be encoded or read."""


def encoded(run: Runner, value: Value, flags: int, depth: int = 0) -> str:
    """The text; raises _Failure for what JSON has no form for."""
    if depth > MAX_DEPTH:
        raise _Failure("Maximum stack depth exceeded")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value, flags)
    if isinstance(value, str):
        return _text(value, flags)
    if isinstance(value, PhpArray):
        return _array(run, value, flags, depth)
    return _object(run, value, flags, depth)


def _float(value: float, flags: int) -> str:
    if not math.isfinite(value):
        raise _Failure("Inf and NaN cannot be JSON encoded")
    text = float_text(value, 17, "e")
    return f"{text}.0" if flags & _ZERO_FRACTION and text.lstrip("-").isdigit() else text


def _text(value: str, flags: int) -> str:
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise _Failure("Malformed UTF-8 characters, possibly incorrectly encoded")
    import json

    text = json.dumps(value, ensure_ascii=not flags & _UNICODE)
    return text if flags & _SLASHES else text.replace("/", "\\/")


def _array(run: Runner, value: PhpArray, flags: int, depth: int) -> str:
    if value.is_list() and not flags & _FORCE_OBJECT:
        return _joined("[]", [encoded(run, v, flags, depth + 1) for v in value.values()], flags, depth)
    return _pairs(run, [(str(k), v) for k, v in value.items()], flags, depth)


def _pairs(run: Runner, pairs: list[tuple[str, Value]], flags: int, depth: int) -> str:
    colon = ": " if flags & _PRETTY else ":"
    parts = [f"{_text(k, flags)}{colon}{encoded(run, v, flags, depth + 1)}" for k, v in pairs]
    return _joined("{}", parts, flags, depth)


def _joined(brackets: str, parts: list[str], flags: int, depth: int) -> str:
    if not flags & _PRETTY or not parts:
        return f"{brackets[0]}{','.join(parts)}{brackets[1]}"
    inner, outer = "\n" + "    " * (depth + 1), "\n" + "    " * depth
    return f"{brackets[0]}{inner}{(',' + inner).join(parts)}{outer}{brackets[1]}"


def _object(run: Runner, value: Value, flags: int, depth: int) -> str:
    if isinstance(value, EnumCase):
        return encoded(run, value.value, flags, depth)
    if isinstance(value, PhpObject):
        if value.cls.method("jsonSerialize"):
            return encoded(run, objects.call_named(run, value, "jsonSerialize"), flags, depth + 1)
        if value.base is None:
            return _pairs(run, value.items(), flags, depth)
    base = run.base_of(value)
    if isinstance(base, HostObject):
        return encoded(run, base.json(run), flags, depth + 1)
    raise _Unknowable(value if isinstance(value, Unknown) else run.unknown("the JSON of an object"))


class _Unknowable(Exception):
    """Something unknown is inside."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__()
        self.unknown = unknown


@builtin("json_encode", "m:value i:flags=0 i:depth=512")
def _json_encode(run: Runner, value: Value, flags: int, _depth: int) -> Value:
    unknown = find_unknown(value)
    if unknown is not None:
        return unknown
    try:
        return encoded(run, value, flags)
    except _Unknowable as inside:
        return inside.unknown
    except _Failure as failure:
        if flags & _THROW:
            raise run.throw("JsonException", str(failure), 5) from None
        return False


def _decoded(run: Runner, value: object, associative: bool) -> Value:
    if isinstance(value, list):
        return PhpArray([_decoded(run, v, associative) for v in value])
    if isinstance(value, dict):
        made = PhpArray()
        for key, item in value.items():
            made.set(normal_key(key), _decoded(run, item, associative))
        if associative:
            return made
        thing = run.instantiate("stdClass")
        if isinstance(thing, PhpObject):
            thing.props = {str(k): v for k, v in made.items()}
        return thing
    if isinstance(value, int) and not isinstance(value, bool):
        return fit(value)
    return value if value is None or isinstance(value, (str, bool, float)) else None


@builtin("json_decode", "s:json ?b:associative=null i:depth=512 i:flags=0")
def _json_decode(run: Runner, text: str, associative: bool | None, _depth: int, flags: int) -> Value:
    import json

    try:
        value: object = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        if flags & _THROW:
            raise run.throw("JsonException", "Syntax error", 4) from None
        return None
    return _decoded(run, value, bool(associative) or bool(flags & 1))


def _refuse(name: str) -> float:
    raise ValueError(name)


@builtin("json_last_error", "")
def _json_last_error(_: Runner) -> Value:
    return 0


@builtin("json_last_error_msg", "")
def _json_last_error_msg(_: Runner) -> Value:
    return "No error"


@builtin("json_validate", "s:json i:depth=512 i:flags=0")
def _json_validate(_: Runner, text: str, *_rest: Value) -> Value:
    import json

    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True
