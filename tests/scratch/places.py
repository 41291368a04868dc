"""Where tests make scratch databases, and what is there afterwards."""

from __future__ import annotations

import os

from trueup.model.names import Driver
from trueup.scratch.hosts import host_at
from trueup.sources.database import address_of

PLACES: tuple[Driver, ...] = ("sqlite", "pgsql", "mariadb")


def url_of(driver: Driver, folder: str) -> str:
    """A place for scratch databases: the tests' servers, or `folder`."""
    match driver:
        case "sqlite":
            return f"sqlite:///{folder}"
        case "pgsql":
            return os.environ["TRUEUP_TEST_PGSQL_URL"]
        case _:
            return os.environ["TRUEUP_TEST_MYSQL_URL"]


def databases(url: str) -> list[str]:
    """The scratch databases at `url`, whoever made them."""
    return sorted(n for n in host_at(address_of(url)).names() if n.startswith("trueup_scratch_"))
