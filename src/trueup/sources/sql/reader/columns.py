"""A column's definition."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.sql.ddl import ColumnDef, ForeignKeyDef
from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.reader.types import read_type
from trueup.sources.sql.words import words
from trueup.structs import Struct, replace

_ACTIONS = ("CASCADE", "RESTRICT")
_DEFAULT_ENDS = words(
    "NOT NULL DEFAULT PRIMARY UNIQUE KEY COMMENT COLLATE ON CHECK REFERENCES CONSTRAINT AUTO_INCREMENT AUTOINCREMENT GENERATED "
    "FIRST AFTER VISIBLE INVISIBLE CHARACTER CHARSET AS STORED VIRTUAL COLUMN_FORMAT STORAGE , ;"
)
_EXPRESSION_WORDS = words(
    "AT AND OR IS IN LIKE ILIKE BETWEEN SIMILAR OPERATOR DEFERRABLE INITIALLY ENFORCED COMPRESSION WITHOUT WITH NULL"
)


class _Draft(Struct):
    """What a definition's attributes said so far."""

    values: dict[str, object]
    constraint: str | None = None

    def named(self, attribute: str) -> None:
        if self.constraint is not None:
            self.values[attribute] = self.constraint
            self.constraint = None


def read_column(cursor: Cursor, name: str | None = None) -> ColumnDef:
    """A whole column definition: name, type, attributes. `name` is given where it was read already."""
    at = cursor.here()
    if name is None:
        name = cursor.identifier()
    column = ColumnDef(name, read_type(cursor), at=at)
    draft = _Draft({})
    while not cursor.done and _attribute(cursor, draft):
        pass
    return replace(column, **draft.values) if draft.values else column


def _attribute(cursor: Cursor, draft: _Draft) -> bool:
    """Take one attribute; False where none comes next."""
    reader = _ATTRIBUTES.get(cursor.word())
    return reader is not None and reader(cursor, draft)


