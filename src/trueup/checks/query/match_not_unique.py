"""QRY008: a row is looked for and made where it is missing, and nothing keeps a second from being made."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._uses import MYSQL, bare, by_place, sites
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_contents
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, listed, php_list, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.queries import QuerySite
from trueup.model.schema import Index, Table
from trueup.model.wanted import Wanted

_TABLE = """
    Schema::create('daily_costs', function (Blueprint $table) {{
        $table->id();
        $table->date('day');
        $table->string('provider');
        $table->decimal('cost', 12, 6);
        {}
    }});
"""
_SET = "DB::table('daily_costs')->updateOrInsert(['day' => $day, 'provider' => $name], ['cost' => 1]);"
_UPSERT = "DB::table('daily_costs')->upsert([['day' => $day, 'provider' => $name, 'cost' => 1]], ['day', 'provider'], ['cost']);"

EXAMPLES = (
    failing(
        "Two of them at a time make two rows",
        given(migration=_TABLE.format(""), files=_service(_SET)),
        Expected(
            "warning",
            "`updateOrInsert()` looks for a row of `daily_costs` by `day` and `provider`, which nothing makes unique.",
            table="daily_costs",
            index="day, provider",
        ),
    ),
    failing(
        "upsert() of PostgreSQL asks for the index and fails without",
        given(migration=_TABLE.format(""), files=_service(_UPSERT), driver="pgsql"),
        Expected(
            "error",
            "`upsert()` into `daily_costs` fails: there is no unique index over exactly `day` and `provider`.",
            table="daily_costs",
            index="day, provider",
        ),
    ),
    failing(
        "upsert() of MySQL inserts every time",
        given(migration=_TABLE.format(""), files=_service(_UPSERT)),
        Expected(
            "warning",
            "`upsert()` looks for a row of `daily_costs` by `day` and `provider`, which nothing makes unique.",
            table="daily_costs",
            index="day, provider",
        ),
    ),
    clean(
        "The columns are unique",
        given(migration=_TABLE.format("$table->unique(['provider', 'day']);"), files=_service(_SET)),
    ),
    clean(
        "A smaller set is unique already",
        given(migration=_TABLE.format("$table->unique('day');"), files=_service(_SET)),
    ),
)
_TERMINALS = frozenset(
    {"upsert", "updateOrInsert", "updateOrCreate", "firstOrCreate", "createOrFirst", "incrementOrCreate"}
)


@check(
    code="QRY008",
    title="Rows are matched by columns that nothing makes unique",
    severity="error",
    category="query",
    why="""Two requests at the same time both find no row and both make one; from then on one of the two is found, by chance, and
        sums count both. `upsert()` does not even look: without a unique index MySQL and MariaDB insert every time, and
        PostgreSQL and SQLite refuse the statement.""",
    fix="Add a unique index over the columns, after removing the duplicates that are there already.",
    examples=EXAMPLES,
)
def match_not_unique(facts: Facts) -> Iterator[Verdict]:
    known = {t.name.lower(): t for t in facts.schema.tables}
    found: dict[tuple[str, tuple[str, ...], bool], list[QuerySite]] = {}
    for site in sites(facts):
        table = known.get(bare(site.table))
        matched = _matched(site) if table is not None else ()
        if table is not None and matched and not _is_served(facts, site, table, matched):
            found.setdefault((table.name, matched, site.terminal == "upsert"), []).append(site)
    for (name, matched, _), uses in sorted(found.items()):
        table = known[name.lower()]
        gap = doubt_about_contents(facts, table)
        if gap is not None:
            yield cannot_tell("QRY008", f"{name} ({', '.join(matched)})", gap, name)
        else:
            yield _finding(facts, table, matched, uses)


def _matched(site: QuerySite) -> tuple[str, ...]:
    """The columns that a row is looked for by, sorted: those that are given, and those that the query is bound to already."""
    if (
        site.kind != "upsert"
        or site.terminal not in _TERMINALS
        or not site.complete_payload
        or site.ambiguous
    ):
        return ()
    if site.area in {"test", "seeder", "factory", "migration"}:
        return ()
    matched = [c for c in site.columns if c.role == "match"]
    if any(c.json_path or not c.certain for c in matched):
        return ()
    bound = [
        c
        for c in site.columns
        if c.role == "filter" and c.operator == "=" and bare(c.table) == bare(site.table)
    ]
    bound += [c for c in site.columns if c.operator == "implicit" and c.column.endswith(("_id", "_type"))]
    return tuple(sorted({c.column.lower() for c in (*matched, *bound)})) if matched else ()


def _is_served(facts: Facts, site: QuerySite, table: Table, matched: tuple[str, ...]) -> bool:
    if any(table.column(name) is None for name in matched):
        return True  # told by QRY002
    unique = [i for i in table.indexes if (i.unique or i.primary) and not i.expressions]
    if site.terminal == "upsert" and facts.schema.driver not in MYSQL:
        return any(_columns(i) == set(matched) and i.where is None for i in unique)
    if site.terminal == "upsert":  # whichever unique index the row runs into counts
        written = {c.column.lower() for c in site.columns if c.role in {"write", "match"}}
        return any(_columns(i) <= written for i in unique)
    return any(_columns(i) <= set(matched) and i.where is None for i in unique)


def _columns(index: Index) -> set[str]:
    return {c.lower() for c in index.columns}


def _finding(facts: Facts, table: Table, matched: tuple[str, ...], uses: list[QuerySite]) -> Finding:
    site = uses[0]
    fails = site.terminal == "upsert" and facts.schema.driver not in MYSQL
    severity: Severity = "error" if fails else "warning"
    by = listed(matched)
    call = code(f"{site.terminal}()")
    message = (
        f"{call} into {code(table.name)} fails: there is no unique index over exactly {by}."
        if fails
        else f"{call} looks for a row of {code(table.name)} by {by}, which nothing makes unique."
    )
    return Finding(
        "QRY008",
        severity,
        "query",
        message,
        table=table.name,
        index=", ".join(matched),
        expected=f"unique ({', '.join(matched)})",
        found="no unique index that covers them",
        locations=places(*by_place(s.at for s in uses), table.at),
        recommendation=f"Add `$table->unique({php_list(matched)});` in a migration, once no duplicates are left.",
        key=site.terminal if site.terminal == "upsert" else "",
        wants=(Wanted("unique", matched),),
    )
