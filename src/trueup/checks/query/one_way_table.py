"""QRY007: a table that is written and never read, or read and never written."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._uses import bare, by_place
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.subjects import is_framework_table
from trueup.checks.wording import code, counted, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import QuerySite
from trueup.model.schema import Table

_MIGRATION = """
    Schema::create('cost_records', function (Blueprint $table) {
        $table->id();
        $table->decimal('cost', 12, 6);
    });
    Schema::create('price_lists', function (Blueprint $table) {
        $table->id();
        $table->decimal('price', 12, 6);
    });
"""

_APPLICATION = {"artisan": "<?php // an application, not a package"}

EXAMPLES = (
    failing(
        "Costs are recorded and never looked at, prices looked up and never entered",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('cost_records')->insert(['cost' => DB::table('price_lists')->max('price')]);"
            )
            | _APPLICATION,
        ),
        Expected("info", "Nothing reads `cost_records`, which the code writes.", table="cost_records"),
        Expected("info", "Nothing writes `price_lists`, which the code reads.", table="price_lists"),
    ),
    clean(
        "Both ways",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('cost_records')->insert(['cost' => 1]); DB::table('cost_records')->sum('cost');"
            ),
        ),
    ),
    clean(
        "A query that is handed on may be used for anything",
        given(migration=_MIGRATION, files=_service("$this->run(DB::table('price_lists'));")),
    ),
)
_WRITES = frozenset({"insert", "upsert"})
_NEITHER = frozenset({"delete", "truncate", "update", "assertion", "factory"})
_FINDS = frozenset({"firstOrCreate", "createOrFirst", "firstOrNew", "updateOrCreate"})
_ENOUGH = 0.9
"""The share of query sites that must be resolved before a table's absence among them says anything."""


@check(
    code="QRY007",
    title="A table is only written, or only read",
    severity="info",
    category="query",
    why="""What nothing reads costs space and time and helps nobody; what nothing writes is always empty, so that the code that
        reads it does nothing. Either a part of the code is missing, or the table is not needed.""",
    fix="Write the missing half, or drop the table and the code.",
    examples=EXAMPLES,
)
def one_way_table(facts: Facts) -> Iterator[Verdict]:
    """A package's models are for its users to read and write; a model may be saved in ways that were not followed."""
    total = facts.queries.total
    if not total or len(facts.queries.sites) < _ENOUGH * total:
        return
    read, written = _sides(facts)
    for table in facts.schema.tables:
        if not _is_judged(facts, table):
            continue
        name = table.name.lower()
        own = facts.project.kind == "app"
        modelled = bool(facts.eloquent.models_of(table.name))
        if name in written and name not in read and (own or not modelled):
            yield _finding(table, written[name], "reads", "writes")
        elif name in read and name not in written and own and not modelled:
            yield _finding(table, read[name], "writes", "reads")


def _sides(facts: Facts) -> tuple[dict[str, list[QuerySite]], dict[str, list[QuerySite]]]:
    """Tables by lower-case name with the sites that read them, and with those that write rows into them. A query that was not
    seen to end may do either."""
    read: dict[str, list[QuerySite]] = {}
    written: dict[str, list[QuerySite]] = {}
    for site in facts.queries.sites:
        if site.area in {"test", "factory"}:
            continue
        for position, ref in enumerate(site.tables):
            name = bare(ref.name)
            first = position == 0
            if site.kind in _WRITES and first:
                written.setdefault(name, []).append(site)
            elif site.kind not in _NEITHER or not first:
                read.setdefault(name, []).append(site)
            if (site.kind == "builder" and site.via != "relation") or site.kind == "statement":
                written.setdefault(name, []).append(site)
            if site.kind == "builder" and site.via == "relation" and position > 0:
                written.setdefault(name, []).append(site)  # a pivot is written through its relation
        if site.terminal in _FINDS and site.tables:
            read.setdefault(bare(site.table), []).append(site)
    return read, written


def _is_judged(facts: Facts, table: Table) -> bool:
    """The project's own tables, whose models are its own too, and which no foreign key makes a mere link between others."""
    models = facts.eloquent.models_of(table.name)
    linked = {c.lower() for key in table.foreign_keys for c in key.columns}
    plain = [c for c in table.columns if c.name.lower() not in linked and not c.counts]
    pivot = len(table.foreign_keys) > 1 and len(plain) <= 3
    return not (
        is_framework_table(table.name)
        or pivot
        or any(m.outside or m.unknown for m in models)
        or any(g.kind == "view" and table.name in g.text for g in facts.schema.notes)
    )


def _finding(table: Table, sites: list[QuerySite], missing: str, done: str) -> Finding:
    return Finding(
        "QRY007",
        "info",
        "query",
        f"Nothing {missing} {code(table.name)}, which the code {done}.",
        table=table.name,
        expected="code that reads it and code that writes it",
        found=f"the code {done} it at {counted(len(sites), 'place')}",
        locations=places(*by_place(s.at for s in sites)[:5], table.at),
        recommendation=f"Add the code that {missing} {code(table.name)}, or drop the table.",
        key=missing,
    )
