"""Sizes and use, from the statistics that a server keeps by itself. Estimates; no table is read for them.

PostgreSQL: pg_class, pg_stat_user_tables, pg_stat_user_indexes. MySQL: information_schema, performance_schema. MariaDB: these,
or `userstat`. SQLite: sqlite_stat1 and dbstat where they are there."""

from __future__ import annotations

from trueup.model.live import IndexUse, TableSize, Untold
from trueup.sources.database.sessions import Row, Session, Unanswered
from trueup.structs import Struct, field


class Statistics(Struct):
    tables: list[TableSize] = field(default_factory=list)
    indexes: list[IndexUse] = field(default_factory=list)
    since: str = ""
    untold: list[Untold] = field(default_factory=list)


def read_statistics(session: Session) -> Statistics:
    """What the server tells of the current database; what it does not tell, or not to this user, is in `untold`."""
    found = Statistics()
    match session.driver:
        case "pgsql":
            _pgsql(session, found)
        case "sqlite":
            _sqlite(session, found)
        case _:
            _mysql(session, found)
    found.tables.sort(key=lambda t: t.table)
    found.indexes.sort(key=lambda i: (i.table, i.index))
    return found


def _asked(session: Session, sql: str, found: Statistics, part: str) -> list[Row]:
    try:
        return session.rows(sql)
    except Unanswered as problem:
        found.untold.append(Untold(part, problem.reason))
        return []


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


# PostgreSQL

_PG_TABLES = """SELECT c.relname, CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint ELSE s.n_live_tup END,
    pg_table_size(c.oid), pg_indexes_size(c.oid), s.seq_scan + COALESCE(s.idx_scan, 0)
    FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"""
_PG_INDEXES = """SELECT c.relname, ic.relname, s.idx_scan, pg_relation_size(ic.oid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class ic ON ic.oid = i.indexrelid
    LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = ic.oid WHERE c.relnamespace = current_schema()::regnamespace"""
_PG_SINCE = "SELECT stats_reset::date FROM pg_stat_database WHERE datname = current_database()"


def _pgsql(session: Session, found: Statistics) -> None:
    for name, rows, data, indexes, reads in _asked(session, _PG_TABLES, found, "sizes"):
        found.tables.append(TableSize(name, _number(rows), _number(data), _number(indexes), _number(reads)))
    counted = [str(r[0]) for r in _asked(session, "SHOW track_counts", found, "reads")]
    if counted == ["off"]:
        found.untold.append(Untold("reads", "the server does not count reads (track_counts is off)"))
    for table, index, reads, size in _asked(session, _PG_INDEXES, found, "reads"):
        found.indexes.append(
            IndexUse(table, index, _number(reads) if counted == ["on"] else None, _number(size))
        )
    since = _asked(session, _PG_SINCE, found, "since")
    found.since = str(since[0][0]) if since and since[0][0] is not None else "the statistics' beginning"


# MySQL and MariaDB

_MY_TABLES = """SELECT table_name, table_rows, data_length, index_length FROM information_schema.tables
    WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"""
_MY_INDEXES = """SELECT DISTINCT table_name, index_name FROM information_schema.statistics WHERE table_schema = DATABASE()"""
_MY_SIZES = """SELECT table_name, index_name, stat_value * @@innodb_page_size FROM mysql.innodb_index_stats
    WHERE database_name = DATABASE() AND stat_name = 'size'"""
_SCHEMA_USE = """SELECT object_name, index_name, count_read FROM performance_schema.table_io_waits_summary_by_index_usage
    WHERE object_schema = DATABASE()"""
_INSTRUMENTED = """SELECT COUNT(*) FROM performance_schema.setup_instruments
    WHERE name = 'wait/io/table/sql/handler' AND enabled = 'YES'"""
_USERSTAT_INDEXES = """SELECT table_name, index_name, rows_read FROM information_schema.index_statistics
    WHERE table_schema = DATABASE()"""
_USERSTAT_TABLES = (
    "SELECT table_name, rows_read FROM information_schema.table_statistics WHERE table_schema = DATABASE()"
)
_MY_SINCE = """SELECT DATE(NOW() - INTERVAL variable_value SECOND) FROM {schema}.global_status WHERE variable_name = 'UPTIME'"""


