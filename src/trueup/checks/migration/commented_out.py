"""MIG012: a constraint that stands in a comment and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts, MigrationFile
from trueup.model.findings import Finding, Verdict
from trueup.model.migrations import CommentedOut

_TABLE = """
    Schema::create('orders', function (Blueprint $table) {{
        $table->id();
        $table->unsignedBigInteger('user_id');
        {}$table->foreign('user_id')->references('id')->on('users')->onDelete('cascade');
    }});
"""
_USERS = "Schema::create('users', fn (Blueprint $table) => $table->id());"

EXAMPLES = (
    failing(
        "Somebody switched the key off",
        given(
            migrations={"2024_01_01_000000_users": _USERS, "2024_01_02_000000_orders": _TABLE.format("// ")}
        ),
        Expected(
            "info", "A foreign key of `orders` (user_id) is commented out.", table="orders", column="user_id"
        ),
    ),
    clean(
        "The key is there",
        given(migrations={"2024_01_01_000000_users": _USERS, "2024_01_02_000000_orders": _TABLE.format("")}),
    ),
)
_NAMED = {"foreign key": "A foreign key", "unique": "A unique index", "index": "An index"}


@check(
    code="MIG012",
    title="A constraint is commented out",
    severity="info",
    category="migration",
    why="""Readers take it for a constraint, or for something that is to come back; the server knows nothing of it. Where the same
        constraint exists after all, nothing is said.""",
    fix="Make the constraint, or delete the comment.",
    examples=EXAMPLES,
)
def commented_out(facts: Facts) -> Iterator[Verdict]:
    for migration in facts.migrations:
        for one in migration.commented:
            if one.kind in _NAMED and not _exists(facts, one):
                yield _finding(migration, one)


def _columns(one: CommentedOut) -> tuple[str, ...]:
    """The columns of `foreign('a')`, `index(['a', 'b'])` or `foreignId('a')->constrained()`."""
    match = re.search(r"(?:foreign\w{0,60}+|unique|index)\(\s*+(\[[^\]]*\]|'[^']*'|\"[^\"]*\")", one.text)
    return tuple(c.lower() for c in re.findall(r"['\"]([^'\"]+)['\"]", match.group(1))) if match else ()


def _exists(facts: Facts, one: CommentedOut) -> bool:
    table = facts.schema.table(one.table) if one.table else None
    columns = _columns(one)
    if table is None or not columns:
        return False
    if one.kind == "foreign key":
        return any(tuple(c.lower() for c in k.columns) == columns for k in table.foreign_keys)
    found = [i for i in table.indexes if tuple(c.lower() for c in i.columns[: len(columns)]) == columns]
    return any(i.unique or one.kind == "index" for i in found)


def _finding(migration: MigrationFile, one: CommentedOut) -> Finding:
    columns = f" ({', '.join(_columns(one))})" if _columns(one) else ""
    of = f" of {code(one.table)}{columns}" if one.table else ""
    return Finding(
        "MIG012",
        "info",
        "migration",
        f"{_NAMED[one.kind]}{of} is commented out.",
        table=one.table,
        column=", ".join(_columns(one)) if one.kind == "foreign key" else "",
        index=", ".join(_columns(one)) if one.kind != "foreign key" else "",
        expected="a constraint, or no comment",
        found=one.text,
        locations=places(one.at),
        recommendation="Make it in a new migration, or delete the comment.",
        effort="S",
        key=f"{migration.name}\x1f{one.kind}\x1f{'' if one.table else one.text}",
    )
