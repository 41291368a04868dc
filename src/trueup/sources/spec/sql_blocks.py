"""SQL blocks: the dialect, the definitions, what can't be read and what a server would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.model.locations import Gap
from trueup.model.names import Driver
from trueup.model.spec import SpecDefect, TableMention
from trueup.sources.spec.from_ddl import bare_name
from trueup.sources.spec.setting import Setting
from trueup.sources.spec.tables import Definitions
from trueup.sources.sql import ddl
from trueup.sources.sql.read import detect_dialect, read_sql
from trueup.structs import Struct, replace

SERVER_VERSIONS: dict[Driver, str] = {
    "mysql": "8.0.36",
    "mariadb": "10.11.0-MariaDB",
    "pgsql": "15.0",
    "sqlite": "3.45.0",
}
"""As which server a document's SQL is judged: the oldest still common version of each."""

_NAMED: dict[str, Driver] = {
    "mysql": "mysql",
    "mariadb": "mariadb",
    "postgresql": "pgsql",
    "postgres": "pgsql",
    "pgsql": "pgsql",
    "psql": "pgsql",
    "plpgsql": "pgsql",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
}
_SCHEMA = re.compile(
    r"\b(?:create\s+(?:or\s+replace\s+)?(?:temporary\s+|unlogged\s+)?table|alter\s+table|create\s+(?:unique\s+)?index)\b",
    re.I,
)
_CATALOG = re.compile(r"(?:information_schema|performance_schema|pg_catalog|sys|mysql)\.|pg_|sqlite_", re.I)
"""The server's own tables."""
_ELISION = re.compile(
    r"^\s*(?:--\s*|#\s*|/\*\s*)?(?:\.{3}|…|(?:other|more|additional|remaining)\s+(?:columns|fields)\b)", re.I
)
_ELIDED_BODY = re.compile(r"\(\s*(?:\.{3}|…)|(?:\.{3}|…)\s*\)")


class Dialect(Struct, frozen=True):
    """`driver` None where neither the text nor a hint tells; it is then read as MySQL and no server's refusals are reported."""

    driver: Driver | None
    read_as: Driver


def dialect_of(text: str, info: str, document: Driver | None, hint: Driver | None) -> Dialect:
    """The fence's word, then the block's own words, then the document's other SQL, then the project's driver. Where the words
    say MySQL and the project runs on MariaDB, it is MariaDB."""
    found = _NAMED.get(info) or detect_dialect(text) or document or hint
    if found == "mysql" and hint == "mariadb":
        found = "mariadb"
    return Dialect(found, found or "mysql")


def speaks_of_schema(text: str) -> bool:
    return _SCHEMA.search(text) is not None


class SqlBlock(Struct, frozen=True):
    """`first` is the line of the text's first line."""

    text: str
    first: int
    closed: bool
    dialect: Dialect


def detect_in(texts: Iterable[str]) -> Driver | None:
    """The dialect of all of a document's SQL together."""
    joined = "\n".join(texts)
    return detect_dialect(joined) if joined else None


def read_sql_block(
    block: SqlBlock, setting: Setting, definitions: Definitions, statements: list[ddl.Statement]
) -> Iterator[TableMention | SpecDefect | Gap]:
    """Carries the block's statements out on `definitions`, and adds them to `statements`, to be judged with those of other
    blocks."""
    driver, first = block.dialect.read_as, block.first
    found = read_sql(
        block.text, driver, setting.at(first), server_version=SERVER_VERSIONS[driver], lenient=True
    )
    claims = speaks_of_schema(block.text)
    elided = {first + n for n, line in enumerate(block.text.split("\n")) if _is_elision(line)}
    reading = _Reading(block.dialect, setting, definitions, elided, statements)
    for statement in found:
        yield from reading.take(statement, claims)
    if not block.closed and claims:
        yield setting.gap(first, "the document ends inside this SQL block", "spec-sql")


def _is_elision(line: str) -> bool:
    return bool(_ELISION.match(line) or _ELIDED_BODY.search(line))


class _Reading:
    def __init__(
        self,
        dialect: Dialect,
        setting: Setting,
        definitions: Definitions,
        elided: set[int],
        statements: list[ddl.Statement],
    ) -> None:
        self.dialect = dialect
        self.setting = setting
        self.definitions = definitions
        self.elided = elided
        self.table = ""
        self.started = 0
        self.statements = statements

    def take(self, statement: ddl.Statement, claims: bool) -> Iterator[TableMention | SpecDefect | Gap]:
        match statement:
            case ddl.Refusal(reason=reason, at=at):
                if claims and self.dialect.driver is not None and not self._elision_near(at.line):
                    yield SpecDefect("syntax", at, _short(reason), self.table)
            case ddl.NotUnderstood(reason=reason, at=at):
                if claims and self._elision_near(at.line):
                    self._not_whole()
                elif claims and (self.dialect.driver is None or not self.table):
                    yield self.setting.gap(at.line, f"SQL that can't be read: {reason}", "spec-sql")
            case ddl.DataStatement(tables=tables, text=text, at=at):
                for table in (t for t in tables if not _CATALOG.match(t)):
                    yield TableMention(bare_name(table), at, text.split("\n")[0][:200])
            case _:
                self._schema(statement)

    def _schema(self, statement: ddl.Statement) -> None:
        named = getattr(statement, "table", "")
        self.table = bare_name(named) if isinstance(named, str) else ""
        self.started = statement.at.line
        self.statements.append(statement)
        self.definitions.carry_out(statement, "sql", self.dialect.driver, self.setting)
        if any(self.started <= line for line in self.elided) and isinstance(statement, ddl.CreateTable):
            end = max(
                [
                    self.started,
                    *(c.at.line for c in statement.columns),
                    *(i.at.line for i in statement.indexes),
                ]
            )
            if any(self.started <= line <= end + 1 for line in self.elided):
                self._not_whole()

    def _elision_near(self, line: int) -> bool:
        return any(abs(line - e) <= 1 and e >= self.started for e in self.elided)

    def _not_whole(self) -> None:
        """The document leaves columns out ("..."): the definition above requires only what it names."""
        tables = self.definitions.tables
        if tables and tables[-1].name == self.table:
            tables[-1] = replace(tables[-1], complete=False)


def _short(reason: str) -> str:
    """A server's message on one line."""
    reason = reason.replace(
        "; check the manual that corresponds to your MySQL server version for the right syntax to use", ""
    )
    reason = reason.replace(
        "; check the manual that corresponds to your MariaDB server version for the right syntax to use", ""
    )
    head, near, rest = reason.partition("near '")
    first = rest.split("\n", 1)[0]
    tail = re.search(r"' at line \d+$", rest)
    first = first[: -len(tail[0])] if tail and first.endswith(tail[0]) else first
    return f"{head}{near}{first[:60]}'" if near else reason[:200]
