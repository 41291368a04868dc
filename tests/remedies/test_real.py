"""Every remedy that is offered for the example, carried out by the real framework on real servers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.remedies.conftest import Case
from tests.support.facets import Facets, differences, oracle_facets, schema_facets
from tests.support.oracle import OracleResult, Tables
from tests.support.remedying import Reality, carried_out, lint, migrations_of
from trueup.config import Options
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.pipeline.flow import audit
from trueup.pipeline.schemas import schema
from trueup.report.fix import fix_patch

DRIVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")


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
        found = {f.id for f in audit(str(case.project), options)[0].findings if _on(f, driver)}
        alone = [r for r in case.made.remedies if r.offered and not r.patches]
        gone = {i for r in alone for t in r.trial if t.driver == driver for i in t.gone}
        assert gone & found == set()
        assert gone
    finally:
        for file in migrations_of(case.made):
            (case.project / file.path).unlink()


def _facets(tables: Tables, failed: dict[str, str], driver: Driver) -> Facets:
    return oracle_facets(OracleResult(driver, tables, failed, "", ""), driver)


def test_the_patch_applies_and_what_it_leaves_is_php(case: Case, tmp_path: Path) -> None:
    """`git apply` takes new files and patches together; then every file is right PHP, and none of the mended findings is left."""
    project = tmp_path / "project"
    shutil.copytree(case.project, project)
    (tmp_path / "all.patch").write_text(fix_patch(case.made))
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True, timeout=60)
    subprocess.run(["git", "apply", "../all.patch"], cwd=project, check=True, timeout=60)
    touched = {p.path for r in case.made.remedies if r.offered for p in r.patches}
    assert touched
    assert [
        (path, lint((project / path).read_text()))
        for path in sorted(touched)
        if lint((project / path).read_text())
    ] == []
    findings = audit(str(project), Options())[0].findings
    own = case.made.audit.driver
    found = {f.id for f in findings if _on(f, own) and not _asks_for_casts_of_kept_columns(f)}
    gone = {i for r in case.made.remedies for t in r.trial if t.driver == own for i in t.gone if r.offered}
    assert gone & found == set()


def _on(finding: Finding, driver: Driver) -> bool:
    """The example is audited for several drivers; SQLite is left alone where it could only make the table anew."""
    return not finding.drivers or driver in finding.drivers


def _asks_for_casts_of_kept_columns(finding: Finding) -> bool:
    """Columns that were replaced wait under another name to be dropped."""
    names = finding.expected.removeprefix("casts for ").split(", ")
    return finding.code == "MOD014" and all(name.endswith("_old") or name == "cost" for name in names)
