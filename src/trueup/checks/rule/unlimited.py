"""RUL008: a text without an upper limit for a column that has one."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.registry import check
from trueup.checks.rule._fields import Field, by_table, fields, names_of, places_of, request
from trueup.checks.wording import code, shown_type
from trueup.compare.domains import Text, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('slug', 60)->unique();\n$table->string('note', 120);", name="projects")
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'note' => 'required|string%s',"

EXAMPLES = (
    failing(
        "As long as one likes",
        given(migration=_MIGRATION, files=request(_RULES % "")),
        Expected(
            "info",
            "Rules set no limit to the length of `note` of `projects`, the column does.",
            table="projects",
        ),
    ),
    clean("A limit", given(migration=_MIGRATION, files=request(_RULES % "|max:120"))),
    clean(
        "A password is kept as a hash, of another length",
        given(
            migration=table(
                "$table->string('slug', 60)->unique();\n$table->string('password', 120);", name="projects"
            ),
            files=request(
                "'slug' => 'required|max:60|unique:projects,slug',\n'password' => 'required|string',"
            ),
        ),
    ),
    clean("One of a list", given(migration=_MIGRATION, files=request(_RULES % "|in:a,b"))),
)
_LIMITING = (
    *(
        "max",
        "size",
        "between",
        "in",
        "digits",
        "digits_between",
        "date",
        "date_format",
        "uuid",
        "ulid",
        "boolean",
        "integer",
    ),
    *(
        "numeric",
        "decimal",
        "ip",
        "ipv4",
        "ipv6",
        "mac_address",
        "exists",
        "timezone",
        "hex_color",
        "email",
        "regex",
        "array",
    ),
    *(
        "file",
        "image",
        "mimes",
        "mimetypes",
        "accepted",
        "current_password",
        "lte",
        "lt",
        "enum",
        "password",
        "same",
    ),
)
"""Rules that limit the length, or that are about something else."""


@check(
    code="RUL008",
    title="A text without a limit for a column that has one",
    severity="info",
    category="column",
    why="""A text that is too long passes and is refused by the server, which the user sees as an error; outside strict mode it is
        cut.""",
    fix="Add `max:` with the column's length.",
    examples=EXAMPLES,
    off=True,
)
def unlimited(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver == "sqlite":
        return
    for table_, several in by_table(f for f in fields(facts) if _is_unlimited(facts, f)):
        yield Finding(
            "RUL008",
            "info",
            "column",
            f"Rules set no limit to the length of {names_of(several)} of {code(table_.name)}, "
            f"the {'columns do' if len(several) > 1 else 'column does'}.",
            table=table_.name,
            expected="`max:` with the column's length",
            found=", ".join(sorted({shown_type(f.column.type) for f in several})),
            locations=places_of(several),
            recommendation="Add `max:` to the rules.",
        )


def _is_unlimited(facts: Facts, field: Field) -> bool:
    """A password is hashed or encrypted before it is stored."""
    if field.column.name.lower().endswith("password"):
        return False
    domain = domain_of(field.column.type, facts.schema.driver)
    limited = isinstance(domain, Text) and domain.length is not None
    return limited and field.written.whole and not field.has(*_LIMITING)
