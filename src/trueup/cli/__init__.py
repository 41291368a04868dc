"""The command line. Only the command that is asked for is imported, so that each starts as quickly as it can."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, str] = {
    "audit": "Audit a project's database layer against its specification.",
    "plan": "Make the task list of an audit ticket, and wait for review.",
    "run": "Carry out an audit ticket: plan, review, audit, report, review, tickets.",
    "tickets": "Show or write the tickets that follow from an audit.",
    "schema": "Show what the migrations really build.",
    "diff": "Compare any two schemas: projects, specifications, dumps, revisions.",
    "queries": "List every query of the code, with its tables and columns.",
    "fleet": "Audit many repositories: ranking, trends, what they share.",
    "preflight": "Ask a live database whether its rows would survive each proposed constraint.",
    "fix": "Show or write remedies: migrations, SQL and patches, each tried by replay.",
    "contract": "Print the tables that cost tracking needs, as migrations or DDL.",
    "prove": "Prove on a real database whether the schema can carry cost tracking and budgets.",
    "baseline": "Accept today's findings: with a reason, an author and a last day.",
    "mcp": "Serve the audit to coding agents, over the Model Context Protocol.",
    "init": "Show or write trueup.toml, a pre-commit hook and a CI workflow.",
    "explain": "Say what a check means, why it matters and how to mend it.",
}
"""Every command with its line in the help, in the order shown; each is a module of this package."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs `trueup` on the arguments of the process and exits with the command's code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Runs one command line; answers the exit code: 0 clean, 1 findings, 2 the user's mistake, 3 a crash of ours."""
    if arguments and arguments[0] == "--version":
        from trueup import __version__

        print(f"trueup {__version__}")
        return 0
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        print(_help(), end="")
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        print(_unknown(name), file=sys.stderr)
        return 2
    return _run_command(name, arguments[1:])


def _run_command(name: str, arguments: list[str]) -> int:
    import gc

    from trueup.cli.arguments import Arguments
    from trueup.cli.running import run_guarded

    # Much is read, and what is dropped is hardly ever in rings: looking for those often is wasted time.
    gc.set_threshold(1_000_000, 5, 5)
    module = importlib.import_module(f"trueup.cli.{name}")
    declared = Arguments(name, module.__doc__ or "")
    module.declare(declared)
    return run_guarded(lambda: int(module.command(declared.read(arguments))), f"trueup {name}")


def _help() -> str:
    width = max(map(len, COMMANDS))
    listed = "".join(f"  {name:<{width}}  {line}\n" for name, line in COMMANDS.items())
    return (
        "Usage: trueup COMMAND [ARGUMENTS] [OPTIONS]\n\n"
        "Audits what a codebase's database really is against what was written down for it.\n\n"
        f"Commands:\n{listed}\n"
        "Options:\n  --version  The version.\n  --help     This text; after a command, the command's own.\n\n"
        "Exit codes: 0 clean, 1 findings, 2 a mistake in what was asked, 3 a crash of Trueup in one part.\n"
    )


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    what = "option" if name.startswith("-") else "command"
    near = get_close_matches(name, [*COMMANDS, "--help", "--version"], n=1, cutoff=0.5)
    meant = f"; did you mean '{near[0]}'?" if near else ""
    return f"trueup: there is no {what} '{name}'{meant}\nCommands: {', '.join(COMMANDS)}. See trueup --help."
