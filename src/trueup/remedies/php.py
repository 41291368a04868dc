"""What PHP of migrations is made of: blocks of `Schema::table()`, lines, and a branch for each driver that needs its own words."""

from __future__ import annotations

from collections.abc import Callable

from trueup.model.names import Driver
from trueup.model.schema import Column
from trueup.remedies.definitions import php_text
from trueup.structs import Struct, field


class Block(Struct, frozen=True):
    """Statements of one `Schema::table()`; neighbours on one table become one."""

    table: str
    statements: tuple[str, ...]


Piece = Block | str
"""A block, or lines of PHP."""


class Code(Struct):
    """PHP of one migration. `skips`: drivers on which it does nothing, with the reason."""

    up: list[Piece] = field(default_factory=list)
    down: list[Piece] = field(default_factory=list)
    outside_transaction: bool = False
    skips: dict[Driver, str] = field(default_factory=dict)


Probe = Callable[[Driver, str], Column | None]
"""What column a Blueprint statement makes on a driver."""


class Framework(Struct, frozen=True):
    """`native`: `change()` and `renameColumn()` work without doctrine/dbal, by native statements. `prefix` of the connection.
    `checked`: tables, lower case, that have CHECKs on SQLite by now."""

    major: int
    native: bool
    prefix: str
    probe: Probe
    checked: set[str] = field(default_factory=set)


class Speaker:
    """Writes into one migration's code, in the words that each driver takes."""

    def __init__(self, framework: Framework, code: Code) -> None:
        self.framework = framework
        self.code = code

    def _except_sqlite(self, table: str, pieces: list[Piece]) -> list[Piece]:
        """What SQLite can only do by making the table anew, which loses its CHECKs; before Laravel 11 it can't at all."""
        reason = self._why_not_sqlite(table)
        if not reason:
            return pieces
        self.code.skips["sqlite"] = reason
        lines = pieces_to_lines(pieces)
        return ["\n".join(["if (DB::getDriverName() !== 'sqlite') {", *indented(lines), "}"])]

    def _why_not_sqlite(self, table: str) -> str:
        """SQLite changes columns and keys only by making the table anew."""
        if not self.framework.native:
            return "before version 11 Laravel leaves keys out on SQLite, and change() spells the table's other columns anew"
        if table.lower() in self.framework.checked:
            return (
                "the table is made anew for it, and Laravel loses its CHECKs (the values of an ENUM) at that"
            )
        return ""

    def _table(self, name: str) -> str:
        return self.framework.prefix + name

    def _by_driver(
        self, mysql: list[str] | None = None, pgsql: list[str] | None = None, other: list[Piece] | None = None
    ) -> str:
        """One branch for each driver that needs words of its own."""
        branches = []
        if pgsql:
            branches.append(("DB::getDriverName() === 'pgsql'", statements(pgsql)))
        if mysql:
            branches.append(("in_array(DB::getDriverName(), ['mysql', 'mariadb'], true)", statements(mysql)))
        lines = []
        for number, (condition, body) in enumerate(branches):
            lines += [f"{'} else' if number else ''}if ({condition}) {{", *indented(body)]
        if other:
            lines += ["} else {", *indented(pieces_to_lines(other))] if branches else pieces_to_lines(other)
        return "\n".join([*lines, "}"] if branches else lines)


def statements(sql: list[str]) -> list[str]:
    return [f"DB::statement({php_text(text)});" for text in sql]


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else line for text in lines for line in text.split("\n")]


def pieces_to_lines(pieces: list[Piece]) -> list[str]:
    """Lines of PHP, neighbouring blocks on one table joined."""
    lines: list[str] = []
    waiting: list[Block] = []

    def flush() -> None:
        if waiting:
            together = tuple(s for block in waiting for s in block.statements)
            lines.extend(closure("table", waiting[0].table, together).split("\n"))
            waiting.clear()

    for piece in pieces:
        if isinstance(piece, Block):
            if waiting and (
                waiting[0].table != piece.table or _stands_alone(piece) or _stands_alone(waiting[0])
            ):
                flush()
            waiting.append(piece)
        else:
            flush()
            lines.extend(piece.split("\n"))
    flush()
    return lines


def _stands_alone(block: Block) -> bool:
    """SQLite takes one dropping or renaming at a time before Laravel 11."""
    return any("->dropColumn(" in s or "->renameColumn(" in s for s in block.statements)


def closure(method: str, table: str, statements: tuple[str, ...]) -> str:
    body = "".join(f"    {statement};\n" for statement in statements)
    return f"Schema::{method}({php_text(table)}, function (Blueprint $table) {{\n{body}}});"


def short(name: str, most: int = 63) -> str:
    return name[:most]
