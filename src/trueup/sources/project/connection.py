"""The application's default connection: which driver its own configuration asks for."""

from __future__ import annotations

import os
import re

from trueup.model.locations import Location
from trueup.model.names import DRIVERS, Driver
from trueup.sources.project.php_text import arguments_at, line_of, read_php_text
from trueup.structs import Struct, replace

_DEFAULT = re.compile(
    r"""['"]default['"]\s*=>\s*(?:\(string\)\s*)?(?P<value>\\?(?:Env::get|\w*[eE]nv\w*)\s*\(|['"])"""
)
_ENV = re.compile(
    r"""\s*(?:\\?\w*[eE]nv\w*\s*\(\s*)?['"](?P<name>\w+)['"]\s*\)?\s*(?:,\s*['"](?P<default>[\w-]+)['"])?"""
)
"""The arguments of `env('NAME', 'default')`, or of a helper around it: `env_or(env('NAME'), 'default')`."""

_DUMP = re.compile(r"[\w-]+-schema\.(?:sql|dump)$")

FIRST_MAJOR_WITH_OWN_CONFIG = 11
"""From here on an application may leave config/database.php to the framework, whose default is SQLite."""


class DefaultConnection(Struct, frozen=True):
    """`why` is a sentence for the report; `at` the line that says so."""

    driver: Driver
    why: str
    at: Location


def find_default_connection(
    root: str, php: list[str], major: int, *, package: bool
) -> DefaultConnection | None:
    """What the application connects to by default; None where its configuration does not tell, as in packages. phpunit.xml is not
    asked: tests run elsewhere than the application."""
    config = _config_file(php)
    if config is None:
        return None if package else _without_config(root, major)
    text = read_php_text(root, config)
    match = _DEFAULT.search(text or "")
    if text is None or match is None:
        return None
    at = Location(config, line_of(text, match.start()))
    if match["value"] in ("'", '"'):
        name = text[match.end() : text.find(match["value"], match.end())]
        return _connection(text, name, f"{at}: the default connection is '{name}'", at)
    env = _ENV.match(arguments_at(text, match.end() - 1))
    if env is None:
        return None
    return _from_env(root, text, env["name"], env["default"], at)


def _from_env(root: str, text: str, name: str, default: str | None, at: Location) -> DefaultConnection | None:
    """What `env(name, default)` is: the default in the code. Where there is none, or where it is what the framework's skeleton
    has (SQLite, and MySQL before that) and .env.example names another server, that server is what the application is meant for.
    SQLite in .env.example is often no more than an easy start."""
    own = (
        _connection(text, default, f"{at}: the default connection is env('{name}', '{default}')", at)
        if default
        else None
    )
    example = _env_example(root, name)
    if example is None:
        return _from_dump(root, text, own) if own is not None and own.driver == "sqlite" else own
    value, place = example
    says = _connection(text, value, f"{place} sets {name}={value}, which {at} reads", place)
    if own is None:
        return says
    if says is None:
        return own
    if (own.driver == "sqlite" and says.driver != "sqlite") or (own.driver, says.driver) == (
        "mysql",
        "pgsql",
    ):
        return replace(says, why=f"{says.why}; its default in the code is '{default}'")
    agrees = "says the same" if says.driver == own.driver else f"sets {value}"
    return replace(own, why=f"{own.why}, and {place} {agrees}")


def _from_dump(root: str, text: str, own: DefaultConnection) -> DefaultConnection:
    """The skeleton's default is SQLite; a squashed schema of one other connection tells which one the application really has."""
    try:
        names = sorted(n for n in os.listdir(os.path.join(root, "database/schema")) if _DUMP.match(n))
    except OSError:
        return own
    connections = sorted({n.rsplit("-schema.", 1)[0] for n in names})
    if len(connections) != 1 or connections[0] == "sqlite":
        return own
    at = Location(f"database/schema/{names[0]}")
    return _connection(text, connections[0], f"{at} is the squashed schema of {connections[0]}", at) or own


def _config_file(php: list[str]) -> str | None:
    """config/database.php, or the like in an application that keeps its configuration elsewhere (app/Config/database.php)."""
    if "config/database.php" in php:
        return "config/database.php"
    others = [
        p for p in php if p.lower().endswith("/config/database.php") and not p.lower().startswith("test")
    ]
    return min(others, key=lambda p: (p.count("/"), p), default=None)


def _without_config(root: str, major: int) -> DefaultConnection | None:
    example = _env_example(root, "DB_CONNECTION")
    if example:
        return _connection("", example[0], f"{example[1]} sets DB_CONNECTION={example[0]}", example[1])
    if major >= FIRST_MAJOR_WITH_OWN_CONFIG:
        why = "there is no config/database.php, and the framework's own default is sqlite"
        return DefaultConnection("sqlite", why, Location("composer.json"))
    return None


def _env_example(root: str, name: str) -> tuple[str, Location] | None:
    """The value of a variable in .env.example and its line; commented-out lines say nothing."""
    try:
        with open(os.path.join(root, ".env.example"), encoding="utf-8", errors="replace") as file:
            lines = file.read(200_000).splitlines()
    except OSError:
        return None
    for number, line in enumerate(lines, 1):
        match = re.match(rf"""\s*(?:export\s+)?{re.escape(name)}\s*=\s*['"]?([\w-]+)""", line)
        if match:
            return match[1], Location(".env.example", number)
    return None


def _connection(text: str, name: str, why: str, at: Location) -> DefaultConnection | None:
    """The driver of the connection `name`: its own 'driver' in the configuration, else the name itself."""
    match = re.search(rf"""['"]{re.escape(name)}['"]\s*=>\s*\[""", text)
    driver = name
    if match:
        body = arguments_at(text, match.end() - 1)
        written = re.search(r"""['"]driver['"]\s*=>\s*['"](\w+)['"]""", body)
        driver = written[1] if written else name
    known = next((d for d in DRIVERS if d == driver), None)
    if known is None:
        return None
    return DefaultConnection(known, why if known == name else f"{why}, whose driver is {known}", at)
