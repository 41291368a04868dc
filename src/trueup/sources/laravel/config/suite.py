"""What the tests run on: a TestCase that says it, phpunit.xml, .env.testing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from trueup.model.config import Connection, SuiteServer
from trueup.model.locations import Location
from trueup.model.project import Project

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_VARIABLE = re.compile(r"<(?:env|server)\s[^<>]*?\bname\s*+=\s*+[\"']DB_CONNECTION[\"'][^<>]*+>")
_KEYS_ON = re.compile(
    r"DB_FOREIGN_KEYS|foreign_key_constraints['\"]\s*=>\s*(?:true|1)|PRAGMA\s+foreign_keys|enableForeignKey",
    re.I,
)
_VALUE = re.compile(r"\bvalue\s*=\s*[\"']([^\"']*)[\"']")
_SET_DEFAULT = re.compile(r"['\"]database\.default['\"]\s*(?:,|=>)\s*['\"]([\w\-]+)['\"]")
_DRIVERS = ("sqlite", "mysql", "mariadb", "pgsql", "sqlsrv")


def read_suite(project: Project, connections: tuple[Connection, ...]) -> SuiteServer:
    """The server of the tests by the first of: a base class of the tests that sets `database.default`, phpunit.xml,
    phpunit.xml.dist, .env.testing; an empty one where none of them says it."""
    for name, at in _named(project):
        driver = _driver_of(name, project, connections, at.file)
        if driver:
            keys = _checks_keys(name, project, connections, at.file) if driver == "sqlite" else None
            return SuiteServer(driver, name, at, keys)
    return SuiteServer()


def _named(project: Project) -> Iterator[tuple[str, Location]]:
    """Connections that the tests are given, the most binding first."""
    for file in project.files:
        if file.lower().startswith("tests/") and file.endswith("TestCase.php"):
            text = _read(project, file)
            for found in _SET_DEFAULT.finditer(text):
                yield found.group(1), Location(file, text.count("\n", 0, found.start()) + 1)
    for file in ("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"):
        text = _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), _read(project, file))
        for found in _VARIABLE.finditer(text):
            value = _VALUE.search(found.group())
            if value:
                yield value.group(1), Location(file, text.count("\n", 0, found.start()) + 1)
    for number, line in enumerate(_read(project, ".env.testing").splitlines(), 1):
        key, _, value_text = line.partition("=")
        if key.strip() == "DB_CONNECTION":
            yield value_text.strip().strip("\"'"), Location(".env.testing", number)


def _driver_of(name: str, project: Project, connections: tuple[Connection, ...], file: str) -> str:
    made = _made(name, project, file)
    if made:
        return made.group(1)
    own = next((c.driver for c in connections if c.name == name), "")
    if own:
        return own
    # Testbench's own connection of that name is SQLite in memory.
    return "sqlite" if name == "testing" and project.kind == "package" else name if name in _DRIVERS else ""


def _made(name: str, project: Project, file: str) -> re.Match[str] | None:
    """The place where a TestCase makes the connection itself."""
    pattern = rf"['\"]database\.connections\.{re.escape(name)}(?:\.driver)?['\"].{{0,200}}?['\"]({'|'.join(_DRIVERS)})['\"]"
    return re.search(pattern, _read(project, file), re.DOTALL) if file.endswith(".php") else None


def _checks_keys(name: str, project: Project, connections: tuple[Connection, ...], file: str) -> bool | None:
    """Whether the suite's SQLite checks foreign keys: by its connection; by default it does not."""
    if _KEYS_ON.search(_read(project, file)):
        return True
    own = next((c for c in connections if c.name == name), None)
    if _made(name, project, file):
        return False
    return None if own is None else own.foreign_keys is True


def _read(project: Project, file: str) -> str:
    try:
        with open(os.path.join(project.root, file), encoding="utf-8", errors="replace") as handle:
            return handle.read()
    except OSError:
        return ""
