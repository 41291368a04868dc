"""CAP003: rows that are looked for and then inserted, with nothing that makes them unique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_contents, unsure
from trueup.checks.wording import code, listed, php_list, places
from trueup.model.audit import Facts
from trueup.model.enforcement import CheckedInsert
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Table
from trueup.model.wanted import Wanted

_CODE = """
        public function record(string $reference, int $user, string $cost): void
        {
            if (DB::table('costs')->where('reference', $reference)->exists()) {
                return;
            }
            DB::table('costs')->insert(['user_id' => $user, 'reference' => $reference, 'cost' => $cost]);
        }
"""

_REQUEST = re.compile(
    r"reference|nonce|token|code|number|uuid|key|hash|email|transaction|external|request|invoice|order|event|(?<!company)_id$"
)
"""Columns by which a request, a person or a payment is told apart."""

EXAMPLES = (
    failing(
        "A request that comes twice is meant to count once",
        given(migration=MIGRATION, files=service(_CODE)),
        Expected(
            "warning",
            "`Spend::record` inserts into `costs` after `exists()` found no row by `reference`, which no unique key makes sure of.",
            table="costs",
            index="reference",
        ),
    ),
    clean(
        "A unique key makes the second writer fail",
        given(
            migration=MIGRATION
            + "    Schema::table('costs', fn (Blueprint $table) => $table->unique('reference'));\n",
            files=service(_CODE),
        ),
    ),
)


@check(
    code="CAP003",
    title="Doubles are looked for in the code and not kept out by a unique key",
    severity="warning",
    category="capability",
    why="""Two requests at once both find nothing and both insert: a webhook that is delivered twice, a double click, a job that is
        tried again is then counted twice. Where only a name comes twice, it is a remark. A transaction does not help; what the
        other has not committed is not seen.""",
    fix="Make the columns unique and let the insert fail, `insertOrIgnore()` or `createOrFirst()`; remove the doubles first.",
    examples=EXAMPLES,
)
def checked_not_unique(facts: Facts) -> Iterator[Verdict]:
    for found in facts.enforcement.inserts:
        table = facts.schema.table(found.table)
        if table is None or found.guard == "cache lock" or _is_kept(table, found):
            continue
        gap = doubt_about_contents(facts, table)
        subject = f"{found.table} ({', '.join(found.columns)})"
        yield unsure("CAP003", subject, gap, found.table) if gap else _finding(table, found)


def _is_kept(table: Table, found: CheckedInsert) -> bool:
    """A unique key over columns of the search makes the second insert fail; one over other columns that the insert fills may."""
    if any(table.column(c) is None for c in found.columns):
        return True  # told by QRY002
    filled = {*found.columns, *found.written}
    keys = [
        {c.lower() for c in i.columns} for i in table.indexes if (i.unique or i.primary) and i.where is None
    ]
    return any(key and key <= filled for key in keys)


def _severity(found: CheckedInsert) -> Severity:
    """A request counted twice is graver than a name that is listed twice."""
    grave = any(_REQUEST.search(c) for c in found.columns) or any(is_money(c) for c in found.written)
    return "warning" if grave else "info"


def _finding(table: Table, found: CheckedInsert) -> Finding:
    at, write_at = found.at, found.write_at
    return Finding(
        "CAP003",
        _severity(found),
        "capability",
        f"{code(found.method)} inserts into {code(found.table)} after {code(found.look)} found no row by "
        f"{listed(found.columns)}, which no unique key makes sure of.",
        table=found.table,
        index=", ".join(found.columns),
        expected=f"a unique index on {', '.join(found.columns)}",
        found=f"A looks at {at}; B looks there too, and neither finds a row; A inserts at {write_at}; B inserts as well",
        locations=places(at, write_at, table.at),
        recommendation=f"Add `$table->unique({php_list(found.columns)});` in a migration, and let the insert fail or be ignored.",
        key=found.method,
        wants=(Wanted("unique", tuple(found.columns)),),
    )