def _mysql(session: Session, found: Statistics) -> None:
    uses, reads = _mysql_use(session, found)
    for name, rows, data, indexes in _asked(session, _MY_TABLES, found, "sizes"):
        found.tables.append(
            TableSize(name, _number(rows), _number(data), _number(indexes), reads.get(name.lower()))
        )
    sizes = {(t.lower(), i.lower()): _number(s) for t, i, s in _quietly(session, _MY_SIZES)}
    for table, index in _asked(session, _MY_INDEXES, found, "sizes"):
        key = (table.lower(), index.lower())
        read = uses.get(key, 0) if uses is not None else None
        name = "primary" if index == "PRIMARY" else index
        found.indexes.append(IndexUse(table, name, read, sizes.get(key)))
    schema = "information_schema" if session.driver == "mariadb" else "performance_schema"
    since = _quietly(session, _MY_SINCE.format(schema=schema))
    found.since = str(since[0][0]) if since else ""


Uses = dict[tuple[str, str], int]


def _mysql_use(session: Session, found: Statistics) -> tuple[Uses | None, dict[str, int]]:
    """Reads by index, None where none are counted, and reads by table."""
    if _first(session, "SELECT @@performance_schema") == 1 and _first(session, _INSTRUMENTED):
        rows = _quietly(session, _SCHEMA_USE)
        tables: dict[str, int] = {}
        for table, _, count in rows:
            tables[table.lower()] = tables.get(table.lower(), 0) + int(count)
        return {(t.lower(), i.lower()): int(n) for t, i, n in rows if i is not None}, tables
    if session.driver == "mariadb" and _first(session, "SELECT @@userstat") == 1:
        return (
            {(t.lower(), i.lower()): int(n) for t, i, n in _quietly(session, _USERSTAT_INDEXES)},
            {t.lower(): int(n) for t, n in _quietly(session, _USERSTAT_TABLES)},
        )
    switch = "performance_schema or userstat" if session.driver == "mariadb" else "performance_schema"
    found.untold.append(Untold("reads", f"the server does not count reads ({switch} is off)"))
    return None, {}


def _quietly(session: Session, sql: str) -> list[Row]:
    """The answer, or nothing where this user may not ask."""
    try:
        return session.rows(sql)
    except Unanswered:
        return []


def _first(session: Session, sql: str) -> object:
    rows = _quietly(session, sql)
    return rows[0][0] if rows else None


# SQLite

_LITE_ROWS = "SELECT tbl, MAX(CAST(substr(stat, 1, instr(stat || ' ', ' ')) AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"
_LITE_SIZES = """SELECT s.name, m.tbl_name, SUM(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name
    GROUP BY s.name, m.tbl_name"""
_LITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_LITE_INDEXES = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_COUNTING = 5.0
"""Seconds for counting the rows of one table of an SQLite file that was never analyzed."""


def _sqlite(session: Session, found: Statistics) -> None:
    rows = {str(t): _number(n) for t, n in _quietly(session, _LITE_ROWS)}
    sizes = {(str(t), str(n)): int(s) for n, t, s in _quietly(session, _LITE_SIZES)}
    if not sizes:
        found.untold.append(Untold("sizes", "this SQLite is built without dbstat"))
    for (table,) in _asked(session, _LITE_TABLES, found, "sizes"):
        counted = table not in rows
        number = _counted(session, table) if counted else rows[table]
        indexes = sum(s for (t, n), s in sizes.items() if t == table and n != table)
        data = sizes.get((table, table))
        found.tables.append(TableSize(table, number, data, indexes if sizes else None, counted=counted))
    for table, index in _asked(session, _LITE_INDEXES, found, "sizes"):
        found.indexes.append(IndexUse(table, index, size=sizes.get((table, index))))
    found.untold.append(Untold("reads", "SQLite does not count reads"))


def _counted(session: Session, table: str) -> int | None:
    quoted = table.replace('"', '""')
    try:
        return _number(session.rows(f'SELECT COUNT(*) FROM "{quoted}"', seconds=_COUNTING)[0][0])
    except Unanswered:
        return None
