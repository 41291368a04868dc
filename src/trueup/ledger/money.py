"""Money in columns: which amounts a column holds exactly, how they are written and read, and how they are added up by the server.

A `Decimal` goes in and comes out; nothing is ever rounded in silence. What a column can't hold is refused (`NotRepresentable`), or
rounded up where the ledger is told to.

SQLite has no decimals: a column of NUMERIC affinity holds a double. Every decimal of up to 15 significant digits has a double of
its own, from which it is read back by rounding to the column's scale (https://www.sqlite.org/floatingpoint.html), so amounts
are kept to 15 digits there. Sums and comparisons are made of integers: each value is scaled and rounded first, and whole
numbers up to 2⁶³ add up exactly."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal, Inexact, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Literal

from trueup.ledger.errors import NotRepresentable, UnfitColumn
from trueup.model.names import Driver
from trueup.model.schema import Table
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

Rounding = Literal["refuse", "up"]
SQLITE_DIGITS = 15
SQLITE_SCALE = 8
"""The scale of a SQLite column of which nothing says it: amounts up to 9,999,999.99999999."""

_EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])
_WIDE = Context(prec=120)


class MoneyColumn(Struct, frozen=True):
    """`label` is "table.column". `scale`: digits after the point, None for no bound. `most`: the largest amount, None for no bound.
    `shift`: the column holds whole numbers of 10^-shift; None for a column of decimals. `doubles`: SQLite's NUMERIC."""

    label: str
    name: str
    scale: int | None
    most: Decimal | None
    shift: int | None
    doubles: bool

    def fit(self, amount: Decimal, rounding: Rounding = "refuse") -> Decimal:
        """The amount that the column will hold: `amount`, or the next larger one that it can. Raises NotRepresentable."""
        if not amount.is_finite():
            raise NotRepresentable(amount, self.label, "it is no number")
        fitted = amount
        if self.scale is not None:
            fitted = amount.quantize(_quantum(self.scale), rounding=ROUND_CEILING, context=_WIDE)
            if fitted != amount and rounding == "refuse":
                raise NotRepresentable(
                    amount, self.label, f"it keeps {self.scale} digits after the point, and rounding is off"
                )
        if self.most is not None and abs(fitted) > self.most:
            raise NotRepresentable(amount, self.label, f"it holds at most {self.most:f}")
        return fitted

    def write(self, amount: Decimal) -> Decimal | int | float:
        """The value for the driver; `amount` must fit."""
        if self.shift is not None:
            return int(_EXACT.scaleb(amount, self.shift))
        return float(amount) if self.doubles else amount

    def read(self, value: object) -> Decimal:
        """The amount of a value of this column as the driver gives it; NULL counts as nothing."""
        if value is None:
            return Decimal(0)
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        if self.shift is not None:
            return number.scaleb(-self.shift, context=_WIDE)
        if self.doubles and self.scale is not None:
            return number.quantize(_quantum(self.scale), context=_WIDE)
        return number

    def stepped(self, column: ColumnElement[object], step: ColumnElement[object]) -> ColumnElement[object]:
        """An expression for the value of `column` after adding `step`, which is in the units of `step_of`."""
        from sqlalchemy import literal_column

        if self.doubles:
            return (_scaled(column, self.scale or 0) + step) / literal_column(f"1e{self.scale or 0}")
        return column + step

    def step_of(self, amount: Decimal) -> Decimal | int:
        """`amount` in the units that `stepped` adds."""
        if self.doubles:
            return int(_EXACT.scaleb(amount, self.scale or 0))
        value = self.write(amount)
        return int(value) if isinstance(value, float) else value


class Units(Struct, frozen=True):
    """A common unit for sums and comparisons of several columns: 10^-scale; plain decimals where `scale` is None."""

    scale: int | None

    def of(self, money: MoneyColumn, column: ColumnElement[object]) -> ColumnElement[object]:
        """An expression for the value of `column`, a whole number of units (a plain decimal without a scale)."""
        from sqlalchemy import literal_column

        if self.scale is None:
            return column
        if money.doubles:
            return _scaled(column, self.scale)
        steps = self.scale - (money.shift or 0)
        return column * literal_column(str(10**steps)) if steps else column

    def write(self, amount: Decimal) -> Decimal | int:
        return amount if self.scale is None else int(_EXACT.scaleb(amount, self.scale))

    def read(self, value: object) -> Decimal:
        """The amount of a number of units; NULL, the sum of nothing, is 0."""
        if value is None:
            return Decimal(0)
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        return number if self.scale is None else number.scaleb(-self.scale, context=_WIDE)


@cache
def _quantum(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def _scaled(column: ColumnElement[object], scale: int) -> ColumnElement[object]:
    # Exact for up to 15 digits: the double is within 2^-53 of the decimal, so the product is less than a half from the number.
    from sqlalchemy import BigInteger, cast, func, literal_column

    return cast(func.round(column * literal_column(f"1e{scale}")), BigInteger)


def units_for(*columns: MoneyColumn) -> Units:
    """Plain decimals where every column is one; else the finest scale of all."""
    if any(c.doubles or c.shift is not None for c in columns):
        return Units(max(c.scale or 0 for c in columns))
    return Units(None)


def money_column(table: Table, name: str, driver: Driver, digits: int, scale: int | None) -> MoneyColumn:
    """How the column `name` holds money. Raises UnfitColumn for types that can't, floating point above all."""
    label = f"{table.name}.{name}"
    column = table.column(name)
    if column is None:
        raise UnfitColumn(label, "there is no such column")
    found = parse_type(column.type, driver)
    if found.family == "integer":
        most = _integer_most(found.bits, found.unsigned)
        return MoneyColumn(label, name, digits, most.scaleb(-digits, context=_WIDE), digits, False)
    if driver == "sqlite" and found.family in ("decimal", "other"):
        return _in_doubles(label, name, found.scale if found.precision is not None else scale)
    if found.family == "decimal":
        return _in_decimals(label, name, found.precision, found.scale, driver)
    why = (
        "is binary floating point: it can't hold every cent"
        if found.family == "float"
        else "holds no numbers"
    )
    raise UnfitColumn(label, f"{column.type} {why}")


def _integer_most(bits: int | None, unsigned: bool) -> Decimal:
    return Decimal(2 ** ((bits or 64) - (0 if unsigned else 1)) - 1)


def _in_doubles(label: str, name: str, scale: int | None) -> MoneyColumn:
    known = SQLITE_SCALE if scale is None else scale
    return MoneyColumn(label, name, known, _largest(SQLITE_DIGITS, known), None, True)


def _in_decimals(
    label: str, name: str, precision: int | None, scale: int | None, driver: Driver
) -> MoneyColumn:
    if precision is None and driver == "pgsql":
        return MoneyColumn(label, name, None, None, None, False)
    digits, places = precision or 10, scale or 0  # MySQL's DECIMAL alone is DECIMAL(10, 0)
    return MoneyColumn(label, name, places, _largest(digits, places), None, False)


def _largest(digits: int, scale: int) -> Decimal:
    return Decimal(10**digits - 1).scaleb(-scale, context=_WIDE)
