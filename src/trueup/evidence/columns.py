"""Values for one column: which kind of thing it holds, by type, constraints and name, and a stream of such values.

Every stream is made from a seed of its own (seed, table, column), so that a column added to a table changes no other column's
values. Values are `int`, `str` or None, as every server's bulk loading takes them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from trueup.compare.column_types import allowed_values, effective_type
from trueup.evidence.sizes import END, Scale, zipf_weights
from trueup.model.names import Driver
from trueup.model.schema import Column, Table
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

Value = int | str | None
Stream = Callable[[int, int], list[Value]]
"""(number of the first row, how many) → the column's values of these rows."""

_POOL = 997
_CATEGORY = re.compile(
    r"(^|_)(type|status|state|kind|level|severity|category|role|provider|model|currency|locale|language|lang|country|"
    r"period|interval|frequency|method|source|channel|driver|mode|operation|unit|scope|environment|region|guard|theme|"
    r"format|visibility|gender|plan|tier|reason|event|action|grade|version|timezone)$"
)
_SMALL_NUMBER = re.compile(
    r"(^|_)(priority|position|order|rank|level|attempts?|disc|track|rating|version|sort|port)($|_)"
)
_TRUE = ("1", "true", "t", "yes")


class Known(Struct, frozen=True):
    """What the code says of a column: values that queries compare it with, and members of its JSON that they look at; `listed`:
    they ask what its JSON array contains."""

    values: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    listed: bool = False

    @property
    def is_json(self) -> bool:
        return self.listed or bool(self.members)


class Setting(Struct, frozen=True):
    """What a column's values depend on besides the column: its table, the server, the scale, how many rows there will be, the seed,
    and what the code says of it. `owners`: how many things a column refers to that no table is known for. `unique`: no value
    may come twice."""

    table: Table
    driver: Driver
    scale: Scale
    rows: int
    seed: int
    known: Known = Known()
    owners: int = 0
    unique: bool = False


def stream_of(column: Column, at: Setting) -> Stream | None:
    """The values of a column that refers to no table. None: no value of its type can be made here."""
    rng = random.Random(f"{at.seed}/{at.table.name}/{column.name}")
    parsed = parse_type(effective_type(column, at.table), at.driver)
    if column.auto_increment:
        return _counting(1)
    if at.unique:
        return _unique(column, parsed, at)
    plain = _listed(column, parsed, at, rng) or _by_type(column, parsed, at, rng)
    if plain is None:
        return _nothing if column.nullable else None
    return _with_nulls(plain, _null_share(column, at), rng) if column.nullable else plain


def _null_share(column: Column, at: Setting) -> float:
    if column.name in ("created_at", "updated_at"):
        return 0.0
    if column.name == "deleted_at":
        return 0.95
    return 0.1 if column.name.endswith("_id") else 0.25


def _with_nulls(stream: Stream, share: float, rng: random.Random) -> Stream:
    if not share:
        return stream
    draw = random.Random(rng.random()).random

    def values(first: int, count: int) -> list[Value]:
        return [None if draw() < share else value for value in stream(first, count)]

    return values


def _nothing(first: int, count: int) -> list[Value]:
    return [None] * count


def _counting(first_value: int) -> Stream:
    return lambda first, count: list(range(first + first_value, first + first_value + count))


def chosen(pool: Sequence[Value], rng: random.Random, weights: Sequence[float] | None = None) -> Stream:
    """Values of `pool`, by cumulative `weights`, else all alike."""
    return lambda first, count: rng.choices(pool, cum_weights=weights, k=count)


def skewed(pool: Sequence[Value], rng: random.Random, exponent: float = 0.6) -> Stream:
    return chosen(pool, rng, list(zipf_weights(len(pool), exponent)))


# Values that are listed somewhere: ENUM, CHECK, a default, the code.


