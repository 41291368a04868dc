"""What goes into a ledger and what comes out: nouns only. Money is `Decimal`, times are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from trueup.model.roles import Period
from trueup.structs import Struct, field

UserId = int | str
RecordId = int | str

Capability = Literal[
    "record", "spend", "enforce", "running total", "alerts", "alerts by key", "reservations", "idempotency"
]
CAPABILITIES: tuple[Capability, ...] = (
    "record",
    "spend",
    "enforce",
    "running total",
    "alerts",
    "alerts by key",
    "reservations",
    "idempotency",
)


class Entry(Struct, frozen=True):
    """One request to a model. `currency` "" is the ledger's own. `extra` are further columns of the record's table."""

    user: UserId
    cost: Decimal
    provider: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    currency: str = ""
    conversation: UserId | None = None
    request_id: str = ""
    metadata: Mapping[str, object] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


class AlertNotice(Struct, frozen=True):
    """An alert that this call has stored: send it now. `threshold` is in percent, 100 for kind "limit_exceeded"."""

    user: UserId
    kind: Literal["threshold", "limit_exceeded"]
    threshold: int
    period: Period
    period_start: datetime | None
    spent: Decimal
    limit: Decimal
    currency: str


class Charge(Struct, frozen=True):
    """What was recorded. `cost` is the amount stored: the entry's, or rounded up to what the columns hold. `time` is the server's.
    `duplicate`: the request id was known, and nothing was recorded again. `alerts` are those that this call has stored."""

    id: RecordId
    cost: Decimal
    currency: str
    time: datetime
    duplicate: bool = False
    alerts: tuple[AlertNotice, ...] = ()


class Reservation(Struct, frozen=True):
    """Money set aside for a request under way. Only `id` is needed to settle or release it, from any process."""

    id: RecordId
    user: UserId
    amount: Decimal
    currency: str
    time: datetime
    alerts: tuple[AlertNotice, ...] = ()


class BudgetState(Struct, frozen=True):
    """A budget and what is spent of it in the period that holds the server's time. `start` and `end` bound the period (None:
    "total" and "per_request" have none); `spent` includes open reservations and is 0 for "per_request"."""

    user: UserId
    period: Period
    limit: Decimal
    spent: Decimal
    currency: str
    active: bool
    start: datetime | None
    end: datetime | None

    @property
    def remaining(self) -> Decimal:
        """What can still be charged; never negative."""
        return max(self.limit - self.spent, Decimal(0))


class Alert(Struct, frozen=True):
    """A stored alert. Parts that the table has no column for are None."""

    user: UserId | None
    kind: str
    threshold: Decimal | None
    period: Period | None
    spent: Decimal | None
    limit: Decimal | None
    time: datetime


class Spend(Struct, frozen=True):
    """A line of a breakdown. `keys` align with the groups asked for: days and months are ISO texts in the ledger's time zone."""

    keys: tuple[str | int | None, ...]
    cost: Decimal
    requests: int
    input_tokens: int | None
    output_tokens: int | None


class Carried(Struct, frozen=True):
    """Whether the binding carries a capability; `missing` names the columns and keys that are in the way."""

    capability: Capability
    carried: bool
    missing: tuple[str, ...] = ()
