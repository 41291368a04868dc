"""IDX009: index entries that another server, or a long value, does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.schema import Index, Table
from trueup.sources.sql.types import parse_type

INNODB = 3072
"""Bytes of an index key in InnoDB's DYNAMIC row format (MySQL 8.4 manual 17.22, MariaDB the same)."""
PGSQL = 2704
"""Bytes of an entry of a B-tree on PostgreSQL: a third of a page (15 manual 67.4.1, BTMaxItemSize)."""

_TABLE = """
    Schema::create('pages', function (Blueprint $table) {{
        $table->id();
        $table->{};
    }});
"""

EXAMPLES = (
    failing(
        "A text of any length, on PostgreSQL",
        given(migration=_TABLE.format("text('url')->index()"), driver="pgsql"),
        Expected(
            "info",
            "`pages_url_index` of `pages` takes values of 2704 bytes at most; `url` may hold longer ones.",
            table="pages",
            column="url",
            index="pages_url_index",
        ),
    ),
    failing(
        "1000 characters, on SQLite, for MySQL later",
        given(migration=_TABLE.format("string('url', 1000)->index()"), driver="pgsql"),
        Expected(
            "info",
            "`pages_url_index` of `pages` takes up to 4000 bytes a key, more than MySQL's 3072.",
            table="pages",
            index="pages_url_index",
        ),
    ),
    clean("255 characters", given(migration=_TABLE.format("string('url')->index()"), driver="pgsql")),
)


@check(
    code="IDX009",
    title="An index key too long for the server",
    severity="info",
    category="index",
    why="""PostgreSQL refuses the insert of a value that does not fit into an index entry; MySQL and MariaDB refuse to make the
        index at all (error 1071), so that migrations which run here stop there.""",
    fix="Index a hash of the value, give the column a length, or (MySQL) index a prefix of it.",
    examples=EXAMPLES,
)
def key_too_long(facts: Facts) -> Iterator[Verdict]:
    if facts.schema.driver in {"mysql", "mariadb"}:
        return  # there the migration fails: MIG001
    for table in facts.schema.tables:
        for index in table.indexes:
            if index.kind not in {"btree", ""} or index.expressions or index.implied:
                continue
            finding = _endless(index, table) if facts.schema.driver == "pgsql" else None
            finding = finding or _long(index, table, facts)
            if finding is not None:
                yield finding


def _endless(index: Index, table: Table) -> Finding | None:
    for name in index.columns:
        column = table.column(name)
        if column is None or "type" in column.unknown:
            continue
        kind = parse_type(column.type, "pgsql")
        if kind.family == "text" and column.type.lower() == "text":
            return Finding(
                "IDX009",
                "info",
                "index",
                f"{code(index.name)} of {code(table.name)} takes values of {PGSQL} bytes at most; "
                f"{code(name)} may hold longer ones.",
                table=table.name,
                column=name,
                index=index.name,
                expected="a column of limited length, or a hash index",
                found=column.type,
                locations=places(index.at, column.at, table.at),
                recommendation=f"Where values may be long, index a hash: `CREATE INDEX ... USING hash ({name})`.",
            )
    return None


def _long(index: Index, table: Table, facts: Facts) -> Finding | None:
    size = 0
    for name in index.columns:
        column = table.column(name)
        kind = parse_type(column.type, facts.schema.driver) if column is not None else None
        if column is None or kind is None or kind.family != "string" or kind.length is None:
            continue
        size += kind.length * 4
    if size <= INNODB:
        return None
    return Finding(
        "IDX009",
        "info",
        "index",
        f"{code(index.name)} of {code(table.name)} takes up to {size} bytes a key, more than MySQL's {INNODB}.",
        table=table.name,
        index=index.name,
        expected=f"at most {INNODB} bytes (utf8mb4: 4 a character)",
        found=f"up to {size} bytes",
        locations=places(index.at, table.at),
        recommendation="Shorten the columns, or index a hash of the values.",
    )
