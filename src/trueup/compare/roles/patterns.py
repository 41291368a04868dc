"""What columns that play a role are called: patterns on lower-case names, the surest first, each with how sure it is.

Words of the field, met in the schemas of LLM gateways, billing packages and Laravel applications; none is one project's own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trueup.model.roles import Period, TableRole
from trueup.model.types import TypeFamily
from trueup.structs import Struct

_NUMBER: frozenset[TypeFamily] = frozenset({"decimal", "integer", "float"})
_MOMENT: frozenset[TypeFamily] = frozenset({"datetime", "timestamp"})
_DAY: frozenset[TypeFamily] = _MOMENT | {"date"}
_TEXT: frozenset[TypeFamily] = frozenset({"string", "text", "enum"})
_KEY: frozenset[TypeFamily] = frozenset({"integer", "string", "uuid"})
_DOCUMENT: frozenset[TypeFamily] = frozenset({"json", "text"})
_FLAG: frozenset[TypeFamily] = frozenset({"boolean", "integer"})


class Pattern(Struct, frozen=True):
    """Names that fit a role, how sure each is (0..1), and the families of types that can carry it."""

    names: tuple[tuple[re.Pattern[str], float], ...]
    families: frozenset[TypeFamily]

    def score(self, name: str, family: TypeFamily) -> float:
        """How sure it is that the column plays the role; 0: it does not."""
        if family not in self.families:
            return 0.0
        return next((sure for pattern, sure in self.names if pattern.fullmatch(name.lower())), 0.0)


def _pattern(families: frozenset[TypeFamily], *names: tuple[str, float]) -> Pattern:
    return Pattern(tuple((re.compile(text), sure) for text, sure in names), families)


_USER = _pattern(
    _KEY,
    ("user_id|user_uuid", 1.0),
    ("user", 0.9),
    ("(customer|member|account|team|tenant|organization|organisation|billable|owner)_id", 0.6),
)
_CURRENCY = _pattern(_TEXT, ("currency(_code)?", 1.0))
_PERIOD = _pattern(
    _TEXT,
    ("period(_type)?|(budget|limit)_period", 1.0),
    ("interval|frequency|(budget|limit|reset)_(type|interval|frequency)", 0.9),
    ("window|type", 0.7),
)
_START = _pattern(
    _DAY,
    ("(current_)?period_(start|starts|started|begin|began|starts|start_date)(_at|_on)?", 1.0),
    ("(window|cycle)_(start|started)(_at|_on)?", 0.9),
    ("last_reset(_at|_on)?|reset_at", 0.5),
)
_SPENT = _pattern(
    _NUMBER,
    ("(amount_)?(spent|spend)(_amount|_usd|_cents)?", 1.0),
    ("(current|total)_(spent|spend|spending|usage|amount|cost)(_amount)?", 0.95),
    ("(spending|used|usage|consumed)(_amount)?", 0.8),
)

COLUMNS: Mapping[TableRole, Mapping[str, Pattern]] = {
    "record": {
        "user": _USER,
        "amount": _pattern(
            _NUMBER,
            ("total_cost(_usd|_cents|_micros|_amount)?|cost_total", 1.0),
            ("cost(_usd|_cents|_micros|_amount|_in_cents)?", 0.98),
            ("(total_)?(amount|charge|price|spend)(_usd|_cents|_micros)?", 0.7),
        ),
        "time": _pattern(
            _MOMENT,
            ("(incurred|occurred|recorded|requested|charged|logged|used|happened|called)_at", 1.0),
            ("created_at", 0.9),
            ("timestamp|created|time", 0.7),
            (".*_at", 0.2),
        ),
        "currency": _CURRENCY,
        "provider": _pattern(
            _KEY | _TEXT, ("(ai_|llm_)?provider(_name|_slug|_code)?", 1.0), ("(ai_)?provider_id", 0.7)
        ),
        "model": _pattern(
            _KEY | _TEXT, ("(ai_|llm_)?model(_name|_slug|_code)?", 1.0), ("(ai_|provider_)?model_id", 0.7)
        ),
        "input_tokens": _pattern(_NUMBER, ("(input|prompt)_tokens?|tokens_(in|input|prompt)", 1.0)),
        "output_tokens": _pattern(
            _NUMBER, ("(output|completion)_tokens?|tokens_(out|output|completion)", 1.0)
        ),
        "conversation": _pattern(
            _KEY, ("(ai_)?(conversation|thread|chat)_(id|uuid)", 1.0), ("session_id", 0.6)
        ),
        "metadata": _pattern(_DOCUMENT, ("metadata|meta", 1.0), ("(extra|context|details|attributes)", 0.6)),
        "request_id": _pattern(
            frozenset({"string", "uuid"}),
            ("(request|idempotency)_(id|key|uuid)", 1.0),
            ("(external|correlation|trace|event)_id", 0.6),
        ),
    },
    "budget": {
        "user": _USER,
        "limit": _pattern(
            _NUMBER,
            ("(limit|budget|spending_limit|budget_limit)(_amount|_usd|_cents)?", 1.0),
            ("(max|maximum)_(amount|spend|cost)|amount_limit|cap", 0.9),
            ("amount", 0.5),
        ),
        "period": _PERIOD,
        "spent": _SPENT,
        "period_start": _START,
        "period_end": _pattern(_DAY, ("(current_)?period_(end|ends|ended|end_date)(_at|_on)?", 1.0)),
        "currency": _CURRENCY,
        "active": _pattern(_FLAG, ("(is_)?(active|enabled)", 1.0)),
        "thresholds": _pattern(_DOCUMENT, ("(alert_)?thresholds", 1.0)),
    },
    "alert": {
        "user": _USER,
        "budget": _pattern(_KEY, ("(\\w+_)?(budget|limit)_id", 0.9)),
        "kind": _pattern(_TEXT, ("alert_(type|kind)", 1.0), ("type|kind|level", 0.8)),
        "threshold": _pattern(
            _NUMBER,
            ("threshold_(percent|percentage|pct)|threshold", 1.0),
            ("percent|percentage|pct|alert_percentage", 0.9),
        ),
        "period": _pattern(
            _TEXT, ("period(_type)?|budget_period", 1.0), ("(budget|limit)_type|interval", 0.8)
        ),
        "period_start": _START,
        "spent": _SPENT,
        "limit": _pattern(_NUMBER, ("(budget|limit|budget_limit|limit_amount|budget_amount)", 1.0)),
        "currency": _CURRENCY,
        "time": _pattern(
            _MOMENT, ("(sent|triggered|notified|alerted|raised|fired)_at", 1.0), ("created_at", 0.8)
        ),
    },
}

_SPELLINGS: Mapping[Period, tuple[str, ...]] = {
    "per_request": ("per_request", "request", "per_call", "call"),
    "daily": ("daily", "day", "per_day"),
    "weekly": ("weekly", "week", "per_week"),
    "monthly": ("monthly", "month", "per_month"),
    "yearly": ("yearly", "year", "annual", "annually", "per_year"),
    "total": ("total", "lifetime", "all_time", "overall", "forever"),
}

PERIOD_WORDS: Mapping[str, Period] = {word: p for p, spelled in _SPELLINGS.items() for word in spelled}
"""How periods are spelled."""

WIDE_LIMIT = re.compile(
    "(?:(?P<before>daily|weekly|monthly|yearly|annual|total|lifetime|per_request|request)_(?:spending_|cost_)?"
    "(?:limit|budget|cap)(?:_amount|_usd|_cents)?|(?:limit|budget)_(?P<after>daily|weekly|monthly|yearly|per_request))"
)
"""The column of one period's limit in a table that has several."""

