"""Primary keys as SQL for MySQL (and MariaDB) and PostgreSQL: what migrations state, and scripts."""

from __future__ import annotations

from trueup.remedies.changes import LetCount, NumberRows, ReplacePrimaryKey
from trueup.structs import Struct


class Statements(Struct, frozen=True):
    """Of each of the two, there and back. `mysql` and `pgsql` are (up, down)."""

    mysql: tuple[tuple[str, ...], tuple[str, ...]]
    pgsql: tuple[tuple[str, ...], tuple[str, ...]]


def of_replacement(change: ReplacePrimaryKey, table: str) -> Statements:
    """`table` with the connection's prefix. One statement gives the key: between two a column that counts would have none."""
    mysql, pgsql = f"ALTER TABLE `{table}`", f'ALTER TABLE "{table}"'
    drops = bool(change.old)
    kept = change.kept
    up = [*(["DROP PRIMARY KEY"] if drops else []), f"ADD PRIMARY KEY ({_quoted(change.new, '`')})"]
    down = ["DROP PRIMARY KEY", *([f"ADD PRIMARY KEY ({_quoted(change.old, '`')})"] if drops else [])]
    down += [f"ADD INDEX `{i.name}` ({_quoted(i.columns, '`')})" for i in change.implied]
    there = [*([f'DROP CONSTRAINT "{change.name}"'] if drops else []), _constraint(change.name, change.new)]
    back = [f'DROP CONSTRAINT "{change.name}"', *([_constraint(change.name, change.old)] if drops else [])]
    before, after = tuple[str, ...](), tuple[str, ...]()
    if kept is not None:
        up.append(f"ADD UNIQUE INDEX `{kept.name}` ({_quoted(kept.columns, '`')})")
        down.append(f"DROP INDEX `{kept.name}`")
        before = (f'CREATE UNIQUE INDEX CONCURRENTLY "{kept.name}" ON "{table}" ({_quoted(kept.columns)})',)
        after = (f'DROP INDEX CONCURRENTLY "{kept.name}"',)
    return Statements(
        ((f"{mysql} {', '.join(up)}",), (f"{mysql} {', '.join(down)}",)),
        ((*before, f"{pgsql} {', '.join(there)}"), (f"{pgsql} {', '.join(back)}", *after)),
    )


def of_numbering(change: NumberRows, table: str) -> Statements:
    """A new column that counts."""
    name = change.column.name
    added = (
        f"ALTER TABLE `{table}` ADD COLUMN `{name}` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST"
    )
    return Statements(
        ((added,), (f"ALTER TABLE `{table}` DROP COLUMN `{name}`",)),
        (
            (f'ALTER TABLE "{table}" ADD COLUMN "{name}" bigserial PRIMARY KEY',),
            (f'ALTER TABLE "{table}" DROP COLUMN "{name}"',),
        ),
    )


def of_counting(change: LetCount, table: str, counts: str, counts_not: str) -> Statements:
    """`counts` and `counts_not`: MySQL's statement for each."""
    column, sequence = change.new.name, change.sequence
    head = f'ALTER TABLE "{table}" ALTER COLUMN "{column}"'
    up = (
        f'CREATE SEQUENCE "{sequence}" OWNED BY "{table}"."{column}"',
        f'SELECT setval(\'"{sequence}"\', (SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}"), false)',
        f"{head} SET DEFAULT nextval('{sequence}'::regclass)",
    )
    down = (f"{head} DROP DEFAULT", f'DROP SEQUENCE "{sequence}"')
    return Statements(((counts,), (counts_not,)), (up, down))


def _constraint(name: str, columns: tuple[str, ...]) -> str:
    return f'ADD CONSTRAINT "{name}" PRIMARY KEY ({_quoted(columns)})'


def _quoted(names: tuple[str, ...], mark: str = '"') -> str:
    return ", ".join(f"{mark}{n}{mark}" for n in names)
