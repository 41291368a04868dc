"""Fluent objects: attribute bags that accept any call, as the framework's `Illuminate\\Support\\Fluent` does.

Values are PHP values as the evaluator gives them for scalars and lists: str, int, float, bool, None, list, and the two
objects of this module. An attribute nobody knows ("nullabel") is stored and has no effect."""

from __future__ import annotations

from trueup.model.locations import NOWHERE, Location
from trueup.structs import Struct

UNKNOWN_ATTRIBUTE = "unknown"


class Expression(Struct, frozen=True):
    """`DB::raw(...)`: SQL that the grammar passes on as it is."""

    sql: str


class FrameworkError(Exception):
    """An exception that the framework itself throws while it builds SQL. `php_class` is fully qualified."""

    def __init__(self, php_class: str, message: str) -> None:
        super().__init__(message)
        self.php_class = php_class
        self.message = message


class Fluent:
    """An attribute bag with a place in a file."""

    __slots__ = ("at", "attributes")

    def __init__(self, attributes: dict[str, object] | None = None, at: Location = NOWHERE) -> None:
        self.attributes: dict[str, object] = {} if attributes is None else attributes
        self.at = at

    def get(self, name: str) -> object:
        return self.attributes.get(name)

    def truthy(self, name: str) -> bool:
        """PHP's truth of an attribute: "0" and "" are false."""
        value = self.attributes.get(name)
        return bool(value) and value != "0"

    def has(self, name: str) -> bool:
        """Set and not null (PHP's isset)."""
        return self.attributes.get(name) is not None

    def text(self, name: str) -> str:
        return php_text(self.attributes.get(name))

    def set(self, name: str, value: object) -> Fluent:
        self.attributes[name] = value
        return self


class ColumnDefinition(Fluent):
    """A column as a migration describes it: `type` is the framework's own word ("bigInteger")."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.text("name")

    @property
    def type(self) -> str:
        return self.text("type")

    @property
    def change(self) -> bool:
        return self.truthy("change")


class ForeignIdColumn(ColumnDefinition):
    """`foreignId()` and kin: a column that can make its own foreign key."""

    __slots__ = ()


class Command(Fluent):
    """A command of a blueprint: "create", "unique", "dropColumn", ... with its attributes."""

    __slots__ = ("name", "skipped")

    def __init__(
        self, name: str, attributes: dict[str, object] | None = None, at: Location = NOWHERE
    ) -> None:
        super().__init__(attributes, at)
        self.name = name
        self.skipped = False

    def names(self, attribute: str = "columns") -> list[object]:
        value = self.attributes.get(attribute)
        if value is None:
            return []
        return list(value) if isinstance(value, list) else [value]


class ForeignKeyCommand(Command):
    """A "foreign" command: `references`, `on`, `onDelete`, `onUpdate`."""

    __slots__ = ()


class ColumnCommand(Command):
    """A column written in an ALTER blueprint of 11 and later, in its place among the commands; becomes "add" or "change"."""

    __slots__ = ("column",)

    def __init__(self, column: ColumnDefinition) -> None:
        super().__init__("column", at=column.at)
        self.column = column


def php_text(value: object) -> str:
    """A value as PHP makes a string of it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, Expression):
        return value.sql
    return str(value)
