"""A column as code has it: its cast, and what a factory gives it."""

from __future__ import annotations

from trueup.compare.domains import (
    Approximate,
    Boolean,
    Date,
    Exact,
    Integer,
    Json,
    Moment,
    Text,
    Uuid,
    domain_of,
)
from trueup.model.names import Driver
from trueup.model.schema import Column


def cast_for(column: Column, driver: Driver) -> str:
    """The cast that keeps the column's kind; "" where none is needed."""
    if column.type.lower() == "tinyint(1)":
        return "boolean"
    if column.type.lower() == "longtext" and (column.collation or "").endswith("_bin"):
        return "array"
    match domain_of(column.type, driver):
        case Json():
            return "array"
        case Exact(scale=scale) if scale:
            return f"decimal:{scale}"
        case Moment():
            return "datetime"
        case Date():
            return "date"
        case Boolean():
            return "boolean"
    return ""


def fake(column: Column, driver: Driver, unique: bool = False) -> str:
    """PHP of a value that the column takes; "" where nobody but a person can say one. `unique`: another one for each row."""
    faker = "$this->faker->unique()" if unique else "$this->faker"
    if column.values:
        return "" if unique else f"'{column.values[0]}'"
    if column.name.lower().endswith("_id"):
        return ""
    if cast_for(column, driver) in ("boolean", "array"):
        return "" if unique else {"boolean": "false", "array": "[]"}[cast_for(column, driver)]
    match domain_of(column.type, driver):
        case Exact(digits=digits, scale=scale):
            most = min(100, 10 ** max((digits or 5) - (scale or 0), 0)) - 1
            return f"{faker}->randomFloat({min(scale or 0, 4)}, 0, {most})"
        case Approximate():
            return f"{faker}->randomFloat(2, 0, 99)"
        case Moment() | Date():
            return f"{faker}->dateTime()" if unique else "now()"
        case Integer():
            most = 100 if column.type.lower().startswith("tinyint") else 30000
            return f"{faker}->numberBetween(1, {most})" if unique else "1"
        case Uuid():
            return "$this->faker->uuid()"
        case Text(length=length):
            return _text(column.name.lower(), length, faker)
    return ""


def _text(name: str, length: int | None, faker: str) -> str:
    if length is not None and length < 30:
        return f"{faker}->lexify('{'?' * length}')"
    for word, method in (
        ("email", "safeEmail"),
        ("uuid", "uuid"),
        ("url", "url"),
        ("phone", "e164PhoneNumber"),
    ):
        if word in name and (length is None or length >= 100 or word == "uuid"):
            return f"{faker}->{method}()"
    return f"{faker}->word()"
