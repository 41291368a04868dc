"""Trueup in other people's tools: a server for coding agents, over the Model Context Protocol.

`held` keeps the audit, `results` are the shapes of answers, `telling` makes them, `tools` asks, `server` speaks the protocol. Only
`results`, `telling`, `tools` and `server` need the SDK and pydantic, which `trueup[mcp]` installs."""
