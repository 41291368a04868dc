"""What a probe works with: the scratch database, the roles of its tables, and rows that they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import count

from trueup.ledger.capabilities import record_columns
from trueup.model.names import Driver
from trueup.model.proofs import Workload
from trueup.model.roles import Binding, RecordRoles
from trueup.model.schema import Column, Schema, Table
from trueup.model.types import ColumnType
from trueup.prove._crew import Crew
from trueup.prove._rows import SOME_TIME, Rows
from trueup.prove._sql import Sql, Value
from trueup.scratch import Scratch
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field

USERS = 100
"""Users among whom costs are spread."""


class Bench(Struct):
    """One schema on one scratch database. `built` are the tables that the server made. `tell` is called with what is being done;
    `crew` are the processes of writers, which are started when they are first needed."""

    scratch: Scratch
    schema: Schema
    binding: Binding
    workload: Workload
    built: tuple[str, ...]
    tell: Callable[[str], None]
    sql: Sql = field(init=False)
    rows: Rows = field(init=False)
    crew: Crew
    seeded: int = 0
    """Rows that `seeding` has made in the table of costs."""
    _requests: Iterator[int] = field(default_factory=lambda: count(1))
    _users: list[Value] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sql = Sql(self.scratch.driver, self.scratch.engine)
        self.rows = Rows(self.sql, self.schema)

    @property
    def driver(self) -> Driver:
        return self.scratch.driver

    def missing_record(self) -> str:
        """Why there is no table of costs to work on; "" where there is one."""
        record = self.binding.record
        if record is None:
            return "no table holds the cost of requests"
        if record.table.name not in self.built:
            return f"the server did not make {record.table.name}"
        if not record.amount:
            return f"no column of {record.table.name} can hold the amount"
        return ""

    @property
    def record(self) -> RecordRoles:
        """The roles of the table of costs; only where `missing_record` is ""."""
        assert self.binding.record is not None
        return self.binding.record

    def column(self, table: Table, name: str) -> Column:
        found = table.column(name)
        assert found is not None, f"{table.name}.{name}"
        return found

    def type_of(self, table: Table, name: str) -> ColumnType:
        return parse_type(self.column(table, name).type, self.driver)

    # Rows of the table of costs.

    def cost_row(self, given: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """A row for the table of costs. `given` are values by role; roles that no column plays are left out."""
        values: dict[str, Value] = {
            "amount": self.sent(Decimal("0.01")),
            "time": SOME_TIME,
            "currency": "USD",
            "provider": "openai",
            "model": "gpt-4o",
            "input_tokens": 100,
            "output_tokens": 20,
        }
        values.update(given or {})
        record = self.record
        if record.request_id and "request_id" not in values:
            values["request_id"] = self._request_id()
        return self.rows.filled(record.table, self.played_row(values))

    def played_row(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Column → value for the roles that a column plays."""
        return {getattr(self.record, role): v for role, v in given.items() if getattr(self.record, role, "")}

    def _request_id(self) -> Value:
        number = next(self._requests)
        found = self.type_of(self.record.table, self.record.request_id)
        return number if found.family == "integer" else f"00000000-0000-4000-8000-{number:012d}"

    def sent(self, amount: Decimal) -> Value:
        """An amount as an application sends it: its digits as text, or whole cents and the like where the column counts those."""
        record = self.record
        if self.type_of(record.table, record.amount).family == "integer":
            return int((amount.scaleb(record.digits)).to_integral_value())
        return f"{amount:f}"

    def read(self, value: object) -> Decimal:
        """The amount of a value that the server gave for the amount's column. NULL is nothing."""
        if value is None:
            return Decimal(0)
        # A double is read to 15 digits: so many every decimal keeps in it (https://www.sqlite.org/floatingpoint.html).
        number = Decimal(f"{value:.15g}" if isinstance(value, float) else str(value))
        if self.type_of(self.record.table, self.record.amount).family == "integer":
            return number.scaleb(-self.record.digits)
        return number

    def users(self, number: int) -> list[Value]:
        """`number` users, at most USERS, whom rows of the table of costs may belong to; [None] where it has no column for one."""
        record = self.record
        if not record.user:
            return [None]
        if not self._users:
            self._users = self.rows.owners(record.table, record.user, USERS)
        return self._users[:number]

    def clear(self) -> None:
        """Empties the tables that play a role, children first."""
        for roles in (self.binding.alert, self.binding.budget, self.binding.record):
            if roles is not None and roles.table.name in self.built:
                self.sql.run(f"DELETE FROM {self.sql.name(roles.table.name)}")
        self.seeded = 0

    # Words.

    @property
    def amount_label(self) -> str:
        """ "table.column (type)" of the amount."""
        table = self.record.table
        return f"{table.name}.{self.record.amount} ({self.column(table, self.record.amount).type})"

    def played(self) -> tuple[str, ...]:
        return record_columns(self.record)
