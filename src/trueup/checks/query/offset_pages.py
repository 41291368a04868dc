"""QRY013: pages by OFFSET of a table that grows."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import analysis, because, growth_by_table, queries, some
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.shapes import Growth, ServedBy

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
        public function page(): mixed
        {{
            return DB::table('events')->orderBy('id')->{};
        }}
    }}
"""

EXAMPLES = (
    failing(
        "Page 1000 reads and drops 999 pages",
        given(migration=_TABLES, files={"app/Events.php": _CODE.format("paginate(50)")}),
        Expected("info", "1 query pages through all of `events` by OFFSET.", table="events"),
    ),
    clean(
        "By a cursor", given(migration=_TABLES, files={"app/Events.php": _CODE.format("cursorPaginate(50)")})
    ),
    clean(
        "Pages of one user's rows",
        given(
            migration=_TABLES,
            files={"app/Events.php": _CODE.format("where('user_id', 1)->paginate(50)")},
        ),
    ),
)


@check(
    code="QRY013",
    title="Pages by OFFSET",
    severity="info",
    category="query",
    why="""OFFSET reads all the rows before the page and throws them away: the last page costs as much as the whole table.
        `paginate()` counts all rows besides, each time. `chunk()`, `each()` and `lazy()` page in the same way, and miss
        rows that change while they run.""",
    fix="`cursorPaginate()` for people, `chunkById()` or `lazyById()` for programs: they go on behind the last row that they gave.",
    examples=EXAMPLES,
)
def offset_pages(facts: Facts) -> Iterator[Verdict]:
    growth = growth_by_table(facts)
    by_table: dict[str, list[ServedBy]] = {}
    for one in analysis(facts).served:
        of = growth.get(one.shape.table.lower())
        if (
            of is not None
            and of.rate in {"hot", "grows"}
            and (one.shape.paged or one.shape.offset)
            and _is_whole(one)
        ):
            by_table.setdefault(one.shape.table, []).append(one)
    for table in sorted(by_table):
        yield _finding(table, by_table[table], growth[table.lower()])


def _is_whole(one: ServedBy) -> bool:
    """Whether the pages are of the table and not of one owner's rows."""
    uses = [u for u in one.uses if u.table.lower() == one.shape.table.lower()]
    fixed = [p for p in one.shape.predicates if p.kind == "equality" and p.servable and not p.implied]
    bounded = bool(fixed) or any(u.equality for u in uses)
    return not bounded and not one.shape.alternatives


def _finding(table: str, found: list[ServedBy], growth: Growth) -> Finding:
    number = len(found)
    return Finding(
        "QRY013",
        "info",
        "query",
        f"{queries(number)} {'pages' if number == 1 else 'page'} through all of {code(table)} by OFFSET.",
        table=table,
        expected="pages that begin behind the last row",
        found="OFFSET",
        locations=some(place for one in found for place in one.shape.sites),
        recommendation=f"Use `cursorPaginate()`, or `chunkById()` and `lazyById()` where no one turns pages.{because(growth)}",
        effort="M",
    )
