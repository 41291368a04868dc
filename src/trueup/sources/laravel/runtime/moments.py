"""Points in time. The moment of migrating is not known; dates written in the code are."""

from __future__ import annotations

import re
from datetime import datetime

from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, HostObject, Missing, Unknown, Value

_TEXTS = {
    "todatetimestring": "%Y-%m-%d %H:%M:%S",
    "todatestring": "%Y-%m-%d",
    "totimestring": "%H:%M:%S",
    "toiso8601string": "%Y-%m-%dT%H:%M:%S+00:00",
    "toatomstring": "%Y-%m-%dT%H:%M:%S+00:00",
    "tojson": "%Y-%m-%dT%H:%M:%S.000000Z",
}
_UNKNOWN_METHODS = re.compile(
    r"^(is|diff|eq|ne|gt|lt|gte|lte|between|timestamp|gettimestamp|format|isoformat|to|get)", re.I
)


class Moment(HostObject):
    """A Carbon instance; `when` None: the moment of the run, or one computed from it."""

    __slots__ = ("when",)

    def __init__(self, when: datetime | None = None) -> None:
        self.when = when

    @property
    def php_class(self) -> str:
        return "Illuminate\\Support\\Carbon"

    def ancestors(self) -> tuple[str, ...]:
        return ("Carbon\\Carbon", "DateTime", "Carbon\\CarbonInterface", "DateTimeInterface")

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        if self.when is not None and lowered in _TEXTS:
            return self.when.strftime(_TEXTS[lowered])
        if self.when is not None and lowered == "format" and isinstance(args.get(0), str):
            return _formatted(self.when, str(args.get(0)))
        if _UNKNOWN_METHODS.match(lowered):
            return ctx.unknown("a time that depends on the moment of migrating")
        return Moment()

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        if self.when is not None and prop in ("year", "month", "day", "hour", "minute", "second"):
            number: int = getattr(self.when, prop)
            return number
        return ctx.unknown("a time that depends on the moment of migrating")

    def to_string(self, ctx: Context) -> str | Unknown | None:
        if self.when is not None:
            return self.when.strftime("%Y-%m-%d %H:%M:%S")
        return ctx.unknown("the moment of migrating")

    def clone(self, ctx: Context) -> HostObject:
        return Moment(self.when)


_LETTERS = {"Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "i": "%M", "s": "%S", "y": "%y"}


def _formatted(when: datetime, pattern: str) -> str:
    return "".join(when.strftime(_LETTERS[c]) if c in _LETTERS else c for c in pattern)


def call_moment(method: str, args: Args, ctx: Context) -> Value:
    """`Carbon::now()`, `Carbon::parse('2020-01-01')`, `Carbon::create(2020, 1, 1)` ..."""
    values = args.positional
    if method.lower() in ("parse", "createfromformat", "make") and values:
        text = values[-1]
        if isinstance(text, str):
            try:
                return Moment(datetime.fromisoformat(text))
            except ValueError:
                return Moment()
    if method.lower() in ("create", "createfromdate") and values and all(isinstance(v, int) for v in values):
        numbers = [int(v) for v in values if isinstance(v, int)]
        try:
            return Moment(datetime(*[*numbers, 1, 1][: max(3, len(numbers))]))  # type: ignore[arg-type]  # year, month, day ...
        except ValueError:
            return Moment()
    return Moment()


__all__ = ["Moment", "call_moment"]
