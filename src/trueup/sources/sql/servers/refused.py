"""What a server answers when it does not carry out a statement."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Location


class Refused(Exception):
    """The server refuses a statement and leaves its state as it was. `reason` is in the server's own words as far as they can be
    told; `code` is MySQL's error number, PostgreSQL's SQLSTATE, or "HY000" for SQLite; `at` the place that causes it."""

    def __init__(self, reason: str, code: str, at: Location = NOWHERE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.at = at
