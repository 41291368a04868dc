"""Every error that the ledger raises on purpose.

TrueupError
└── LedgerError
    ├── InvalidEntry          a cost that is no Decimal, or a negative charge
    ├── LimitExceeded         the charge would take a budget over its limit: nothing was recorded
    ├── NoBudget              the user has no active budget, and one is required
    ├── CurrencyMismatch      a budget of the user is in another currency
    ├── RequestConflict       the request id is known with another user, amount or currency
    ├── UnknownReservation    there is no open reservation of that id
    ├── NotRepresentable      an amount that the column can't hold exactly
    ├── BindingError          the schema can't carry what was asked
    │   ├── CapabilityMissing a column or key is missing: names it
    │   └── UnfitColumn       a column plays a role that its type can't carry
    ├── WriteRefused          the server refused a row: a foreign key, a NOT NULL, a check
    ├── UnfitSession          the connection's settings would falsify times
    ├── RetriesExhausted      deadlocks, busy locks or lost connections went on for too long: nothing was recorded
    └── OutcomeUnknown        the connection was lost while committing, and no request id can tell whether it was recorded
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from trueup.errors import TrueupError
from trueup.ledger.entries import AlertNotice
from trueup.model.roles import Period


class LedgerError(TrueupError):
    """Base of the ledger's errors."""


class InvalidEntry(LedgerError):
    """What was given is no cost: a float, a negative charge."""


class LimitExceeded(LedgerError):
    """The amount does not fit under the limit of one of the user's budgets. `spent` includes open reservations; `alerts` are those
    that this refusal has stored."""

    def __init__(
        self, user: object, period: Period, limit: Decimal, spent: Decimal, amount: Decimal, currency: str
    ) -> None:
        super().__init__(
            f"{amount} {currency} would exceed the {period.replace('_', ' ')} limit of user {user}: "
            f"{spent} of {limit} are spent"
        )
        self.user = user
        self.period = period
        self.limit = limit
        self.spent = spent
        self.amount = amount
        self.currency = currency
        self.alerts: tuple[AlertNotice, ...] = ()

    @property
    def remaining(self) -> Decimal:
        return max(self.limit - self.spent, Decimal(0))


class NoBudget(LedgerError):
    """The user has no active budget."""


class CurrencyMismatch(LedgerError):
    """Amounts of different currencies are never added up."""


class RequestConflict(LedgerError):
    """A request id was used again for something else."""


class UnknownReservation(LedgerError):
    """No open reservation has this id: it never existed, or was settled or released."""


class NotRepresentable(LedgerError):
    """The column can't hold the amount exactly: more digits after the point than its scale, or too large."""

    def __init__(self, amount: Decimal, column: str, reason: str) -> None:
        super().__init__(f"{column} can't hold {amount:f} exactly: {reason}")
        self.amount = amount
        self.column = column
        self.reason = reason


class BindingError(LedgerError):
    """The schema can't carry what was asked."""


class CapabilityMissing(BindingError):
    """`capability` needs what the schema does not have; `missing` names it ("a status column in ai_cost_records")."""

    def __init__(self, capability: str, missing: str) -> None:
        super().__init__(f"{capability} needs {missing}")
        self.capability = capability
        self.missing = missing


class UnfitColumn(BindingError):
    """A column that plays a role is of a type that can't carry it."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


class WriteRefused(LedgerError):
    """The server refused a row; nothing was recorded. The driver's error is chained."""


class UnfitSession(LedgerError):
    """The connection's settings would falsify what is stored."""


class RetriesExhausted(LedgerError):
    """Every attempt ended in a conflict or a lost connection before anything was committed."""

    def __init__(self, attempts: int, reason: str) -> None:
        super().__init__(f"given up after {attempts} attempts: {reason}")
        self.attempts = attempts


class OutcomeUnknown(LedgerError):
    """The connection was lost during COMMIT. With a request id the same call can simply be made again."""

    def __init__(self, when: datetime | None = None) -> None:
        super().__init__(
            "the connection was lost during COMMIT and there is no request id to look the outcome up by"
        )
        self.when = when
