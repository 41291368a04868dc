"""The server: tools and resources over stdio or HTTP on the loopback interface. stdout belongs to the protocol."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys

import anyio
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations

from trueup import __version__
from trueup.errors import Mistake, TrueupError, UserError
from trueup.integrations.asking import text_page
from trueup.integrations.held import Held
from trueup.integrations.tools import Tools
from trueup.model.audit import Audit
from trueup.model.schema import Schema
from trueup.redaction import redacted
from trueup.report import audit_as, schema_as

INSTRUCTIONS = """Trueup audits the database layer of one Laravel project: what the migrations really build on the project's
database server, against its specification, its models and its queries. Ask `inventory` or `findings` first; `explain_check` says
what a finding means. Before you write a migration, `try_migration` tells whether it would fail, which findings it mends and which
new ones it brings. Everything is read-only: you write the files, and the audit follows what is on disk. What could not be read is
listed by `unknowns`: it is not the same as absent."""

READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
SCHEMA_CHARACTERS = 400_000
"""A whole schema as JSON is told up to that; a larger one table by table."""


def make_server(held: Held) -> MCPServer:
    """The server with all its tools and resources."""
    server = MCPServer(
        "trueup", title="Trueup", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR"
    )
    for tool in Tools(held).all():
        server.add_tool(tool, annotations=READ_ONLY)

    @server.resource("trueup://report", mime_type="text/markdown", title="The audit's report")
    def report() -> str:
        """The first page of the report, as Markdown; where there are more, its last line says so."""
        return _guarded_report(held, 1)

    @server.resource("trueup://report/{page}", mime_type="text/markdown", title="A page of the report")
    def report_page(page: int) -> str:
        """A page of the report, from 1."""
        return _guarded_report(held, page)

    @server.resource("trueup://schema", mime_type="application/json", title="The whole schema")
    def schema() -> str:
        """What the migrations build, as JSON (trueup.schema/1)."""
        return _guarded_schema(held, "")

    @server.resource("trueup://schema/{table}", mime_type="application/json", title="A table's schema")
    def schema_of_table(table: str) -> str:
        """One table, as JSON (trueup.schema/1)."""
        return _guarded_schema(held, table)

    return server


def _guarded_report(held: Held, page: int) -> str:
    try:
        text, pages = text_page(held.derived("report", lambda a, _: audit_as("markdown", a)), page)
    except TrueupError as problem:
        raise ResourceError(redacted(str(problem))) from problem
    return (
        text if page == pages else f"{text}\n(page {page} of {pages}: trueup://report/{page + 1} goes on)\n"
    )


def _guarded_schema(held: Held, table: str) -> str:
    try:
        audit: Audit = held.audit()[0]
        whole = audit.facts.schema
        text = schema_as("json", _only(whole, table) if table else whole)
    except TrueupError as problem:
        raise ResourceError(redacted(str(problem))) from problem
    if len(text) > SCHEMA_CHARACTERS:
        names = f"{len(whole.tables)} tables, {len(text):,} characters"
        raise ResourceError(
            f"the schema is too large to be told whole ({names}): ask for trueup://schema/TABLE"
        )
    return text


def _only(schema: Schema, name: str) -> Schema:
    from trueup.config import nearest

    table = schema.table(name)
    if table is None:
        names = sorted(t.name for t in schema.tables)
        raise UserError(Mistake("table", f"the migrations leave no table '{name}'", nearest(name, names)))
    return Schema(schema.driver, (table,), framework=schema.framework)


# Transports


def serve_stdio(held: Held) -> None:
    """Serves until stdin ends. Whatever else would print to stdout goes to stderr: the SDK sees to it."""
    make_server(held).run("stdio")


def serve_http(held: Held, host: str, port: int) -> None:
    """Serves streamable HTTP at http://HOST:PORT/mcp until it is ended; port 0: any that is free. The address is told on stderr.
    `host` is a loopback address. Raises UserError where the port is taken."""
    sock = _bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    port = sock.getsockname()[1]
    names = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
    security = TransportSecuritySettings(
        allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names]
    )
    app = make_server(held).streamable_http_app(host=host, transport_security=security)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    server = _Told(config, f"trueup mcp: serving at http://{shown}:{port}/mcp")
    with contextlib.closing(sock), contextlib.suppress(KeyboardInterrupt):
        anyio.run(lambda: server.serve(sockets=[sock]))


class _Told(uvicorn.Server):
    """A server that says so once it serves: from then on Ctrl-C is its own to handle. One that came while modules were still being
    loaded could be raised, and lost, in a callback of the garbage collector."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._announcement, file=sys.stderr, flush=True)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen()
    except OSError as problem:
        sock.close()
        raise UserError(Mistake("--http", f"can't serve at {host}:{port}: {problem.strerror}")) from problem
    return sock
