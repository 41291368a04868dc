"""A statement on the server for what is not there: which columns a table has, or which tables, when no probe could be tried."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.model.proofs import Evidence, Proof
from trueup.prove.bench import Bench
from trueup.structs import replace

_MOST = 40


def confirmed(bench: Bench, proof: Proof) -> Proof:
    """The proof; what is not carried for want of a column, a key or a table is shown by the server's own catalogue."""
    if proof.verdict != "not carried" or any(seen.sql for seen in proof.evidence):
        return proof
    named = next((f.table for f in proof.findings if f.table), "")
    table = named if named in bench.built else ""
    sql = _columns(table, bench) if table else _TABLES[bench.driver]
    found = [" ".join(str(value) for value in row) for row in bench.sql.rows(sql)]
    told = ", ".join(found[:_MOST]) + (f" and {len(found) - _MOST} more" if len(found) > _MOST else "")
    what = f"the columns that the server has in {table}" if table else "the tables that the server has"
    return replace(proof, evidence=(*proof.evidence, Evidence(what, told or "none", sql)))


_TABLES: dict[Driver, str] = {
    "pgsql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
    "mariadb": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1",
}


def _columns(table: str, bench: Bench) -> str:
    schema, _, name = table.rpartition(".")
    literal = bench.sql.literal(name)
    match bench.driver:
        case "sqlite":
            return f"SELECT name, type FROM pragma_table_info({literal})"
        case "pgsql":
            where, kind = bench.sql.literal(schema) if schema else "current_schema()", "data_type"
        case "mysql" | "mariadb":
            where, kind = bench.sql.literal(schema) if schema else "DATABASE()", "column_type"
    return (
        f"SELECT column_name, {kind} FROM information_schema.columns "
        f"WHERE table_schema = {where} AND table_name = {literal} ORDER BY ordinal_position"
    )
