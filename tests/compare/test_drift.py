"""What ran on a live server, by the names that the migrations have there."""

from __future__ import annotations

import pytest

from trueup.compare.drift import drift
from trueup.model.live import Live
from trueup.model.locations import Location
from trueup.model.migrations import MigrationFile
from trueup.model.schema import Schema

_SCHEMA = Schema("mysql")
_STUB = MigrationFile("database/migrations/create_goods_table.php.stub", "create_goods_table")


@pytest.mark.parametrize(
    ("ran", "pending", "unknown"),
    [
        (("2025_03_01_101112_create_goods_table",), (), ()),
        ((), ("create_goods_table",), ()),
        (
            ("2025_03_01_101112_create_parts_table",),
            ("create_goods_table",),
            ("2025_03_01_101112_create_parts_table",),
        ),
    ],
)
def test_a_stub_ran_under_the_time_of_its_publishing(
    ran: tuple[str, ...], pending: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    found = drift(Live(Location("mysql://shop"), _SCHEMA, entries=ran), _SCHEMA, (_STUB,))
    assert (tuple(m.name for m in found.pending), found.unknown) == (pending, unknown)
