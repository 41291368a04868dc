"""PHP blocks: migrations and fragments of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap
from trueup.model.names import Driver
from trueup.model.spec import RequiredTable, TableMention
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.tables import Definitions

_NAMED = re.compile(
    r"(?:\bDB::(?:connection\([^)]*\)->)?table|->table|assertDatabase(?:Has|Missing|Count|Empty)|assertSoftDeleted|Schema::has(?:Table|Column|Columns)"
    r"|->(?:join|leftJoin|rightJoin|from))\(\s*(?:table:\s*)?(['\"])([a-z][a-z0-9_]*)(?:\s+as\s+\w+)?\1"
    r"|\$table\s*=\s*(['\"])([a-z][a-z0-9_]*)\3\s*;"
)


def tables_in_code(text: str, first: int, setting: Setting) -> Iterator[TableMention]:
    """Tables that code samples query, assert on, or give to a model."""
    for match in _NAMED.finditer(text):
        name = match[2] or match[4]
        line = first + text.count("\n", 0, match.start())
        yield TableMention(name, setting.at(line), setting.written(line)[:200])


def read_php_block(
    text: str, first: int, definitions: Definitions, setting: Setting, driver: Driver | None
) -> Iterator[RequiredTable | TableMention | Gap]:
    return
    yield
