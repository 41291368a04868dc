"""No text crashes or hangs the reader or a server, however it is broken."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.model.locations import Location
from trueup.model.names import DRIVERS, Driver
from trueup.sources.sql.dump import read_dump
from trueup.sources.sql.read import detect_dialect, read_sql, split_statements
from trueup.sources.sql.servers import Refused, server_for

HERE = Path(__file__).parent
STATEMENTS = tuple(
    s.strip()
    for f in sorted(HERE.glob("*.sql"))
    for s in re.sub(r"--[^\n]*\n", "", f.read_text()).split(";")
    if s.strip()
)
PIECE = re.compile(r"\w+|'[^']*'|\S|\s+")
ODD = {"$$", "/*", "*/", "--\n", "'", '"', "`", "DELIMITER ;;\n"}
PIECES = tuple(sorted({p for s in STATEMENTS for p in PIECE.findall(s)} | ODD))


@st.composite
def broken_statements(draw: st.DrawFn) -> str:
    """A statement with some of its pieces taken out, put in or swapped."""
    pieces = PIECE.findall(draw(st.sampled_from(STATEMENTS)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(pieces)))
        match draw(st.sampled_from(("cut", "put", "swap", "end"))):
            case "cut":
                del pieces[place : place + 1]
            case "put":
                pieces.insert(place, draw(st.sampled_from(PIECES)))
            case "swap":
                pieces[place : place + 1] = [draw(st.sampled_from(PIECES))]
            case _:
                del pieces[place:]
    return "".join(pieces)


@settings(max_examples=400, deadline=2000)
@given(st.one_of(broken_statements(), st.text(max_size=80)), st.sampled_from(DRIVERS), st.booleans())
def test_any_text_is_read_and_carried_out_or_refused(text: str, driver: Driver, lenient: bool) -> None:
    detect_dialect(text)
    split_statements(text, driver)
    server = server_for(driver)
    for statement in read_sql(
        "create table t (id int primary key, a int, b varchar(20)); create index i on t (a)", driver
    ):
        server.execute(statement)
    statements = read_sql(text, driver, Location("f", 3), lenient=lenient)
    assert list(read_dump(text.encode("utf-8", "replace"), driver, "f")) is not None
    for statement in statements:
        assert statement.at.file == "f"
        assert statement.at.line >= 3
        before = server.freeze()
        try:
            server.execute(statement)
        except Refused:
            assert server.freeze() == before
    server.freeze()


HOSTILE: list[tuple[Driver, str]] = [
    ("mysql", "create table t (" + ",".join(f"c{i} int" for i in range(50_000)) + ")"),
    ("mysql", "create table t (a int default " + "(" * 50_000 + "1" + ")" * 50_000 + ")"),
    ("pgsql", "select " + "(" * 50_000),
    ("mysql", "insert into t values ('" + "a''" * 500_000 + "')"),
    ("mysql", "select '" + "a" * 1_000_000),
    ("pgsql", "/*" * 100_000),
    ("pgsql", "$a$" * 100_000),
    ("sqlite", "create trigger x after insert on t begin " + "case " * 50_000),
    ("mysql", "DELIMITER $$\n" * 20_000),
    ("mysql", "drop table a;" * 20_000),
    ("sqlite", "create index i on t (" + "a+" * 50_000 + "a)"),
    ("pgsql", "COPY t FROM stdin;\n" * 20_000),
]


@pytest.mark.parametrize(("driver", "text"), HOSTILE, ids=lambda v: str(v)[:30])
def test_hostile_text_takes_bounded_time(driver: Driver, text: str) -> None:
    started = time.process_time()
    read_sql(text, driver)
    assert time.process_time() - started < 5
