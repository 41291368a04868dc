"""Which columns hold money, by their names."""

from __future__ import annotations

from trueup.compare.names import words

MONEY = frozenset({
    "price", "cost", "balance", "fee", "salary", "subtotal", "tax", "refund", "revenue", "spend", "spending", "spent", "amount",
    "payment", "wage", "deposit", "discount", "budget",
})  # fmt: skip
_NOT_MONEY = frozenset({
    "per", "percent", "percentage", "rate", "ratio", "factor", "score", "multiplier", "change", "average", "type", "name", "id",
    "currency", "count", "status", "code", "at", "date", "used", "kind", "unit", "units", "days", "model", "source",
    "minimum", "maximum",
})  # fmt: skip


def is_money(column: str) -> bool:
    """Whether a column's name says that it holds an amount of money: "total_cost", not "cost_type" nor "tax_rate"."""
    parts = frozenset(words(column))
    return bool(parts & MONEY) and not parts & _NOT_MONEY