WEIGHTS: Mapping[TableRole, Mapping[str, float]] = {
    "record": {
        "amount": 3.0, "input_tokens": 1.5, "output_tokens": 1.5, "model": 1.5, "provider": 1.0, "user": 1.5, "time": 0.5,
        "currency": 0.5, "conversation": 0.5, "request_id": 0.5,
    },
    "budget": {"limit": 3.0, "user": 1.5, "period": 1.5, "spent": 1.0, "active": 0.5, "period_start": 0.5, "currency": 0.25},
    "alert": {"threshold": 2.5, "time": 1.0, "spent": 1.5, "limit": 1.0, "user": 0.5, "budget": 0.5, "kind": 0.5, "period": 0.5},
}  # fmt: skip
"""How much a column of each role says about what its table is."""

NEEDED: Mapping[TableRole, tuple[str, ...]] = {
    "record": ("amount",),
    "budget": ("limit",),
    "alert": ("threshold",),
}
"""A table without one of these is not of that role."""

TABLE_WORDS: Mapping[TableRole, tuple[frozenset[str], frozenset[str]]] = {
    "record": (
        frozenset({"cost", "usage", "spend", "record", "entry", "ledger", "request", "charge", "log"}),
        frozenset({"analytic", "rollup", "summary", "stat", "daily", "monthly", "budget", "alert", "limit", "validation",
                   "price", "pricing", "invoice", "report", "export", "metric"}),
    ),
    "budget": (
        frozenset({"budget", "limit", "quota", "allowance"}),
        frozenset({"alert", "event", "history", "log", "notification", "config", "rate"}),
    ),
    "alert": (
        frozenset({"alert", "notification", "warning", "notice"}),
        frozenset({"config", "setting", "rule", "channel", "preference", "performance"}),
    ),
}  # fmt: skip
"""Words in a table's name that speak for and against a role."""

DIGITS = (
    (re.compile(r"(^|_)cents?($|_)"), 2),
    (re.compile(r"(^|_)micros?($|_)"), 6),
    (re.compile(r"(^|_)nanos?($|_)"), 9),
)
"""How far a whole number is shifted, by its column's name."""

COSTS: Mapping[TableRole, Mapping[str, str]] = {
    "record": {
        "user": "no spending per user, and no limits",
        "amount": "no costs can be recorded",
        "time": "no spending per day or month, and no limits",
        "currency": "amounts of one currency only",
        "provider": "no spending per provider",
        "model": "no spending per model",
        "input_tokens": "the tokens sent are not kept",
        "output_tokens": "the tokens received are not kept",
        "conversation": "no spending per conversation",
        "metadata": "metadata is not kept",
        "request_id": "a request that is delivered twice is charged twice",
        "status": "no reservations: they can't be told from settled costs",
        "id": "no reservations: they can't be found again",
    },
    "budget": {
        "user": "no limits",
        "limit": "no limits",
        "period": "the period of a limit is not known",
        "spent": "no running total: the costs of the period are summed at each charge, behind the lock of the budget's row",
        "period_start": "no running total: nothing says which period the amount spent is of",
        "currency": "limits of one currency only",
        "active": "a budget can't be switched off",
        "thresholds": "every budget alerts at the same percentages",
        "id": "an alert can't name its budget",
    },
    "alert": {
        "user": "an alert does not say whose it is",
        "threshold": "no alerts: nothing says which threshold was passed",
        "period": "alerts of different periods can't be told apart",
        "period_start": "no unique key can keep an alert to once a period: only the lock of the budget's row does",
        "kind": "an exceeded limit is an alert at 100 %",
        "time": "no alerts: nothing says of which period they are",
    },
}
"""What can't be done without a role."""
