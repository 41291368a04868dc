"""QRY002: code that reads or writes a column that the table does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model as model_file
from trueup.checks.query._payloads import is_unguardable
from trueup.checks.query._uses import Used, by_place, column_uses, is_pseudo, model_of, nearest
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.subjects import doubt_about_contents
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, counted
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.names import Severity

_MIGRATION = "Schema::create('cost_records', function (Blueprint $table) { $table->id(); $table->decimal('total_cost', 12, 6); });"

EXAMPLES = (
    failing(
        "A filter on a column that is called otherwise",
        given(
            migration=_MIGRATION, files=_service("DB::table('cost_records')->where('cost', '>', 1)->count();")
        ),
        Expected(
            "error",
            "The code uses `cost_records.cost`, a column that does not exist.",
            table="cost_records",
            column="cost",
        ),
    ),
    failing(
        "An insert names it",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('cost_records')->insert(['price' => 1, 'total_cost' => 1]);"),
        ),
        Expected(
            "error",
            "The code uses `cost_records.price`, a column that does not exist.",
            table="cost_records",
            column="price",
        ),
    ),
    clean(
        "Something is guarded, so that Eloquent leaves out what is no column (QRY006)",
        given(
            migration=_MIGRATION,
            files={
                **_service("\\App\\Models\\CostRecord::create(['price' => 1, 'total_cost' => 1]);"),
                **model_file("public $timestamps = false; protected $guarded = ['id'];"),
            },
        ),
    ),
    failing(
        "It is looked for by the name first",
        given(
            migration=_MIGRATION,
            files={
                **_service("\\App\\Models\\CostRecord::firstOrCreate(['price' => 1], ['total_cost' => 1]);"),
                **model_file("public $timestamps = false; protected $guarded = ['id'];"),
            },
        ),
        Expected(
            "error",
            "The code uses `cost_records.price`, a column that does not exist.",
            table="cost_records",
            column="price",
        ),
    ),
    clean(
        "A relation of a base class, whose key the framework names after the class that extends it",
        given(
            migration=_MIGRATION
            + """
                Schema::create('tags', function (Blueprint $table) { $table->id(); });
                Schema::create('cost_record_tag', function (Blueprint $table) {
                    $table->foreignId('cost_record_id');
                    $table->foreignId('tag_id');
                });
            """,
            files={
                **model_file("public $timestamps = false;", name="Tag"),
                **model_file(
                    "public $timestamps = false; protected $table = 'cost_records'; public function tags()"
                    " { return $this->belongsToMany(Tag::class, 'cost_record_tag'); }",
                    name="CostBase",
                ),
                "app/Models/CostRecord.php": """
                    <?php

                    namespace App\\Models;

                    class CostRecord extends CostBase
                    {
                    }
                """,
            },
        ),
    ),
    clean(
        "A name that the select list makes is no column",
        given(
            migration=_MIGRATION,
            files=_service(
                "DB::table('cost_records')->selectRaw('SUM(total_cost) as cost')->orderBy('cost')->get();"
            ),
        ),
    ),
    clean(
        "A condition in a trait that is meant for the models that have the column",
        given(
            migration=_MIGRATION
            + " Schema::create('plans', function (Blueprint $table) { $table->id(); $table->boolean('hidden'); });",
            files={
                **model_file("use \\App\\Shared; public $timestamps = false;"),
                **model_file("use \\App\\Shared; public $timestamps = false;", name="Plan"),
                "app/Shared.php": """
                    <?php

                    namespace App;

                    trait Shared
                    {
                        public function twins()
                        {
                            return static::query()->when($this->hides(), fn ($query) => $query->where('hidden', true))->get();
                        }

                        public function hides(): bool
                        {
                            return false;
                        }
                    }
                """,
                **_service(
                    "\\App\\Models\\CostRecord::first()->twins(); \\App\\Models\\Plan::first()->twins();"
                ),
            },
        ),
    ),
    clean(
        "Behind get() it is a collection",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('cost_records')->get()->where('anything', 1)->sum('more');"),
        ),
    ),
)
_READS = frozenset({"filter", "sort", "group", "having", "join", "aggregate", "select"})


@check(
    code="QRY002",
    title="The code uses a column that does not exist",
    severity="error",
    category="query",
    why="""MySQL, MariaDB and PostgreSQL refuse the statement. SQLite takes an unknown unqualified name in WHERE, ORDER BY or an
        aggregate for a string, so that a suite on SQLite passes and the answer is nonsense; INSERT and UPDATE fail there too.""",
    fix="Use the column that exists, or add the missing one in a migration.",
    examples=EXAMPLES,
)
def phantom_column(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str], list[Used]] = {}
    elsewhere = _right_elsewhere(facts)
    for used in column_uses(facts):
        if _is_phantom(facts, used) and (used.use.certain or _place(used) not in elsewhere):
            found.setdefault((used.table.name, used.use.column), []).append(used)
    for (table, column), uses in sorted(found.items()):
        gap = doubt_about_contents(facts, uses[0].table)
        if gap is not None:
            yield cannot_tell("QRY002", f"{table}.{column}", gap, table)
        else:
            yield _finding(uses)


def _right_elsewhere(facts: Facts) -> frozenset[tuple[Location, str]]:
    """Places, with the column, where it is right for one of the tables: code of a trait or a base class that several models share.
    What stands there under a condition (`if (static::class === ...)`, `when(...)`) is meant for those that have the column."""
    return frozenset(_place(u) for u in column_uses(facts) if u.table.column(u.use.column) is not None)


def _place(used: Used) -> tuple[Location, str]:
    return used.at, used.use.column


def _is_phantom(facts: Facts, used: Used) -> bool:
    use, site = used.use, used.site
    if used.table.column(use.column) is not None or is_pseudo(use.column):
        return False
    if use.role in {"write", "match"}:
        return not _is_handled_by_model(facts, used)
    if site.open and not use.qualified and site.via != "rule":
        return False
    if not use.certain and use.at.file != site.at.file:
        return False  # a condition inside shared code, which may be meant for others of its callers
    return not (use.operator == "raw" and site.open)


def _is_handled_by_model(facts: Facts, used: Used) -> bool:
    """Whether a written name may end elsewhere than in a column: in a mutator, a cast of a package, a mass-assignment list that
    drops it (which is a check of its own)."""
    model = model_of(facts, used.site)
    if model is None or used.site.terminal in _BUILDER_WRITES:
        return False
    name = used.use.column
    if (
        any(m.name == name for m in model.mutators)
        or any(r.method == name for r in model.relations)
        or bool(model.outside)
    ):
        return True
    assigned = used.site.via != "factory" and not used.site.terminal.startswith("->")
    return assigned and (_drops(model, name) or _is_unguardable(model, used))


_BUILDER_WRITES = frozenset(
    {"insert", "insertGetId", "insertOrIgnore", "upsert", "increment", "decrement", "updateOrInsert"}
)


def _is_unguardable(model: Model, used: Used) -> bool:
    """What is looked for before it is written (`firstOrCreate`) reaches the server all the same."""
    return used.use.role != "match" and is_unguardable(model, used.use.column, used.table)


def _drops(model: Model, name: str) -> bool:
    """Whether mass assignment leaves the name out."""
    fillable = {a.name for a in model.fillable}
    if fillable:
        return name not in fillable
    guarded = {a.name for a in model.guarded} if model.guarded is not None else {"*"}
    return "*" in guarded or name in guarded


def _finding(uses: list[Used]) -> Finding:
    first = uses[0]
    product = [u for u in uses if u.site.area not in {"test", "factory"}]
    shown = product or uses
    places: list[Location] = [u.at for u in shown]
    severity: Severity = "error" if product else "warning"
    near = nearest(first.use.column, [c.name for c in first.table.columns])
    name = f"{first.table.name}.{first.use.column}"
    roles = sorted({u.use.role for u in shown})
    hidden = all(u.use.role in _READS and not u.use.qualified for u in shown)
    advice = f"Use {code(near)} if that is meant" if near else "Take it out"
    return Finding(
        "QRY002",
        severity,
        "query",
        f"The code uses {code(name)}, a column that does not exist.",
        table=first.table.name,
        column=first.use.column,
        expected=f"a column {first.use.column}",
        found=f"{counted(len(set(places)), 'place')} ({', '.join(roles)})"
        + ("; SQLite takes it for a string" if hidden else ""),
        locations=(*by_place(places), first.table.at),
        recommendation=f"{advice}, or add the column in a migration.",
    )
