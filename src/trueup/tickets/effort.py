"""How long a piece of work takes, from the number and kind of its changes; and how a template words that."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from trueup.model.names import Effort
from trueup.model.tickets import Work

HOURS: Mapping[Effort, float] = {"S": 0.5, "M": 3.0, "L": 10.0, "XL": 24.0}
"""Hours of one finding's change, by its effort."""
BEGIN = 1.0
"""Hours to begin a ticket: read it, make the branch, have it reviewed."""
TEST = 0.4
"""Hours of one test of a finding that another ticket mends."""

SIZES: tuple[tuple[str, float, str], ...] = (
    ("Small", 4.0, "Small (< 4 hours)"),
    ("Medium", 8.0, "Medium (4-8 hours)"),
    ("Large", 16.0, "Large (1-2 days)"),
    ("XL", math.inf, "XL (2+ days)"),
)
"""Name, hours below which it holds, and the words of the built-in template."""


def hours_of(work: Work) -> float:
    """Hours, to the half: a beginning, each finding's change, each test."""
    raw = BEGIN + sum(HOURS[f.effort] for f in work.findings) + TEST * len(work.covers)
    return math.ceil(raw * 2) / 2


def shown_hours(hours: float) -> str:
    """ "1 hour", "2.5 hours", "14 hours"."""
    return "1 hour" if hours == 1 else f"{hours:g} hours"


def size_of(hours: float, hint: str = "") -> str:
    """The size in the words of the template's hint ("Small (< 4 hours), Medium (4-8 hours), ..."), else in ours."""
    name, _, own = next(size for size in SIZES if hours < size[1] or size[1] == math.inf)
    written = re.search(rf"(?i)\b{name}\b\s*(?:\([^)\n]*\))?", hint)
    return written[0].strip() if written else own
