"""QRY014: all rows of a table that grows, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import analysis, because, growth_by_table, queries, some
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.names import Severity
from trueup.model.shapes import Growth, ServedBy

_BY_HAND = re.compile(r"(^|/)(console|commands?|install\w*|upgrade\w*)/", re.IGNORECASE)

_TABLES = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('events', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')->constrained();
    });
"""
_CODE = """
    <?php
    namespace App;
    use Illuminate\\Support\\Facades\\DB;
    class Events
    {{
        public function record(int $user): void
        {{
            DB::table('events')->insert(['user_id' => $user]);
        }}
        public function all(): mixed
        {{
            return DB::table('events')->{};
        }}
    }}
"""

EXAMPLES = (
    failing(
        "Every event there ever was, in memory",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("get()")}),
        Expected("warning", "1 query reads every row of `events`, a table that grows.", table="events"),
    ),
    failing(
        "Every event is counted",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("count()")}),
        Expected("info", "1 query reads every row of `events`, a table that grows.", table="events"),
    ),
    clean(
        "A page of them",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("limit(100)->get()")}),
    ),
    clean(
        "One user's",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("where('user_id', 1)->get()")}),
    ),
    clean(
        "Those that another table speaks of",
        given(
            migration=_TABLES,
            files={
                "app/Events.php": _CODE.format(
                    "whereExists(fn ($q) => $q->from('users')->where('id', $id))->get()"
                )
            },
        ),
    ),
    clean(
        "In portions",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("orderBy('id')->lazyById()")}),
    ),
)


@check(
    code="QRY014",
    title="A query reads every row of a table that grows",
    severity="warning",
    category="query",
    why="""It takes longer with each row that is added; a `get()` holds all of them in memory at once, until one day the
        request ends for want of it. A count or sum over the whole table is read anew each time.""",
    fix="""Ask for a page (`limit`, `cursorPaginate`), for portions (`chunkById`, `lazyById`), or for a bounded part of the
        table. Keep totals where they change, or for a while in the cache.""",
    examples=EXAMPLES,
)
def unbounded(facts: Facts) -> Iterator[Verdict]:
    growth = growth_by_table(facts)
    by_table: dict[str, list[ServedBy]] = {}
    for one in analysis(facts).served:
        of = growth.get(one.shape.table.lower())
        reads = one.shape.kind in {"select", "aggregate"} and one.shape.certain and not one.shape.open
        reads = reads and not one.shape.narrowed
        if one.grade == "unbounded" and reads and of is not None and of.rate in {"hot", "grows"}:
            by_table.setdefault(one.shape.table, []).append(one)
    for table in sorted(by_table):
        yield _finding(table, by_table[table], growth[table.lower()])


def _by_hand(place: Location) -> bool:
    return _BY_HAND.search(place.file) is not None


def _finding(table: str, found: list[ServedBy], growth: Growth) -> Finding:
    sites = [place for one in found for place in one.shape.sites]
    served = [one for one in found if one.shape.kind == "select" and not all(map(_by_hand, one.shape.sites))]
    first = [place for one in served for place in one.shape.sites if not _by_hand(place)]
    severity: Severity = "warning" if first else "info"
    number = len(found)
    return Finding(
        "QRY014",
        severity,
        "query",
        f"{queries(number)} {'reads' if number == 1 else 'read'} every row of {code(table)}, a table that grows.",
        table=table,
        expected="a limit, or a condition that leaves a bounded part",
        found="; ".join(dict.fromkeys(one.shape.kind for one in found)),
        locations=(*some(first), *(p for p in some(sites) if p not in some(first))),
        recommendation="Ask for a page or for portions (`cursorPaginate`, `lazyById`), or keep totals where they change."
        + because(growth),
        effort="M",
    )
