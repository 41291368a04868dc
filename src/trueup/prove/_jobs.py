"""What a writer is told to do and what it answers: sent between processes, so plain values only."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from trueup.ledger.entries import UserId
from trueup.model.roles import Binding
from trueup.prove._sql import Value
from trueup.sources.database.url import Address
from trueup.structs import Struct, field

Way = Literal["check then insert", "ledger", "alert"]
Statement = tuple[str, tuple[Value, ...]]


class Job(Struct, frozen=True):
    """Work for the `threads` of one process, which begin together with those of the others and stop after `tries` each, after
    `seconds`, or, where `until_refused`, when the limit is reached. "check then insert": `check` is asked, then, `pause`
    seconds later (the request itself), one of `inserts` is sent if the cost fits. "ledger": `Ledger.charge`. "alert": as "check
    then insert", where an insert is sent if `check` finds nothing. Each success is noted in the file `notes` before the next
    try."""

    way: Way
    address: Address
    binding: Binding
    user: UserId
    cost: Decimal
    limit: Decimal
    threads: int
    tries: int
    seconds: float
    until_refused: bool = True
    pause: float = 0.0
    check: Statement = ("", ())
    inserts: tuple[Statement, ...] = ()
    named: str = ""
    """The beginning of the request ids; "" where none are given."""
    fresh: tuple[str, ...] = ()
    """Columns of the table of costs that play no role and must be unique."""
    notes: str = ""
    attempts: int = 20
    """How often the ledger tries a charge: some eight seconds."""


class Done(Struct, frozen=True):
    """`seconds` are those of each try that the server took; `failures` are other errors, by what they say. `span` is from the first
    try to the last."""

    stored: int = 0
    refused: int = 0
    unknown: int = 0
    seconds: tuple[float, ...] = ()
    span: float = 0.0
    failures: tuple[tuple[str, int], ...] = field(default=())
