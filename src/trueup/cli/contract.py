"""Print the tables that cost tracking and budget enforcement need, for a project that has none: migrations for Laravel or Alembic,
or the DDL of one server. NAME is "ai-costs", the only contract so far.

With --output FOLDER the Laravel migrations are written as files, one a table; nothing that is there is overwritten."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.options import add_driver, add_output
from trueup.cli.running import CLEAN, deliver


def declare(arguments: Arguments) -> None:
    arguments.argument("name", "ai-costs", "the contract")
    add_driver(arguments)
    add_output(arguments, "laravel, alembic or sql", "laravel")


def command(given: Given) -> int:
    import os

    from trueup.config import Options
    from trueup.pipeline.contracts import CONTRACT_FORMATS, contract, contract_migrations

    form, output = given.required("format"), given.text("output")
    folder = output if output and form == "laravel" and os.path.isdir(output) else None
    options = Options(
        driver=given.text("driver"),
        server_version=given.text("server_version"),
        format=form,
        formats=CONTRACT_FORMATS,
        output=None if folder else output,
        mistakes=given.mistakes,
    )
    text = contract(given.required("name"), options)
    if folder is None:
        deliver(text, output)
        return CLEAN
    _write_files(folder, contract_migrations())
    return CLEAN


def _write_files(folder: str, files: dict[str, str]) -> None:
    import os

    from trueup.errors import Mistake, UserError

    there = [name for name in files if os.path.exists(os.path.join(folder, name))]
    if there:
        raise UserError(
            *(Mistake("--output", f"'{os.path.join(folder, name)}' exists already") for name in there)
        )
    for name, text in files.items():
        deliver(text, os.path.join(folder, name))
