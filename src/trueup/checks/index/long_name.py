"""IDX002: names that MySQL refuses and PostgreSQL cuts off."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.locations import Location

_LIMIT = 64
_COLUMNS = "['provider_of_the_model', 'name_of_the_model', 'version_of_the_model']"
_TABLE = """
    Schema::create('usage_entries', function (Blueprint $table) {{
        $table->id();
        $table->string('provider_of_the_model', 50);
        $table->string('name_of_the_model', 50);
        $table->string('version_of_the_model', 50);
        $table->index({});
    }});
"""
_NAME = "usage_entries_provider_of_the_model_name_of_the_model_version_of_the_model_index"

EXAMPLES = (
    failing(
        "A name that Laravel makes up, in a project on SQLite",
        given(migration=_TABLE.format(_COLUMNS), driver="sqlite"),
        Expected(
            "warning",
            f"The name of `{_NAME}` has 80 characters, more than MySQL and MariaDB accept.",
            table="usage_entries",
            index=_NAME,
        ),
    ),
    clean(
        "A short name of one's own",
        given(migration=_TABLE.format(_COLUMNS + ", 'usage_by_model'"), driver="sqlite"),
    ),
)


@check(
    code="IDX002",
    title="A name is too long for other servers",
    severity="warning",
    category="index",
    why="""MySQL and MariaDB stop the migration at more than 64 characters; PostgreSQL cuts the name at 63 bytes in silence, so that
        a later `dropIndex()` or a second long name meets another one. SQLite, and a test suite on it, never notice.""",
    fix="Give the index a name of its own: `$table->index([...], 'short_name')`.",
    examples=EXAMPLES,
)
def long_name(facts: Facts) -> Iterator[Verdict]:
    for table in facts.schema.tables:
        named = [(i.name, i.at) for i in table.indexes if not i.implied]
        named += [(k.name, k.at) for k in table.foreign_keys if k.name]
        for name, at in named:
            if len(name) > _LIMIT:
                yield _finding(table.name, name, at)


def _finding(table: str, name: str, at: Location) -> Finding:
    return Finding(
        "IDX002",
        "warning",
        "index",
        f"The name of {code(name)} has {len(name)} characters, more than MySQL and MariaDB accept.",
        table=table,
        index=name,
        expected=f"at most {_LIMIT} characters",
        found=f"{len(name)} characters",
        locations=places(at),
        recommendation="Give it a short name of its own as the last argument.",
        effort="S",
    )
