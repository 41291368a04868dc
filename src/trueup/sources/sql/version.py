"""Which server stands behind a driver, and of which version."""

from __future__ import annotations

import re

from trueup.model.names import Driver

DEFAULT_VERSIONS: dict[Driver, str] = {
    "mysql": "10.11.0-MariaDB",
    "mariadb": "10.11.0-MariaDB",
    "pgsql": "15.0",
    "sqlite": "3.53.0",
}
MYSQL_VERSION = "8.4.0"
"""What stands for MySQL itself, where a project turns out to be made for it."""
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def is_mariadb(driver: Driver, server_version: str | None = None) -> bool:
    """The `mariadb` driver always; `mysql` unless its version is one of MySQL's own (5.x to 9.x, no "MariaDB" in the text)."""
    if driver == "mariadb":
        return True
    if driver != "mysql":
        return False
    text = server_version or DEFAULT_VERSIONS["mysql"]
    return "mariadb" in text.lower() or parse_version(driver, text)[:1] >= (10,)


def parse_version(driver: Driver, server_version: str | None = None) -> tuple[int, ...]:
    """The version's numbers: "10.11.19-MariaDB-0+deb12u1" → (10, 11, 19). MariaDB's old "5.5.5-" prefix is left out."""
    text = (server_version or DEFAULT_VERSIONS[driver]).removeprefix("5.5.5-")
    found = _NUMBERS.search(text) or _NUMBERS.search(DEFAULT_VERSIONS[driver])
    return tuple(int(n) for n in found.group().split(".")[:4]) if found else (0,)
