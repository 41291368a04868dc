"""Schema dumps (mysqldump, pg_dump, sqlite3's .schema and .dump), also large ones with data: the data is passed over as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.sources.sql.ddl import DataStatement, NotUnderstood, Statement
from trueup.sources.sql.read import read_sql
from trueup.sources.sql.reader.split import is_complete

_NAME = rb"([`\"\[]?[\w$]++[`\"\]]?(?:\.[`\"]?[\w$]++[`\"]?)?)"
_DATA = re.compile(
    rb"^(?:(?:INSERT|REPLACE)\s++(?:OR\s++\w++\s++|IGNORE\s++)?INTO\s++"
    + _NAME
    + rb"|COPY\s++"
    + _NAME
    + rb"(?:[^;\n]|\n(?!COPY\b))*?\bFROM\s++stdin\b(?:[^;\n]|\n(?!COPY\b))*+;)",
    re.I | re.M,
)
_LAST_ROW = re.compile(rb"^\\\.[^\n]*$", re.M)
_MYSQL_ROWS = re.compile(
    rb"(?:[^'\";`]++|'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`]*+`)*+;?", re.S
)
_OTHER_ROWS = re.compile(rb"(?:[^'\";]++|'(?:[^']++|'')*+'|\"(?:[^\"]++|\"\")*+\")*+;?", re.S)
_MYSQLDUMP = re.compile(rb"\A\s*(?:/\*M?![^\n]*\n)?-- (?:MySQL|MariaDB) dump")
_CHUNK_LIMIT = 4_000_000


def read_dump(
    source: Path | bytes,
    driver: Driver,
    file: str,
    *,
    server_version: str | None = None,
) -> Iterator[Statement]:
    """Every statement of a dump in order, each with its line in `file`. Of its data only the first INSERT or COPY of a run into one
    table is told (a `DataStatement` without rows), so that the table is known to be filled. A file that can't be read
    raises `OSError`; what is in it never raises."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    data = data.removeprefix(b"\xef\xbb\xbf")
    quick = _MYSQLDUMP.match(data) is not None
    start, line, filled = 0, 1, b""
    search = 0
    while True:
        found = _DATA.search(data, search)
        end = found.start() if found else len(data)
        if found and end - start < _CHUNK_LIMIT and not is_complete(_text(data[start:end]), driver):
            search = found.end()
            continue
        yield from _statements(data[start:end], driver, Location(file, line), server_version)
        line += data.count(b"\n", start, end)
        if found is None:
            return
        table = found.group(1) or found.group(2)
        stop = _end_of_rows(data, found, driver, quick)
        if table != filled or data[start:end].strip():
            yield DataStatement("insert", (_plain(table, driver),), (), "", Location(file, line))
        filled = table
        line += data.count(b"\n", end, stop)
        start = search = stop


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _statements(data: bytes, driver: Driver, at: Location, server_version: str | None) -> Iterator[Statement]:
    if not data.strip():
        return
    if len(data) > _CHUNK_LIMIT * 4:
        yield NotUnderstood("a stretch of SQL too large to read", _text(data[:120]), at)
        return
    yield from read_sql(_text(data), driver, at, server_version=server_version)


def _end_of_rows(data: bytes, found: re.Match[bytes], driver: Driver, quick: bool) -> int:
    """The offset behind an INSERT's semicolon or a COPY's last row. mysqldump writes no line break inside a string."""
    if found.group(2) is not None:
        last = _LAST_ROW.search(data, found.end())
        return last.end() if last else len(data)
    if quick:
        stop = data.find(b";\n", found.end())
        return len(data) if stop < 0 else stop + 1
    rows = _MYSQL_ROWS if driver in ("mysql", "mariadb") else _OTHER_ROWS
    matched = rows.match(data, found.end())
    return matched.end() if matched else found.end()


def _plain(name: bytes, driver: Driver) -> str:
    parts = [part.strip('`"[]') for part in _text(name).split(".")]
    bare = not name.startswith((b'"', b"`", b"["))
    last = parts[-1].lower() if driver == "pgsql" and bare and '"' not in _text(name) else parts[-1]
    return last if len(parts) == 1 or driver != "pgsql" or parts[0] == "public" else f"{parts[0]}.{last}"
