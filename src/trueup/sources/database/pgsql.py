"""PostgreSQL, by its system catalogue; the schema is the first of the search path, as Laravel's is."""

from __future__ import annotations

from trueup.model.schema import UNTOLD, Check, Column, ForeignKey, Index
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session
from trueup.structs import replace

_HERE = "c.relnamespace = current_schema()::regnamespace"
_TABLES = f"SELECT relname FROM pg_class c WHERE {_HERE} AND relkind IN ('r', 'p')"
_COLUMNS = f"""SELECT c.relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid),
    attgenerated::text, col_description(c.oid, attnum) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
    WHERE {_HERE} AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped ORDER BY c.relname, attnum"""
_INDEXES = f"""SELECT c.relname, ic.relname, ARRAY(SELECT attname::text FROM unnest(indkey) WITH ORDINALITY k(n, o)
    JOIN pg_attribute ON attrelid = c.oid AND attnum = n WHERE o <= indnkeyatts ORDER BY o), indisunique, indisprimary, amname,
    pg_get_expr(indpred, indrelid), ARRAY(SELECT pg_get_indexdef(indexrelid, o::int, true)
    FROM unnest(indkey) WITH ORDINALITY k(n, o) WHERE n = 0 ORDER BY o)
    FROM pg_index i JOIN pg_class c ON c.oid = indrelid JOIN pg_class ic ON ic.oid = indexrelid
    JOIN pg_am ON pg_am.oid = ic.relam WHERE {_HERE}"""
_KEYS = f"""SELECT c.relname, conname, ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, o)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY o), f.relname,
    ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, o)
    JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY o), confdeltype::text, confupdtype::text
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_class f ON f.oid = confrelid
    WHERE contype = 'f' AND {_HERE}"""
_CHECKS = f"""SELECT c.relname, conname, pg_get_expr(conbin, conrelid), ARRAY(SELECT attname::text
    FROM unnest(conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY o)
    FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE contype = 'c' AND {_HERE}"""
_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}


def read(session: Session, found: Found) -> None:
    """Fills `found` with what the system catalogue tells. Raises Unanswered."""
    for (name,) in session.rows(_TABLES):
        found.table(name)
    for table, name, kind, notnull, default, generated, comment in session.rows(_COLUMNS):
        counter = (default or "").startswith("nextval(")  # as Laravel tells it: an identity is none
        column = Column(name, kind, not notnull, default, counter, found.at, comment)
        if generated:
            column = replace(column, default=None, generated=default or UNTOLD, stored=generated == "s")
        found.columns[table].append(column)
    for table, name, columns, unique, primary, method, where, expressions in session.rows(_INDEXES):
        index = Index(name, tuple(columns), unique, primary, found.at, method, where, tuple(expressions))
        found.indexes.setdefault(table, []).append(index)
    for table, name, columns, foreign, others, delete, update in session.rows(_KEYS):
        key = ForeignKey(
            name, tuple(columns), foreign, tuple(others), _ACTIONS[delete], _ACTIONS[update], found.at
        )
        found.keys.setdefault(table, []).append(key)
    for table, name, expression, columns in session.rows(_CHECKS):
        found.checks.setdefault(table, []).append(Check(name, expression, tuple(columns), at=found.at))
    found.checks_read = True
