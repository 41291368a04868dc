"""Values as text: sprintf(), number_format(), var_export(), print_r(), serialize()."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from trueup.sources.php.run import convert
from trueup.sources.php.run.builtins.registry import builtin, opaque
from trueup.sources.php.run.builtins.texts import in_base
from trueup.sources.php.run.convert import decode, encode, float_text
from trueup.sources.php.run.reading import length
from trueup.sources.php.values import EnumCase, PhpArray, PhpObject, Unknown, Value

if TYPE_CHECKING:
    from decimal import Decimal

    from trueup.sources.php.run.runner import Runner

_DIRECTIVE = re.compile(
    r"%(?:(%)|(?:(\d{1,9})\$)?([-+ 0]|'.){0,20}?(\d{1,9})?(?:\.(\d{1,9}))?l?([a-zA-Z]))", re.S
)
_FLAGS = re.compile(r"%(?:\d+\$)?((?:[-+ 0]|'.)*)", re.S)
MAX_DEPTH = 100


def rounded(number: float, places: int) -> Decimal:
    """Half away from zero, of the shortest decimal that reads back as the number, as PHP's pre-rounding has it."""
    from decimal import ROUND_HALF_UP, Context, Decimal

    if not math.isfinite(number):
        return Decimal(0)
    exact = Decimal(number) if abs(number) >= 1e15 else Decimal(repr(number))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=1000))


def sprintf(run: Runner, template: str, values: list[Value]) -> str | Unknown:
    """sprintf() with its values in a list."""
    unknown: list[Unknown] = []
    used = 0

    def directive(match: re.Match[str]) -> str:
        nonlocal used
        if match[1]:
            return "%"
        index = int(match[2]) - 1 if match[2] else used
        used += not match[2]
        if not 0 <= index < len(values):
            raise run.throw(
                "ArgumentCountError",
                f"{max(index, used - 1) + 2} arguments are required, {len(values) + 1} given",
            )
        value = values[index]
        if isinstance(value, Unknown):
            unknown.append(value)
            return ""
        text = _formatted(run, match, value)
        if isinstance(text, Unknown):
            unknown.append(text)
            return ""
        return text

    done = _DIRECTIVE.sub(directive, template)
    return unknown[0] if unknown else done


def _formatted(run: Runner, match: re.Match[str], value: Value) -> str | Unknown:
    flags = (_FLAGS.match(match[0]) or match)[1] or ""
    width = min(int(match[4] or 0), run.budget.string)
    precision = min(int(match[5]), 500) if match[5] else None
    text = _converted(run, match[6], value, precision, "+" in flags)
    if isinstance(text, Unknown):
        return text
    return _padded(text, width, flags, match[6])


def _padded(text: str, width: int, flags: str, kind: str) -> str:
    missing = width - length(text)
    if missing <= 0:
        return text
    custom = re.search(r"'(.)", flags, re.S)
    plain = re.sub(r"'.", "", flags, flags=re.S)
    fill = custom[1] if custom else "0" if "0" in plain else " "
    if "-" in plain:
        return text + fill * missing
    if fill == "0" and text[:1] in ("-", "+") and kind in "dfFeEu":
        return text[0] + fill * missing + text[1:]
    return fill * missing + text


def _converted(run: Runner, kind: str, value: Value, precision: int | None, sign: bool) -> str | Unknown:
    if kind == "s":
        text = run.to_string(value)
        return text if isinstance(text, Unknown) or precision is None else decode(encode(text)[:precision])
    if kind in "di":
        number = convert.to_int(value)
        return f"{number:+d}" if sign else str(number)
    if kind == "u":
        return str(convert.to_int(value) % 2**64)
    if kind in "fF":
        return _fixed(convert.to_float(value), 6 if precision is None else precision, sign)
    if kind in "xXob":
        shown = in_base(convert.to_int(value) % 2**64, {"x": 16, "X": 16, "o": 8, "b": 2}[kind])
        return shown.upper() if kind == "X" else shown
    if kind == "c":
        return decode(bytes((convert.to_int(value) % 256,)))
    if kind in "eE":
        shown = f"{convert.to_float(value):.{6 if precision is None else precision}e}"
        shown = re.sub(r"e([+-])0*(\d)", r"e\1\2", shown)
        return shown.upper() if kind == "E" else shown
    if kind in "gG":
        return float_text(convert.to_float(value), precision or 6, "e" if kind == "g" else "E")
    raise run.throw("ValueError", f'Unknown format specifier "{kind}"')


def _fixed(number: float, places: int, sign: bool) -> str:
    if not math.isfinite(number):
        return float_text(number)
    shown = f"{number:.{places}f}"
    return f"+{shown}" if sign and number >= 0 else shown


