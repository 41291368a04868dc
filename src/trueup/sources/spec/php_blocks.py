"""PHP blocks: migrations and fragments of them, carried out as the framework would.

A block may be a whole migration, its `up()` alone, bare `Schema::create(...)` calls, or only the `$table->...` lines of one
(the table is then the one that the heading or the line above names). What `down()` does is no requirement, nor what a test's
own code builds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap
from trueup.model.names import Driver
from trueup.model.spec import RequiredIndex, RequiredTable, TableMention
from trueup.sources.spec.naming import table_name_above
from trueup.sources.spec.php_runner import Statements, carry_out_php
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.tables import Definitions
from trueup.sources.sql import ddl
from trueup.structs import Struct, replace

_NAMED = re.compile(
    r"(?:\bDB::(?:connection\([^)]*\)->)?table|->table|assertDatabase(?:Has|Missing|Count|Empty)|assertSoftDeleted"
    r"|Schema::has(?:Table|Column|Columns)|->(?:join|leftJoin|rightJoin|from))"
    r"\(\s*(?:table:\s*)?(['\"])([a-z][a-z0-9_]*)(?:\s+as\s+\w+)?\1"
    r"|\$table\s*=\s*(['\"])([a-z][a-z0-9_]*)\3\s*;"
)
_BUILDS = re.compile(r"\bSchema::(?:connection\([^)]*\)->)?(?:create|table)\s*\(")
_FLUENT = re.compile(r"^[^\S\n]*+\$table\s*+->\s*+\w++\s*+\(", re.MULTILINE)
_TEST = re.compile(
    r"\bextends\s+\\?(?:\w+\\)*\w*TestCase\b|\bRefreshDatabase\b|\bfunction\s+(?:test_?\w*|setUp)\s*\(|@test\b|#\[Test\]"
)
_UP = re.compile(r"^[^\S\n]*+(?:(?:final|public)\s++)*+function\s++up\s*+\(", re.MULTILINE)
_CLASS = re.compile(r"\bclass\b[^;{]*\{")
_KEY = re.compile(r"\$table->(?:id|uuid|ulid|bigIncrements|increments)\(|->primary\(")
_ADDS = re.compile(
    r"\b(?:add|adds|adding|new|missing|additional|extra|extend|alter|modify|update)\w*\b", re.IGNORECASE
)
_ELISION = re.compile(
    r"^[^\S\n]*+(?://|#|/\*|\*)?[^\S\n]*+(?:\.{3}|…|(?:other|more|additional|remaining|existing)\s++(?:columns|fields)\b)",
    re.I | re.M,
)


class PhpBlock(Struct, frozen=True):
    """`first` is the line of the text's first line."""

    text: str
    first: int
    driver: Driver


def reads_as(driver: Driver | None) -> Driver:
    """The server whose types a migration's columns are told in. SQLite's tell too little (every string is a varchar), so it is
    MySQL's there and where nothing says which."""
    return driver if driver in ("mysql", "mariadb", "pgsql") else "mysql"


def tables_in_code(text: str, first: int, setting: Setting) -> Iterator[TableMention]:
    """Tables that code samples query, assert on, or give to a model."""
    for match in _NAMED.finditer(text):
        name = match[2] or match[4]
        line = first + text.count("\n", 0, match.start())
        yield TableMention(name, setting.at(line), setting.written(line)[:200])


def defines_tables(text: str) -> bool:
    return _BUILDS.search(text) is not None or _FLUENT.search(text) is not None


def read_php_block(
    block: PhpBlock, setting: Setting, definitions: Definitions, statements: list[ddl.Statement]
) -> Iterator[Gap]:
    """Carries the block's schema calls out on `definitions` and adds their statements to `statements`."""
    text, first = block.text, block.first
    if not defines_tables(text):
        return
    if _TEST.search(text):
        if _BUILDS.search(text):
            yield setting.gap(
                first, "left out: a table that a test makes for itself is no requirement", "spec-skipped"
            )
        return
    wrapped = _wrapped(text, setting)
    if wrapped is None:
        yield setting.gap(first, "columns of a migration without the name of their table", "spec-table-name")
        return
    found = carry_out_php(wrapped, first, setting.file, block.driver)
    yield from found.gaps
    if not found.statements and not found.gaps:
        yield setting.gap(
            first, "PHP that speaks of tables, but builds none when it is run as a migration", "spec-php"
        )
    _define(found, block, setting, definitions)
    statements += found.statements


def _wrapped(text: str, setting: Setting) -> tuple[str, str, str] | None:
    """(code in front, text, code behind) that makes a whole file of a fragment, lines kept; None without a table's name."""
    text = re.sub(r"<\?(?:php|=)?", lambda m: " " * len(m[0]), text, count=1)
    imports = "" if "use Illuminate" in text else _IMPORTS
    if _BUILDS.search(text) is None and not _CLASS.search(text):
        name = table_name_above(setting.lead, setting.headings)
        if name is None:
            return None
        verb = (
            "create" if _KEY.search(text) and not _ADDS.search(setting.lead.rsplit("\n", 1)[-1]) else "table"
        )
        return f"{imports} Schema::{verb}('{name}', function (Blueprint $table) {{", text, "});"
    if _UP.search(text) and not _CLASS.search(text):
        return (
            f"{imports} return new class extends \\Illuminate\\Database\\Migrations\\Migration {{",
            text,
            "};",
        )
    return imports, text, ""


_IMPORTS = (
    "use Illuminate\\Support\\Facades\\Schema; use Illuminate\\Support\\Facades\\DB;"
    " use Illuminate\\Database\\Schema\\Blueprint;"
)


def _define(found: Statements, block: PhpBlock, setting: Setting, definitions: Definitions) -> None:
    before = len(definitions.tables)
    for statement in found.statements:
        definitions.carry_out(statement, "php", block.driver, setting)
    whole = _ELISION.search(block.text) is None and not found.gaps
    for position in range(before, len(definitions.tables)):
        table = definitions.tables[position]
        definitions.tables[position] = _as_written(table, complete=table.complete and whole)


def _as_written(table: RequiredTable, complete: bool) -> RequiredTable:
    """Index and key names that the framework makes up are not the document's: they are not compared."""
    indexes = tuple(replace(i, name=None) if i.name == _made_up(table.name, i) else i for i in table.indexes)
    keys = tuple(
        replace(k, name=None) if k.name == f"{table.name}_{'_'.join(k.columns)}_foreign".lower() else k
        for k in table.foreign_keys
    )
    return replace(table, indexes=indexes, foreign_keys=keys, complete=complete)


def _made_up(table: str, index: RequiredIndex) -> str:
    kind = (
        "primary"
        if index.primary
        else "unique"
        if index.unique
        else "index"
        if index.kind in ("btree", "hash")
        else index.kind
    )
    return f"{table}_{'_'.join(index.columns)}_{kind}".lower().replace("-", "_")
