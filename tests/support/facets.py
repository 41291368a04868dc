"""Schemas as sets of facts, so that a test can say exactly which facts differ.

One set for each facet; two spellings that mean the same on that server are one fact, everything else differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tests.support.oracle import ColumnFact, OracleResult, TableFacts, Tables
from trueup.model.names import Driver
from trueup.model.schema import Column, Schema, Table

Fact = tuple[object, ...]
Facets = dict[str, frozenset[Fact]]

FACETS = (
    "table",
    "column",
    "column order",
    "type",
    "nullable",
    "default",
    "auto_increment",
    "primary key",
    "index",
    "index name",
    "foreign key",
    "foreign key actions",
    "foreign key name",
    "failed migration",
)
_FRAMEWORK_TABLES = frozenset({"migrations", "sqlite_sequence"})
_MYSQL = frozenset({"mysql", "mariadb"})
_MYSQL_SYNONYMS = {
    "json": "longtext",
    "double precision": "double",
    "bool": "tinyint(1)",
    "boolean": "tinyint(1)",
    "integer": "int",
}
_CAST = re.compile(r"::[a-z_ ]+(\(\d+\))?(\[\])?( with(out)? time zone)?$")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that only one side has: "missed" by the reader, or "invented" by it."""

    facet: str
    kind: str
    fact: Fact

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {' '.join(map(str, self.fact))}"


def schema_facets(schema: Schema) -> Facets:
    tables = {table.name: _table_facts(table) for table in schema.tables}
    return _facets(tables, (failure.migration for failure in schema.failures), schema.driver)


def oracle_facets(result: OracleResult, driver: Driver | None = None) -> Facets:
    return _facets(result.tables, result.failed, driver or result.driver)


def differences(read: Facets, real: Facets) -> tuple[Difference, ...]:
    """What `read` missed of `real` and what it invented, in the order of the facets."""
    found = []
    for facet in FACETS:
        found += [Difference(facet, "missed", fact) for fact in sorted(real[facet] - read[facet], key=str)]
        found += [Difference(facet, "invented", fact) for fact in sorted(read[facet] - real[facet], key=str)]
    return tuple(found)


def agreement(read: Facets, real: Facets) -> dict[str, tuple[int, int]]:
    """Facet → (facts on both sides, facts on either side)."""
    return {facet: (len(read[facet] & real[facet]), len(read[facet] | real[facet])) for facet in FACETS}


def same_type(text: str, driver: Driver) -> str:
    """One spelling for types that are the same on that server: display widths and aliases are no difference on MySQL."""
    spelled = re.sub(r"\s+", " ", text.lower().strip()).replace(", ", ",")
    if driver not in _MYSQL:
        return spelled
    spelled = re.sub(r"\b((?:small|medium|big)?int)\(\d+\)", r"\1", spelled)
    spelled = re.sub(r"\btinyint\((?!1\))\d+\)", "tinyint", spelled).replace("year(4)", "year")
    spelled = re.sub(r"^integer\b", "int", re.sub(r"^numeric\b", "decimal", spelled))
    return _MYSQL_SYNONYMS.get(spelled, spelled)


def same_default(column: ColumnFact) -> str | None:
    """One spelling for defaults that give the same value: quotes, casts and the digits of numbers are no difference."""
    text = column["default"]
    if text is None or column["auto_increment"] or text.lower().startswith("nextval("):
        return None
    bare = _unquoted(_CAST.sub("", text.strip()).strip())
    lowered = bare.lower()
    if lowered == "null":
        return None
    if lowered.startswith("current_timestamp") or lowered in {"now()", "now"}:
        return "current_timestamp"
    return {"true": "1", "false": "0"}.get(lowered) or _number(bare)


def _unquoted(text: str) -> str:
    while len(text) >= 2 and text[0] == "(" and text[-1] == ")":
        text = text[1:-1].strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].replace("''", "'").replace("\\'", "'")
    return text


def _number(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return str(value.normalize()) if value else "0"


def _action(text: str, driver: Driver) -> str:
    lowered = text.lower()
    return "no action" if lowered == "restrict" and driver in _MYSQL else lowered


def _facets(tables: Tables, failed: Iterable[str], driver: Driver) -> Facets:
    gathered: dict[str, set[Fact]] = {facet: set() for facet in FACETS}
    for name, table in tables.items():
        if name.lower() not in _FRAMEWORK_TABLES:
            _gather(gathered, name.split(".")[-1].lower(), table, driver)
    gathered["failed migration"] = {(stem.removesuffix(".php"),) for stem in failed}
    return {facet: frozenset(facts) for facet, facts in gathered.items()}


def _gather(gathered: Mapping[str, set[Fact]], name: str, table: TableFacts, driver: Driver) -> None:
    gathered["table"].add((name,))
    gathered["column order"].add((name, tuple(column["name"].lower() for column in table["columns"])))
    for column in table["columns"]:
        key = (name, column["name"].lower())
        gathered["column"].add(key)
        gathered["type"].add((*key, same_type(column["type"], driver)))
        gathered["nullable"].add((*key, column["nullable"]))
        gathered["default"].add((*key, same_default(column)))
        gathered["auto_increment"].add((*key, column["auto_increment"]))
    for index in table["indexes"]:
        parts = tuple(part.lower() for part in index["columns"])
        if index["primary"]:
            gathered["primary key"].add((name, parts))
        else:
            gathered["index"].add((name, parts, index["unique"]))
            gathered["index name"].add((name, index["name"].lower()))
    for key_fact in table["foreign_keys"]:
        ours = tuple(part.lower() for part in key_fact["columns"])
        theirs = tuple(part.lower() for part in key_fact["foreign_columns"])
        reference = (name, ours, key_fact["foreign_table"].split(".")[-1].lower(), theirs)
        gathered["foreign key"].add(reference)
        actions = (_action(key_fact["on_delete"], driver), _action(key_fact["on_update"], driver))
        gathered["foreign key actions"].add((*reference, *actions))
        gathered["foreign key name"].add((name, (key_fact["name"] or "").lower()))


def _table_facts(table: Table) -> TableFacts:
    return {
        "columns": [_column_fact(column) for column in table.columns],
        "indexes": [
            {"name": i.name, "columns": list(i.columns), "unique": i.unique, "primary": i.primary}
            for i in table.indexes
        ],
        "foreign_keys": [
            {
                "name": key.name,
                "columns": list(key.columns),
                "foreign_table": key.foreign_table,
                "foreign_columns": list(key.foreign_columns),
                "on_delete": key.on_delete,
                "on_update": key.on_update,
            }
            for key in table.foreign_keys
        ],
    }


def _column_fact(column: Column) -> ColumnFact:
    return {
        "name": column.name,
        "type": column.type,
        "nullable": column.nullable,
        "default": column.default,
        "auto_increment": column.auto_increment,
    }
