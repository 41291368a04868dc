"""RUL005: a unique index that no `unique` rule knows of."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import table
from trueup.checks.model._stored import bare
from trueup.checks.registry import check
from trueup.checks.rule._fields import fields, request
from trueup.checks.rule.unique_without_index import unique_rules
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location
from trueup.model.schema import Index, Table

_MIGRATION = table(
    "$table->string('slug', 60)->unique();\n$table->string('code', 20)->unique();", name="projects"
)
_RULES = "'slug' => 'required|max:60|unique:projects,slug',\n'code' => 'required|max:20%s',"

EXAMPLES = (
    failing(
        "A code that is taken",
        given(migration=_MIGRATION, files=request(_RULES % "")),
        Expected(
            "info",
            "`projects` refuses the same `code` twice, but no rule asks for it to be unique.",
            table="projects",
            index="projects_code_unique",
        ),
    ),
    clean(
        "The rule's column is the field's name",
        given(
            migration=_MIGRATION,
            files=request(
                _RULES.replace(
                    "'required|max:20%s'",
                    "['required', 'max:20', \\Illuminate\\Validation\\Rule::unique('projects')]",
                )
            ),
        ),
    ),
    clean("The rule too", given(migration=_MIGRATION, files=request(_RULES % "|unique:projects,code"))),
)


@check(
    code="RUL005",
    title="A unique index without a unique rule",
    severity="info",
    category="column",
    why="A value that is taken passes the form and is refused by the server: an error page instead of a message.",
    fix="Add a `unique` rule, or catch the refusal where the row is written.",
    examples=EXAMPLES,
    off=True,
)
def index_without_rule(facts: Facts) -> Iterator[Verdict]:
    """Only of columns that a form sends: what the code makes up itself needs no rule. A rule over fewer columns covers."""
    ruled: dict[str, set[str]] = {}
    for site in unique_rules(facts):
        ruled.setdefault(bare(site.table), set()).update(u.column.lower() for u in site.columns)
    sent: dict[str, dict[str, Location]] = {}
    for field in fields(facts):
        sent.setdefault(field.table.name, {}).setdefault(field.column.name.lower(), field.written.at)
    for name in sorted(sent):
        table_ = facts.schema.table(name)
        for index in table_.indexes if table_ is not None else ():
            columns = {c.lower() for c in index.columns}
            plain = index.unique and not index.primary and not index.expressions and not index.where
            if (
                table_
                and plain
                and columns
                and columns <= sent[name].keys()
                and not columns & ruled.get(name, set())
            ):
                yield _finding(table_, index, [sent[name][c] for c in sorted(columns)])


def _finding(table_: Table, index: Index, at: list[Location]) -> Finding:
    return Finding(
        "RUL005",
        "info",
        "column",
        f"{code(table_.name)} refuses the same {listed(index.columns)} twice, but no rule asks for it to be unique.",
        table=table_.name,
        index=index.name,
        expected="a unique rule",
        found=f"UNIQUE {index.name} ({', '.join(index.columns)})",
        locations=places(*at, index.at),
        recommendation=f"Add `unique:{table_.name},{index.columns[0]}` to the rules.",
    )
