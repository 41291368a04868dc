"""`trueup contract`: a contract's tables in the words of a framework or a server."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from trueup.contracts import CONTRACT_NAMES, contract_schema
from trueup.errors import Mistake, UserError

if TYPE_CHECKING:
    from trueup.config import Options
    from trueup.model.names import Driver

CONTRACT_FORMATS = ("laravel", "alembic", "sql")
DEFAULT_DRIVER: Driver = "mysql"


def contract(name: str, options: Options) -> str:
    """The contract `name` as text: the migrations one after the other, or the DDL of one server.

    Raises UserError with every mistake in the name and the options."""
    from trueup.config import read_settings

    settings, mistakes = read_settings(None, options)
    if name not in CONTRACT_NAMES:
        near = get_close_matches(name, CONTRACT_NAMES, n=1, cutoff=0.4)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(CONTRACT_NAMES)}"
        mistakes = [Mistake("NAME", f"there is no contract '{name}'", hint), *mistakes]
    if mistakes:
        raise UserError(*mistakes)
    match options.format:
        case "alembic":
            from trueup.contracts.alembic import alembic_migration

            return alembic_migration()
        case "sql":
            from trueup.report.schema_sql import schema_sql

            return schema_sql(contract_schema(settings.driver or DEFAULT_DRIVER))
        case _:
            return "\n".join(f"// {name}\n{text}" for name, text in contract_migrations().items())


def contract_migrations() -> dict[str, str]:
    """The Laravel migrations: file name → PHP."""
    from trueup.contracts.laravel import laravel_migrations

    return laravel_migrations()
