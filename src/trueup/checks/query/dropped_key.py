"""QRY006: mass assignment that drops a key in silence."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._payloads import dropped_by
from trueup.checks.query._uses import by_place, model_of, sites
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import ColumnUse, QuerySite

_MIGRATION = """
    Schema::create('alerts', function (Blueprint $table) {
        $table->id();
        $table->string('level');
        $table->string('message')->nullable();
    });
"""


def _files(statement: str, head: str = "protected $fillable = ['level'];") -> dict[str, str]:
    return {
        "app/Models/Alert.php": f"""
            <?php

            namespace App\\Models;

            use Illuminate\\Database\\Eloquent\\Model;

            class Alert extends Model
            {{
                public $timestamps = false;

                {head}
            }}
        """,
        "app/Services/Alerts.php": f"""
            <?php

            namespace App\\Services;

            use App\\Models\\Alert;

            class Alerts
            {{
                public function raise(): void
                {{
                    {statement}
                }}
            }}
        """,
    }


EXAMPLES = (
    failing(
        "A key that is not fillable",
        given(
            migration=_MIGRATION, files=_files("Alert::create(['level' => 'high', 'message' => 'Too much']);")
        ),
        Expected(
            "warning",
            "`Alert::create()` drops `message`: it is not in `$fillable`.",
            table="alerts",
            column="message",
            model="App\\Models\\Alert",
        ),
    ),
    failing(
        "A guarded key",
        given(
            migration=_MIGRATION,
            files=_files("Alert::create(['level' => 'high']);", "protected $guarded = ['level'];"),
        ),
        Expected(
            "warning",
            "`Alert::create()` drops `level`: it is guarded.",
            table="alerts",
            column="level",
            model="App\\Models\\Alert",
        ),
    ),
    failing(
        "Something is guarded, and this is no column",
        given(
            migration=_MIGRATION,
            files=_files(
                "Alert::create(['level' => 'high', 'colour' => 'red']);", "protected $guarded = ['id'];"
            ),
        ),
        Expected(
            "warning",
            "`Alert::create()` drops `colour`: `$guarded` is not empty, and there is no such column.",
            table="alerts",
            column="colour",
            model="App\\Models\\Alert",
        ),
    ),
    clean(
        "Nothing is guarded: the server refuses what is no column, which is QRY002",
        given(
            migration=_MIGRATION,
            files=_files(
                "Alert::create(['level' => 'high', 'colour' => 'red']);", "protected $guarded = [];"
            ),
        ),
    ),
    clean(
        "The key that the row is looked for by, which a new row counts itself",
        given(
            migration=_MIGRATION,
            files=_files("Alert::updateOrCreate(['id' => $id], ['level' => 'high']);"),
        ),
    ),
    clean(
        "forceCreate() asks nobody",
        given(
            migration=_MIGRATION,
            files=_files("Alert::forceCreate(['level' => 'high', 'message' => 'Too much']);"),
        ),
    ),
    clean(
        "Every key is fillable",
        given(migration=_MIGRATION, files=_files("Alert::create(['level' => 'high']);")),
    ),
)


@check(
    code="QRY006",
    title="Mass assignment drops a key in silence",
    severity="warning",
    category="query",
    why="""The value is written in the code and never arrives in the table: Eloquent leaves out what `$fillable` does not list or
        `$guarded` names. No error tells, unless `Model::preventSilentlyDiscardingAttributes()` is on.""",
    fix="List the key in `$fillable`, write it by itself or with `forceFill()`, or take it out of the payload.",
    examples=EXAMPLES,
)
def dropped_key(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str], list[tuple[QuerySite, ColumnUse]]] = {}
    models: dict[str, Model] = {}
    for site in sites(facts):
        model = model_of(facts, site)
        if model is None or site.area == "test" or site.ambiguous or site.open or model.outside:
            continue
        models[model.name] = model
        given = [u for u in site.columns if u.role in {"write", "match"} and not _is_own_key(model, u)]
        for use in dropped_by(facts, model, site, given):
            found.setdefault((model.name, use.column), []).append((site, use))
    for (name, _), uses in sorted(found.items()):
        yield _finding(facts, models[name], uses)


def _is_own_key(model: Model, use: ColumnUse) -> bool:
    """`updateOrCreate(['id' => $id], ...)`: a new row counts its key itself, which is what is wanted."""
    return use.role == "match" and model.incrementing and use.column == model.primary_key


def _finding(facts: Facts, model: Model, uses: list[tuple[QuerySite, ColumnUse]]) -> Finding:
    site, use = uses[0]
    named = any(a.name in ("*", use.column) for a in model.guarded or ())
    guard = "it is guarded" if named else "`$guarded` is not empty"
    why = "it is not in `$fillable`" if model.fillable else guard
    table = facts.schema.table(model.table or "")
    gone = (
        ", and there is no such column"
        if table is not None and table.column(use.column) is None and not _is_virtual(model, use.column)
        else ""
    )
    call = code(f"{model.short}::{site.terminal}()")
    return Finding(
        "QRY006",
        "warning",
        "query",
        f"{call} drops {code(use.column)}: {why}{gone}.",
        table=table.name if table is not None else "",
        column=use.column,
        model=model.name,
        expected=f"{use.column} stored",
        found=f"{use.column} left out",
        locations=places(*by_place(u.at if u.at.line else s.at for s, u in uses), model.at),
        recommendation=f"Take {code(use.column)} out of the payload, or add the column."
        if gone
        else f"Make {code(use.column)} fillable, or set it by itself.",
    )


def _is_virtual(model: Model, name: str) -> bool:
    return any(m.name == name for m in (*model.mutators, *model.accessors))
