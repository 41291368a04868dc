"""MOD008: `$hidden`, `$visible`, `$guarded` or the PHPDoc name what the model does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, doubt, is_virtual, lines_of, named, once, stored_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute
from trueup.model.findings import Finding, Verdict

_MIGRATION = table("$table->string('token');")

EXAMPLES = (
    failing(
        "A secret is hidden under a name that it does not have",
        given(
            migration=_MIGRATION,
            files=model(
                "protected $hidden = ['secret'];", doc="@property string $token\n@property string $currency"
            ),
        ),
        Expected(
            "info",
            "`CostRecord` names `secret` and `currency` (in `$hidden` and the PHPDoc), which `cost_records` does not have.",
            table="cost_records",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "An accessor",
        given(
            migration=_MIGRATION,
            files=model("""
                protected $hidden = ['secret'];

                public function getSecretAttribute(): string
                {
                    return $this->token;
                }
            """),
        ),
    ),
)


@check(
    code="MOD008",
    title="A model names attributes that it does not have",
    severity="info",
    category="model",
    why="""What `$hidden` was meant to keep back is shown under its real name; what the PHPDoc promises to the editor and to static
        analysis is null.""",
    fix="Name what exists.",
    examples=EXAMPLES,
)
def named_missing(facts: Facts) -> Iterator[Verdict]:
    made = frozenset(alias.lower() for site in facts.queries.sites for alias in site.aliases)
    found = [(s, _missing(s, made)) for s in stored_models(facts)]
    for stored, names in once(found):
        yield doubt("MOD008", facts, stored) or _finding(stored, names)


def _lists(stored: Stored) -> tuple[tuple[str, tuple[Attribute, ...]], ...]:
    model_ = stored.model
    return (
        ("`$hidden`", model_.hidden),
        ("`$visible`", model_.visible),
        ("`$guarded`", model_.guarded or ()),
        ("the PHPDoc", model_.properties),
    )


def _missing(stored: Stored, made: frozenset[str]) -> tuple[Attribute, ...]:
    return tuple(a for _, names in _lists(stored) for a in names if not _is_known(stored, a.name, made))


def _is_known(stored: Stored, name: str, made: frozenset[str]) -> bool:
    """Relations are hidden and documented under their names in either spelling; counts and the like come of queries."""
    plain = name.lower().replace("_", "")
    model_ = stored.model
    relations = {r.method.lower().replace("_", "") for r in model_.relations}
    accessors = {
        a.name.lower().replace("_", "") for a in (*model_.accessors, *model_.mutators, *model_.appends)
    }
    computed = (
        any(name.lower().endswith(e) for e in ("_count", "_exists")) or "_sum_" in name or "_max_" in name
    )
    return (
        name == "*"
        or name in {"pivot", "exists"}
        or stored.has(name)
        or computed
        or is_virtual(model_, name)
        or (plain in relations | accessors or name.lower() in made)
    )


def _finding(stored: Stored, names: tuple[Attribute, ...]) -> Finding:
    model_, table_ = stored.model, stored.table
    where = [label for label, listed in _lists(stored) if set(listed) & set(names)]
    return Finding(
        "MOD008",
        "info",
        "model",
        f"{code(model_.short)} names {named(names)} (in {' and '.join(where)}), which {code(table_.name)} does not have.",
        table=table_.name,
        model=model_.name,
        expected=f"columns of {table_.name}, accessors or relations",
        found=", ".join(dict.fromkeys(a.name for a in names)),
        locations=(*lines_of(names), table_.at),
        recommendation=f"Take {named(names)} out, or use the name that is meant.",
    )
