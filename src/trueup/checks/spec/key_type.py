"""SPEC005: a required foreign key that MySQL would refuse, for the types of its two ends."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places, shown_type
from trueup.compare.domains import Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Column
from trueup.model.spec import RequiredColumn, RequiredForeignKey, RequiredTable

_SQL = """
    CREATE TABLE orders (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT{} NOT NULL,
        FOREIGN KEY (user_id) REFERENCES users (id)
    );
"""
_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', fn (Blueprint $table) => [$table->id(), $table->foreignId('user_id')->constrained()]);
"""

EXAMPLES = (
    failing(
        "A signed column cannot refer to an unsigned one",
        given(sql=_SQL.format(""), migration=_MIGRATION),
        Expected(
            "warning",
            "The specification makes `orders.user_id` BIGINT, but `users.id`, to which it must refer, is bigint unsigned.",
            table="orders",
            column="user_id",
        ),
    ),
    clean("Both are unsigned", given(sql=_SQL.format(" UNSIGNED"), migration=_MIGRATION)),
)


@check(
    code="SPEC005",
    title="A required foreign key cannot be made",
    severity="warning",
    category="spec",
    why="""MySQL and MariaDB refuse a foreign key between integers of different size or sign (error 3780, 150). Whoever builds the
        table to the letter cannot have the key; without the key nobody notices the difference until values do not match.""",
    fix="Correct the column's type in the specification: Laravel's `id()` is BIGINT UNSIGNED.",
    examples=EXAMPLES,
)
def key_type(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver not in ("mysql", "mariadb"):
        return
    for table in facts.specification.required:
        for key in table.foreign_keys:
            ends = _ends(facts, table, key)
            if ends is not None and _differ(facts, table, *ends):
                yield _finding(table, key, *ends)


def _ends(
    facts: Facts, table: RequiredTable, key: RequiredForeignKey
) -> tuple[RequiredColumn, Column] | None:
    """The two columns of a key over one column, where both are known and the target exists under its own name."""
    target = facts.schema.table(key.foreign_table)
    if target is None or len(key.columns) != 1 or facts.specification.table(target.name) is not None:
        return None
    column = table.column(key.columns[0])
    referred = target.column(key.foreign_columns[0] if key.foreign_columns else "id")
    if (
        column is None
        or column.type is None
        or column.loose_type
        or referred is None
        or "type" in referred.unknown
    ):
        return None
    return column, referred


def _differ(facts: Facts, table: RequiredTable, column: RequiredColumn, referred: Column) -> bool:
    wanted = domain_of(column.type or "", table.dialect)
    found = domain_of(referred.type, facts.schema.driver)
    return (
        isinstance(wanted, Integer)
        and isinstance(found, Integer)
        and wanted.bits is not None
        and wanted != found
    )


def _finding(
    table: RequiredTable, key: RequiredForeignKey, column: RequiredColumn, referred: Column
) -> Finding:
    target = f"{key.foreign_table}.{referred.name}"
    return Finding(
        "SPEC005",
        "warning",
        "spec",
        f"The specification makes {code(f'{table.name}.{column.name}')} {column.type}, but {code(target)}, to which it must refer, "
        f"is {shown_type(referred.type)}.",
        table=table.name,
        column=column.name,
        expected=f"the type of {target}, {shown_type(referred.type)}",
        found=column.type or "",
        locations=places(column.at, key.at, referred.at),
        recommendation=f"Write {shown_type(referred.type).upper()} in the specification.",
        effort="S",
        key=target,
    )
