"""REL009: rows are deleted that a foreign key refuses to let go."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model, table
from trueup.checks.query._uses import bare, by_place, sites
from trueup.checks.registry import check
from trueup.checks.wording import code, counted, listed, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.queries import QuerySite
from trueup.model.schema import ForeignKey, Table

_TABLES = table(name="users") + table("$table->foreignId('user_id')->constrained()%s;")
_CODE = """
    <?php

    namespace App;

    use App\\Models\\CostRecord;
    use App\\Models\\User;

    class Accounts
    {
        public function record(User $user): void
        {
            CostRecord::create(['user_id' => $user->id]);
        }

        public function close(User $user): void
        {
            %s
            $user->delete();
        }
    }
"""


def _files(before: str = "") -> dict[str, str]:
    return {
        **model("protected $fillable = ['user_id'];"),
        **model(name="User"),
        "app/Accounts.php": _CODE % before,
    }


EXAMPLES = (
    failing(
        "A user with costs cannot be deleted",
        given(migration=_TABLES % "->restrictOnDelete()", files=_files()),
        Expected(
            "info",
            "Deleting rows of `users` fails as long as rows of `cost_records` refer to them.",
            table="users",
        ),
    ),
    clean(
        "Their rows go first",
        given(
            migration=_TABLES % "->restrictOnDelete()",
            files=_files("CostRecord::where('user_id', $user->id)->delete();"),
        ),
    ),
    clean(
        "The code looks first",
        given(
            migration=_TABLES % "->restrictOnDelete()",
            files=_files("if (CostRecord::where('user_id', $user->id)->exists()) { return; }"),
        ),
    ),
    clean("The database takes them along", given(migration=_TABLES % "->cascadeOnDelete()", files=_files())),
)
_LOOKS = frozenset({"select", "aggregate", "exists", "delete", "truncate", "update"})


@check(
    code="REL009",
    title="A foreign key refuses a deletion",
    severity="info",
    category="model",
    why="""A key with RESTRICT or NO ACTION lets no row go that others refer to: the statement fails for every row that was used.
        That may be what is wanted, but then the code must ask first or expect the refusal.""",
    fix="Delete or move the rows that refer to it first, ask whether there are any, or let the key cascade.",
    examples=EXAMPLES,
)
def restricted_delete(facts: Facts) -> Iterator[Verdict]:
    """Only where the same file never looks at the rows that refer: then nothing minds them. Hooks and observers may."""
    product = [s for s in sites(facts) if s.area in {"src", "route", "view"} and not s.inherited]
    seen: dict[str, set[str]] = {}
    for site in product:
        if site.kind in _LOOKS:
            seen.setdefault(site.at.file, set()).update(bare(t.name) for t in site.tables)
    filled = {bare(s.table) for s in product if s.kind in {"insert", "upsert"}}
    filled |= {m.table.lower() for m in facts.eloquent.models if m.table}
    by_table: dict[str, list[QuerySite]] = {}
    for site in product:
        by_table.setdefault(bare(site.table), []).append(site)
    for parent in facts.schema.tables:
        deletes = [s for s in by_table.get(parent.name.lower(), ()) if _goes(facts, s)]
        children = [(c, k) for c, k in _restricting(facts, parent) if c.name.lower() in filled]
        found = [
            (s, c, k)
            for s in deletes
            for c, k in children
            if c.name.lower() not in seen.get(s.at.file, set())
        ]
        if found:
            yield _finding(parent, found)


def _goes(facts: Facts, site: QuerySite) -> bool:
    """Whether the row really goes, and no hook of its model was there before."""
    if site.kind != "delete" or site.soft_deletes or site.ambiguous:
        return False
    models = facts.eloquent.models_of(site.table)
    return not any(
        m.outside or m.observers or m.soft_deletes or any(h.event == "deleting" for h in m.hooks)
        for m in models
    )


def _restricting(facts: Facts, parent: Table) -> Iterator[tuple[Table, ForeignKey]]:
    for child, key in facts.schema.keys_to(parent.name):
        if child.name != parent.name and key.on_delete.lower() in {"restrict", "no action"}:
            yield child, key


def _finding(parent: Table, found: list[tuple[QuerySite, Table, ForeignKey]]) -> Finding:
    names = sorted({c.name for _, c, _ in found})
    deletes = sorted({s.at for s, _, _ in found})
    return Finding(
        "REL009",
        "info",
        "model",
        f"Deleting rows of {code(parent.name)} fails as long as rows of {listed(names)} refer to them.",
        table=parent.name,
        expected="the rows that refer go first, or are asked for",
        found=f"{counted(len(deletes), 'place')} where rows are deleted, none of which looks at {listed(names)}",
        locations=places(*by_place(deletes), *by_place(k.at for _, _, k in found)),
        recommendation=f"Delete rows of {listed(names)} first, ask whether there are any, or let the key cascade.",
        effort="M",
    )
