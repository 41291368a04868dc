"""Our servers against the real ones: the same statements, the same refusals, the same facts at the end."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.both import VERSIONS, compare, differing, ours
from tests.sql.real import our_facts, real
from tests.sql.scripts import Writer
from trueup.model.names import Driver
from trueup.sources.sql.servers import server_for

HERE = Path(__file__).parent
REAL: tuple[Driver, ...] = ("mariadb", "pgsql", "sqlite")


def scripts() -> list[tuple[Driver, int, str]]:
    """The hand-written scripts: NAME.sql, split at its "-- script" lines."""
    return [
        (driver, number, script)
        for driver in REAL
        for number, script in enumerate((HERE / f"{driver}.sql").read_text().split("-- script\n")[1:])
    ]


@pytest.mark.parametrize(("driver", "number", "script"), scripts(), ids=lambda v: str(v)[:12])
def test_script(driver: Driver, number: int, script: str, mysql_url: str, pgsql_url: str) -> None:
    with real(driver, mysql_url, pgsql_url) as witness:
        found = compare(script, witness)
    assert not found, f"script {number}:\n{found}"
    assert found.carried_out + found.refused > 2


def _random_script(driver: Driver, seed: int, mysql_url: str, pgsql_url: str, length: int) -> None:
    """Statement by statement: both carry out, or both refuse; then both hold the same."""
    server = server_for(driver, VERSIONS[driver])
    writer = Writer(Random(seed), server)
    done: list[str] = []
    with real(driver, mysql_url, pgsql_url) as witness:
        for _ in range(length):
            sql = writer.next()
            truth, (answer, reason) = witness.execute(sql), ours(server, sql)
            done.append(f"{sql};" if truth is None else f"{sql};  -- refused: {truth}")
            assert (truth is None) == (answer is None), f"real {truth}, ours {answer} {reason}\n" + "\n".join(
                done
            )
        lines = differing(witness.facts(), our_facts(server.freeze()))
    assert not lines, "\n".join([*lines, *done])


@pytest.mark.parametrize("driver", REAL)
def test_random_statements(driver: Driver, mysql_url: str, pgsql_url: str) -> None:
    examples = 40 if driver == "sqlite" else 8

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.integers(min_value=0, max_value=2**32))
    def agree(seed: int) -> None:
        _random_script(driver, seed, mysql_url, pgsql_url, 12)

    agree()
