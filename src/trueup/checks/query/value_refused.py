"""QRY004: a value written in the code that the column can't hold."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._payloads import written_values
from trueup.checks.query._uses import MYSQL, Used, by_place
from trueup.checks.query._values import strings_of, why_refused
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Column

_MIGRATION = """
    Schema::create('alerts', function (Blueprint $table) {
        $table->id();
        $table->enum('level', ['warning', 'blocked']);
        $table->char('currency', 3)->default('USD');
        $table->unsignedTinyInteger('percent')->default(0);
    });
"""

EXAMPLES = (
    failing(
        "A level that is not in the list",
        given(migration=_MIGRATION, files=_service("DB::table('alerts')->insert(['level' => 'critical']);")),
        Expected(
            "error",
            "The code writes 'critical' into `alerts.level`, which holds only 'warning', 'blocked'.",
            table="alerts",
            column="level",
        ),
    ),
    failing(
        "Longer than the column",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->where('id', 1)->update(['currency' => 'Euro']);"),
        ),
        Expected(
            "error",
            "The code writes 'Euro' into `alerts.currency`, which holds 3 characters, and this has 4.",
            table="alerts",
            column="currency",
        ),
    ),
    failing(
        "NULL where there must be a value, and text where there must be a number",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->insert(['level' => null, 'percent' => 'all']);"),
        ),
        Expected(
            "error",
            "The code writes NULL into `alerts.level`, which is NOT NULL.",
            table="alerts",
            column="level",
        ),
        Expected(
            "error",
            "The code writes 'all' into `alerts.percent`, which holds numbers.",
            table="alerts",
            column="percent",
        ),
    ),
    failing(
        "A CHECK is such a list too",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->insert(['level' => 'Warning']);"),
            driver="pgsql",
        ),
        Expected(
            "error",
            "The code writes 'Warning' into `alerts.level`, which holds only 'warning', 'blocked'.",
            table="alerts",
            column="level",
        ),
    ),
    clean(
        "A copy of a row, whose key the server counts",
        given(
            migration=_MIGRATION,
            files={
                **_service(
                    "$copy = \\App\\Models\\Alert::first(); $copy->exists = false; $copy->id = null; $copy->save();"
                ),
                "app/Models/Alert.php": "<?php namespace App\\Models; "
                "class Alert extends \\Illuminate\\Database\\Eloquent\\Model {}",
            },
            driver="mysql",
        ),
    ),
    clean(
        "Values that fit; MySQL does not look at case",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('alerts')->insert(['level' => 'Warning', 'currency' => 'EUR', 'percent' => '90']);"
            ),
        ),
    ),
    clean(
        "SQLite has no lengths",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->insert(['level' => 'warning', 'currency' => 'Euro']);"),
            driver="sqlite",
        ),
    ),
)


@check(
    code="QRY004",
    title="The code writes a value that the column can't hold",
    severity="error",
    category="query",
    why="""MySQL and MariaDB in strict mode, which Laravel sets, and PostgreSQL refuse the row each time the code comes here.
        Without strict mode something else is stored in silence. SQLite takes every text and number, so that a suite on it passes;
        it refuses only NULL and what a CHECK excludes.""",
    fix="Write a value that fits, or widen the column: a longer list, a longer string, another type.",
    examples=EXAMPLES,
)
def value_refused(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str, str, str], list[Used]] = {}
    for used in written_values(facts):
        column = used.table.column(used.use.column)
        why = _why(facts, used, column) if column is not None else ""
        if column is not None and why:
            found.setdefault((used.table.name, column.name, _shown(used), why), []).append(used)
    for (_, _, shown, why), uses in sorted(found.items()):
        yield _finding(facts, shown, why, uses)


def _why(facts: Facts, used: Used, column: Column) -> str:
    insert = used.site.kind == "insert"
    return why_refused(used.use.value, used.table, column, facts.schema.driver, insert=insert)


def _shown(used: Used) -> str:
    value = used.use.value
    if value.kind == "null":
        return "NULL"
    return value.text if value.kind == "int" else " or ".join(map(repr, strings_of(value)))


def _finding(facts: Facts, shown: str, why: str, uses: list[Used]) -> Finding:
    first = uses[0]
    column = first.table.column(first.use.column)
    product = [u for u in uses if u.site.area not in {"test", "factory"}]
    chosen = len(strings_of(first.use.value)) > 1
    loose = facts.config.strict is False and facts.schema.driver in MYSQL
    silent = loose and not (shown == "NULL" and any(u.site.kind == "insert" for u in uses))
    severity: Severity = "error" if product and not chosen and not silent else "warning"
    name = f"{first.table.name}.{first.use.column}"
    told = "; strict mode is off, so that something else is stored in silence" if silent else ""
    hidden = "; SQLite takes it" if facts.schema.driver != "sqlite" and shown != "NULL" else ""
    return Finding(
        "QRY004",
        severity,
        "query",
        f"The code writes {shown} into {code(name)}, which {why}{told}.",
        table=first.table.name,
        column=first.use.column,
        expected=column.type if column is not None else "",
        found=f"{shown}{hidden}",
        locations=places(*by_place(u.at for u in product or uses), column.at if column is not None else None),
        recommendation=f"Write a value that fits {code(name)}, or change the column in a migration.",
        key=shown,
    )
