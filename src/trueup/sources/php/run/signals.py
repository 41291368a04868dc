"""How control leaves a statement other than at its end."""

from __future__ import annotations

from trueup.model.locations import Gap
from trueup.sources.php.values import Value


class Flow:
    """What a statement answers when it does not simply end: "break", "continue" (with `levels` still to go) or "return"."""

    __slots__ = ("kind", "levels", "value")

    def __init__(self, kind: str, value: Value = None, levels: int = 1) -> None:
        self.kind = kind
        self.value = value
        self.levels = levels


class LimitExceeded(Exception):
    """The budget is used up. No PHP code catches it."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.reason)
        self.gap = gap


class Exited(Exception):
    """`exit`."""


class Unset:
    """The type of `UNSET`: a variable or place that does not exist."""

    __slots__ = ()


UNSET = Unset()