def _listed(column: Column, parsed: ColumnType, at: Setting, rng: random.Random) -> Stream | None:
    """A list of values: the default comes first, and so most often."""
    default = plain_default(column)
    values = list(dict.fromkeys([*([default] if default else []), *allowed_values(column, at.table)]))
    if allowed_values(column, at.table):
        return skewed([v for v in values if v in allowed_values(column, at.table)], rng, 1.0)
    if is_boolean(column, parsed, at.driver):
        return _booleans(column, default, rng)
    if (
        parsed.family in ("string", "text")
        and not at.known.is_json
        and _is_category(column, at.known, default)
    ):
        values = list(dict.fromkeys([*values, *at.known.values]))
        stem = column.name.rsplit("_", 1)[-1]
        values += [f"{stem}-{n}" for n in range(1, max(2, _variety(column) - len(values)) + 1)]
        length = parsed.length if parsed.family == "string" else None
        return skewed(list(dict.fromkeys(v[:length] for v in values)), rng, 1.0)
    return None


def _is_category(column: Column, known: Known, default: str | None) -> bool:
    if column.name.endswith("_id"):
        return False
    return bool(_CATEGORY.search(column.name) or known.values or default)


def _variety(column: Column) -> int:
    """How many values a category has: models of language models are more than their providers."""
    return 24 if column.name.endswith("model") else 6


def is_boolean(column: Column, parsed: ColumnType, driver: Driver) -> bool:
    """TINYINT(1) is what Laravel's boolean() makes on MySQL and SQLite."""
    return parsed.family == "boolean" or (driver != "pgsql" and column.type.lower().startswith("tinyint(1)"))


def _booleans(column: Column, default: str | None, rng: random.Random) -> Stream:
    """Mostly the default; without one mostly true."""
    usual = 1 if default is None or default.lower() in _TRUE else 0
    return chosen([usual, 1 - usual], rng, [0.85, 1.0])


def plain_default(column: Column) -> str | None:
    """The default's value where it is a literal: "'active'::character varying" → "active"."""
    text = (column.default or "").split("::", 1)[0].strip()
    if not text or text.lower() in ("null", "''", '""'):
        return None
    quoted = re.fullmatch(r"'((?:[^']|'')*)'|\"([^\"]*)\"", text)
    if quoted:
        return (quoted[1] or quoted[2] or "").replace("''", "'") or None
    return text if re.fullmatch(r"-?[\d.]+|true|false", text, re.IGNORECASE) else None


# Values by type and name.


def _by_type(column: Column, parsed: ColumnType, at: Setting, rng: random.Random) -> Stream | None:
    if parsed.array:
        return chosen(["{}"], rng)
    if at.known.is_json:  # also in a text, which is what SQLite has for it
        return _documents(at.known, rng)
    match parsed.family:
        case "integer" | "year":
            return _integers(column, parsed, at, rng)
        case "decimal" | "float":
            return _decimals(parsed, rng)
        case "string" | "text" | "binary":
            return _strings(column, parsed, at, rng)
        case "datetime" | "timestamp":
            return moments(at, rng, following=_follows_time(column, at.table))
        case "date":
            return _dates(at)
        case "uuid":
            return _uuids(at, column.name)
        case "json":
            return _documents(at.known, rng)
        case _:
            return _rare(parsed, rng)


def _integers(column: Column, parsed: ColumnType, at: Setting, rng: random.Random) -> Stream:
    if column.name.endswith("_id") and at.owners:
        return skewed(range(1, at.owners + 1), rng)
    if parsed.family == "year" or column.name.endswith("year"):
        return chosen([END.year - 2, END.year - 1, END.year], rng)
    if column.name in ("month", "day"):
        return chosen(list(range(1, 13)), rng)
    literals = [int(v) for v in at.known.values if re.fullmatch(r"\d{1,6}", v)]
    if _SMALL_NUMBER.search(column.name) or parsed.bits == 8 or literals:
        return skewed(list(dict.fromkeys([*literals, *range(1, 11)])), rng, 0.5)
    high = 30_000 if parsed.bits == 16 else 100_000
    return chosen(sorted(min(high, round(rng.lognormvariate(6, 1.2))) for _ in range(_POOL)), rng)


