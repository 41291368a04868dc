"""Remedies on the real framework: a project made to say that it uses Laravel 8.83, and what real servers make of its remedies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.oracle import SCRIPT, Tables
from trueup.config import Options
from trueup.model.names import Driver
from trueup.model.remedies import Fix, NewFile
from trueup.pipeline.fixing import fix

LOCK = {
    "packages": [
        {"name": "laravel/framework", "version": "v8.83.26"},
        {"name": "doctrine/dbal", "version": "3.6.1"},
    ],
    "packages-dev": [],
}


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
    (copy / "composer.lock").write_text(json.dumps(LOCK))
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


def lint(text: str) -> str:
    """What `php -l` says of a text, "" where it is right."""
    done = subprocess.run(["php", "-l"], input=text, capture_output=True, text=True, check=False, timeout=30)
    return "" if done.returncode == 0 else done.stdout + done.stderr
