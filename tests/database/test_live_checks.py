"""CHECK constraints of live databases against the text that made them: a server's own words are no difference, another limit is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.database.live import built, live
from trueup.cli import run
from trueup.compare.constraints import said
from trueup.compare.diff import CheckAdded, CheckRemoved, diff
from trueup.model.names import Driver

CONDITIONS = (
    "cost >= 0",
    "cost between -1 and 10.50 or cost is null",
    "kind in ('x', 'y', 'it''s')",
    "kind not in ('p', 'q')",
    "kind <> 'z' and (n = 1 or n > 5)",
    "not (kind is null and n is null)",
    "n in (1, 2, 3)",
    "length(kind) > 2 and upper(kind) like 'A%'",
)
OTHERS = ("cost >= 1", "cost between -1 and 10.51 or cost is null", "kind in ('x', 'y')", "n in (1, 2)")
DRIVERS: tuple[Driver, ...] = ("sqlite", "pgsql", "mariadb")


def table(conditions: tuple[str, ...]) -> str:
    checks = "".join(f", CONSTRAINT c_{n} CHECK ({one})" for n, one in enumerate(conditions))
    return f"CREATE TABLE t (kind varchar(20) NULL, cost decimal(10,2) NULL, n int NULL{checks})"


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_same_constraints_in_the_servers_words(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    there = live(table(CONDITIONS), driver, tmp_path, mysql_url, pgsql_url)
    assert there.gaps == ()
    assert len(there.tables[0].checks) == len(CONDITIONS)
    assert diff(there, built(table(CONDITIONS), driver), respelled=True) == ()


@pytest.mark.parametrize("driver", DRIVERS)
def test_another_limit_is_told(driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str) -> None:
    there = live(table(OTHERS), driver, tmp_path, mysql_url, pgsql_url)
    here = built(table((*CONDITIONS[:3], CONDITIONS[6])), driver)
    found = diff(there, here, respelled=True)
    assert {type(d) for d in found} == {CheckAdded, CheckRemoved}
    names = ["c_0", "c_1", "c_2", "c_3"]
    assert sorted(str(d.check.name) for d in found if isinstance(d, CheckAdded)) == names
    assert sorted(str(d.check.name) for d in found if isinstance(d, CheckRemoved)) == names


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_function_that_differs_may_be_the_servers_spelling(
    driver: Driver, tmp_path: Path, mysql_url: str, pgsql_url: str
) -> None:
    there = live(table(("length(kind) > 2",)), driver, tmp_path, mysql_url, pgsql_url)
    assert diff(there, built(table(("char_length(trim(kind)) > 2",)), driver), respelled=True) == ()
    # Of two files, both in their authors' words, it is a difference.
    assert (
        len(diff(built(table(("length(kind) > 2",)), driver), built(table(("length(kind) > 3",)), driver)))
        == 2
    )


def test_mysql_8_spells_strings_with_their_character_set() -> None:
    told = r"((`kind` in (_utf8mb4\'x\',_utf8mb4\'y\')) and (`cost` >= 0.00))"
    assert said(told, "mysql") == said("kind in ('y', 'x') and cost >= 0", "mysql")


def test_trueup_diff_shows_them(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    live(table(("cost >= 0",)), "sqlite", tmp_path, "", "")
    dump = tmp_path / "wanted.sql"
    dump.write_text(table(("cost > 0",)) + ";\n")
    assert run(["diff", f"sqlite://{tmp_path / 't.sqlite'}", str(dump), "--driver", "sqlite"]) == 1
    out = capfd.readouterr().out
    assert "cost >= 0" in out
    assert "cost > 0" in out
