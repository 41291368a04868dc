"""KEY005: a foreign key that refers elsewhere or acts otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import PairedTable, paired_tables
from trueup.checks.wording import code, places
from trueup.compare.indexes import lowered, matching_key, same_action
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.pairing import TablePair
from trueup.model.schema import ForeignKey
from trueup.model.spec import RequiredForeignKey

_SQL = """
    CREATE TABLE users (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY);
    CREATE TABLE orders (
        id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
        user_id BIGINT UNSIGNED NULL,
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
    );
"""
_USERS = "Schema::create('users', fn (Blueprint $table) => $table->id());\n"

EXAMPLES = (
    failing(
        "Deleting a user deletes the orders",
        given(
            sql=_SQL,
            migration=_USERS
            + """Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->foreignId('user_id')->nullable()->constrained()->cascadeOnDelete();
                });
            """,
        ),
        Expected(
            "error",
            "The foreign key of `orders` (user_id) has ON DELETE CASCADE instead of SET NULL.",
            table="orders",
            column="user_id",
        ),
    ),
    clean(
        "The table's key is called otherwise, and it is the key that both refer to",
        given(
            sql=_SQL.replace("users (id BIG", "users (user_no BIG").replace("users (id)", "users (user_no)"),
            migration=_USERS
            + """Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->foreignId('user_id')->nullable()->constrained()->nullOnDelete();
                });
            """,
        ),
    ),
    clean(
        "As required; and RESTRICT is NO ACTION",
        given(
            sql=_SQL.replace("SET NULL", "NO ACTION"),
            migration=_USERS
            + """Schema::create('orders', function (Blueprint $table) {
                    $table->id();
                    $table->foreignId('user_id')->nullable()->constrained()->restrictOnDelete();
                });
            """,
        ),
    ),
)


@check(
    code="KEY005",
    title="A foreign key differs",
    severity="error",
    category="key",
    why="""It refers to other rows than meant, or a delete takes along what should stay: CASCADE where it is not required destroys
        data. Where a delete is merely refused, or leaves rows behind, it is a warning.""",
    fix="Drop the key and make it again with the required target and actions, in one migration.",
    examples=EXAMPLES,
)
def different_foreign_key(facts: Facts) -> Iterator[Verdict]:
    for table in paired_tables(facts):
        for required in table.required.foreign_keys:
            found = matching_key(required, table.here(required.columns), table.existing)
            if found is not None:
                yield from _judge(facts, table, required, found)


def _judge(
    facts: Facts, table: PairedTable, required: RequiredForeignKey, found: ForeignKey
) -> Iterator[Finding]:
    pair = facts.comparison.pair(required.foreign_table)
    target = pair.existing.name if pair is not None and pair.existing is not None else required.foreign_table
    name = f"The foreign key of {code(table.shown)} ({', '.join(found.columns)})"
    if found.foreign_table.lower() != target.lower():
        yield _finding(
            table,
            required,
            found,
            f"{name} refers to {code(found.foreign_table)} instead of {code(target)}.",
            True,
        )
        return
    wanted = (
        tuple(pair.column_name(c) for c in required.foreign_columns) if pair else required.foreign_columns
    )
    both_keys = pair is not None and _names_the_key(pair, required, found)
    if wanted and not both_keys and sorted(lowered(wanted)) != sorted(lowered(found.foreign_columns)):
        shown = f"({', '.join(found.foreign_columns)}) of {code(target)} instead of ({', '.join(wanted)})"
        yield _finding(table, required, found, f"{name} refers to {shown}.", True)
    for verb, want, have in (
        ("DELETE", required.on_delete, found.on_delete),
        ("UPDATE", required.on_update, found.on_update),
    ):
        if want is not None and not same_action(want, have):
            message = f"{name} has ON {verb} {have.upper()} instead of {want.upper()}."
            yield _finding(table, required, found, message, verb == "DELETE" and have == "cascade", verb)


def _names_the_key(pair: TablePair, required: RequiredForeignKey, found: ForeignKey) -> bool:
    """Whether both refer to their table's primary key, which is called otherwise: that is told of the key itself."""
    wanted, key = pair.required.primary_key, pair.existing.primary_key if pair.existing is not None else None
    if wanted is None or key is None:
        return False
    same = sorted(lowered(wanted.columns)) == sorted(lowered(required.foreign_columns))
    return same and sorted(lowered(key.columns)) == sorted(lowered(found.foreign_columns))


def _finding(
    table: PairedTable,
    required: RequiredForeignKey,
    found: ForeignKey,
    message: str,
    grave: bool,
    key: str = "",
) -> Finding:
    return Finding(
        "KEY005",
        "error" if grave else "warning",
        "key",
        message,
        table=table.name,
        column=", ".join(required.columns),
        expected=_text(
            required.foreign_table, required.foreign_columns, required.on_delete, required.on_update
        ),
        found=_text(found.foreign_table, found.foreign_columns, found.on_delete, found.on_update),
        locations=places(required.at, found.at, table.existing.at),
        recommendation=f"Drop it with `$table->dropForeign([{', '.join(repr(c) for c in found.columns)}])` and make it again as "
        "required, in one migration.",
        effort="S",
        key=key,
    )


def _text(table: str, columns: tuple[str, ...], on_delete: str | None, on_update: str | None) -> str:
    actions = "".join(f" ON {v} {a.upper()}" for v, a in (("DELETE", on_delete), ("UPDATE", on_update)) if a)
    return f"REFERENCES {table} ({', '.join(columns)}){actions}"
