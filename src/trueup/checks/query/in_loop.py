"""QRY011: a query for each row of another query."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import some
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, listed
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.queries import QuerySite

_READS = frozenset({"select", "aggregate", "exists"})
_BY_HAND = re.compile(r"(^|/)(console|commands?|jobs?|install\w*|upgrade\w*)/", re.IGNORECASE)

_TABLES = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')->constrained();
    });
"""
_CODE = """
    <?php
    namespace App;
    use Illuminate\\Support\\Facades\\DB;
    class Report
    {{
        public function lines(): array
        {{
            $lines = [];
            {}
            return $lines;
        }}
    }}
"""

EXAMPLES = (
    failing(
        "The orders of each user are counted one by one",
        given(
            migration=_TABLES,
            files={
                "app/Report.php": _CODE.format(
                    "foreach (DB::table('users')->limit(50)->get() as $user) { "
                    "$lines[] = DB::table('orders')->where('user_id', $user->id)->count(); }"
                )
            },
        ),
        Expected(
            "warning",
            "`App\\Report::lines` asks `orders` once for each row of another query.",
            table="orders",
        ),
    ),
    clean(
        "Counted at once",
        given(
            migration=_TABLES,
            files={
                "app/Report.php": _CODE.format(
                    "$lines = DB::table('orders')->selectRaw('user_id, count(*) as n')->groupBy('user_id')"
                    "->pluck('n', 'user_id');"
                )
            },
        ),
    ),
    clean(
        "A loop over three names",
        given(
            migration=_TABLES,
            files={
                "app/Report.php": _CODE.format(
                    "foreach ([1, 2, 3] as $id) { $lines[] = DB::table('orders')->where('user_id', $id)->count(); }"
                )
            },
        ),
    ),
)


@check(
    code="QRY011",
    title="A query for each row of another query",
    severity="warning",
    category="query",
    why="""A hundred rows are a hundred queries, each with its way to the server and back; no index helps against the number
        of them.""",
    fix="""Ask for all at once before the loop: `whereIn` with the keys of the rows, then `keyBy` or `groupBy`; counts and
        sums by `withCount`, `withSum` or a grouped query.""",
    examples=EXAMPLES,
)
def in_loop(facts: Facts) -> Iterator[Verdict]:
    groups: dict[tuple[str, str], list[QuerySite]] = {}
    for site in facts.queries.sites:
        if _is_one(site):
            groups.setdefault((site.method, site.table), []).append(site)
    for (method, table), sites in sorted(groups.items()):
        yield _finding(method, table, sites)


def _is_one(site: QuerySite) -> bool:
    """A read that runs by itself, in a loop over rows; a subquery is a part of another."""
    alone = site.terminal not in {"whereHas", "whereRelation", "with", "subquery"}
    asked = (
        site.kind in _READS and site.area in {"src", "route", "view"} and not (site.guarded or site.inherited)
    )
    return bool(site.row_loop) and asked and alone


def _finding(method: str, table: str, sites: list[QuerySite]) -> Finding:
    by_hand = all(_BY_HAND.search(s.at.file) for s in sites)
    severity: Severity = "info" if by_hand else "warning"
    terminals = listed(f"{t}()" for t in sorted({s.terminal for s in sites}))
    return Finding(
        "QRY011",
        severity,
        "query",
        f"{code(method)} asks {code(table)} once for each row of another query.",
        table=table,
        expected="one query before the loop",
        found=f"{counted(len(sites), 'query', 'queries')} in a loop over rows",
        locations=some(s.at for s in sites),
        recommendation=f"Load what {terminals} {'gives' if len(sites) == 1 else 'give'} for all rows before the loop, and look it "
        "up there.",
        effort="M",
        key=method,
    )
