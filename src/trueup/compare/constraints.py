"""CHECK constraints by what they say: a server keeps `a IN ('x')` as `((a)::text = ANY (ARRAY['x'::text]))`.

An expression is brought into one spelling: no casts and parentheses, ranges and lists taken apart, operands in order. Where two
such spellings are equal the constraints are the same. That they say something else is certain only where nothing but comparisons
of columns with values is in them: of functions a server may have made others."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from trueup.model.names import Driver
from trueup.model.schema import Check
from trueup.structs import Struct

_DIALECTS: dict[Driver, str] = {"pgsql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
_INTRODUCER = re.compile(r"(?<![\w'])_(?:utf8mb[34]|utf8|latin1|ascii|binary)\s*(?=\\?')", re.IGNORECASE)
_CERTAIN = frozenset(
    {
        "Column", "Identifier", "Literal", "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "And", "Or", "Not", "Is", "Null", "In", "Between",
        "Neg", "Paren", "Cast", "DataType", "DataTypeParam", "Any", "Array", "Tuple", "Boolean", "Add", "Sub", "Mul",
    }
)  # fmt: skip
"""Names of sqlglot's nodes that every server keeps in a spelling that is known here."""


class Said(Struct, frozen=True):
    """`text` is the one spelling. `certain`: another text says something else. `columns` are those it names, in lower case; None
    where it can't be parsed."""

    text: str
    certain: bool
    columns: frozenset[str] | None = None


def pair_checks(
    old: tuple[Check, ...], new: tuple[Check, ...], before: Driver, after: Driver, *, respelled: bool
) -> tuple[list[Check], list[Check]]:
    """The checks that only `old` has and those that only `new` has. `respelled`: one side is told by a server in its own words;
    two checks that may be the same one are then taken for it."""
    gone, come = _without_equals(list(old), list(new), before, after)
    if not respelled:
        return gone, come
    for check in list(come):
        said = _said(check, after)
        other = next((g for g in gone if _may_be_same(g, check, _said(g, before), said)), None)
        if other is not None:
            gone.remove(other)
            come.remove(check)
    return gone, come


def _without_equals(
    gone: list[Check], new: list[Check], before: Driver, after: Driver
) -> tuple[list[Check], list[Check]]:
    come = []
    for check in new:
        same = next((g for g in gone if _squeezed(g.expression) == _squeezed(check.expression)), None)
        same = same or next((g for g in gone if _said(g, before).text == _said(check, after).text), None)
        if same is None:
            come.append(check)
        else:
            gone.remove(same)
    return gone, come


def _may_be_same(old: Check, new: Check, said: Said, other: Said) -> bool:
    if said.certain and other.certain:
        return False
    named = bool(old.name and new.name) and (old.name or "").lower() == (new.name or "").lower()
    return named or _columns(said.text) == _columns(other.text)


def _columns(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"`([^`]+)`", text))


def _squeezed(text: str) -> str:
    return "".join(text.lower().split())


def _said(check: Check, driver: Driver) -> Said:
    return said(check.expression, driver)


@cache
def said(expression: str, driver: Driver) -> Said:
    """The expression in the one spelling; as it stands where it can't be parsed."""
    from sqlglot import parse_one
    from sqlglot.errors import SqlglotError

    text = expression
    if driver in ("mysql", "mariadb"):
        text = _INTRODUCER.sub("", text).replace("\\'", "'")
    try:
        tree = parse_one(text, dialect=_DIALECTS[driver])
    except SqlglotError:
        return Said(_squeezed(expression), False)
    certain = all(
        (type(node).__name__ in _CERTAIN or _is_all(node)) and not _is_truth_of_number(node)
        for node in tree.walk()
    )
    text = _spelled(tree)
    return Said(text, certain, _columns(text))