def _decimals(parsed: ColumnType, rng: random.Random) -> Stream:
    scale = parsed.scale if parsed.scale is not None else 4
    whole = (parsed.precision - scale) if parsed.precision is not None else 8
    high = 10.0 ** min(whole, 8) - 1 if whole else 0.9
    middle = 2.0 if high > 10 else -2.0
    amounts = {f"{min(high, rng.lognormvariate(middle, 1.2)):.{min(scale, 8)}f}" for _ in range(_POOL)}
    return chosen(sorted(amounts), rng)


def _strings(column: Column, parsed: ColumnType, at: Setting, rng: random.Random) -> Stream:
    length = parsed.length if parsed.family == "string" or parsed.fixed else None
    if column.name.endswith("_id") and at.owners:
        pool = [_named(column.name[:-3], n, length) for n in range(1, at.owners + 1)]
        return skewed(list(dict.fromkeys(pool)), rng)
    if parsed.fixed and length == 36:
        return _uuids(at, column.name)
    if parsed.family == "text" and not at.known.values:
        return _texts(column.name, rng)
    return _names(column.name, length)


def _texts(stem: str, rng: random.Random) -> Stream:
    """Texts of several lengths, of which no two are the same."""
    tails = [" lorem ipsum" * rng.randint(1, 8) for _ in range(_POOL)]

    def values(first: int, count: int) -> list[Value]:
        return [
            f"{stem}-{n * _KNUTH % _WORD:08x}{tails[n % _POOL]}" for n in range(first + 1, first + count + 1)
        ]

    return values


def _named(stem: str, number: int, length: int | None) -> str:
    text = f"{stem}-{scattered(number):08x}"
    return text if length is None or len(text) <= length else _short(number, length)


def _names(stem: str, length: int | None) -> Stream:
    def values(first: int, count: int) -> list[Value]:
        numbers = range(first + 1, first + count + 1)
        if length is None or len(stem) + 9 <= length:  # as `_named` does, without a call for each
            return [f"{stem}-{n * _KNUTH % _WORD:08x}" for n in numbers]
        return [_named(stem, number, length) for number in numbers]

    return values


_KNUTH = 2_654_435_761
_WORD = 2**32


def scattered(number: int) -> int:
    """A permutation of 32-bit numbers: neighbours in time are no neighbours in an index of names. (Knuth's multiplier.)"""
    return number * _KNUTH % _WORD


