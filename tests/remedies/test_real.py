"""Every remedy that is offered for the example, carried out by the real framework on real servers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.facets import Facets, differences, oracle_facets, schema_facets
from tests.support.oracle import OracleResult, Tables
from tests.support.remedying import Reality, carried_out, copied, lint, migrations_of, offered
from trueup.config import Options
from trueup.model.names import Driver
from trueup.model.remedies import Fix
from trueup.pipeline.flow import audit
from trueup.pipeline.schemas import schema

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"
DRIVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")


@dataclass(frozen=True, slots=True)
class Case:
    project: Path
    made: Fix


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    project = copied(EXAMPLE, tmp_path_factory.mktemp("fix"))
    return Case(project, offered(project))


def test_every_file_is_php(case: Case) -> None:
    files = [f for r in case.made.remedies for f in r.files]
    assert [(f.path, lint(f.text)) for f in files if lint(f.text)] == []
    assert len(files) > 20


@pytest.mark.parametrize("driver", DRIVERS)
def test_they_run_and_go_back(case: Case, driver: Driver, tmp_path: Path) -> None:
    reality = carried_out(case.project, migrations_of(case.made), driver, tmp_path)
    assert reality.new_failed == {}
    assert reality.back_failed == {}
    assert reality.back == reality.before
    assert reality.after != reality.before
    _agrees_with_the_replay(case, driver, reality)


def _agrees_with_the_replay(case: Case, driver: Driver, reality: Reality) -> None:
    """What the server holds then is what Trueup's replay says, so that its audit of the replay is one of the server. A table about
    which they do not agree before any remedy (MariaDB refuses a function in a generated column) is left out."""
    options = Options(driver=driver, server_version=reality.server_version)
    before = schema_facets(schema(str(case.project), options))
    doubtful = {d.fact[0] for d in differences(before, _facets(reality.before, reality.failed, driver))}
    assert len(doubtful) <= 2
    for file in migrations_of(case.made):
        (case.project / file.path).write_text(file.text)
    try:
        read = schema_facets(schema(str(case.project), options))
        real = _facets(reality.after, {**reality.failed, **reality.new_failed}, driver)
        assert [str(d) for d in differences(read, real) if d.fact[0] not in doubtful] == []
        found = {f.id for f in audit(str(case.project), options)[0].findings}
        gone = {
            i for r in case.made.remedies for t in r.trial if t.driver == driver for i in t.gone if r.offered
        }
        assert gone & found == set()
        assert gone
    finally:
        for file in migrations_of(case.made):
            (case.project / file.path).unlink()


def _facets(tables: Tables, failed: dict[str, str], driver: Driver) -> Facets:
    return oracle_facets(OracleResult(driver, tables, failed, "", ""), driver)
