"""A client of the SDK's own on a server that really runs: the console script, over its pipes or over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, TextContent, TextResourceContents

from tests.cli.shop import SCRIPT

Result = TypeVar("Result")
Told = dict[str, object]


@contextlib.contextmanager
def http_server(*arguments: str) -> Iterator[str]:
    """`trueup mcp … --http 0`; the URL that it says it serves at."""
    process = subprocess.Popen(
        [SCRIPT, "mcp", *arguments, "--http", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line + process.stderr.read()
        yield found[0]
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=20)
        assert out == ""


@contextlib.asynccontextmanager
async def over(transport: str, *arguments: str) -> AsyncIterator[Client]:
    if transport == "stdio":
        parameters = StdioServerParameters(
            command=str(SCRIPT), args=["mcp", *arguments], env={"PATH": os.environ["PATH"]}
        )
        async with Client(parameters) as client:
            yield client
        return
    with http_server(*arguments) as url:
        async with Client(url) as client:
            yield client


def with_client(transport: str, project: Path | str, talk: Callable[[Client], Awaitable[Result]]) -> Result:
    """What `talk` answers, having talked with a server over the project."""

    async def main() -> Result:
        async with asyncio.timeout(100):
            async with over(transport, str(project)) as client:
                return await talk(client)

    return asyncio.run(main())


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def ask(client: Client, tool: str, **arguments: object) -> Told:
    """The structured answer of a tool that must not fail."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: object) -> str:
    """What a tool says that must fail."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, text_of(result)
    return text_of(result).removeprefix(f"Error executing tool {tool}: ")


async def resource(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text