def _short(number: int, length: int) -> str:
    """The number in base 36, `length` digits at most: where it is longer, values come again."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    for _ in range(max(1, length)):
        number, digit = divmod(number, 36)
        text = digits[digit] + text
        if not number:
            break
    return text


def _uuids(at: Setting, name: str) -> Stream:
    tail = f"{abs(hash_of(f'{at.seed}/{at.table.name}/{name}')):012x}"[:12]

    def values(first: int, count: int) -> list[Value]:
        return [
            f"{n * _KNUTH % _WORD:08x}-{n >> 16 & 0xFFFF:04x}-4{n & 0xFFF:03x}-8000-{tail}"
            for n in range(first, first + count)
        ]

    return values


def hash_of(text: str) -> int:
    """A number for a text, the same in every process."""
    import zlib

    return zlib.crc32(text.encode())


def _documents(known: Known, rng: random.Random) -> Stream:
    """JSON objects that have the members that queries look at, or arrays of three words."""
    import json

    if known.listed:
        words = known.values or tuple(f"word-{n}" for n in range(40))
        return chosen(sorted({json.dumps(rng.choices(words, k=3)) for _ in range(97)}), rng)
    pool: list[Value] = []
    for number in range(53):
        document: dict[str, object] = {"note": f"n{number}"}
        for path in known.members or ("kind",):
            inner = document
            *outer, last = path.split("->")
            for name in outer:
                nested = inner.setdefault(name, {})
                inner = nested if isinstance(nested, dict) else inner
            inner[last] = rng.choice(known.values) if known.values else f"v{number % 7}"
        pool.append(json.dumps(document))
    return chosen(pool, rng)


def _rare(parsed: ColumnType, rng: random.Random) -> Stream | None:
    """Types of which a few values do."""
    match parsed.family:
        case "time":
            return chosen([f"{h:02d}:{m:02d}:00" for h in range(24) for m in (0, 30)], rng)
        case "inet":
            return chosen([f"10.0.{n}.{k}" for n in range(16) for k in range(1, 17)], rng)
        case "macaddr":
            return chosen([f"08:00:2b:01:02:{n:02x}" for n in range(64)], rng)
        case "interval":
            return chosen(["1 hour", "1 day"], rng)
        case "bit":
            return chosen(["1" * (parsed.length or 1)], rng)
        case "vector":
            return chosen(["[" + ",".join("0" for _ in range(parsed.length or 3)) + "]"], rng)
        case _:
            return None


# Times. What is written as it happens comes in the order of time.


def moments(at: Setting, rng: random.Random, *, following: bool) -> Stream:
    """Times from the scale's first day to END; `following`: in the order of the rows, as they are written."""
    days = at.scale.days
    span = days * 86_400
    rows = max(1, at.rows)
    draw = random.Random(rng.random()).random
    step, last = span / rows, span - 1
    dates = [_day(before) for before in range(days, -1, -1)]

    def in_order(first: int, count: int) -> list[Value]:
        found = [min(last, int((number + draw()) * step)) for number in range(first, first + count)]
        return [f"{dates[second // 86_400]} {_CLOCK[second % 86_400]}" for second in found]

    if following:
        return in_order
    return chosen(sorted({f"{rng.choice(dates[:-1])} {rng.choice(_CLOCK)}" for _ in range(5_000)}), rng)


def _clock(second: int) -> str:
    """A time of day from 04:00: before it there are moments that do not exist in some time zones, which MySQL refuses."""
    minutes, seconds = divmod(14_400 + second * 5 // 6, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


_CLOCK = tuple(_clock(second) for second in range(86_400))


def _day(before: int) -> str:
    text = _DAYS.get(before)
    if text is None:
        text = _DAYS[before] = (END - timedelta(days=before)).strftime("%Y-%m-%d")
    return text


_DAYS: dict[int, str] = {}


def _dates(at: Setting) -> Stream:
    rows = max(1, at.rows)

    def values(first: int, count: int) -> list[Value]:
        return [
            _day(at.scale.days - min(n, rows - 1) * at.scale.days // rows)
            for n in range(first, first + count)
        ]

    return values


def _follows_time(column: Column, table: Table) -> bool:
    """Whether the column is written when the row is: Laravel's timestamps, and a moment that every row has."""
    if column.name in ("created_at", "updated_at"):
        return True
    others = {c.name for c in table.columns}
    return "created_at" not in others or not column.nullable


# A unique column.


def _unique(column: Column, parsed: ColumnType, at: Setting) -> Stream | None:
    """No value twice, as far as the type's length allows."""
    match parsed.family:
        case "integer":
            return _counting(1)
        case "uuid":
            return _uuids(at, column.name)
        case "string" | "text" | "binary":
            if parsed.fixed and parsed.length == 36:
                return _uuids(at, column.name)
            return _names(column.name, parsed.length if parsed.family != "text" else None)
        case "date":
            return lambda first, count: [_day(n) for n in range(first, first + count)]
        case _:
            return _by_type(column, parsed, at, random.Random(f"{at.seed}/{at.table.name}/{column.name}"))
