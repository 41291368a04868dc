"""A cost ledger and budget guard on the tables of any schema: who spent what on which model, and never more than the limit.

    from decimal import Decimal
    from trueup.ledger import Entry, Ledger, connect

    ledger = Ledger(connect("postgresql://localhost/app"))      # the tables of the contract "ai-costs"
    ledger.set_budget(user=7, period="daily", limit=Decimal("5"))
    ledger.charge(Entry(user=7, cost=Decimal("0.0123"), provider="openai", model="gpt-4o"))

Money is `Decimal` from end to end, and every time is the database server's. docs/ledger.md is the manual."""

from __future__ import annotations

from trueup.ledger.capabilities import carried
from trueup.ledger.entries import (
    CAPABILITIES,
    Alert,
    AlertNotice,
    BudgetState,
    Carried,
    Charge,
    Entry,
    Reservation,
    Spend,
)
from trueup.ledger.errors import (
    BindingError,
    CapabilityMissing,
    CurrencyMismatch,
    InvalidEntry,
    LedgerError,
    LimitExceeded,
    NoBudget,
    NotRepresentable,
    OutcomeUnknown,
    RequestConflict,
    RetriesExhausted,
    UnfitColumn,
    UnfitSession,
    UnknownReservation,
    WriteRefused,
)
from trueup.ledger.ledger import Ledger
from trueup.ledger.retrying import RetryPolicy
from trueup.ledger.running import connect

__all__ = [
    "CAPABILITIES",
    "Alert",
    "AlertNotice",
    "BindingError",
    "BudgetState",
    "CapabilityMissing",
    "Carried",
    "Charge",
    "CurrencyMismatch",
    "Entry",
    "InvalidEntry",
    "Ledger",
    "LedgerError",
    "LimitExceeded",
    "NoBudget",
    "NotRepresentable",
    "OutcomeUnknown",
    "RequestConflict",
    "Reservation",
    "RetriesExhausted",
    "RetryPolicy",
    "Spend",
    "UnfitColumn",
    "UnfitSession",
    "UnknownReservation",
    "WriteRefused",
    "carried",
    "connect",
]
