"""IDX005: conditions that no ordinary index can serve."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.queried import analysis, because, growth_by_table, queries, severity_by, some
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.indexes.predicates import CAST
from trueup.indexes.rewriting import rewrite
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Driver, Severity
from trueup.model.shapes import Growth, Predicate, ServedBy

_TABLES = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')->constrained();
        $table->string('number')->index();
        $table->json('meta')->nullable();
        $table->timestamp('paid_at')->nullable()->index();
    });
"""
_CODE = """
    <?php
    namespace App;
    use Illuminate\\Support\\Facades\\DB;
    class Orders
    {{
        public function place(int $user): void
        {{
            DB::table('orders')->insert(['user_id' => $user, 'number' => 'n']);
        }}
        public function find($value): mixed
        {{
            return DB::table('orders')->{}->get();
        }}
    }}
"""


def _orders(condition: str) -> dict[str, str]:
    return {"app/Orders.php": _CODE.format(condition)}


EXAMPLES = (
    failing(
        "A function over the column",
        given(migration=_TABLES, files=_orders("whereDate('paid_at', $value)")),
        Expected(
            "warning",
            "1 query looks for `orders` by date(paid_at) = ?, which an index on the column cannot find.",
            table="orders",
            column="paid_at",
        ),
    ),
    failing(
        "A number for a text: MySQL turns every row's text into a number",
        given(migration=_TABLES, files=_orders("where('number', 17)")),
        Expected(
            "warning",
            "1 query looks for `orders` by number = a number, though the column holds text, which an index on the column "
            "cannot find.",
            table="orders",
            column="number",
        ),
    ),
    failing(
        "A member of a JSON document",
        given(migration=_TABLES, files=_orders("where('meta->plan', $value)")),
        Expected(
            "warning",
            "1 query looks for `orders` by meta->plan = ?, which an index on the column cannot find.",
            table="orders",
            column="meta",
        ),
    ),
    failing(
        "A pattern that begins with anything",
        given(migration=_TABLES, files=_orders("""where('number', 'like', "%$value%")""")),
        Expected(
            "info",
            "1 query looks for `orders` by number like '%…', which an index on the column cannot find.",
            table="orders",
            column="number",
        ),
    ),
    clean(
        "A range of the bare column",
        given(migration=_TABLES, files=_orders("where('paid_at', '>=', $value)")),
    ),
    clean(
        "A pattern with a beginning",
        given(migration=_TABLES, files=_orders("""where('number', 'like', "A$value%")""")),
    ),
    clean(
        "Few rows are left by another column",
        given(migration=_TABLES, files=_orders("where('user_id', 1)->whereDate('paid_at', $value)")),
    ),
)


@check(
    code="IDX005",
    title="A condition that no index can serve",
    severity="warning",
    category="index",
    why="""An index holds the column's values, not what a function makes of them: the server computes it for every row of the table,
        though there may be an index on the column. The same holds for a text compared with a number (MySQL, MariaDB), for a member
        of a JSON document, for arithmetic, and for a pattern that begins with `%`.""",
    fix="Write the condition so that the bare column stands on one side, or keep what is computed in a column with an index.",
    examples=EXAMPLES,
)
def not_sargable(facts: Facts) -> Iterator[Verdict]:
    growth = growth_by_table(facts)
    groups: dict[tuple[str, str, str, str], list[tuple[ServedBy, Predicate]]] = {}
    for one in analysis(facts).served:
        of = growth.get(one.shape.table.lower())
        if one.grade not in {"unserved", "unbounded"} or of is None or not of.matters:
            continue
        for predicate in one.shape.predicates:
            if not _is_blocking(predicate, one):
                continue
            key = (predicate.table, predicate.column, predicate.function, predicate.path)
            groups.setdefault(key, []).append((one, predicate))
    for key in sorted(groups):
        yield _finding(groups[key], growth[key[0].lower()], facts.schema.driver)


def _is_blocking(predicate: Predicate, one: ServedBy) -> bool:
    """A condition of the main table that no index serves, where no other one could be served instead."""
    own = [p for p in one.shape.predicates if p.table.lower() == one.shape.table.lower()]
    others = any(p.servable and p.kind == "equality" and p.implied == "" for p in own)
    return (
        predicate in own
        and not predicate.sargable
        and predicate.certain
        and not (others and _is_search(predicate))
    )


def _is_search(predicate: Predicate) -> bool:
    return "like" in predicate.operator and not predicate.function


def _finding(group: list[tuple[ServedBy, Predicate]], growth: Growth, driver: Driver) -> Finding:
    predicate = group[0][1]
    severity: Severity = "info" if _is_search(predicate) else severity_by(growth)
    return Finding(
        "IDX005",
        severity,
        "index",
        f"{queries(len(group))} {'looks' if len(group) == 1 else 'look'} for {code(predicate.table)} by {_shown(predicate)}, "
        "which an index on the column cannot find.",
        table=predicate.table,
        column=predicate.column,
        expected="the bare column on one side",
        found=_shown(predicate),
        locations=some(place for one, _ in group for place in one.shape.sites),
        recommendation=f"{rewrite(predicate, driver).advice}.{because(growth)}",
        effort="M",
        key=f"{predicate.function} {predicate.path}".strip(),
    )


def _shown(predicate: Predicate) -> str:
    from trueup.indexes.grading import shown

    if predicate.function == CAST:
        return f"{predicate.column} {predicate.operator} a number, though the column holds text"
    return shown(predicate)
