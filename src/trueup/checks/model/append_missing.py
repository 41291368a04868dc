"""MOD009: `$appends` names an attribute that nothing computes."""

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

EXAMPLES = (
    failing(
        "The accessor is gone",
        given(migration=table(), files=model("protected $appends = ['total'];")),
        Expected(
            "error",
            "`$appends` of `CostRecord` names `total`, for which there is no accessor.",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean(
        "An accessor of either style",
        given(
            migration=table(),
            files=model(
                """
                protected $appends = ['total', 'rest'];

                public function getTotalAttribute(): int
                {
                    return 1;
                }

                protected function rest(): Attribute
                {
                    return Attribute::get(fn () => 2);
                }
                """,
                uses=("Illuminate\\Database\\Eloquent\\Casts\\Attribute",),
            ),
        ),
    ),
)


@check(
    code="MOD009",
    title="`$appends` without an accessor",
    severity="error",
    category="model",
    why="`toArray()` and `toJson()` ask for every appended attribute: without accessor they raise BadMethodCallException.",
    fix="Write the accessor, or take the name out of `$appends`.",
    examples=EXAMPLES,
)
def append_missing(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[Location, str]] = set()
    for model_ in own_models(facts):
        names = tuple(a for a in _missing(model_) if (a.at, a.name) not in seen)
        seen.update((a.at, a.name) for a in names)
        if names and (model_.outside or "accessors" in model_.unknown):
            reason = f"{', '.join(model_.outside) or 'code that was not read'} may have the accessor"
            yield CannotTell("MOD009", model_.name, reason, names[0].at)
        elif names:
            yield _finding(model_, names)


def _missing(model_: Model) -> tuple[Attribute, ...]:
    known = {_plain(a.name) for a in model_.accessors} | {_plain(c.attribute) for c in model_.casts}
    return tuple(a for a in model_.appends if _plain(a.name) not in known)


def _plain(name: str) -> str:
    """Accessors are found by the studly form of a name, so that underscores and capitals make no difference."""
    return name.replace("_", "").replace("-", "").lower()


def _finding(model_: Model, names: tuple[Attribute, ...]) -> Finding:
    return Finding(
        "MOD009",
        "error",
        "model",
        f"`$appends` of {code(model_.short)} names {named(names)}, for which there is no accessor.",
        model=model_.name,
        expected="an accessor",
        found=", ".join(a.name for a in names),
        locations=lines_of(names),
        recommendation=f"Write the accessor, or take {named(names)} out of `$appends`.",
    )
