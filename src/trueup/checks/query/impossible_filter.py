"""QRY005: a filter for a value that no row can have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.query._uses import Used, by_place, column_uses, nearest
from trueup.checks.query._values import allowed_values, is_allowed
from trueup.checks.query.phantom_table import _service
from trueup.checks.registry import check
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = """
    Schema::create('alerts', function (Blueprint $table) {
        $table->id();
        $table->enum('level', ['warning', 'blocked']);
    });
"""

EXAMPLES = (
    failing(
        "A level that was never in the list",
        given(
            migration=_MIGRATION, files=_service("DB::table('alerts')->where('level', 'warnings')->count();")
        ),
        Expected(
            "warning",
            "The code looks for 'warnings' in `alerts.level`, which holds only `warning` and `blocked`.",
            table="alerts",
            column="level",
        ),
    ),
    failing(
        "One of several",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->whereIn('level', ['warning', 'critical'])->get();"),
        ),
        Expected(
            "warning",
            "The code looks for 'critical' in `alerts.level`, which holds only `warning` and `blocked`.",
            table="alerts",
            column="level",
        ),
    ),
    clean(
        "A level that rows can have",
        given(
            migration=_MIGRATION, files=_service("DB::table('alerts')->where('level', 'warning')->count();")
        ),
    ),
    clean(
        "A pattern is no value",
        given(
            migration=_MIGRATION,
            files=_service("DB::table('alerts')->where('level', 'like', 'warn%')->count();"),
        ),
    ),
)
_EQUALITY = frozenset({"=", "!=", "<>", "in", "not in", "<=>"})


@check(
    code="QRY005",
    title="The code looks for a value that no row can have",
    severity="warning",
    category="query",
    why="""The column is a list of values (an ENUM, or a CHECK) and this is none of them: the query finds nothing, or filters
        nothing out, without any error. What depends on it never happens.""",
    fix="Look for a value of the list, or let a migration add the one that is meant.",
    examples=EXAMPLES,
)
def impossible_filter(facts: Facts) -> Iterator[Verdict]:
    found: dict[tuple[str, str, str], list[Used]] = {}
    for used in column_uses(facts):
        for text in _impossible(facts, used):
            found.setdefault((used.table.name, used.use.column, text), []).append(used)
    for (_, _, text), uses in sorted(found.items()):
        yield _finding(text, uses)


def _impossible(facts: Facts, used: Used) -> Iterator[str]:
    use, column = used.use, used.table.column(used.use.column)
    if (
        use.role != "filter"
        or use.operator.lower() not in _EQUALITY
        or use.function
        or used.site.area in {"test", "factory"}
    ):
        return
    allowed = allowed_values(used.table, column) if column is not None and not column.unknown else ()
    if allowed and use.value.kind in {"string", "array"}:
        for text in use.value.values or (use.value.text,):
            if text and not is_allowed(text, allowed, facts.schema.driver):
                yield text


def _finding(text: str, uses: list[Used]) -> Finding:
    first = uses[0]
    column = first.table.column(first.use.column)
    allowed = allowed_values(first.table, column) if column is not None else ()
    name = f"{first.table.name}.{first.use.column}"
    near = nearest(text, allowed)
    return Finding(
        "QRY005",
        "warning",
        "query",
        f"The code looks for {text!r} in {code(name)}, which holds only {listed(allowed)}.",
        table=first.table.name,
        column=first.use.column,
        expected=f"one of {', '.join(allowed)}",
        found=text,
        locations=places(*by_place(u.at for u in uses), column.at if column is not None else None),
        recommendation=f"Look for {code(near)} if that is meant, or let the column hold {code(text)}."
        if near
        else f"Look for a value of the list, or let the column hold {code(text)}.",
        key=text,
    )
