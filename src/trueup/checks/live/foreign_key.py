"""LIV010: foreign keys that the live database has otherwise than the migrations build them."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, GivenLive, clean, failing, given
from trueup.checks.live._drift import FIRST, doubt, drifted, server
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.compare.diff import ForeignKeyAdded, ForeignKeyChanged, ForeignKeyRemoved
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import ForeignKey

_MIGRATION = """
    Schema::create('users', fn (Blueprint $table) => $table->id());
    Schema::create('posts', function (Blueprint $table) {
        $table->id();
        $table->foreignId('user_id')->constrained()->cascadeOnDelete();
    });
"""
_LIVE = """
    CREATE TABLE users (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY);
    CREATE TABLE posts (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL,
        KEY posts_user_id_foreign (user_id){key});
"""
_KEY = ", CONSTRAINT posts_user_id_foreign FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE {action}"

EXAMPLES = (
    failing(
        "The key is gone",
        given(migration=_MIGRATION, live=GivenLive(_LIVE.replace("{key}", ""), (FIRST,))),
        Expected(
            "warning",
            "The live table `posts` lacks the foreign key (user_id) → users (id), which migrations that have run there build.",
            table="posts",
            column="user_id",
        ),
    ),
    failing(
        "Another action on deletion",
        given(
            migration=_MIGRATION,
            live=GivenLive(_LIVE.replace("{key}", _KEY.replace("{action}", "RESTRICT")), (FIRST,)),
        ),
        Expected(
            "warning",
            "The foreign key `posts` (user_id) → users (id) is otherwise on the live database: (user_id) → users (id) "
            "ON DELETE restrict where migrations build (user_id) → users (id) ON DELETE cascade.",
            table="posts",
            column="user_id",
        ),
    ),
    clean(
        "The same key",
        given(
            migration=_MIGRATION,
            live=GivenLive(_LIVE.replace("{key}", _KEY.replace("{action}", "CASCADE")), (FIRST,)),
        ),
    ),
)


@check(
    code="LIV010",
    title="A foreign key is otherwise on the live database",
    severity="warning",
    category="live",
    why="""Without the key the server keeps rows whose parent is gone; with another action it refuses or deletes what the code does
        not expect; a key made by hand refuses rows that are right everywhere else.""",
    fix="A new migration that makes the key what is meant; `trueup preflight` counts the rows that stand in its way.",
    examples=EXAMPLES,
)
def foreign_key_other_live(facts: Facts) -> Iterator[Verdict]:
    found = drifted(facts)
    for difference in found.differences if found else ():
        match difference:
            case ForeignKeyAdded(table, key):
                message = (
                    f"The live table {code(table)} lacks the foreign key {_short(key)}, "
                    "which migrations that have run there build."
                )
                yield _finding(facts, table, key, message, _whole(key), "no foreign key")
            case ForeignKeyRemoved(table, key):
                message = (
                    f"The live table {code(table)} has a foreign key {_short(key)} that no migration builds."
                )
                unsure = doubt("LIV010", facts, table, f"{table} foreign key {_short(key)}")
                yield unsure or _finding(facts, table, key, message, "no foreign key", _whole(key))
            case ForeignKeyChanged(table, before, after):
                message = (
                    f"The foreign key {code(table)} {_short(after)} is otherwise on the live database: {_whole(before)} "
                    f"where migrations build {_whole(after)}."
                )
                yield _finding(facts, table, after, message, _whole(after), _whole(before))
            case _:
                continue


def _short(key: ForeignKey) -> str:
    return f"({', '.join(key.columns)}) → {key.foreign_table} ({', '.join(key.foreign_columns)})"


def _whole(key: ForeignKey) -> str:
    update = f" ON UPDATE {key.on_update}" if key.on_update not in ("no action", "restrict") else ""
    return f"{_short(key)} ON DELETE {key.on_delete}{update}"


def _finding(facts: Facts, table: str, key: ForeignKey, message: str, expected: str, found: str) -> Finding:
    built = facts.schema.table(table)
    return Finding(
        "LIV010",
        "warning",
        "live",
        message,
        table=table,
        column=", ".join(key.columns),
        expected=expected,
        found=found,
        locations=places(key.at, built.at if built else None, server(facts)),
        recommendation="Write a migration that makes it what is meant; ask `trueup preflight` before.",
    )
