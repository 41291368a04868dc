"""What one run may use."""

from __future__ import annotations

from trueup.structs import Struct


class Budget(Struct, frozen=True):
    """What one run may use. Exceeding any ends the run with a gap of kind "limit" on the line. `calls` is how many may be inside
    one another, lengths are in characters; `elements` are those of all arrays together
    that are made or copied."""

    statements: int = 2_000_000
    calls: int = 200
    string: int = 16_000_000
    array: int = 1_000_000
    elements: int = 5_000_000
    seconds: float = 10.0
    trials: int = 6
    """How many undecided branches may be inside one another and still be tried both ways."""


SLICE = 2_000
"""Statements between two looks at the clock."""
