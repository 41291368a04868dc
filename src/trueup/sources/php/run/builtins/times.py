"""Dates and times. What depends on the present is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run.builtins.registry import builtin, opaque
from trueup.sources.php.values import Value

if TYPE_CHECKING:
    import datetime

    from trueup.sources.php.run.runner import Runner

opaque("time microtime hrtime localtime getdate idate gettimeofday", "the present:")
opaque(
    "strtotime mktime gmmktime date_create date_create_immutable strftime gmstrftime date_parse date_diff date_add",
    "the result of",
)


def formatted(pattern: str, at: datetime.datetime) -> str:
    """date() at a moment in UTC; letters with no meaning stand for themselves."""
    out: list[str] = []
    escaped = False
    for char in pattern:
        if escaped or (char != "\\" and char not in _LETTERS):
            out.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            out.append(_letter(char, at))
    return "".join(out)


_STRFTIME = {
    "d": "%d",
    "D": "%a",
    "l": "%A",
    "m": "%m",
    "M": "%b",
    "F": "%B",
    "y": "%y",
    "H": "%H",
    "h": "%I",
    "i": "%M",
    "s": "%S",
}
_LETTERS = frozenset("dDlNwzjmMnFtLYoyaAHhGgisuveTPpOZIUcrSW")


def _letter(char: str, at: datetime.datetime) -> str:
    if char in _STRFTIME:
        return at.strftime(_STRFTIME[char])
    if char == "c":
        return formatted("Y-m-d\\TH:i:sP", at)
    if char == "r":
        return formatted("D, d M Y H:i:s O", at)
    leap = at.year % 4 == 0 and (at.year % 100 != 0 or at.year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[at.month - 1]
    suffix = "th" if 10 < at.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th")
    values = {
        "N": at.isoweekday(), "w": at.isoweekday() % 7, "z": at.timetuple().tm_yday - 1, "j": at.day, "n": at.month, "t": days,
        "L": int(leap), "Y": f"{at.year:04d}", "o": at.isocalendar()[0], "a": "am" if at.hour < 12 else "pm",
        "A": "AM" if at.hour < 12 else "PM", "G": at.hour, "g": at.hour % 12 or 12, "u": "000000", "v": "000",
        "e": "UTC", "T": "UTC",
        "P": "+00:00", "p": "Z", "O": "+0000", "Z": 0, "I": 0, "U": int(at.timestamp()), "S": suffix,
        "W": f"{at.isocalendar()[1]:02d}",
    }  # fmt: skip
    return str(values[char])


@builtin("date gmdate", "s:format ?i:timestamp=null")
def _date(run: Runner, pattern: str, stamp: int | None) -> Value:
    if not any(c in _LETTERS for c in pattern):
        return pattern
    if stamp is None:
        return run.unknown("the present: date()")
    import datetime

    try:
        return formatted(pattern, datetime.datetime.fromtimestamp(stamp, datetime.UTC))
    except (OverflowError, ValueError, OSError):
        return run.unknown("the result of date()")


@builtin("checkdate", "i:month i:day i:year")
def _checkdate(_: Runner, month: int, day: int, year: int) -> Value:
    import datetime

    try:
        datetime.date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True


@builtin("date_default_timezone_get", "")
def _timezone(_: Runner) -> Value:
    return "UTC"
