"""Periods and the server's clock.

A period is half-open, [start, end), and begins at 00:00 of its first day in the ledger's time zone: every day, every Monday (ISO
8601), the first of a month, the first of January. Its edges are found with the zone's own rules (a day of 23 or 25 hours where the
clocks change) and kept in UTC. Which period it is, is asked of the database server alone: the machine that runs this code may have
any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trueup.ledger.errors import UnfitColumn
from trueup.model.names import Driver
from trueup.model.roles import Period
from trueup.model.schema import Table
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

Rolling = tuple[Period, ...]
ROLLING: Rolling = ("daily", "weekly", "monthly", "yearly", "total")
"""Periods in which costs add up. "total" is one that never ends."""

EPOCH = datetime(1970, 1, 1)
FOREVER = datetime(9999, 12, 31)
_UNITS = tuple(10 ** (6 - digits) for digits in range(7))
"""Digits of a second that are kept → microseconds in the last of them."""


class Window(Struct, frozen=True):
    """The periods that hold one moment: period → its edges, UTC without a zone. `until` is when the first of them ends."""

    edges: Mapping[Period, tuple[datetime, datetime]]
    start: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether every period of the window still is the one that holds `moment` (UTC)."""
        return self.start <= moment < self.until


def window(moment: datetime, zone: ZoneInfo) -> Window:
    """The periods that hold `moment` (UTC, without a zone)."""
    today = moment.replace(tzinfo=UTC).astimezone(zone).date()
    edges: dict[Period, tuple[datetime, datetime]] = {}
    for period in ROLLING:
        first, following = _days(period, today)
        edges[period] = (_midnight(first, zone), _midnight(following, zone)) if first else (EPOCH, FOREVER)
    return Window(edges, *edges["daily"])


def day_edges(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The edges of a day of the zone, UTC without a zone."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def month_edges(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The edges of the month that holds `day`."""
    first, following = _days("monthly", day)
    return _midnight(first or day, zone), _midnight(following, zone)


def _days(period: Period, today: date) -> tuple[date | None, date]:
    match period:
        case "daily":
            return today, today + timedelta(days=1)
        case "weekly":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=7)
        case "monthly":
            first = today.replace(day=1)
            return first, (first + timedelta(days=32)).replace(day=1)
        case "yearly":
            return today.replace(month=1, day=1), date(today.year + 1, 1, 1)
        case "total" | "per_request":
            return None, today


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Where the clocks skip midnight, zoneinfo's fold 0 is the offset before the gap: the first moment of the day all the same.
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


class TimeColumn(Struct, frozen=True):
    """How a column holds a moment: `aware` as an instant with a zone, `day` as a day of the ledger's zone, otherwise as UTC;
    kept to `fraction` digits of a second, never rounded up: that could be the next period."""

    label: str
    name: str
    fraction: int
    aware: bool
    day: bool
    text: bool

    def write(self, moment: datetime, zone: ZoneInfo) -> object:
        """The value for the driver of a moment in UTC without a zone."""
        if self.day:
            local = moment.replace(tzinfo=UTC).astimezone(zone).date()
            return local.isoformat() if self.text else local
        unit = _UNITS[self.fraction]
        cut = moment.replace(microsecond=moment.microsecond // unit * unit)
        if self.text:
            return cut.strftime("%Y-%m-%d %H:%M:%S")
        return cut.replace(tzinfo=UTC) if self.aware else cut

    def kept(self, moment: datetime) -> datetime:
        """What is left of a moment once it is stored, aware."""
        unit = _UNITS[self.fraction]
        return moment.replace(microsecond=moment.microsecond // unit * unit, tzinfo=UTC)

    def read(self, value: object, zone: ZoneInfo) -> datetime | None:
        """The moment of a value as the driver gives it, UTC without a zone; None for NULL."""
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and not self.day:
            return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        if isinstance(value, date):
            return _midnight(date(value.year, value.month, value.day), zone)
        raise UnfitColumn(self.label, f"it holds {value!r}, which is no time")


def time_column(table: Table, name: str, driver: Driver, *, days: bool = False) -> TimeColumn:
    """How the column `name` holds times. `days`: a column of days will do. Raises UnfitColumn."""
    label = f"{table.name}.{name}"
    column = table.column(name)
    if column is None:
        raise UnfitColumn(label, "there is no such column")
    found = parse_type(column.type, driver)
    if found.family == "date" and days:
        return TimeColumn(label, name, 0, False, True, driver == "sqlite")
    if found.family not in ("datetime", "timestamp"):
        raise UnfitColumn(label, f"{column.type} holds no moments")
    fraction = found.fraction if found.fraction is not None else (6 if driver == "pgsql" else 0)
    aware = driver == "pgsql" and found.time_zone
    return TimeColumn(label, name, min(fraction, 6), aware, False, driver == "sqlite")


def server_now(driver: Driver) -> ColumnElement[object]:
    """The server's time in UTC, to the microsecond, when the row is made (not when the transaction began)."""
    from sqlalchemy import literal_column

    match driver:
        case "pgsql":
            return literal_column("clock_timestamp() AT TIME ZONE 'UTC'")
        case "mysql" | "mariadb":
            return literal_column("UTC_TIMESTAMP(6)")
        case "sqlite":
            return literal_column("strftime('%Y-%m-%d %H:%M:%f', 'now')")


def read_now(value: object) -> datetime:
    """What `server_now` gave, UTC without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.fromisoformat(str(value))
