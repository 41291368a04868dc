"""KEY012: keys of 32 bits and of 64 that refer to each other."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.model._examples import model
from trueup.checks.registry import check
from trueup.checks.relation._links import Link, links
from trueup.checks.wording import code, places, shown_type
from trueup.compare.domains import Integer, domain_of
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity
from trueup.model.schema import Column

_MODELS = {
    **model("public function user()\n{\n    return $this->belongsTo(User::class);\n}", name="Order"),
    **model(name="User"),
}
_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('orders', fn (Blueprint $table) => [$table->id(), $table->%s('user_id')]);
"""

EXAMPLES = (
    failing(
        "An INT that refers to a BIGINT",
        given(migration=_MIGRATION % "unsignedInteger", files=_MODELS),
        Expected(
            "warning",
            "`orders.user_id` (int unsigned) is narrower than `users.id` (bigint unsigned), to which it refers.",
            table="orders",
            column="user_id",
        ),
    ),
    clean(
        "hasOne() the wrong way round: the key of the users is what is referred to",
        given(
            migration="""
                Schema::create('users', fn (Blueprint $table) => $table->increments('id'));
                Schema::create('orders', fn (Blueprint $table) => [$table->id(), $table->unsignedBigInteger('user_id')]);
            """,
            files={
                **model(
                    "public function user()\n{\n    return $this->hasOne(User::class, 'id', 'user_id');\n}",
                    name="Order",
                ),
                **model(name="User"),
            },
        ),
    ),
    clean("The same", given(migration=_MIGRATION % "foreignId", files=_MODELS)),
)


@check(
    code="KEY012",
    title="A key is narrower than what it refers to",
    severity="warning",
    category="key",
    why="""The first id that does not fit is refused, or cut to the highest value outside strict mode; until then no foreign key can
        be made, since MySQL and MariaDB want the same size and sign.""",
    fix="Change the referring column to the type of the key: `$table->unsignedBigInteger('x_id')->change()`.",
    examples=EXAMPLES,
)
def narrow_key(facts: Facts) -> Iterator[Verdict]:
    seen: set[tuple[str, str]] = set()
    for link in links(facts):
        ends = link.ends
        key = (link.child.name, link.column.lower())
        if ends is None or key in seen or "type" in (*ends[0].unknown, *ends[1].unknown) or _has_key(link):
            continue
        if _is_turned_round(link):
            continue
        mine, its = (domain_of(c.type, facts.schema.driver) for c in ends)
        if isinstance(mine, Integer) and isinstance(its, Integer) and mine.bits != its.bits:
            seen.add(key)
            yield _finding(link, *ends, narrower=(mine.bits or 64) < (its.bits or 64))


def _is_turned_round(link: Link) -> bool:
    """`hasOne(Place::class, 'id', 'place_id')`: it is the key of the place that is referred to."""
    primary = link.child.primary_key
    is_key = primary is not None and [c.lower() for c in primary.columns] == [link.column.lower()]
    own = link.parent.primary_key
    key = link.ends[1].name.lower() if link.ends else ""
    return is_key and (own is None or [c.lower() for c in own.columns] != [key])


def _has_key(link: Link) -> bool:
    """A foreign key's types are judged by KEY010, and by the server."""
    return any(link.column.lower() in {c.lower() for c in k.columns} for k in link.child.foreign_keys)


def _finding(link: Link, column: Column, key: Column, *, narrower: bool) -> Finding:
    severity: Severity = "warning" if narrower else "info"
    mine, its = f"{link.child.name}.{column.name}", f"{link.parent.name}.{key.name}"
    return Finding(
        "KEY012",
        severity,
        "key",
        f"{code(mine)} ({shown_type(column.type)}) is {'narrower' if narrower else 'wider'} than {code(its)} "
        f"({shown_type(key.type)}), to which it refers.",
        table=link.child.name,
        column=column.name,
        expected=shown_type(key.type),
        found=shown_type(column.type),
        locations=places(column.at, key.at, link.told.relation.at),
        recommendation=f"Change {code(mine if narrower else its)} in a migration, so that both have one type.",
        effort="M",
        key=its,
    )
