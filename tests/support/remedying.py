"""Remedies on the real framework: a project made to say that it uses Laravel 8.83, and what real servers make of its remedies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.facets import Difference, differences, oracle_facets, schema_facets
from tests.support.oracle import SCRIPT, OracleResult, Tables
from trueup.config import Options
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.remedies import Fix, NewFile
from trueup.pipeline.fixing import fix, write
from trueup.pipeline.flow import audit
from trueup.pipeline.schemas import schema

LOCK = {
    "packages": [
        {"name": "laravel/framework", "version": "v8.83.26"},
        {"name": "doctrine/dbal", "version": "3.6.1"},
    ],
    "packages-dev": [],
}


LOCK_TEXT = json.dumps(LOCK)


@dataclass(frozen=True, slots=True)
class Reality:
    """What a server holds before the remedies, after them, and after going back; and what failed, by migration."""

    before: Tables
    after: Tables
    back: Tables
    failed: dict[str, str]
    new_failed: dict[str, str]
    back_failed: dict[str, str]
    server_version: str


def copied(project: Path, folder: Path) -> Path:
    """A copy of the project that is locked to the framework that Debian has."""
    copy = folder / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".git", "vendor", "node_modules"))
    (copy / "composer.lock").write_text(LOCK_TEXT)
    return copy


def offered(project: Path, *, allow_destructive: bool = False) -> Fix:
    return fix(str(project), Options(), allow_destructive=allow_destructive)[0]


def migrations_of(made: Fix) -> tuple[NewFile, ...]:
    return tuple(f for r in made.remedies if r.offered for f in r.files if "/migrations/" in f.path)


def carried_out(project: Path, files: tuple[NewFile, ...], driver: Driver, folder: Path) -> Reality:
    """The project's migrations, then `files`, then these back, on a fresh database of that driver."""
    new = folder / "new"
    new.mkdir(exist_ok=True)
    for file in files:
        (new / file.path.rsplit("/", 1)[1]).write_text(file.text)
    script = SCRIPT.with_name("remedies.php")
    done = subprocess.run(
        [
            "php",
            "-d",
            "display_errors=stderr",
            script,
            "--driver",
            driver,
            "--project",
            project,
            "--new",
            new,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "APP_ENV": "production"},
    )
    answer = json.loads(done.stdout)
    failures = {
        k: {f["migration"]: f["reason"] for f in answer[k]} for k in ("failed", "new_failed", "back_failed")
    }
    tables = {k: answer[k] or {} for k in ("before", "after", "back")}
    return Reality(**tables, **failures, server_version=answer["server_version"])


def written(project: Path, made: Fix, folder: Path) -> tuple[Path, Path]:
    """Two copies of the project: one with the files that are there patched, and one as `trueup fix --write` leaves it."""
    patched, whole = folder / "patched", folder / "written"
    for copy in (patched, whole):
        shutil.copytree(project, copy)
    facts = made.audit.facts
    moved = replace(facts, project=replace(facts.project, root=str(whole)))
    write(replace(made, audit=replace(made.audit, facts=moved)))
    for path in {p.path for r in made.remedies if r.offered for p in r.patches}:
        shutil.copyfile(whole / path, patched / path)
    return patched, whole


def wrong_php(made: Fix, whole: Path) -> list[tuple[str, str]]:
    """Files that were added or patched and that PHP does not read."""
    offered = [r for r in made.remedies if r.offered]
    paths = {f.path for r in offered for f in r.files} | {p.path for r in offered for p in r.patches}
    said = {path: lint((whole / path).read_text()) for path in sorted(paths)}
    return [(path, text) for path, text in said.items() if text]


def proved(project: Path, made: Fix, driver: Driver, folder: Path) -> None:
    """The remedies, written, and their migrations carried out by the real framework on a real server: they run, going back restores
    the schema, the server then holds what the replay of the written project says, and the audit of that, which found what the
    remedies claim before, finds it no more. A table about which replay and server do not agree before any remedy (MariaDB refuses
    a function in a generated column) is left out."""
    patched, whole = written(project, made, folder)
    reality = carried_out(patched, migrations_of(made), driver, folder)
    assert reality.new_failed == {}
    assert reality.back_failed == {}
    assert reality.back == reality.before
    assert reality.after != reality.before
    options = Options(driver=driver, server_version=reality.server_version)
    doubtful = {d.fact[0] for d in _told_wrong(patched, options, driver, reality.before, reality.failed)}
    assert len(doubtful) <= 2
    failed = {**reality.failed, **reality.new_failed}
    wrong = _told_wrong(whole, options, driver, reality.after, failed)
    assert [str(d) for d in wrong if d.fact[0] not in doubtful] == []
    claimed = {i for r in made.remedies if r.offered for t in r.trial if t.driver == driver for i in t.gone}
    assert claimed
    assert claimed - _found(project, options) == set()
    assert claimed & _found(whole, options) == set()


def _told_wrong(
    project: Path, options: Options, driver: Driver, tables: Tables, failed: dict[str, str]
) -> tuple[Difference, ...]:
    real = oracle_facets(OracleResult(driver, tables, failed, "", ""), driver)
    return differences(schema_facets(schema(str(project), options)), real)


def _found(project: Path, options: Options) -> set[str]:
    """Ids of what is found on that driver; columns that were replaced wait under another name, and need no cast meanwhile."""
    findings = audit(str(project), options)[0].findings
    return {
        f.id
        for f in findings
        if (not f.drivers or options.driver in f.drivers) and not _asks_for_casts_of_kept_columns(f)
    }


def _asks_for_casts_of_kept_columns(finding: Finding) -> bool:
    names = finding.expected.removeprefix("casts for ").split(", ")
    return finding.code == "MOD014" and all(name.endswith("_old") or name == "cost" for name in names)


def lint(text: str) -> str:
    """What `php -l` says of a text, "" where it is right."""
    done = subprocess.run(["php", "-l"], input=text, capture_output=True, text=True, check=False, timeout=30)
    return "" if done.returncode == 0 else done.stdout + done.stderr