@builtin("sprintf", "s:format *m:values")
def _sprintf(run: Runner, template: str, *values: Value) -> Value:
    return sprintf(run, template, list(values))


@builtin("vsprintf", "s:format a:values")
def _vsprintf(run: Runner, template: str, values: PhpArray) -> Value:
    return sprintf(run, template, values.values())


@builtin("printf", "s:format *m:values")
def _printf(run: Runner, template: str, *values: Value) -> Value:
    text = sprintf(run, template, list(values))
    return text if isinstance(text, Unknown) else length(text)


@builtin("number_format", "f:num i:decimals=0 ?s:decimal_separator=null ?s:thousands_separator=null")
def _number_format(_: Runner, number: float, places: int, point: str | None, comma: str | None) -> Value:
    shown = f"{rounded(number, min(max(places, 0), 500)):,f}"
    whole, _dot, fraction = shown.partition(".")
    whole = whole.replace(",", "," if comma is None else comma)
    if not shown.strip("-0.,"):
        whole = whole.lstrip("-")
    return f"{whole}{'.' if point is None else point}{fraction}" if fraction else whole


# ── whole values ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_unknown(value: Value, depth: int = 0) -> Unknown | None:
    """The first Unknown inside a value."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, PhpArray) and depth < MAX_DEPTH:
        if value.unknown is not None:
            return value.unknown
        return next((u for v in value.values() if (u := find_unknown(v, depth + 1)) is not None), None)
    return None


def export(run: Runner, value: Value, indent: str = "", depth: int = 0) -> str:
    """var_export()."""
    if depth > MAX_DEPTH:
        return "NULL"
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = float_text(value, 17)
        return text if re.search(r"[.EN]", text) else text + ".0"
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "' . \"\\0\" . '")
        return f"'{quoted}'"
    if isinstance(value, PhpArray):
        lines = [_exported_item(run, k, v, indent, depth) for k, v in value.items()]
        return f"array (\n{''.join(lines)}{indent})"
    if isinstance(value, EnumCase):
        return f"\\{value.cls.name}::{value.name}"
    if isinstance(value, PhpObject) and value.cls.name == "stdClass":
        pairs = [
            f"{indent}   '{k}' => {export(run, v, indent + '  ', depth + 1)},\n" for k, v in value.items()
        ]
        return f"(object) array(\n{''.join(pairs)}{indent})"
    return run.text_of(value) if isinstance(value, int) else "NULL"


def _exported_item(run: Runner, key: int | str, value: Value, indent: str, depth: int) -> str:
    shown = str(key) if isinstance(key, int) else export(run, key)
    gap = f"\n{indent}  " if isinstance(value, (PhpArray, PhpObject)) else ""
    return f"{indent}  {shown} => {gap}{export(run, value, indent + '  ', depth + 1)},\n"


@builtin("var_export", "m:value b:return=false")
def _var_export(run: Runner, value: Value, returned: bool) -> Value:
    unknown = find_unknown(value)
    return unknown or (export(run, value) if returned else None)


def _print(run: Runner, value: Value, indent: str, depth: int) -> str:
    if not isinstance(value, PhpArray) or depth > MAX_DEPTH:
        return run.text_of(value)
    inside = indent + " " * 8
    lines = [f"{indent}    [{k}] => {_print(run, v, inside, depth + 1)}\n" for k, v in value.items()]
    return f"Array\n{indent}(\n{''.join(lines)}{indent})\n"


@builtin("print_r", "m:value b:return=false")
def _print_r(run: Runner, value: Value, returned: bool) -> Value:
    unknown = find_unknown(value)
    return unknown or (_print(run, value, "", 0) if returned else True)


def _serialized(run: Runner, value: Value, depth: int) -> str:
    if value is None or depth > MAX_DEPTH:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{float_text(value, 17)};"
    if isinstance(value, str):
        return f's:{length(value)}:"{value}";'
    if isinstance(value, PhpArray):
        parts = [_serialized(run, k, depth + 1) + _serialized(run, v, depth + 1) for k, v in value.items()]
        return f"a:{len(parts)}:{{{''.join(parts)}}}"
    raise run.throw("Exception", "Serialization of this object is not allowed")


@builtin("serialize", "m:value")
def _serialize(run: Runner, value: Value) -> Value:
    return find_unknown(value) or (
        run.unknown("the result of serialize()") if convert.is_object(value) else _serialized(run, value, 0)
    )


@builtin("var_dump dump ray error_log trigger_error user_error", "*m:values")
def _shown(_: Runner, *_values: Value) -> Value:
    return True


opaque("unserialize sscanf fprintf money_format", "the result of")
