"""Column names in raw SQL fragments: `selectRaw('SUM(a) as b')`, `orderByRaw('a desc')`, `whereRaw('date(x) = ?')`."""

from __future__ import annotations

import itertools
import re

from trueup.structs import Struct

_TOKEN = re.compile(
    r"""(?P<space>\s++)
    |(?P<string>'(?:[^'\\]++|\\.?|'')*+(?:'|\Z)|"(?:[^"\\]++|\\.?)*+(?:"|\Z))
    |(?P<name>(?:`[^`]+`|[A-Za-z_][\w$]*)(?:\s*+\.\s*+(?:`[^`]+`|[A-Za-z_][\w$]*|\*))*)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<bind>\?|:[A-Za-z_]\w*)
    |(?P<cast>::\s*[A-Za-z_]\w*)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)

_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "like",
        "ilike",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "as",
        "asc",
        "desc",
        "distinct",
        "true",
        "false",
        "interval",
        "exists",
        "any",
        "all",
        "some",
        "from",
        "select",
        "where",
        "group",
        "by",
        "order",
        "having",
        "limit",
        "offset",
        "union",
        "join",
        "left",
        "right",
        "inner",
        "outer",
        "on",
        "using",
        "cross",
        "natural",
        "over",
        "partition",
        "rows",
        "range",
        "preceding",
        "following",
        "unbounded",
        "current",
        "row",
        "with",
        "recursive",
        "separator",
        "collate",
        "binary",
        "div",
        "mod",
        "xor",
        "regexp",
        "rlike",
        "escape",
        "nulls",
        "first",
        "last",
        "cast",
        "convert",
        "unsigned",
        "signed",
        "char",
        "date",
        "datetime",
        "time",
        "timestamp",
        "decimal",
        "integer",
        "int",
        "bigint",
        "text",
        "json",
        "jsonb",
        "varchar",
        "numeric",
        "real",
        "double",
        "precision",
        "float",
        "boolean",
        "microsecond",
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "at",
        "zone",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtime",
        "localtimestamp",
        "to",
        "for",
        "both",
        "leading",
        "trailing",
        "default",
        "values",
        "within",
        "filter",
        "array",
        "epoch",
        "dow",
        "doy",
        "nvarchar",
        "string",
        "boolean",
        "utf8mb4",
        "utf8",
        "insert",
        "into",
        "update",
        "set",
        "delete",
        "match",
        "against",
        "mode",
        "language",
        "natural",
        "query",
        "expansion",
    ]
)

_CLOSING = frozenset({"asc", "desc", "end", "null", "true", "false", "first", "last", "nulls"})


class Fragment(Struct, frozen=True):
    """`columns`: (name as written, function over it or ""), in order. `aliases` made by AS. `opaque`: it holds a subquery or
    something that can't be told apart, so its names are not columns of the query for sure."""

    columns: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    opaque: bool = False
    aggregates: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    """Of a condition: what each column is compared by, "" where that can't be told, "arithmetic" where it is computed with."""


def read_fragment(text: str) -> Fragment:
    """Names in a fragment that can only be columns. Never raises."""
    tokens = [
        (m.lastgroup or "mark", m.group()) for m in _TOKEN.finditer(text[:20_000]) if m.lastgroup != "space"
    ]
    if any(kind == "name" and value.lower() == "select" for kind, value in tokens):
        return Fragment(aliases=_aliases(tokens), opaque=True)
    bare = _bare_aliases(tokens)
    columns: list[tuple[str, str]] = []
    operators: list[str] = []
    functions: list[str] = []
    pending = ""
    for position, (kind, value) in enumerate(tokens):
        following = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        previous = tokens[position - 1] if position else ("", "")
        if kind == "name" and following == "(" and "." not in value:
            pending = value.lower()
        elif value == "(":
            functions.append(pending)
            pending = ""
        elif value == ")" and functions:
            functions.pop()
        elif (
            kind == "name"
            and _is_column(value, previous)
            and not (value.strip("`") in bare and following in {"", ","})
        ):
            columns.append((_plain(value), next((f for f in reversed(functions) if f), "")))
            operators.append(_operator(tokens, position))
    return Fragment(tuple(columns), (*_aliases(tokens), *bare), operators=tuple(operators))


_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
_COMPARISONS = frozenset({"=", "<", ">", "<=", ">="})
_UNCLEAR = frozenset({"or", "not", "case", "xor"})


def _operator(tokens: list[tuple[str, str]], position: int) -> str:
    """What a column of a condition is compared by with a value; "" where it is something else, or OR and NOT are about."""
    around = (
        tokens[position - 1][1] if position else "",
        *(t[1] for t in tokens[position + 1 : position + 4]),
    )
    if {around[0], *around[1:2]} & _ARITHMETIC:
        return "arithmetic"
    if any(kind == "name" and value.lower() in _UNCLEAR for kind, value in tokens) or len(around) < 3:
        return ""
    operator = around[1] + (around[2] if around[2] in {"=", ">"} else "")
    value = position + (3 if len(operator) > 1 else 2)
    known = value < len(tokens) and tokens[value][0] in {"bind", "number", "string"}
    return operator if operator in _COMPARISONS and known else ""


def _is_column(value: str, previous: tuple[str, str]) -> bool:
    if value.startswith("`") or "." in value:
        return previous[1].lower() != "as" and not value.endswith("*")
    return (
        value.lower() not in _WORDS
        and previous[1].lower() not in {"as", "interval", "collate", "@"}
        and previous[0] != "cast"
    )


def _aliases(tokens: list[tuple[str, str]]) -> tuple[str, ...]:
    """Names behind AS; inside brackets it is a CAST's."""
    found: list[str] = []
    depth = 0
    for (kind, value), (next_kind, name) in itertools.pairwise(tokens):
        depth += {"(": 1, ")": -1}.get(value, 0)
        if depth == 0 and kind == "name" and value.lower() == "as" and next_kind in {"name", "string"}:
            found.append(name.strip("`'\""))
    return tuple(found)


def _bare_aliases(tokens: list[tuple[str, str]]) -> tuple[str, ...]:
    """Aliases without AS, `count(*) total`: a name at the end of a part that follows a bracket or another name directly."""
    found: list[str] = []
    depth = 0
    for position, (kind, value) in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(value, 0)
        ends = position + 1 == len(tokens) or tokens[position + 1][1] == ","
        if (
            kind == "name"
            and position
            and depth == 0
            and ends
            and "." not in value
            and value.lower() not in _CLOSING
        ):
            before_kind, before = tokens[position - 1]
            plain = before_kind == "name" and not {before.lower(), value.lower()} & _WORDS
            if before == ")" or before.lower() == "end" or plain:
                found.append(value.strip("`"))
    return tuple(found)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("`") for part in name.split("."))


def split_top_level(text: str) -> list[str]:
    """A fragment cut at the commas outside of parentheses and strings."""
    parts, depth, current, quote = [], 0, "", ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(current)
            current = ""
            continue
        current += char
    return [p.strip() for p in (*parts, current) if p.strip()]
