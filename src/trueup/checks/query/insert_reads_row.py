"""QRY009: an INSERT that computes a value from a column of the row that is not there yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._payloads import written_values
from trueup.checks.query._uses import MYSQL, Used
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity

_MIGRATION = """
    Schema::create('counters', function (Blueprint $table) {
        $table->string('name')->primary();
        $table->integer('calls')->default(0);
    });
"""
_INSERT = "DB::table('counters')->insert(['name' => 'x', 'calls' => DB::raw('calls + 1')]);"

EXAMPLES = (
    failing(
        "PostgreSQL has no row to take it from",
        given(migration=_MIGRATION, files=_service(_INSERT), driver="pgsql"),
        Expected(
            "error",
            "This insert computes `counters.calls` as `calls + 1`, from a row that does not exist yet.",
            table="counters",
            column="calls",
        ),
    ),
    failing(
        "MySQL takes the default",
        given(migration=_MIGRATION, files=_service(_INSERT)),
        Expected(
            "warning",
            "This insert computes `counters.calls` as `calls + 1`, from a row that does not exist yet.",
            table="counters",
            column="calls",
        ),
    ),
    failing(
        "So it is where the row may be missing",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('counters')->updateOrInsert(['name' => 'x'], ['calls' => DB::raw('calls + 1')]);"
            ),
            driver="pgsql",
        ),
        Expected(
            "error",
            "This insert computes `counters.calls` as `calls + 1`, from a row that does not exist yet.",
            table="counters",
            column="calls",
        ),
    ),
    clean(
        "An update has a row",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('counters')->where('name', 'x')->update(['calls' => DB::raw('calls + 1')]);"
            ),
        ),
    ),
    clean(
        "A function of the server",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('counters')->insert(['name' => DB::raw('upper(\\'calls\\')')]);"),
        ),
    ),
)


@check(
    code="QRY009",
    title="An insert computes from a row that is not there yet",
    severity="error",
    category="query",
    why="""PostgreSQL and SQLite refuse a column name among the values of an INSERT. MySQL and MariaDB take the column's default, so
        that the sum begins anew each time.""",
    fix="Insert the first value as it is, and compute in the update: `upsert()` with an update list, or `increment()`.",
    examples=EXAMPLES,
)
def insert_reads_row(facts: Facts) -> Iterator[Verdict]:
    for used in written_values(facts):
        value = used.use.value
        inserts = used.site.kind == "insert" or used.site.terminal in _MAY_INSERT
        if inserts and used.use.role == "write" and value.kind == "expression" and _reads(value.text, used):
            yield _finding(facts, used)


_MAY_INSERT = frozenset({"updateOrInsert", "updateOrCreate", "firstOrCreate", "createOrFirst"})


def _reads(text: str, used: Used) -> bool:
    """Whether the expression names a column of the table: outside of quotes, and not as a function; subqueries have rows."""
    bare_text = re.sub(r"'[^']*'", " ", text)
    if re.search(r"\b(select|values)\b", bare_text, re.I):
        return False
    names = re.findall(r"(?<![\w.:@])[`\"]?([A-Za-z_]\w*)[`\"]?(?!\s*\(|[\w`\"])", bare_text)
    columns = {c.name.lower() for c in used.table.columns}
    return any(n.lower() in columns and n.lower() not in _WORDS for n in names)


_WORDS = frozenset(
    {"date", "time", "timestamp", "year", "month", "day", "hour", "minute", "second", "interval", "user"}
)


def _finding(facts: Facts, used: Used) -> Finding:
    fails = facts.schema.driver not in MYSQL
    severity: Severity = "error" if fails and used.site.area not in {"test", "factory"} else "warning"
    name = f"{used.table.name}.{used.use.column}"
    column = used.table.column(used.use.column)
    return Finding(
        "QRY009",
        severity,
        "query",
        f"This insert computes {code(name)} as {code(used.use.value.text)}, from a row that does not exist yet.",
        table=used.table.name,
        column=used.use.column,
        expected="a value",
        found=used.use.value.text,
        locations=places(used.at, column.at if column is not None else None),
        recommendation=f"Insert the first value of {code(used.use.column)}, and compute in an update or an `upsert()`.",
        key=used.site.method,
    )
