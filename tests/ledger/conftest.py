"""Ledgers on real servers: on the contract's tables, which keep a running total, and on plain ones, which don't."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.ledger.places import SERVERS, Place, build_contract, build_plain, place
from trueup.ledger import Ledger
from trueup.model.names import Driver


@pytest.fixture(params=SERVERS)
def driver(request: pytest.FixtureRequest) -> Driver:
    found: Driver = request.param
    return found


@pytest.fixture
def here(driver: Driver, tmp_path: Path, pgsql_url: str, mysql_url: str) -> Iterator[Place]:
    with place(driver, tmp_path) as found:
        yield found


@pytest.fixture
def engine(here: Place) -> Iterator[Engine]:
    found = here.engine()
    yield found
    found.dispose()


@pytest.fixture
def ledger(engine: Engine, driver: Driver) -> Ledger:
    """On the contract's tables."""
    return Ledger(engine, build_contract(engine, driver))


@pytest.fixture
def plain(engine: Engine, driver: Driver) -> Ledger:
    """On tables without a running total."""
    return Ledger(engine, build_plain(engine, driver))
