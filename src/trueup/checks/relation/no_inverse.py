"""REL007: a model has many of another that does not say to whom it belongs."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.relation._examples import BELONGS_TO, HAS_MANY, pair, tables
from trueup.checks.relation._links import Told, relations
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.findings import Finding, Verdict

_MIGRATION = tables("$table->foreignId('user_id')->constrained();")

EXAMPLES = (
    failing(
        "No way back",
        given(migration=_MIGRATION, files=pair(user=HAS_MANY)),
        Expected(
            "info",
            "`CostRecord` has no relation back to `User`, which has `costRecords`.",
            model="App\\Models\\CostRecord",
        ),
    ),
    clean("Both ways", given(migration=_MIGRATION, files=pair(BELONGS_TO, HAS_MANY))),
)


@check(
    code="REL007",
    title="A relation without its inverse",
    severity="info",
    category="model",
    why="""Code that has the child finds the parent by hand, and `hasMany` can't set the parent on its children, so that each asks
        for it again.""",
    fix="Add the `belongsTo` relation.",
    examples=EXAMPLES,
)
def no_inverse(facts: Facts) -> Iterator[Verdict]:
    found: dict[str, list[Told]] = {}
    for told in relations(facts):
        related = told.related
        own_key = related is not None and told.relation.foreign_key == related.primary_key
        if told.relation.kind not in {"hasOne", "hasMany"} or related is None or related.outside or own_key:
            continue
        if not _goes_back(facts, related, told):
            found.setdefault(related.name, []).append(told)
    for name in sorted(found):
        yield _finding(name, found[name])


def _goes_back(facts: Facts, related: Model, told: Told) -> bool:
    """A belongsTo by the same key, or to the same table."""
    for back in related.relations:
        if back.kind == "belongsTo" and back.foreign_key in {told.relation.foreign_key, None}:
            return True
        parent = facts.eloquent.model(back.related) if back.related else None
        if back.kind == "belongsTo" and parent is not None and parent.table == told.table.name:
            return True
    return False


def _finding(name: str, several: list[Told]) -> Finding:
    owners = list(dict.fromkeys(t.model.short for t in several))
    methods = list(dict.fromkeys(t.relation.method for t in several))
    related = several[0].related
    verb = "has" if len(owners) == 1 else "have"
    return Finding(
        "REL007",
        "info",
        "model",
        f"{code(name.rsplit(chr(92), 1)[-1])} has no relation back to {listed(owners)}, which {verb} {listed(methods)}.",
        model=name,
        expected=f"belongsTo {', '.join(owners)}",
        found="no such relation",
        locations=places(related.at if related else None, *(t.relation.at for t in several)),
        recommendation=f"Add a `belongsTo` relation to {listed(owners)}.",
    )
