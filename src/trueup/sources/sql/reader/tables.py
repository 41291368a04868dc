"""CREATE TABLE."""

from __future__ import annotations

from trueup.sources.sql.ddl import (
    CheckDef,
    ColumnDef,
    CreateTable,
    ForeignKeyDef,
    IndexDef,
    KeyPart,
)
from trueup.sources.sql.reader.columns import read_column, read_references
from trueup.sources.sql.reader.cursor import Cursor, Refused, Unreadable
from trueup.sources.sql.reader.indexes import Kind, read_index_body
from trueup.sources.sql.words import word_set
from trueup.structs import Struct, field, replace

_KEY_WORDS: dict[str, Kind] = {
    "KEY": "index",
    "INDEX": "index",
    "FULLTEXT": "fulltext",
    "SPATIAL": "spatial",
    "VECTOR": "vector",
}


class Elements(Struct):
    """What stands between the parentheses of a CREATE TABLE."""

    columns: list[ColumnDef] = field(default_factory=list)
    indexes: list[IndexDef] = field(default_factory=list)
    foreign_keys: list[ForeignKeyDef] = field(default_factory=list)
    checks: list[CheckDef] = field(default_factory=list)
    like: str | None = None


def read_create_table(cursor: Cursor, *, temporary: bool, or_replace: bool) -> CreateTable:
    """Behind CREATE [OR REPLACE] [TEMPORARY]."""
    at = cursor.here()
    cursor.expect("TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    table = cursor.qualified()
    base = CreateTable(table, if_not_exists=if_not_exists, temporary=temporary, or_replace=or_replace, at=at)
    if cursor.at("LIKE") or cursor.at("(", "LIKE"):
        return _like(cursor, base)
    if cursor.at("PARTITION", "OF"):
        cursor.skip(2)
        parent = cursor.qualified()
        cursor.rest()
        return replace(base, like=parent)
    if cursor.at("AS") or cursor.at("SELECT"):
        return _as_select(cursor, base)
    elements = Elements()
    if cursor.word() != "(":
        cursor.complain_at_token()
    _read_elements(cursor, elements)
    if not elements.columns and not elements.like and cursor.dialect != "pgsql":
        cursor.complain_at_token()
    whole = replace(
        base,
        columns=tuple(elements.columns),
        indexes=tuple(elements.indexes),
        foreign_keys=tuple(elements.foreign_keys),
        checks=tuple(elements.checks),
        like=elements.like,
    )
    return _options(cursor, whole)


def _like(cursor: Cursor, base: CreateTable) -> CreateTable:
    inside = cursor.accept("(")
    if not inside or cursor.dialect == "sqlite":
        cursor.only("mysql")
    cursor.expect("LIKE")
    table = cursor.qualified()
    cursor.rest()
    return replace(base, like=table)


def _as_select(cursor: Cursor, base: CreateTable) -> CreateTable:
    """CREATE TABLE b AS SELECT x, y FROM a: the columns are told where they are plain."""
    cursor.accept("AS")
    first = cursor.position
    cursor.accept("(")
    names: list[str] = []
    source = None
    if cursor.accept("SELECT"):
        names = _plain_list(cursor)
        if names and cursor.accept("FROM"):
            source = cursor.qualified()
            if not cursor.done and not cursor.at_any("WHERE", "LIMIT", "ORDER", ")", ";", "WITH"):
                source = None
    columns = () if names == ["*"] else tuple(names)
    cursor.position = first
    return replace(base, as_select=cursor.rest(), select_from=source, select_columns=columns)


def _plain_list(cursor: Cursor) -> list[str]:
    """["*"], the columns of a select list that is only columns, or nothing."""
    if cursor.accept("*"):
        return ["*"]
    names: list[str] = []
    while cursor.name_allowed():
        names.append(cursor.identifier())
        if not cursor.accept(","):
            return names if cursor.at("FROM") else []
    return []


def _read_elements(cursor: Cursor, elements: Elements) -> None:
    cursor.expect("(")
    while True:
        if cursor.word() == ")":
            cursor.complain_at_token()
            cursor.skip()
            return
        try:
            _element(cursor, elements)
            if cursor.word() not in (",", ")"):
                raise cursor.unreadable("expected , or )")
        except (Unreadable, Refused) as problem:
            if not cursor.lenient:
                raise
            cursor.complaints.append(problem)
            if not _recover(cursor):
                return
        if cursor.done:
            cursor.complain_at_token()
            return
        if cursor.accept(")"):
            return
        cursor.expect(",")


def _recover(cursor: Cursor) -> bool:
    """Read on at the next element; False at the end."""
    try:
        cursor.skip_until(",")
    except Unreadable:
        cursor.position = cursor.count
    return not cursor.done


def _element(cursor: Cursor, elements: Elements) -> None:
    word = cursor.word()
    if word == "CONSTRAINT":
        cursor.skip()
        name = None if cursor.at_any("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") else cursor.identifier()
        read_constraint(cursor, elements, name)
    elif _is_constraint(cursor, word):
        read_constraint(cursor, elements, None)
    elif word == "LIKE":
        cursor.skip()
        elements.like = cursor.qualified()
        cursor.skip_until(",")
    elif word == "PERIOD" and cursor.word(1) == "FOR":
        cursor.skip_until(",")
    else:
        elements.columns.append(read_column(cursor))


def _is_constraint(cursor: Cursor, word: str) -> bool:
    """Does a table constraint or key stand here, rather than a column of that name?"""
    if word in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
        return True
    if word == "EXCLUDE":
        return cursor.word(1) in ("USING", "(")
    if word not in _KEY_WORDS:
        return False
    if cursor.dialect == "mysql" and word != "VECTOR":
        return True
    if cursor.at_any("FULLTEXT", "SPATIAL", "VECTOR"):
        return cursor.word(1) in ("KEY", "INDEX")
    if cursor.word(1) == "(":
        return True
    return (
        cursor.name_allowed(1) and cursor.word(2) == "(" and cursor.kind(3) in ("w", "q") and cursor.lenient
    )


def read_constraint(cursor: Cursor, elements: Elements, name: str | None) -> None:
    """PRIMARY KEY, UNIQUE, KEY, FOREIGN KEY, CHECK, EXCLUDE: behind CONSTRAINT name, or alone."""
    at = cursor.here()
    constraint = True
    if cursor.at("PRIMARY"):
        cursor.skip()
        cursor.expect("KEY")
        index = _keyed(cursor, "primary", name)
    elif cursor.accept("UNIQUE"):
        if cursor.at_any("KEY", "INDEX"):
            cursor.only("mysql")
            cursor.skip()
        index = _keyed(cursor, "unique", name)
    elif cursor.at("FOREIGN"):
        elements.foreign_keys.append(replace(_foreign_key(cursor, name), at=at))
        return
    elif cursor.accept("CHECK"):
        expression = cursor.parenthesized()
        elements.checks.append(CheckDef(expression, name, at))
        _check_tail(cursor)
        return
    elif cursor.accept("EXCLUDE"):
        cursor.only("pgsql")
        _exclude(cursor, elements, name)
        return
    elif cursor.word() in _KEY_WORDS:
        constraint = False
        index = _key(cursor, name)
    else:
        raise cursor.unreadable("expected a constraint")
    elements.indexes.append(_counted(elements, replace(index, constraint=constraint, at=at)))


def _counted(elements: Elements, index: IndexDef) -> IndexDef:
    """SQLite's PRIMARY KEY (id AUTOINCREMENT) says something of the column."""
    if not index.parts or index.parts[0].operator_class != "autoincrement":
        return index
    name = (index.parts[0].column or "").lower()
    elements.columns = [
        replace(c, auto_increment=True) if c.name.lower() == name else c for c in elements.columns
    ]
    return replace(index, parts=(replace(index.parts[0], operator_class=None),))


def _keyed(cursor: Cursor, kind: Kind, name: str | None) -> IndexDef:
    if cursor.accept("NULLS"):
        not_distinct = cursor.accept("NOT")
        cursor.expect("DISTINCT")
        return replace(read_index_body(cursor, kind, name), nulls_not_distinct=not_distinct)
    return read_index_body(cursor, kind, name)


def _key(cursor: Cursor, name: str | None) -> IndexDef:
    cursor.only("mysql")
    word = cursor.word()
    cursor.skip()
    if word in ("FULLTEXT", "SPATIAL", "VECTOR"):
        cursor.accept_any("KEY", "INDEX")
    return read_index_body(cursor, _KEY_WORDS[word], name)


def _check_tail(cursor: Cursor) -> None:
    while cursor.accept_any("NOT", "ENFORCED", "VALID", "NO", "INHERIT"):
        pass


def _foreign_key(cursor: Cursor, name: str | None) -> ForeignKeyDef:
    cursor.expect("FOREIGN")
    cursor.expect("KEY")
    if cursor.dialect == "mysql":
        cursor.accept("IF", "NOT", "EXISTS")
        if cursor.word() != "(":
            given = cursor.identifier()
            name = name or given
    columns = cursor.names_in_parentheses()
    return read_references(cursor, columns, name)


def _exclude(cursor: Cursor, elements: Elements, name: str | None) -> None:
    """EXCLUDE makes an index that is not unique; its operators are left out."""
    at = cursor.here()
    method = cursor.identifier(reserved=True).lower() if cursor.accept("USING") else "gist"
    first = cursor.position + 1
    cursor.skip_parentheses()
    part = KeyPart(expression=cursor.slice(first, cursor.position - 1))
    cursor.skip_until(",")
    elements.indexes.append(IndexDef("index", (part,), name, method, constraint=True, at=at))


_SQLITE_OPTIONS = ("WITHOUT", "STRICT")


def _options(cursor: Cursor, table: CreateTable) -> CreateTable:
    """ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='...' PARTITION BY ... AS SELECT ..."""
    found: dict[str, str] = {}
    while not cursor.done and cursor.word() != ";":
        if cursor.at_any("AS", "SELECT"):
            table = _as_select(cursor, table)
            break
        if cursor.at_any("PARTITION", "INHERITS", "TABLESPACE", "USING", "WITH", "ON"):
            cursor.only("mysql" if cursor.word() == "ON" and cursor.dialect != "pgsql" else cursor.dialect)
            cursor.rest()
            break
        if cursor.at_any(*_SQLITE_OPTIONS) and cursor.dialect == "sqlite":
            without = cursor.at("WITHOUT")
            cursor.skip(2 if without else 1)
            table = replace(table, options=(*table.options, "without rowid" if without else "strict"))
        elif not _option(cursor, found):
            cursor.complain_at_token()
            cursor.rest()
        cursor.accept(",")
    return replace(
        table,
        engine=found.get("ENGINE"),
        charset=found.get("CHARSET"),
        collation=found.get("COLLATE"),
        comment=found.get("COMMENT"),
    )


def _option(cursor: Cursor, found: dict[str, str]) -> bool:
    option = read_option(cursor)
    if option is None:
        return False
    found[option[0]] = option[1]
    return True


_OPTION_NAMES = word_set(
    """ENGINE TYPE AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM TABLE_CHECKSUM COLLATE COMMENT COMPRESSION CONNECTION DATA INDEX
    DELAY_KEY_WRITE ENCRYPTION ENCRYPTED ENCRYPTION_KEY_ID INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PAGE_CHECKSUM
    PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL PASSWORD ROW_FORMAT SECONDARY_ENGINE SEQUENCE STATS_AUTO_RECALC STATS_PERSISTENT
    STATS_SAMPLE_PAGES TABLESPACE TRANSACTIONAL UNION AUTOEXTEND_SIZE CHARSET CHARACTER DEFAULT"""
)


def read_option(cursor: Cursor) -> tuple[str, str] | None:
    """One of MySQL's table options as (NAME, value); CHARACTER SET and TYPE under their usual names."""
    if cursor.word() not in _OPTION_NAMES:
        return None
    cursor.only("mysql")
    cursor.accept("DEFAULT")
    name = cursor.word()
    cursor.skip()
    if name == "CHARACTER":
        cursor.expect("SET")
        name = "CHARSET"
    elif name in ("DATA", "INDEX"):
        cursor.expect("DIRECTORY")
    cursor.accept("=")
    if cursor.word() == "(":
        return name, cursor.parenthesized()
    if cursor.kind() == "s":
        return name, cursor.string()
    first = cursor.position
    cursor.skip()
    text = cursor.slice(first)
    value = text.strip("`") if name != "CHARSET" else text.strip("`").lower()
    return {"TYPE": "ENGINE"}.get(name, name), value
