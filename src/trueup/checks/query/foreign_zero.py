"""QRY010: a foreign key is written with a value that no key has."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.query._uses import MYSQL, Used, bare, by_place, column_uses
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Column, Table

_MIGRATION = table(name="users") + table("$table->foreignId('user_id')%s->constrained();")


def _insert(value: str) -> dict[str, str]:
    return _service(f"DB::table('cost_records')->insert(['user_id' => {value}]);")


EXAMPLES = (
    failing(
        "Nobody's costs",
        given(migration=_MIGRATION % "", files=_insert("0")),
        Expected(
            "error",
            "The code writes 0 into `cost_records.user_id`, and no row of `users` has that key.",
            table="cost_records",
            column="user_id",
        ),
    ),
    clean(
        "PostgreSQL keeps a row of key 0 that the code makes",
        given(
            migration=_MIGRATION % "",
            files=_service(
                "DB::table('users')->insert(['id' => 0]); DB::table('cost_records')->insert(['user_id' => 0]);"
            ),
            driver="pgsql",
        ),
    ),
    clean("NULL refers to nothing", given(migration=_MIGRATION % "->nullable()", files=_insert("null"))),
    clean("A key that may be there", given(migration=_MIGRATION % "", files=_insert("1"))),
)


@check(
    code="QRY010",
    title="The code writes a foreign key that can't match",
    severity="error",
    category="query",
    why="""Keys that count begin at 1, so that 0 and negative numbers refer to nothing: the server refuses the row. SQLite does so
        only where it is asked to check foreign keys.""",
    fix="Write NULL for nobody, in a column that may be NULL, or the key of a row that is there.",
    examples=EXAMPLES,
)
def foreign_zero(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str, str], list[Used]] = {}
    for used in column_uses(facts):
        value = used.use.value
        written = used.use.role == "write" and used.use.certain and value.kind == "int"
        if written and _never_matches(facts, used):
            found.setdefault((used.table.name, used.use.column, value.text), []).append(used)
    for (_, _, value_), uses in sorted(found.items()):
        yield _finding(uses, value_)


def _never_matches(facts: Facts, used: Used) -> bool:
    """A number below 1 in the only column of a foreign key to a column that counts."""
    try:
        if int(used.use.value.text) > 0:
            return False
    except ValueError:
        return False
    for key in used.table.foreign_keys:
        if [c.lower() for c in key.columns] == [used.use.column.lower()]:
            parent = facts.schema.table(bare(key.foreign_table))
            column = (
                parent.column(key.foreign_columns[0]) if parent is not None and key.foreign_columns else None
            )
            if parent is None or column is None or not column.counts:
                return False
            return facts.schema.driver in MYSQL or not _is_given(facts, parent, column, used.use.value.text)
    return False


def _is_given(facts: Facts, parent: Table, column: Column, value: str) -> bool:
    """Whether the code makes or looks for a row of that key. (MySQL and MariaDB take a 0 that is inserted for "the next one".)"""
    return any(
        u.table == parent.name and u.column == column.name and u.value.text == value
        for s in facts.queries.sites
        for u in s.columns
    )


def _finding(uses: list[Used], value: str) -> Finding:
    first = uses[0]
    product = [u for u in uses if u.site.area not in {"test", "factory"}]
    severity: Severity = "error" if product else "warning"
    key = next(k for k in first.table.foreign_keys if k.columns[0].lower() == first.use.column.lower())
    return Finding(
        "QRY010",
        severity,
        "query",
        f"The code writes {value} into {code(f'{first.table.name}.{first.use.column}')}, and no row of "
        f"{code(key.foreign_table)} has that key.",
        table=first.table.name,
        column=first.use.column,
        expected=f"a key of {key.foreign_table}, or NULL",
        found=value,
        locations=(*by_place(u.at for u in product or uses), key.at),
        recommendation="Write NULL where nobody is meant, or the key of a row that is there.",
        key=value,
    )
