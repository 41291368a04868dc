"""`trueup fix`: the audit, its remedies, and writing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.errors import Mistake, UserError
from trueup.model.names import DRIVERS, Driver
from trueup.model.remedies import Fix
from trueup.pipeline.attempts import Progress, silent
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.config import Options, Settings


def fix(
    target: str,
    options: Options,
    *,
    drivers: tuple[str, ...] = (),
    allow_destructive: bool = False,
    progress: Progress = silent,
) -> tuple[Fix, Settings]:
    """Remedies for the findings of an audit. `select` and `ignore` choose the findings to be mended; the audit itself is whole,
    since a remedy may not bring findings of any other kind. Only reads. Raises UserError."""
    from trueup.checks.registry import chosen
    from trueup.pipeline.flow import audit
    from trueup.remedies import RemedyOptions, remedies

    tried = _drivers(drivers)
    audited, settings = audit(target, replace(options, select=(), ignore=()), progress)
    codes = tuple(c.code for c in chosen(_split(options.select), _split(options.ignore)))
    driver = audited.driver
    tried = tried or tuple(d for d in DRIVERS if d == driver or d != _twin(driver))
    if driver not in tried:
        tried = (driver, *tried)
    wanted = RemedyOptions(codes, tried, settings.server_version, allow_destructive)
    made = remedies(audited, wanted, progress)
    mended = {i for remedy in made for i in remedy.finding_ids}
    left = tuple(f for f in audited.findings if f.id not in mended and f.code in codes)
    return Fix(audited, made, tried, left), settings


def _twin(driver: Driver) -> Driver:
    """MySQL and MariaDB differ little: one of them will do, the audited one where it is one of them."""
    return "mysql" if driver == "mariadb" else "mariadb"


def _split(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for text in codes for code in text.replace(",", " ").split())


def _drivers(names: tuple[str, ...]) -> tuple[Driver, ...]:
    from trueup.config import nearest

    mistakes = [
        Mistake("--try", f"there is no '{n}'", nearest(n, DRIVERS)) for n in names if n not in DRIVERS
    ]
    if mistakes:
        raise UserError(*mistakes)
    return tuple(d for d in DRIVERS if d in names)


def write(made: Fix) -> tuple[str, ...]:
    """Adds the offered remedies' new files to the project and applies their patches, all or nothing; answers the new files' paths.
    Raises UserError, also where a file to be patched is not what was audited."""
    from trueup.pipeline.patching import patched_texts
    from trueup.pipeline.writing import write_new_files

    root = made.audit.facts.project.root
    offered = [r for r in made.remedies if r.offered]
    files = {f.path: f.text for r in offered for f in r.files}
    changed = patched_texts(root, (p for r in offered for p in r.patches), "--write")
    return write_new_files(root, files, "--write", changed)


def write_beside(made: Fix, folder: str, sql: dict[Driver, str]) -> tuple[str, ...]:
    """All files, patches and SQL of the offered remedies below `folder`, which is made where it is missing. Raises UserError."""
    import os

    from trueup.pipeline.writing import write_new_files

    offered = [r for r in made.remedies if r.offered]
    files = {f.path: f.text for r in offered for f in r.files}
    patches = "".join(p.text for r in offered for p in r.patches)
    if patches:
        files["remedies.patch"] = patches
    files |= {f"sql/{driver}.sql": text for driver, text in sql.items()}
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as problem:
        raise UserError(
            Mistake("--output", f"can't make the folder '{folder}': {problem.strerror}")
        ) from problem
    return write_new_files(folder, files, "--output")
