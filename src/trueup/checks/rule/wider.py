"""RUL002: a rule lets through what the column can't hold."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, fields, request
from trueup.checks.wording import code, shown_type
from trueup.compare.domains import Domain, Exact, Integer, Text, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table(
    "$table->string('slug', 60)->unique();\n$table->unsignedTinyInteger('percent');\n$table->decimal('price', 5, 2);",
    name="projects",
)


def _expected(text: str, column: str) -> Expected:
    return Expected("warning", text, table="projects", column=column)


EXAMPLES = (
    failing(
        "Texts, whole numbers and decimals",
        given(
            migration=_MIGRATION,
            files=request("""
                'slug' => 'required|string|max:100|unique:projects,slug',
                'percent' => 'required|integer|between:0,1000',
                'price' => ['required', 'numeric', 'max:5000'],
            """),
        ),
        _expected(
            "The rules of `slug` let through 100 characters, but `projects.slug` is varchar(60).", "slug"
        ),
        _expected(
            "The rules of `percent` let through 1000, but `projects.percent` is tinyint unsigned.", "percent"
        ),
        _expected("The rules of `price` let through 5000, but `projects.price` is decimal(5,2).", "price"),
    ),
    clean(
        "What is let through fits",
        given(
            migration=_MIGRATION,
            files=request("""
                'slug' => 'required|string|max:60|unique:projects,slug',
                'percent' => 'required|integer|between:0,100',
                'price' => ['required', 'numeric', 'max:999'],
            """),
        ),
    ),
)
_OTHER_SIZES = ("array", "file", "image", "mimes", "mimetypes")
"""Rules with which `max` counts elements or kilobytes."""
_NUMBERS = ("integer", "numeric", "decimal")


@check(
    code="RUL002",
    title="A rule lets through more than the column holds",
    severity="warning",
    category="column",
    why="""The user's input passes and the INSERT is refused: a server error instead of a message; outside strict mode it is cut, or
        set to the highest value that fits.""",
    fix="Lower the rule's limit to the column's, or widen the column.",
    examples=EXAMPLES,
)
def rule_wider(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver == "sqlite":
        return
    seen: set[tuple[str, str, str]] = set()
    for field in fields(facts):
        most = _most(field)
        if most is None or field.has(*_OTHER_SIZES):
            continue
        let = _too_much(field, most, domain_of(field.column.type, facts.schema.driver))
        if let and (field.table.name, field.column.name, let) not in seen:
            seen.add((field.table.name, field.column.name, let))
            yield _finding(field, let)


def _most(field: Field) -> float | None:
    """The upper limit that the rules set."""
    for name, place in (("max", 0), ("between", 1), ("size", 0), ("digits", -1), ("digits_between", -1)):
        values = field.values(name)
        if values and place >= 0 and len(values) > place:
            try:
                return float(values[place])
            except ValueError:
                return None
    return None


def _too_much(field: Field, most: float, domain: Domain) -> str:
    """What is let through and does not fit, in words; "" where all fits. `max` counts characters unless a rule says number."""
    number = field.has(*_NUMBERS)
    match domain:
        case Text(length=length) if length is not None and not number:
            return f"{most:.0f} characters" if most > length else ""
        case Integer() if number:
            return f"{most:g}" if most > domain.high else ""
        case Exact(digits=digits, scale=scale) if number and digits is not None:
            return f"{most:g}" if most >= 10 ** (digits - (scale or 0)) else ""
    return ""


def _finding(field: Field, let: str) -> Finding:
    column = f"{field.table.name}.{field.column.name}"
    return Finding(
        "RUL002",
        "warning",
        "column",
        f"The rules of {code(field.written.column)} let through {let}, but {code(column)} is {shown_type(field.column.type)}.",
        table=field.table.name,
        column=field.column.name,
        expected=f"at most what {shown_type(field.column.type)} holds",
        found="|".join(field.written.rules),
        locations=(field.written.at, field.column.at),
        recommendation="Lower the limit of the rule, or widen the column in a migration.",
        key=let,
    )