def _constraint(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    if not cursor.at_any("CHECK", "NOT", "NULL", "UNIQUE", "PRIMARY", "REFERENCES", "DEFAULT", "GENERATED"):
        draft.constraint = cursor.identifier()
    return True


def _check_generated(cursor: Cursor, draft: _Draft) -> None:
    """MariaDB's generated columns say nothing of NULL, neither before nor behind."""
    if cursor.dialect == "mysql" and cursor.source.mariadb and "generated" in draft.values:
        cursor.complain_at_token()


def _not(cursor: Cursor, draft: _Draft) -> bool:
    if cursor.at("NOT", "NULL"):
        _check_generated(cursor, draft)
        _check_not_both(cursor, draft, True)
        cursor.skip(2)
        draft.values["nullable"] = False
        draft.constraint = None
        _on_conflict(cursor)
        return True
    if (
        cursor.accept("NOT", "DEFERRABLE")
        or cursor.accept("NOT", "ENFORCED")
        or cursor.accept("NOT", "INVISIBLE")
    ):
        cursor.accept("INITIALLY", "IMMEDIATE")
        return True
    return cursor.accept("NOT", "VALID")


def _check_not_both(cursor: Cursor, draft: _Draft, contrary: bool) -> None:
    """PostgreSQL takes NULL with NOT NULL for a contradiction; elsewhere the last one counts."""
    if cursor.dialect == "pgsql" and draft.values.get("nullable") is contrary:
        cursor.complain("conflicting NULL/NOT NULL declarations", "42601")


def _null(cursor: Cursor, draft: _Draft) -> bool:
    _check_generated(cursor, draft)
    _check_not_both(cursor, draft, False)
    cursor.skip()
    draft.values["nullable"] = True
    _on_conflict(cursor)
    return True


def _on_conflict(cursor: Cursor) -> None:
    if cursor.at("ON", "CONFLICT"):
        cursor.only("sqlite")
        cursor.skip(3)


def _default(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    first = cursor.position
    if cursor.word() in (",", ")", ";") or cursor.done:
        cursor.complain_at_token()
        return True
    cursor.accept_any("-", "+")
    literal = cursor.kind() in ("n", "s")
    if cursor.word() == "(":
        cursor.skip_parentheses()
    else:
        cursor.skip()
        if cursor.word() == "(":
            cursor.only("mysql", "pgsql")
            cursor.skip_parentheses()
    _check_end_of_default(cursor, literal)
    _more_of_expression(cursor)
    draft.values["default"] = cursor.slice(first)
    draft.constraint = None
    return True


def _check_end_of_default(cursor: Cursor, literal: bool) -> None:
    """Only PostgreSQL takes operators without parentheses; none takes a word or a number right behind a literal."""
    kind, word = cursor.kind(), cursor.word()
    if cursor.done or word in _DEFAULT_ENDS or word == ")":
        return
    operator = kind in ("o", "p") and cursor.dialect != "pgsql"
    stray = literal and (kind == "n" or (kind == "w" and word not in _EXPRESSION_WORDS))
    if operator or stray:
        cursor.complain_at_token()


def _more_of_expression(cursor: Cursor) -> None:
    """Operators, casts and what they apply to, up to the next attribute."""
    while not cursor.done and cursor.word() != ")":
        if cursor.word() in _DEFAULT_ENDS:
            return
        if cursor.word() == "(":
            cursor.skip_parentheses()
        elif cursor.accept("::"):
            read_type(cursor)
        else:
            cursor.skip()


def _auto_increment(cursor: Cursor, draft: _Draft) -> bool:
    cursor.only("mysql" if cursor.word() == "AUTO_INCREMENT" else "sqlite")
    cursor.skip()
    draft.values["auto_increment"] = True
    return True


def _primary(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    if not cursor.accept("KEY") and cursor.dialect != "mysql":
        cursor.complain_at_token()
    cursor.accept_any("ASC", "DESC")
    _on_conflict(cursor)
    _index_storage(cursor)
    draft.values["primary"] = True
    draft.named("primary_name")
    return True


def _key(cursor: Cursor, draft: _Draft) -> bool:
    cursor.only("mysql")
    cursor.skip()
    draft.values["primary"] = True
    return True


def _unique(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    if cursor.at("KEY"):
        cursor.only("mysql")
        cursor.skip()
    if cursor.accept("NULLS"):
        cursor.accept("NOT")
        cursor.expect("DISTINCT")
    _on_conflict(cursor)
    _index_storage(cursor)
    draft.values["unique"] = True
    draft.named("unique_name")
    return True


def _index_storage(cursor: Cursor) -> None:
    if cursor.dialect != "pgsql":
        return
    if cursor.at("WITH", "("):
        cursor.skip()
        cursor.skip_parentheses()
    if cursor.accept("USING", "INDEX", "TABLESPACE"):
        cursor.identifier()


def _comment(cursor: Cursor, draft: _Draft) -> bool:
    cursor.only("mysql")
    cursor.skip()
    cursor.accept("=")
    draft.values["comment"] = cursor.string()
    return True


def _collate(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    cursor.accept("=")
    if cursor.kind() == "s":
        draft.values["collation"] = cursor.string()
    else:
        draft.values["collation"] = cursor.qualified()
    return True


def _charset(cursor: Cursor, draft: _Draft) -> bool:
    if cursor.word() == "CHARACTER" and cursor.word(1) != "SET":
        return False
    cursor.only("mysql")
    cursor.skip(2 if cursor.word() == "CHARACTER" else 1)
    cursor.accept("=")
    draft.values["charset"] = (
        cursor.string() if cursor.kind() == "s" else cursor.identifier(reserved=True).lower()
    )
    return True


def _on_update(cursor: Cursor, draft: _Draft) -> bool:
    if not cursor.at("ON", "UPDATE"):
        return False
    cursor.only("mysql", ahead=0)
    cursor.skip(2)
    first = cursor.position
    cursor.skip()
    if cursor.word() == "(":
        cursor.skip_parentheses()
    draft.values["on_update"] = cursor.slice(first)
    return True


def _generated(cursor: Cursor, draft: _Draft) -> bool:
    if cursor.accept("GENERATED"):
        by_default = cursor.accept("BY", "DEFAULT")
        if not by_default:
            cursor.expect("ALWAYS")
        if cursor.at("AS", "IDENTITY"):
            cursor.only("pgsql")
            cursor.skip(2)
            if cursor.word() == "(":
                cursor.skip_parentheses()
            draft.values["identity"] = "by default" if by_default else "always"
            return True
    if "nullable" in draft.values and cursor.dialect == "mysql" and cursor.source.mariadb:
        cursor.complain_at_token()
    cursor.expect("AS")
    if cursor.at("ROW"):
        cursor.skip(2)
        return True
    draft.values["generated"] = cursor.parenthesized()
    if cursor.at("VIRTUAL") and cursor.dialect == "pgsql" and cursor.source.version < (18,):
        cursor.complain_at_token()
    kind = cursor.accept_any("STORED", "VIRTUAL", "PERSISTENT")
    draft.values["stored"] = kind in ("STORED", "PERSISTENT")
    if not kind and cursor.dialect == "pgsql" and cursor.source.version < (18,):
        cursor.complain_at_token()
    return True


def _check(cursor: Cursor, draft: _Draft) -> bool:
    cursor.skip()
    _check_lists(cursor)
    expression = cursor.parenthesized()
    previous = draft.values.get("check")
    draft.values["check"] = f"({previous}) and ({expression})" if previous else expression
    draft.named("check_name")
    cursor.accept("ENFORCED")
    if cursor.at("NO", "INHERIT"):
        cursor.skip(2)
    return True


def _check_lists(cursor: Cursor) -> None:
    """`IN ()` is for SQLite alone."""
    if cursor.dialect == "sqlite":
        return
    place, depth = cursor.position, 0
    while place < cursor.count:
        word = cursor.tokens[place][1]
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == ")" and cursor.tokens[place - 1][1] == "(" and cursor.tokens[place - 2][1] == "IN":
            cursor.complain_at_token(place - cursor.position)
        if depth <= 0:
            return
        place += 1


def _references(cursor: Cursor, draft: _Draft) -> bool:
    key = read_references(cursor, (), None)
    draft.values["references"] = replace(key, name=draft.constraint)
    draft.constraint = None
    return True


def _ignored(words: int) -> Callable[[Cursor, _Draft], bool]:
    def take(cursor: Cursor, draft: _Draft) -> bool:
        cursor.skip(words)
        return True

    return take


def _visibility(cursor: Cursor, draft: _Draft) -> bool:
    cursor.only("mysql")
    draft.values["invisible"] = cursor.word() == "INVISIBLE"
    cursor.skip()
    return True


def _spatial_reference(cursor: Cursor, draft: _Draft) -> bool:
    cursor.only("mysql")
    if (cursor.word() == "SRID") == cursor.source.mariadb:
        cursor.complain_at_token()
    cursor.skip()
    cursor.accept("=")
    cursor.skip()
    return True


def _versioning(cursor: Cursor, draft: _Draft) -> bool:
    if cursor.word(1) != "SYSTEM":
        return False
    cursor.skip(3)
    return True


def _deferrable(cursor: Cursor, draft: _Draft) -> bool:
    take_deferrable(cursor)
    return True


_ATTRIBUTES: dict[str, Callable[[Cursor, _Draft], bool]] = {
    "CONSTRAINT": _constraint,
    "NOT": _not,
    "NULL": _null,
    "DEFAULT": _default,
    "AUTO_INCREMENT": _auto_increment,
    "AUTOINCREMENT": _auto_increment,
    "PRIMARY": _primary,
    "KEY": _key,
    "UNIQUE": _unique,
    "COMMENT": _comment,
    "COLLATE": _collate,
    "CHARACTER": _charset,
    "CHARSET": _charset,
    "ON": _on_update,
    "GENERATED": _generated,
    "AS": _generated,
    "CHECK": _check,
    "REFERENCES": _references,
    "VISIBLE": _visibility,
    "INVISIBLE": _visibility,
    "COLUMN_FORMAT": _ignored(2),
    "STORAGE": _ignored(2),
    "COMPRESSION": _ignored(2),
    "COMPRESSED": _ignored(1),
    "ENFORCED": _ignored(1),
    "SRID": _spatial_reference,
    "REF_SYSTEM_ID": _spatial_reference,
    "WITH": _versioning,
    "WITHOUT": _versioning,
    "DEFERRABLE": _deferrable,
    "INITIALLY": _deferrable,
}


def read_references(cursor: Cursor, columns: tuple[str, ...], name: str | None) -> ForeignKeyDef:
    """REFERENCES table [(columns)] [MATCH ...] [ON DELETE ...] [ON UPDATE ...] [deferrable] [NOT VALID]."""
    at = cursor.here()
    cursor.expect("REFERENCES")
    table = cursor.qualified()
    foreign = cursor.names_in_parentheses() if cursor.word() == "(" else ()
    on_delete = on_update = None
    not_valid = False
    while True:
        if cursor.accept("MATCH"):
            cursor.skip()
        elif cursor.accept("ON", "DELETE"):
            on_delete = _referential_action(cursor)
        elif cursor.accept("ON", "UPDATE"):
            on_update = _referential_action(cursor)
        elif cursor.at("NOT", "VALID"):
            cursor.only("pgsql")
            cursor.skip(2)
            not_valid = True
        elif not take_deferrable(cursor):
            return ForeignKeyDef(columns, table, foreign, name, on_delete, on_update, not_valid, at)


def take_deferrable(cursor: Cursor) -> bool:
    if cursor.at("NOT", "DEFERRABLE") or cursor.at_any("DEFERRABLE", "INITIALLY"):
        cursor.only("pgsql", "sqlite")
        cursor.accept("NOT")
        if not cursor.accept("DEFERRABLE"):
            cursor.skip()
            cursor.accept_any("DEFERRED", "IMMEDIATE")
        return True
    return False


def _referential_action(cursor: Cursor) -> str:
    word = cursor.accept_any(*_ACTIONS)
    if word:
        return word.lower()
    if cursor.accept("NO", "ACTION"):
        return "no action"
    for target in ("NULL", "DEFAULT"):
        if cursor.accept("SET", target):
            if cursor.word() == "(" and cursor.dialect == "pgsql":
                cursor.skip_parentheses()
            return f"set {target.lower()}"
    raise cursor.unreadable("expected an action")
