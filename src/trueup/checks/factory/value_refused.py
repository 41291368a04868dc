"""FAC002: a factory writes values that the column does not take."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.factory._made import Made, factories, factory
from trueup.checks.model._examples import table
from trueup.checks.model._stored import allowed_values, shown
from trueup.checks.registry import check
from trueup.checks.wording import code, listed
from trueup.compare.domains import Text, domain_of
from trueup.model.audit import Facts
from trueup.model.eloquent import FactoryValue
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Driver
from trueup.model.schema import Column

_MIGRATION = table("$table->enum('period', ['daily', 'monthly']);\n$table->char('currency', 3);")


def _expected(text: str, column: str) -> Expected:
    return Expected("warning", text, table="cost_records", column=column, model="App\\Models\\CostRecord")


EXAMPLES = (
    failing(
        "A value that is not in the list",
        given(
            migration=_MIGRATION,
            files=factory("'period' => fake()->randomElement(['daily', 'weekly']),\n'currency' => 'USD',"),
        ),
        _expected(
            "`CostRecordFactory` writes `weekly` into `cost_records.period`, which is not in its list.",
            "period",
        ),
    ),
    failing(
        "A value that is too long",
        given(migration=_MIGRATION, files=factory("'period' => 'daily',\n'currency' => 'EURO',")),
        _expected(
            "`CostRecordFactory` writes `EURO` into `cost_records.currency`, which is longer than char(3).",
            "currency",
        ),
    ),
    failing(
        "NULL where there must be a value",
        given(migration=_MIGRATION, files=factory("'period' => 'daily',\n'currency' => null,")),
        _expected(
            "`CostRecordFactory` writes NULL into `cost_records.currency`, which is NOT NULL.", "currency"
        ),
    ),
    clean(
        "All fit", given(migration=_MIGRATION, files=factory("'period' => 'daily',\n'currency' => 'USD',"))
    ),
)


@check(
    code="FAC002",
    title="A factory writes a value that the column does not take",
    severity="warning",
    category="factory",
    why="""The INSERT is refused, always or by chance (`randomElement`), which makes tests fail now and then. SQLite knows no
        lengths, so that a suite there does not notice.""",
    fix="Write values that the column takes.",
    examples=EXAMPLES,
)
def value_refused(facts: Facts) -> Iterator[Verdict]:
    for made in factories(facts):
        for value in made.factory.values:
            column = made.stored.table.column(value.column)
            if (
                column is None
                or value.model
                or {"type", "nullable"} & set(column.unknown)
                or _is_turned(made, value.column)
            ):
                continue
            wrong = _wrong(made, value, column, facts.schema.driver)
            if wrong:
                yield _finding(made, value, column, *wrong)


def _is_turned(made: Made, name: str) -> bool:
    """A mutator or a cast of a class turns the value into another; hooks may fill an empty one."""
    model = made.stored.model
    hooked = any(name in h.writes or not h.writes for h in model.hooks if h.event in {"creating", "saving"})
    cast = next((c.cast for c in model.casts if c.attribute == name), "")
    turned = "\\" in cast or cast.startswith(("encrypted", "hashed", "array", "json", "object", "collection"))
    return hooked or turned or any(m.name == name for m in model.mutators) or bool(model.outside)


def _wrong(made: Made, value: FactoryValue, column: Column, driver: Driver) -> tuple[str, str] | None:
    """What is written and why it is refused."""
    texts = [v for v in value.values if v is not None]
    allowed = {a.lower() for a in allowed_values(made.stored.table, column)}
    outside = [t for t in texts if allowed and t.lower() not in allowed]
    if outside:
        return listed(outside), "which is not in its list"
    domain = domain_of(column.type, driver)
    if isinstance(domain, Text) and domain.length is not None and driver != "sqlite":
        long = [t for t in texts if len(t) > (domain.length or 0)]
        if long:
            return listed(long), f"which is longer than {column.type}"
    fixed = not (column.nullable or column.counts or column.generated)
    if None in value.values and fixed and not _is_placeholder(made, column):
        return "NULL", "which is NOT NULL"
    return None


def _is_placeholder(made: Made, column: Column) -> bool:
    """NULL stands for what a state, `for()` or the caller will fill in: customary for keys of other rows."""
    name = column.name.lower()
    in_states = name in {a.name.lower() for a in made.factory.state_columns}
    key = name.endswith("_id") or any(
        name in {c.lower() for c in k.columns} for k in made.stored.table.foreign_keys
    )
    return in_states or key


def _finding(made: Made, value: FactoryValue, column: Column, written: str, why: str) -> Finding:
    return Finding(
        "FAC002",
        "warning",
        "factory",
        f"{code(made.name)} writes {written} into {shown(made.stored.table, column)}, {why}.",
        table=made.stored.table.name,
        column=column.name,
        model=made.stored.model.name,
        expected=", ".join(allowed_values(made.stored.table, column)) or column.type,
        found=written,
        locations=(value.at, column.at),
        recommendation="Write a value that fits, or change the column.",
        key=written,
    )