def _spelled(node: Any) -> str:
    """`node` is sqlglot's, whose tree is untyped."""
    from sqlglot import exp

    match node:
        case exp.Cast() if _is_number(node):
            return _number(node.this.this)
        case exp.Paren() | exp.Cast():
            return _spelled(node.this)
        case exp.Neg():
            return f"-{_spelled(node.this)}"
        case exp.Column():
            return f"`{node.name.lower()}`"
        case exp.Boolean():
            return "1" if node.this else "0"
        case exp.Literal():
            return f"'{node.this}'" if node.is_string else _number(node.this)
        case exp.And() | exp.Or():
            return _joined(type(node).__name__.lower(), [_spelled(part) for part in node.flatten()])
        case exp.Not():
            return _negated(node.this.unnest())
        case exp.Between():
            whole = _spelled(node.this)
            low, high = (f"{whole} {_spelled(node.args[end])}" for end in ("low", "high"))
            return "(" + " and ".join(sorted((_compared("GTE", low), _compared("LTE", high)))) + ")"
        case exp.In() if node.expressions:
            return _listed(node.this, node.expressions)
        case exp.EQ(expression=exp.Any()):
            return _listed(node.this, _elements(node.expression))
        case exp.NEQ(expression=exp.Anonymous(this="ALL")):
            return f"not {_listed(node.this, _elements(node.expression))}"
        case exp.EQ() if isinstance(node.expression.unnest(), exp.Literal) or _is_text(node.expression):
            return _listed(node.this, [node.expression])
        case exp.NEQ() if isinstance(node.expression.unnest(), exp.Literal) or _is_text(node.expression):
            return f"not {_listed(node.this, [node.expression])}"
        case exp.Binary():
            return _compared(type(node).__name__, f"{_spelled(node.this)} {_spelled(node.expression)}")
        case exp.Func():
            name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
            inner = ", ".join(_spelled(part) for part in node.iter_expressions())
            return f"{_FUNCTIONS.get(name.lower(), name.lower())}({inner})"
        case _:
            return " ".join(
                (type(node).__name__.lower(), *(_spelled(part) for part in node.iter_expressions()))
            )


_FUNCTIONS = {
    "octetlength": "length",
    "octet_length": "length",
    "charlength": "length",
    "char_length": "length",
}


def _is_number(node: Any) -> bool:
    """`'-1'::integer`."""
    return bool(node.this.is_string and node.is_type(*_numbers()))


def _numbers() -> tuple[Any, ...]:
    from sqlglot import exp

    return tuple(exp.DataType.NUMERIC_TYPES)


def _is_all(node: Any) -> bool:
    """`a <> ALL (ARRAY[…])`."""
    return type(node).__name__ == "Anonymous" and node.this == "ALL"


def _is_text(node: Any) -> bool:
    """`'p'::text`."""
    from sqlglot import exp

    bare = node.unnest()
    return isinstance(bare, exp.Cast) and isinstance(bare.this, exp.Literal)


def _is_truth_of_number(node: Any) -> bool:
    """`a AND n`: MariaDB keeps it as `a AND n <> 0`, other servers as it is."""
    from sqlglot import exp

    if not isinstance(node, exp.And | exp.Or | exp.Not):
        return False
    numbers = (exp.Column, exp.Add, exp.Sub, exp.Mul, exp.Neg)
    return any(isinstance(operand.unnest(), numbers) for operand in node.iter_expressions())


def _negated(node: Any) -> str:
    """MariaDB takes NOT of a whole apart; so do we."""
    from sqlglot import exp

    match node:
        case exp.And() | exp.Or():
            other = "or" if isinstance(node, exp.And) else "and"
            return _joined(other, [_negated(part.unnest()) for part in node.flatten()])
        case exp.Not():
            return _spelled(node.this)
        case exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            operands = f"{_spelled(node.this)} {_spelled(node.expression)}"
            return _compared(_OPPOSITES[type(node).__name__], operands)
        case _:
            return f"not {_spelled(node)}"


_OPPOSITES = {"GT": "LTE", "GTE": "LT", "LT": "GTE", "LTE": "GT"}


def _joined(word: str, parts: list[str]) -> str:
    return "(" + f" {word} ".join(sorted(set(parts))) + ")"


def _compared(kind: str, operands: str) -> str:
    return f"{kind.lower()} {operands}"


def _listed(what: Any, values: list[Any]) -> str:
    return f"{_spelled(what)} in ({', '.join(sorted(map(_spelled, values)))})"


def _elements(node: Any) -> list[Any]:
    """The values of `ANY (ARRAY['a', 'b'])`, whatever casts and parentheses are around."""
    from sqlglot import exp

    array = node.find(exp.Array)
    return list(array.expressions) if array is not None else [node.this]


def _number(text: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text
