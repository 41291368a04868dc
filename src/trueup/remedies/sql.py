"""The same as plain SQL: what separates the server before a remedy from the server after it, as statements of that server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup.model.names import Driver
from trueup.model.remedies import SqlScript
from trueup.model.schema import Schema
from trueup.remedies.bench import Attempt
from trueup.remedies.changes import LetCount, NumberRows, RenameTable, ReplaceColumn, ReplacePrimaryKey
from trueup.remedies.primary_sql import Statements, of_counting, of_numbering, of_replacement
from trueup.remedies.proposals import Proposal
from trueup.remedies.sql_diff import Script
from trueup.remedies.sql_replacement import Replacement
from trueup.remedies.sql_sqlite import SqliteScript
from trueup.remedies.sql_words import Words

Both = tuple[tuple[str, ...], tuple[str, ...]]
"""Statements there and back."""


def scripts(proposal: Proposal, attempts: Mapping[Driver, Attempt], prefix: str) -> tuple[SqlScript, ...]:
    """One script for each driver on which something changes. `attempts`: how the remedy went after those before it."""
    made = []
    for driver, attempt in attempts.items():
        up, down = _of(proposal, driver, attempt, prefix)
        if up:
            made.append(SqlScript(driver, (*_looks(proposal), *up), down))
    return tuple(made)


def _of(proposal: Proposal, driver: Driver, attempt: Attempt, prefix: str) -> Both:
    """By what the change is, where the difference of the schemas does not tell how to get there with all rows; else by that."""
    if attempt.before == attempt.raw:
        return (), ()
    own = _told(proposal, driver, attempt, prefix)
    if own is not None:
        return own
    changes, before, after = proposal.changes, attempt.before, attempt.raw
    if driver == "sqlite":
        back = SqliteScript(after, before, changes, back=True)
        return tuple(SqliteScript(before, after, changes, back=False).statements()), tuple(back.statements())
    return (
        tuple(Script(driver, before, after, changes).statements()),
        tuple(Script(driver, after, before, ()).statements()),
    )


def _told(proposal: Proposal, driver: Driver, attempt: Attempt, prefix: str) -> Both | None:
    if len(proposal.changes) != 1:
        return None
    change = proposal.changes[0]
    if isinstance(change, RenameTable):
        return _renaming(driver, prefix + change.table, prefix + change.to)
    if driver == "sqlite":
        return None
    match change:
        case ReplaceColumn(table):
            before, after = attempt.before.table(prefix + table), attempt.raw.table(prefix + table)
            if before is None or after is None:
                return None
            made = Replacement(driver, change, before, after)
            return tuple(made.up()), tuple(made.down())
        case ReplacePrimaryKey(table):
            return _by(driver, of_replacement(change, prefix + table))
        case NumberRows(table):
            return _by(driver, of_numbering(change, prefix + table))
        case LetCount(table):
            texts = [
                _column(driver, s, prefix + table, change.new.name) for s in (attempt.raw, attempt.before)
            ]
            return _by(driver, of_counting(change, prefix + table, *texts))
        case _:
            return None


def _by(driver: Driver, statements: Statements) -> Both:
    return statements.pgsql if driver == "pgsql" else statements.mysql


def _renaming(driver: Driver, table: str, to: str) -> Both:
    words = Words(driver)
    there, back = (
        f"{words.alter(a)} RENAME TO {words.writer.name(b)}" for a, b in ((table, to), (to, table))
    )
    return (there,), (back,)


def _column(driver: Driver, schema: Schema, table: str, name: str) -> str:
    """MySQL states a column whole."""
    words, whole = Words(driver), schema.table(table)
    column = whole.column(name) if whole is not None else None
    if whole is None or column is None or not words.is_mysql:
        return ""
    return f"{words.alter(table)} MODIFY COLUMN {words.writer.column(whole, column)}"


def _looks(proposal: Proposal) -> Iterator[str]:
    """What is to be looked at before."""
    for step in proposal.steps:
        if "select " in step:
            yield f"-- {step}"
