"""The contract as one Alembic migration: the same tables on PostgreSQL, MySQL, MariaDB and SQLite."""

from __future__ import annotations

from trueup.contracts.ai_costs import (
    ALERTS,
    BUDGETS,
    MONEY_DIGITS,
    MONEY_SCALE,
    RECORDS,
    ContractColumn,
    ContractTable,
)

REVISION = "a1c057500001"

_HEAD = f'''"""Create the tables of the contract ai-costs

Revision ID: {REVISION}
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

revision = "{REVISION}"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts by itself only in a column that is INTEGER; MySQL's keys are unsigned, as Laravel makes them.
BIG = sa.BigInteger().with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb").with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(mysql.SMALLINT(unsigned=True), "mysql", "mariadb").with_variant(sa.Integer(), "sqlite")
MONEY = sa.Numeric({MONEY_DIGITS}, {MONEY_SCALE})
# Times are UTC, to the second.
MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")


def upgrade() -> None:
'''


def alembic_migration() -> str:
    """The text of the migration, to be put into a project's versions folder; set `down_revision` to the head there."""
    tables = (RECORDS, BUDGETS, ALERTS)
    created = "\n".join(_create(table) for table in tables)
    dropped = "".join(f'    op.drop_table("{table.name}")\n' for table in reversed(tables))
    return f"{_HEAD}{created}\n\ndef downgrade() -> None:\n{dropped}"


def _create(table: ContractTable) -> str:
    lines = [_column(column) for column in table.columns]
    lines += [
        f'sa.ForeignKeyConstraint(["{key.columns[0]}"], ["{key.parent}.id"], name="{key.name(table.name)}", ondelete="CASCADE")'
        for key in table.keys
        if key.parent
    ]
    body = "".join(f"        {line},\n" for line in lines)
    text = f'    op.create_table(\n        "{table.name}",\n{body}    )\n'
    for key in table.keys:
        if not key.parent:
            columns = ", ".join(f'"{name}"' for name in key.columns)
            unique = ", unique=True" if key.unique else ""
            text += f'    op.create_index("{key.name(table.name)}", "{table.name}", [{columns}]{unique})\n'
    return text


def _column(column: ContractColumn) -> str:
    type_ = {
        "id": "BIG",
        "big": "BIG",
        "small": "SMALL",
        "string": f"sa.String({column.length})",
        "money": "MONEY",
        "json": "sa.JSON()",
        "datetime": "MOMENT",
        "boolean": "sa.Boolean()",
    }[column.kind]
    if column.kind == "id":
        return f'sa.Column("{column.name}", {type_}, primary_key=True, autoincrement=True)'
    default = "" if column.default is None else f", server_default={_default(column.default)}"
    return f'sa.Column("{column.name}", {type_}, nullable={column.nullable}{default})'


def _default(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "sa.true()" if value else "sa.false()"
    return f'sa.text("{value}")' if isinstance(value, int) else f'"{value}"'
