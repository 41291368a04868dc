"""QRY001: code that reads or writes a table that no migration makes."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given, unsure
from trueup.checks.query._uses import bare, by_place, is_system_table, made_in_tests, nearest, sites
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_used_table, is_framework_table
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, counted
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.names import Severity
from trueup.model.queries import QuerySite

_MIGRATION = "Schema::create('cost_records', function (Blueprint $table) { $table->id(); $table->decimal('cost', 12, 6); });"


def _service(statement: str) -> dict[str, str]:
    return {
        "app/Services/Ledger.php": f"""
            <?php

            namespace App\\Services;

            use Illuminate\\Support\\Facades\\DB;
            use Illuminate\\Support\\Facades\\Schema;

            class Ledger
            {{
                public function run(): void
                {{
                    {statement}
                }}
            }}
        """
    }


EXAMPLES = (
    failing(
        "A listener writes into a table that was never made",
        given(migration=_MIGRATION, files=_service("DB::table('cost_tracking')->insert(['cost' => 1]);")),
        Expected(
            "error",
            "The code uses the table `cost_tracking`, which no migration makes.",
            table="cost_tracking",
        ),
    ),
    failing(
        "The audited connection by its name",
        given(
            migration=_MIGRATION,
            files=_service("DB::connection('mysql')->table('cost_tracking')->insert(['cost' => 1]);"),
        ),
        Expected(
            "error",
            "The code uses the table `cost_tracking`, which no migration makes.",
            table="cost_tracking",
        ),
    ),
    clean(
        "The table is made",
        given(migration=_MIGRATION, files=_service("DB::table('cost_records')->insert(['cost' => 1]);")),
    ),
    clean(
        "The code asks first",
        given(
            migration=_MIGRATION,
            files=_service(
                "if (Schema::hasTable('legacy_costs')) { DB::table('legacy_costs')->truncate(); }"
            ),
        ),
    ),
    unsure(
        "A table whose name cannot be read may be the one",
        given(
            migration="Schema::create(file_get_contents('name.txt'), fn (Blueprint $table) => $table->id());",
            files=_service("DB::table('cost_records')->count();"),
        ),
    ),
    unsure(
        "What makes the table is not known",
        given(
            migration="Builders::of('costs')->create('cost_records', fn (Blueprint $table) => $table->id());",
            files=_service("DB::table('cost_records')->count();"),
        ),
    ),
    unsure(
        "Code that is no migration makes the table",
        given(
            migration=_MIGRATION,
            files={
                **_service("DB::table('plugin_costs')->count();"),
                "app/Plugins/Costs.php": """
                    <?php

                    namespace App\\Plugins;

                    use Illuminate\\Support\\Facades\\Schema;

                    class Costs
                    {
                        public function install(): void
                        {
                            Schema::create('plugin_costs', fn ($table) => $table->id());
                        }
                    }
                """,
            },
        ),
    ),
    unsure(
        "The model extends a package's, which may name its table",
        given(
            migration=_MIGRATION,
            files={
                **_service("\\App\\Models\\Zone::query()->count();"),
                "app/Models/Zone.php": """
                    <?php

                    namespace App\\Models;

                    class Zone extends \\Acme\\Shipping\\Models\\Zone
                    {
                        protected $fillable = ['name'];
                    }
                """,
            },
        ),
    ),
    clean(
        "A table on another connection, or in a database whose name is not known",
        given(
            migration=_MIGRATION,
            files=_service(
                """
                DB::connection('reports')->select('select * from titles where id = 1');
                DB::connection('reports')->table('titles')->count();
                $name = request('database');
                DB::select("SELECT id FROM {$name}.organizations WHERE id = 1");
                """
            ),
        ),
    ),
    unsure(
        "A temporary table, which the code makes for itself",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::statement('CREATE TEMPORARY TABLE IF NOT EXISTS temp_costs AS SELECT 1'); DB::table('temp_costs')->count();"
            ),
        ),
    ),
    unsure(
        "A package without migrations, whose tables the application makes",
        given(files=_service("DB::table('cost_records')->count();")),
    ),
    unsure(
        "Code that is no migration makes tables under names that it is given",
        given(
            migration=_MIGRATION,
            files={
                **_service("DB::table('plugin_costs')->count();"),
                "app/Plugins/Import.php": """
                    <?php

                    namespace App\\Plugins;

                    use Illuminate\\Support\\Facades\\Schema;

                    abstract class Import
                    {
                        abstract protected function table(): string;

                        public function run(): void
                        {
                            Schema::create($this->table(), fn ($table) => $table->id());
                        }
                    }
                """,
            },
        ),
    ),
    unsure(
        "A migration that makes the table under another configuration",
        given(
            migration="if (! config('costs.plugins')) { return; } "
            + _MIGRATION.replace("cost_records", "plugin_costs"),
            files={
                "config/costs.php": "<?php return ['plugins' => env('COST_PLUGINS', false)];",
                **_service("DB::table('plugin_costs')->count();"),
            },
        ),
    ),
    unsure(
        "A package that needs another of its family",
        given(
            migration=_MIGRATION,
            files={
                **_service("DB::table('plugin_costs')->count();"),
                "composer.json": '{"name": "acme/costs", "type": "library", "require": {"laravel/framework": "^12.0",'
                ' "acme/plugins": "^1.0"}}',
            },
        ),
    ),
    failing(
        "Only a comment speaks of making it",
        given(
            migration=_MIGRATION,
            files=_service("// CREATE TABLE plugin_costs (id int)\n DB::table('plugin_costs')->count();"),
        ),
        Expected(
            "error",
            "The code uses the table `plugin_costs`, which no migration makes.",
            table="plugin_costs",
        ),
    ),
)


@check(
    code="QRY001",
    title="The code uses a table that does not exist",
    severity="error",
    category="query",
    why="The statement fails on every server as soon as it runs. Tests that mock the database, or never come here, stay green.",
    fix="Make the table in a migration, or let the code use the one that is meant.",
    examples=EXAMPLES,
)
def phantom_table(facts: Facts) -> Iterator[Verdict]:
    for name, used in sorted(_phantoms(facts).items()):
        gap = doubt_about_used_table(facts, name)
        if gap is not None:
            yield cannot_tell("QRY001", name, gap, name)
        else:
            yield _finding(facts, name, used)


def _phantoms(facts: Facts) -> dict[str, list[QuerySite]]:
    """Missing table → the sites that use it."""
    known = {t.name.lower() for t in facts.schema.tables} | {
        n.name.lower() for n in facts.schema.notes if n.kind == "view"
    }
    known |= {t.lower() for m in facts.migrations for t in m.creates} - _gone(facts)
    made = made_in_tests(facts)
    found: dict[str, list[QuerySite]] = {}
    for site in sites(facts):
        for ref in site.tables:
            name = bare(ref.name)
            if (
                ref.derived
                or not name
                or name in known
                or is_system_table(ref.name)
                or is_framework_table(name)
            ):
                continue
            if not (site.area in {"test", "factory"} and name in made):
                found.setdefault(ref.name, []).append(site)
    return found


def _gone(facts: Facts) -> set[str]:
    """Tables that a migration made and a later one dropped or gave another name. (One that is made and then missing otherwise
    is the matter of the migration that failed.)"""
    made: set[str] = set()
    gone: set[str] = set()
    for migration in facts.migrations:
        made |= {t.lower() for t in migration.creates}
        gone -= {t.lower() for t in migration.creates}
        gone |= {t.lower() for t in migration.drops} & made
        gone |= {c.table.lower() for c in migration.done if c.kind == "rename table"}
    return gone


def _finding(facts: Facts, name: str, used: list[QuerySite]) -> Finding:
    product = [s for s in used if s.area not in {"test", "factory"}]
    places: list[Location] = [s.at for s in product or used]
    severity: Severity = "error" if product else "warning"
    writes = len({s.at for s in product or used if s.kind in {"insert", "update", "upsert", "delete"}})
    near = nearest(name, [t.name for t in facts.schema.tables])
    meant = f"use {code(near)} if that is meant" if near else "drop the code"
    return Finding(
        "QRY001",
        severity,
        "query",
        f"The code uses the table {code(name)}, which no migration makes.",
        table=name,
        expected=f"a migration that makes {name}",
        found=f"{counted(len(set(places)), 'query', 'queries')}, {writes} of them writing",
        locations=by_place(places),
        recommendation=f"Make {code(name)} in a migration, or {meant}.",
        effort="M",
    )
