"""What checks answer: findings and "cannot tell", values and not sentences of a report."""

from __future__ import annotations

import hashlib

from trueup.model.locations import NOWHERE, Location
from trueup.model.names import SEVERITIES, Category, Driver, Effort, Severity
from trueup.model.wanted import Wanted
from trueup.structs import Struct


class Finding(Struct, frozen=True):
    """`message` is one sentence that stands alone; `expected` and `found` are short values to be laid side by side;
    `locations` has the place to look at first, first. `key` sets apart findings of one code on one subject; it
    must not contain line numbers, so that the id survives moved lines."""

    code: str
    severity: Severity
    category: Category
    message: str
    table: str = ""
    column: str = ""
    index: str = ""
    model: str = ""
    expected: str = ""
    found: str = ""
    locations: tuple[Location, ...] = ()
    recommendation: str = ""
    effort: Effort = "S"
    key: str = ""
    drivers: tuple[Driver, ...] = ()
    """Those of several audited drivers that it holds on; empty where one was audited."""
    wants: tuple[Wanted, ...] = ()
    """The constraints that it asks for, where it asks for any that rows may break."""

    @property
    def id(self) -> str:
        """Stable fingerprint: 16 hex digits over code, subject and key; survives moved lines and reformatting."""
        parts = (self.code, self.table, self.column, self.index, self.model, self.key)
        return hashlib.sha256(
            "\x1f".join(p.lower() for p in parts).encode("utf-8", "surrogatepass")
        ).hexdigest()[:16]

    @property
    def sort_key(self) -> tuple[int, str, str, str, str, str, str]:
        return (
            SEVERITIES.index(self.severity),
            self.code,
            self.table,
            self.column,
            self.index,
            self.model,
            self.key,
        )


class CannotTell(Struct, frozen=True, order=True):
    """A question that a check could not decide, and why."""

    code: str
    subject: str
    reason: str
    at: Location = NOWHERE
    table: str = ""


Verdict = Finding | CannotTell
