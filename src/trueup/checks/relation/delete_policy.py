"""REL008: what the model does when it is deleted, and what the database does, do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.model._stored import Stored, stored_models
from trueup.checks.registry import check
from trueup.checks.relation._examples import HAS_MANY
from trueup.checks.wording import code, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import ForeignKey, Table

_SOFT = ("Illuminate\\Database\\Eloquent\\SoftDeletes",)
_USERS = table("$table->softDeletes();", name="users")
_RECORDS = table("$table->foreignId('user_id')->constrained()%s;")
_HOOK = """
    protected static function booted(): void
    {
        static::%s(function (User $user) {
            $user->costRecords()->delete();
        });
    }
"""


def _user(body: str) -> dict[str, str]:
    return {**model(), **model(body, name="User")}


EXAMPLES = (
    failing(
        "A soft delete does not cascade",
        given(
            migration=_USERS + _RECORDS % "->cascadeOnDelete()",
            files={**model(), **model("use SoftDeletes;" + HAS_MANY, name="User", uses=_SOFT)},
        ),
        Expected(
            "info",
            "Rows of `cost_records` go when their `users` row goes, but `User` soft-deletes: they stay.",
            table="users",
            model="App\\Models\\User",
        ),
    ),
    failing(
        "The children are deleted after the parent, which the key forbids",
        given(
            migration=table(name="users") + _RECORDS % "->restrictOnDelete()",
            files=_user(HAS_MANY + _HOOK % "deleted"),
        ),
        Expected(
            "warning",
            "`User` deletes its `cost_records` only after itself, but the foreign key refuses that (on delete restrict).",
            table="cost_records",
            model="App\\Models\\User",
        ),
    ),
    clean(
        "Before the parent",
        given(
            migration=table(name="users") + _RECORDS % "->restrictOnDelete()",
            files=_user(HAS_MANY + _HOOK % "deleting"),
        ),
    ),
    clean(
        "A row that is deleted for good takes the others along",
        given(migration=table(name="users") + _RECORDS % "->cascadeOnDelete()", files=_user(HAS_MANY)),
    ),
)


@check(
    code="REL008",
    title="Deleting in the model and in the database do not go together",
    severity="warning",
    category="model",
    why="""ON DELETE works on rows that really go; SoftDeletes only marks them, so that children of a deleted row live on. A hook
        that runs after the row is gone comes too late for a key that restricts.""",
    fix="""Delete the children in a `deleting` hook (softly, if they have the column), or let the database do all of it.""",
    examples=EXAMPLES,
)
def delete_policy(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[str, str]] = set()
    for stored in stored_models(facts):
        keys = [(c, k) for c, k in _keys_to(facts, stored.table) if (stored.table.name, c.name) not in seen]
        left = [(child, key) for child, key in keys if _is_left_behind(facts, stored, child, key)]
        late = [f for child, key in keys if (f := _late_hook(stored, child, key)) is not None]
        seen.update((stored.table.name, f.table) for f in late)
        seen.update((stored.table.name, child.name) for child, _ in left)
        yield from late
        if left:
            yield _soft_cascade(stored, left)


def _keys_to(facts: Facts, table_: Table) -> Iterator[tuple[Table, ForeignKey]]:
    return ((child, key) for child, key in facts.schema.keys_to(table_.name) if child.name != table_.name)


def _is_left_behind(facts: Facts, stored: Stored, child: Table, key: ForeignKey) -> bool:
    """Only where the child has a model of its own: rows of a pivot are seen through their parent alone. Where a hook deletes
    something, it may be these."""
    model_ = stored.model
    hooked = any(h.event in {"deleting", "deleted", "trashed"} for h in model_.hooks) or bool(
        model_.observers
    )
    if not model_.soft_deletes or key.on_delete != "cascade" or hooked or model_.outside:
        return False
    return bool(facts.eloquent.models_of(child.name))


def _soft_cascade(stored: Stored, left: list[tuple[Table, ForeignKey]]) -> Finding:
    model_, names = stored.model, sorted({child.name for child, _ in left})
    return Finding(
        "REL008",
        "info",
        "model",
        f"Rows of {listed(names)} go when their {code(stored.table.name)} row goes, but {code(model_.short)} soft-deletes: "
        "they stay.",
        table=stored.table.name,
        model=model_.name,
        expected="a hook that deletes them too, or queries that mind it",
        found="on delete cascade, and SoftDeletes",
        locations=places(*(key.at for _, key in left), model_.at),
        recommendation="Soft-delete them in a `deleting` hook, or leave them by intent and say so.",
        key="soft",
    )


def _late_hook(stored: Stored, child: Table, key: ForeignKey) -> Finding | None:
    model_ = stored.model
    if key.on_delete not in {"restrict", "no action"} or model_.soft_deletes:
        return None
    methods = {
        r.method.lower()
        for r in model_.relations
        if r.foreign_key and [r.foreign_key.lower()] == [c.lower() for c in key.columns]
    }
    late = [h for h in model_.hooks if h.event == "deleted" and any(_deletes(c, methods) for c in h.calls)]
    early = any(h.event == "deleting" for h in model_.hooks)
    if not late or early:
        return None
    return Finding(
        "REL008",
        "warning",
        "model",
        f"{code(model_.short)} deletes its {code(child.name)} only after itself, but the foreign key refuses that "
        f"(on delete {key.on_delete}).",
        table=child.name,
        model=model_.name,
        expected="a `deleting` hook, or on delete cascade",
        found="a `deleted` hook",
        locations=places(late[0].at, key.at),
        recommendation=f"Delete {listed([child.name])} in a `deleting` hook.",
        key="late",
    )


def _deletes(call: str, methods: set[str]) -> bool:
    relation, _, what = call.partition("->")
    return relation.lower().rstrip("()") in methods and what.lower().startswith(("delete", "forcedelete"))
