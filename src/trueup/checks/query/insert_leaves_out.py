"""QRY003: an INSERT that leaves out a column that must be filled."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._payloads import Write, writes
from trueup.checks.query._uses import MYSQL, required_columns
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.names import Severity
from trueup.structs import replace

_MIGRATION = """
    Schema::create('cost_records', function (Blueprint $table) {
        $table->id();
        $table->string('provider');
        $table->decimal('cost', 12, 6);
        $table->string('currency', 3)->default('USD');
    });
"""

EXAMPLES = (
    failing(
        "A column without a default is left out",
        given(migration=_MIGRATION, files=_service("DB::table('cost_records')->insert(['cost' => 1]);")),
        Expected(
            "error",
            "This insert into `cost_records` can never succeed: it leaves out `provider`, which is NOT NULL without a default.",
            table="cost_records",
        ),
    ),
    failing(
        "Without strict mode the server fills it with nothing",
        given(
            migration=_MIGRATION,
            files={
                "config/database.php": "<?php return ['default' => 'mysql', 'connections' => ['mysql' => ['driver' => 'mysql', "
                "'strict' => false]]];",
                **_service("DB::table('cost_records')->insert(['cost' => 1]);"),
            },
        ),
        Expected(
            "info",
            "This insert into `cost_records` stores empty values, as strict mode is off: it leaves out `provider`, which is NOT "
            "NULL without a default.",
            table="cost_records",
        ),
    ),
    clean(
        "Every column that must be filled is",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('cost_records')->insert(['provider' => 'x', 'cost' => 1]);"),
        ),
    ),
    clean(
        "An insert of no rows does nothing",
        given(
            migration=_MIGRATION,
            files=_service("$rows = []; $this->fill($rows); DB::table('cost_records')->insert($rows);"),
        ),
    ),
    clean(
        "What the payload holds is not known whole",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('cost_records')->insert(['cost' => 1, ...request()->all()]);"),
        ),
    ),
)


@check(
    code="QRY003",
    title="An insert leaves out a column that must be filled",
    severity="error",
    category="query",
    why="""The server refuses the row every time (MySQL and MariaDB in strict mode, which Laravel sets): what the code is to
        record is lost, or its caller fails.""",
    fix="Give the column a value, a default, or let it be NULL.",
    examples=EXAMPLES,
)
def insert_leaves_out(facts: Facts) -> Iterator[Verdict]:
    found: dict[str, list[Finding]] = {}
    for write in writes(facts):
        if write.site.terminal in {"insert", "insertOrIgnore", "upsert"} and not write.columns:
            continue  # without a row the builder asks the server nothing
        lacking = [
            c.name for c in required_columns(facts, write.table) if c.name.lower() not in write.columns
        ]
        fills = facts.config.strict is False and facts.schema.driver in MYSQL
        if fills and write.site.area in {"test", "factory", "seeder"}:
            continue
        if lacking and write.sure:
            finding = _finding(write, lacking, fills=fills)
            found.setdefault(finding.id, []).append(finding)
        elif lacking:
            subject = f"{write.site.at}: {write.site.terminal}() into {write.table.name}"
            reason = f"code that was not followed may fill {', '.join(lacking)}"
            yield CannotTell("QRY003", subject, reason, write.site.at, write.table.name)
    for alike in found.values():
        yield replace(alike[0], locations=tuple(dict.fromkeys(p for f in alike for p in f.locations)))


def _finding(write: Write, lacking: list[str], *, fills: bool) -> Finding:
    """`fills`: the server puts an empty value in, without strict mode."""
    sometimes = write.site.kind == "upsert" and write.site.terminal != "upsert"
    severity: Severity = "warning" if sometimes or write.site.area in {"test", "factory"} else "error"
    fails = "fails where the row does not exist yet" if sometimes else "can never succeed"
    if fills:
        severity, fails = "info", "stores empty values, as strict mode is off"
    plural = "are" if len(lacking) > 1 else "is"
    table = write.table.name
    dropped = sorted({u.column for u in write.dropped} & set(lacking))
    why = f" (mass assignment drops {listed(dropped)})" if dropped else ""
    first = write.table.column(lacking[0])
    return Finding(
        "QRY003",
        severity,
        "query",
        f"This insert into {code(table)} {fails}: it leaves out {listed(lacking)}, which {plural} NOT NULL without a "
        f"default{why}.",
        table=table,
        column=lacking[0] if len(lacking) == 1 and write.dropped else "",
        expected=f"values for {', '.join(lacking)}",
        found=", ".join(sorted(write.columns)),
        locations=(write.site.at, *((first.at,) if first is not None and first.at.line else ())),
        recommendation=f"Write {listed(lacking)} too, or give {'them' if len(lacking) > 1 else 'it'} a default in a migration.",
        key=f"{write.site.method}|{write.site.terminal}|{','.join(sorted(write.columns))}",
    )
