"""Every remedy that is offered for the example, carried out by the real framework on real servers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.remedies.conftest import Case
from tests.support.remedying import proved, proved_as_sql, written, wrong_php
from trueup.model.names import Driver
from trueup.model.remedies import Fix
from trueup.report.fix import fix_patch

Way = Callable[[Path, Fix, Driver, Path], None]
DRIVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")


def test_every_file_is_php(case: Case, tmp_path: Path) -> None:
    _, whole = written(case.project, case.made, tmp_path)
    assert wrong_php(case.made, whole) == []
    assert sum(len(r.files) for r in case.made.remedies if r.offered) > 20
    assert sum(len(r.patches) for r in case.made.remedies if r.offered) > 5


@pytest.mark.parametrize("driver", DRIVERS)
def test_they_run_mend_and_go_back(case: Case, driver: Driver, tmp_path: Path) -> None:
    proved(case.project, case.made, driver, tmp_path)


@pytest.mark.parametrize("driver", DRIVERS)
def test_their_sql_does_the_same(case: Case, driver: Driver, tmp_path: Path) -> None:
    proved_as_sql(case.project, case.made, driver, tmp_path)


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("way", [proved, proved_as_sql])
def test_those_that_destroy_too(destroying: Case, way: Way, driver: Driver, tmp_path: Path) -> None:
    assert any(r.destructive for r in destroying.made.remedies if r.offered)
    way(destroying.project, destroying.made, driver, tmp_path)


def test_the_patch_applies_and_is_what_write_leaves(case: Case, tmp_path: Path) -> None:
    """`git apply` takes new files and patches together."""
    _, whole = written(case.project, case.made, tmp_path)
    project = tmp_path / "project"
    shutil.copytree(case.project, project)
    (tmp_path / "all.patch").write_text(fix_patch(case.made))
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True, timeout=60)
    subprocess.run(["git", "apply", "../all.patch"], cwd=project, check=True, timeout=60)
    shutil.rmtree(project / ".git")
    assert _texts(project) == _texts(whole)


def _texts(project: Path) -> dict[str, bytes]:
    return {str(p.relative_to(project)): p.read_bytes() for p in project.rglob("*") if p.is_file()}
