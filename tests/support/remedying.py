"""Remedies on the real framework: a project made to say that it uses Laravel 8.83, and what real servers make of its remedies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.facets import Difference, differences, oracle_facets, schema_facets
from tests.support.oracle import SCRIPT, OracleResult, TableFacts, Tables
from trueup.config import Options
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.remedies import Fix, NewFile
from trueup.pipeline.fixing import fix, write
from trueup.pipeline.flow import audit
from trueup.pipeline.schemas import schema
from trueup.structs import replace

LOCK = {
    "packages": [
        {"name": "laravel/framework", "version": "v8.83.26"},
        {"name": "doctrine/dbal", "version": "3.6.1"},
    ],
    "packages-dev": [],
}


LOCK_TEXT = json.dumps(LOCK)


Rows = dict[str, list[dict[str, object]]]
"""By table."""


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
    rows_after: Rows
    rows_back: Rows


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


def carried_out(
    project: Path,
    files: tuple[NewFile, ...],
    driver: Driver,
    folder: Path,
    rows: dict[str, object] | None = None,
) -> Reality:
    """The project's migrations, then `files`, then these back, on a fresh database of that driver. `rows` by table are put in
    before `files`; under "" stand names of further tables whose rows are told."""
    new = folder / "new"
    new.mkdir(exist_ok=True)
    for file in files:
        (new / file.path.rsplit("/", 1)[1]).write_text(file.text)
    return _reality(project, driver, folder, ["--new", str(new)], rows)


def carried_out_as_sql(
    project: Path, made: Fix, driver: Driver, folder: Path, rows: dict[str, object] | None = None
) -> Reality:
    """The same with the SQL of the remedies, in their order, and back in the other."""
    scripts = [s for r in made.remedies if r.offered for s in r.sql if s.driver == driver]
    up = [text for s in scripts for text in s.up if not text.startswith("--")]
    down = [text for s in reversed(scripts) for text in s.down if not text.startswith("--")]
    (folder / "sql.json").write_text(json.dumps({"up": up, "down": down}))
    return _reality(project, driver, folder, ["--sql", str(folder / "sql.json")], rows)


def _reality(
    project: Path, driver: Driver, folder: Path, what: list[str], rows: dict[str, object] | None
) -> Reality:
    (folder / "rows.json").write_text(json.dumps(rows or {}))
    script = SCRIPT.with_name("remedies.php")
    command = [
        "php",
        "-d",
        "display_errors=stderr",
        str(script),
        "--driver",
        driver,
        "--project",
        str(project),
    ]
    done = subprocess.run(
        [*command, *what, "--rows", str(folder / "rows.json")],
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
    told = {k: answer[k] or {} for k in ("rows_after", "rows_back")}
    return Reality(**tables, **failures, **told, server_version=answer["server_version"])


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
    remedies claim before, finds it no more."""
    patched, whole = written(project, made, folder)
    reality = carried_out(patched, migrations_of(made), driver, folder)
    _holds(reality, patched, whole, driver, in_order=_keeps_order(made, driver))
    options = Options(driver=driver, server_version=reality.server_version)
    claimed = {i for r in made.remedies if r.offered for t in r.trial if t.driver == driver for i in t.gone}
    assert claimed
    assert claimed - _found(project, options) == set()
    assert claimed & _found(whole, options) == set()


def proved_as_sql(project: Path, made: Fix, driver: Driver, folder: Path) -> None:
    """The remedies' SQL, carried out on what the project's migrations make on a real server, leaves what the replay of the written
    project says; going back restores the schema."""
    _, whole = written(project, made, folder)
    reality = carried_out_as_sql(project, made, driver, folder)
    _holds(reality, project, whole, driver, in_order=_keeps_order(made, driver))


def _keeps_order(made: Fix, driver: Driver) -> bool:
    """PostgreSQL and SQLite put a column that was dropped and comes back behind the others."""
    return driver == "mysql" or not any(r.destructive for r in made.remedies if r.offered)


def _holds(reality: Reality, first: Path, whole: Path, driver: Driver, in_order: bool) -> None:
    """A table about which replay and server do not agree before any remedy (MariaDB refuses a function in a generated column) is
    left out."""
    assert reality.new_failed == {}
    assert reality.back_failed == {}
    assert reality.after != reality.before
    assert _unlike(reality.before, reality.back, in_order) == []
    options = Options(driver=driver, server_version=reality.server_version)
    doubtful = {d.fact[0] for d in _told_wrong(first, options, driver, reality.before, reality.failed)}
    assert len(doubtful) <= 2
    failed = reality.failed
    wrong = _told_wrong(whole, options, driver, reality.after, failed)
    assert [str(d) for d in wrong if d.facet != "failed migration" and d.fact[0] not in doubtful] == []


def _unlike(before: Tables, after: Tables, in_order: bool) -> list[tuple[str, object, object]]:
    """Tables that are not as they were."""

    def told(tables: Tables, name: str) -> TableFacts | None:
        table = tables.get(name)
        if table is None or in_order:
            return table
        return {**table, "columns": sorted(table["columns"], key=lambda c: c["name"])}

    names = sorted(before.keys() | after.keys())
    return [(n, told(before, n), told(after, n)) for n in names if told(before, n) != told(after, n)]


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
