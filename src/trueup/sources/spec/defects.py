"""What a server would refuse in a document's SQL, statement by statement: each rule is a small function over one table.

Sources: MySQL 8.0 reference manual, error messages; PostgreSQL 15 documentation, CREATE TABLE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from trueup.model.names import Driver
from trueup.model.spec import SpecDefect
from trueup.sources.spec import defect_columns, defect_keys
from trueup.sources.spec.defect_tables import JudgedTable, gathered
from trueup.sources.sql import ddl

_RULES: tuple[Callable[[JudgedTable], Iterator[SpecDefect]], ...] = (
    defect_columns.duplicate_columns,
    defect_columns.null_defaults,
    defect_columns.literal_defaults,
    defect_columns.bad_defaults,
    defect_columns.long_names,
    defect_columns.auto_increments,
    defect_columns.lengths,
    defect_keys.unknown_key_columns,
    defect_keys.null_primary_keys,
    defect_keys.two_primary_keys,
    defect_keys.duplicate_index_names,
    defect_keys.text_keys,
    defect_keys.set_null_keys,
    defect_keys.key_counts,
)


def statement_defects(statements: Sequence[ddl.Statement], driver: Driver | None) -> Iterator[SpecDefect]:
    """`driver` None: only what no server takes."""
    types = {s.name.lower() for s in statements if isinstance(s, ddl.CreateType)}
    tables = gathered(statements, driver)
    for table in tables:
        for rule in _RULES:
            yield from rule(table)
        yield from defect_columns.unknown_types(table, types)
        yield from defect_keys.keys_fit(table, tables)
