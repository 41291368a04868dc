"""What every test may use: the real framework as a witness, the addresses of the servers, and no skipping in CI."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from tests.support.oracle import Oracle
from tests.support.servers import MYSQL_URL, PGSQL_URL

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

os.environ.setdefault("TRUEUP_TEST_MYSQL_URL", MYSQL_URL)
os.environ.setdefault("TRUEUP_TEST_PGSQL_URL", PGSQL_URL)


# How fast examples are made or carried out says something of the machine, and nothing of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # A shell starts what runs in the background with SIGINT ignored, which the processes of the tests would inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def mysql_url() -> str:
    """A MariaDB server where this process may make databases: mysql://user:password@host:port/."""
    return os.environ["TRUEUP_TEST_MYSQL_URL"]


@pytest.fixture(scope="session")
def pgsql_url() -> str:
    """A PostgreSQL server where this process may make databases: postgresql://user:password@host:port/."""
    return os.environ["TRUEUP_TEST_PGSQL_URL"]


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    """One PHP process for each worker; its databases are dropped when it ends."""
    with Oracle() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test proves nothing: in CI it has failed."""
    report = yield
    return _no_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    return _no_skip(report)


def _no_skip(report: Report) -> Report:
    if report.outcome == "skipped" and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as a failure in CI: {report.longrepr}"
    return report
