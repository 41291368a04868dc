"""MOD010: `$with` or `$touches` names a relation that the model does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import lines_of, named, own_models
from trueup.checks.registry import check
from trueup.checks.wording import code
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute, Model
from trueup.model.findings import CannotTell, Finding, Verdict
from trueup.model.locations import Location

_RELATION = """
    protected $with = ['user', 'user.team:id,name'];

    public function user()
    {
        return $this->belongsTo(User::class);
    }
"""

EXAMPLES = (
    failing(
        "The relation was renamed",
        given(migration=table(), files=model(_RELATION.replace("function user()", "function owner()"))),
        Expected(
            "error",
            "`$with` or `$touches` of `CostRecord` names `user`, which is no relation of it.",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "It exists; what follows the point is the other model's",
        given(migration=table(), files=model(_RELATION)),
    ),
)


@check(
    code="MOD010",
    title="`$with` or `$touches` names no relation",
    severity="error",
    category="model",
    why="`$with` is loaded with every query: RelationNotFoundException each time. `$touches` is followed by every save.",
    fix="Name a relation that exists.",
    examples=EXAMPLES,
)
def eager_missing(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[Location, str]] = set()
    for model_ in own_models(facts):
        names = tuple(a for a in _missing(model_) if (a.at, a.name) not in seen)
        seen.update((a.at, a.name) for a in names)
        if names and (model_.outside or "relations" in model_.unknown):
            reason = f"{', '.join(model_.outside) or 'code that was not read'} may have the relation"
            yield CannotTell("MOD010", model_.name, reason, names[0].at)
        elif names:
            yield _finding(model_, names)


def _missing(model_: Model) -> tuple[Attribute, ...]:
    known = {r.method.lower() for r in model_.relations}
    heads = [
        Attribute(a.name.split(".")[0].split(":")[0].split(" ")[0], a.at)
        for a in (*model_.eager, *model_.touches)
    ]
    return tuple(dict.fromkeys(a for a in heads if a.name and a.name.lower() not in known))


def _finding(model_: Model, names: tuple[Attribute, ...]) -> Finding:
    return Finding(
        "MOD010",
        "error",
        "model",
        f"`$with` or `$touches` of {code(model_.short)} names {named(names)}, which is no relation of it.",
        model=model_.name,
        expected="relations of the model",
        found=", ".join(a.name for a in names),
        locations=(*lines_of(names), model_.at),
        recommendation=f"Write the relation, or take {named(names)} out.",
    )
