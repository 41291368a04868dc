"""Serve the audit to coding agents over the Model Context Protocol: findings, schema, queries, trials of migrations. Only reads.

PATH is a project folder, or an audit ticket (.md) in one; without it, the folder here. Speaks over stdin and stdout; with
--http PORT over streamable HTTP at http://127.0.0.1:PORT/mcp, on this machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_own_checks
from trueup.cli.running import CLEAN
from trueup.errors import Mistake

if TYPE_CHECKING:
    from trueup.config import Options

HOSTS = {"": "127.0.0.1", "localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
"""What may be named before the port, and what is bound then: nobody else can reach these."""


def declare(arguments: Arguments) -> None:
    arguments.argument("path", ".", "a project folder or an audit ticket")
    arguments.options("spec", "FILE", "a specification document; may be given again")
    add_driver(arguments)
    add_own_checks(arguments)
    arguments.option("http", "PORT", "streamable HTTP on this port of 127.0.0.1 (0: any that is free)")


def command(given: Given) -> int:
    from trueup.config import Options

    mistakes = list(given.mistakes)
    address = _address(given.text("http"), mistakes)
    mistakes.extend(_missing_sdk())
    options = Options(
        specs=given.texts("spec"),
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        checks=given.texts("check"),
        own_checks=given.flag("own_checks"),
        mistakes=tuple(mistakes),
    )
    path = given.required("path")
    _check(path, options)
    from trueup.integrations.held import Held
    from trueup.integrations.server import serve_http, serve_stdio

    held = Held(path, options)
    if address is None:
        serve_stdio(held)
    else:
        serve_http(held, *address)
    return CLEAN


def _check(path: str, options: Options) -> None:
    """Raises UserError with every mistake at once, before a client is answered."""
    from trueup.checks.registry import catalogue
    from trueup.pipeline.opening import open_target

    open_target(path, options, tuple(check.code for check in catalogue()))


def _address(text: str | None, mistakes: list[Mistake]) -> tuple[str, int] | None:
    """The address and port to bind, or None for stdio."""
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    bound = HOSTS.get(host.strip("[]").lower())
    if bound is None:
        mistakes.append(
            Mistake(
                "--http",
                f"'{host}' is not this machine's own address",
                "a port; only 127.0.0.1 and ::1 are served",
            )
        )
    elif not port.isdecimal() or int(port) > 65535:
        mistakes.append(Mistake("--http", f"'{port}' is no port", "0 to 65535"))
    else:
        return bound, int(port)
    return None


def _missing_sdk() -> list[Mistake]:
    from importlib.util import find_spec

    if find_spec("mcp") is not None:
        return []
    return [
        Mistake("", "the SDK of the Model Context Protocol is not installed", "pip install 'trueup[mcp]'")
    ]
