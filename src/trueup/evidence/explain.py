"""Readers of the three servers' EXPLAIN: text of their own → one `Plan`.

Sources: MariaDB knowledge base "EXPLAIN FORMAT=JSON", MySQL 8.4 manual 10.8.2, PostgreSQL 16 manual ch. 14.1 and
EXPLAIN, SQLite "EXPLAIN QUERY PLAN"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from trueup.model.evidence import Access, Plan, Step

Node = dict[str, Any]  # JSON of a server's own making

# MariaDB and MySQL.

_MYSQL_ACCESS: dict[str, Access] = {
    "system": "one row",
    "const": "one row",
    "eq_ref": "one row",
    "ref": "seek",
    "ref_or_null": "seek",
    "fulltext": "seek",
    "unique_subquery": "one row",
    "index_subquery": "seek",
    "range": "range",
    "index_merge": "merge",
    "index": "whole index",
    "ALL": "scan",
}


def mysql_plan(document: Node) -> Plan:
    """Of `EXPLAIN FORMAT=JSON` or `ANALYZE FORMAT=JSON`, on MariaDB and MySQL."""
    steps = tuple(_mysql_step(table) for table in _tables(document))
    keys = set(_keys(document))
    sorts = bool(keys & {"filesort", "using_filesort"})
    temporary = bool(keys & {"temporary_table", "using_temporary_table"})
    return Plan(steps, sorts, temporary)


def _tables(node: object) -> Iterator[Node]:
    """Every table of the plan, in the order of the text."""
    if isinstance(node, list):
        for part in node:
            yield from _tables(part)
    elif isinstance(node, dict):
        table = node.get("table")
        if isinstance(table, dict) and "table_name" in table:
            yield table
        for name, part in node.items():
            if name != "index_merge":
                yield from _tables(part)


def _keys(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _keys(part)
    elif isinstance(node, dict):
        for name, part in node.items():
            if part is not False:
                yield name
                yield from _keys(part)


def _mysql_step(table: Node) -> Step:
    access = _MYSQL_ACCESS.get(str(table.get("access_type", "")), "none")
    index = str(table.get("key", ""))
    if access == "merge":
        parts = [key for node in _merge_parts(table.get("index_merge")) for key in node] or _names_in(index)
        index = "+".join(parts)
    rows = table.get("rows", table.get("rows_examined_per_scan"))
    return Step(str(table["table_name"]), access, index, float(rows) if rows is not None else None)


def _merge_parts(node: object) -> Iterator[list[str]]:
    if isinstance(node, list):
        for part in node:
            yield from _merge_parts(part)
    elif isinstance(node, dict):
        ranges = node.get("range")
        if isinstance(ranges, dict) and "key" in ranges:
            yield [str(ranges["key"])]
        for name, part in node.items():
            if name != "range":
                yield from _merge_parts(part)


def _names_in(text: str) -> list[str]:
    """MySQL: "union(a,b)"."""
    inner = re.fullmatch(r"\w+\((.*)\)", text)
    return [name.strip() for name in (inner[1] if inner else text).split(",") if name.strip()]


# PostgreSQL.


def pgsql_plan(document: Sequence[Node]) -> Plan:
    """Of `EXPLAIN (FORMAT JSON)`, whose result is a list of one."""
    root: Node = document[0]["Plan"]
    nodes = list(_pgsql_nodes(root))
    kinds = {str(node["Node Type"]) for node in nodes}
    steps = tuple(step for node in nodes if (step := _pgsql_step(node)))
    if not steps and kinds == {"Result"}:
        steps = (Step("", "none"),)
    sorts = bool(kinds & {"Sort", "Incremental Sort"})
    temporary = bool(kinds & {"Materialize"}) or any(
        node["Node Type"] == "Aggregate" and node.get("Strategy") == "Hashed" for node in nodes
    )
    return Plan(steps, sorts, temporary)


def _pgsql_nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.get("Plans", ()):
        yield from _pgsql_nodes(part)


def _pgsql_step(node: Node) -> Step | None:
    if "Relation Name" not in node or node["Node Type"] == "ModifyTable":
        return None
    name = str(node.get("Alias", node["Relation Name"]))
    rows = float(node.get("Plan Rows", 0))
    match node["Node Type"]:
        case "Index Scan" | "Index Only Scan":
            access: Access = _index_access(node) if "Index Cond" in node else "whole index"
            return Step(name, access, str(node["Index Name"]), rows)
        case "Bitmap Heap Scan":
            scans = [part for part in _pgsql_nodes(node) if part["Node Type"] == "Bitmap Index Scan"]
            indexes = dict.fromkeys(str(part["Index Name"]) for part in scans)
            access = "merge" if len(indexes) > 1 else _index_access(scans[0]) if scans else "scan"
            return Step(name, access, "+".join(indexes), rows)
        case "Seq Scan" | "Sample Scan":
            return Step(name, "scan", "", rows)
        case "Tid Scan":
            return Step(name, "one row", "", rows)
        case _:
            return None


def _index_access(node: Node) -> Access:
    """A range where any comparison is not an equality. (`= ANY` is a list of equalities.)"""
    condition = re.sub(r"'(?:[^']|'')*'", "''", str(node.get("Index Cond", "")))
    return "range" if re.search(r"[<>]|~~|\bIS NOT NULL\b", condition) else "seek"


def pgsql_rows_examined(document: Sequence[Node]) -> float:
    """Rows that the scans of an `EXPLAIN (ANALYZE, FORMAT JSON)` looked at, those that a filter threw away included."""
    total = 0.0
    for node in _pgsql_nodes(document[0]["Plan"]):
        if "Relation Name" not in node or node["Node Type"] == "ModifyTable":
            continue
        removed = sum(node.get(k, 0) for k in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
        total += (node.get("Actual Rows", 0) + removed) * node.get("Actual Loops", 1)
    return total


def pgsql_seconds(document: Sequence[Node]) -> float:
    return float(document[0]["Execution Time"]) / 1000


# SQLite.

_SEARCH = re.compile(
    r"^(?P<how>SEARCH|SCAN) (?:TABLE )?(?P<table>\S+)(?: AS (?P<alias>\S+))?(?: (?P<rest>.*))?$",
    re.IGNORECASE,
)
_USING = re.compile(
    r"USING (?P<auto>AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX (?P<index>\S+)"
    r"|USING (?P<rowid>INTEGER PRIMARY KEY|PRIMARY KEY|ROWID)",
    re.IGNORECASE,
)


def sqlite_plan(details: Sequence[str]) -> Plan:
    """Of the `detail` column of `EXPLAIN QUERY PLAN`, a line a row."""
    steps = [step for detail in details if (step := _sqlite_step(detail))]
    if any("MULTI-INDEX OR" in detail for detail in details):
        steps = _merged(steps)
    text = "\n".join(details)
    sorts = bool(re.search(r"USE TEMP B-TREE FOR .*ORDER BY", text))
    temporary = bool(
        re.search(r"USE TEMP B-TREE FOR (GROUP BY|DISTINCT)|AUTOMATIC .*INDEX|MATERIALIZE", text)
    )
    return Plan(tuple(steps), sorts, temporary)


def _sqlite_step(detail: str) -> Step | None:
    found = _SEARCH.match(detail.strip())
    if not found or found["table"].upper() == "CONSTANT":
        return None
    rest = found["rest"] or ""
    using = _USING.search(rest)
    if using and using["auto"]:
        return Step(found["alias"] or found["table"], "scan")
    index = "" if not using else using["index"] or "rowid"
    searches = found["how"].upper() == "SEARCH"
    if not searches:
        access: Access = "whole index" if index else "scan"
    else:
        access = _sqlite_access(index, rest)
    return Step(found["alias"] or found["table"], access, index)


def _sqlite_access(index: str, rest: str) -> Access:
    condition = rest[rest.rfind("(") :] if "(" in rest else ""
    if "<" in condition or ">" in condition:
        return "range"
    return "one row" if index == "rowid" else "seek"


def _merged(steps: list[Step]) -> list[Step]:
    """The parts of an OR, each with an index of its own, are one step."""
    by_table: dict[str, list[Step]] = {}
    for step in steps:
        by_table.setdefault(step.table, []).append(step)
    return [
        parts[0] if len(parts) == 1 else Step(table, "merge", "+".join(dict.fromkeys(p.index for p in parts)))
        for table, parts in by_table.items()
    ]
