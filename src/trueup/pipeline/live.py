"""The live database that --database-url names: connected to, read in one go, left again."""

from __future__ import annotations

import glob
import os

from trueup.compare.prefix import without_prefix
from trueup.model.live import Live
from trueup.model.names import Driver
from trueup.model.project import Project
from trueup.pipeline.opening import Opened
from trueup.structs import replace

_PACKAGES = (
    "database/migrations",
    "migrations",
    "src/database/migrations",
    "src/migrations",
    "stubs/migrations",
)
"""Where installed packages keep migrations, below vendor/NAME/NAME."""


def read_live_database(opened: Opened) -> Live:
    """What the database tells, with table names as the project's code says them. Raises TargetError, without credentials."""
    from trueup.sources.database import address_of, connect, read_live
    from trueup.sources.laravel.config import read_config

    project = opened.project
    address = address_of(opened.settings.database_url, project.root)
    session = connect(address)
    try:
        config = read_config(project, session.driver)
        live = read_live(session, address.shown, config.ledger, config.chosen.prefix)
    finally:
        session.close()
    schema, _ = without_prefix(live.schema, (), config.chosen.prefix)
    return _with_names(replace(live, schema=schema), project, config.chosen.name, session.driver)


def _with_names(live: Live, project: Project, connection: str, driver: Driver) -> Live:
    """With the migrations that are known although the replay has none of them."""
    from trueup.sources.laravel.migrations.dump import migrations_dumped
    from trueup.sources.laravel.migrations.files import migration_files

    own = {path.name for path in migration_files(project)}
    dumped = migrations_dumped(project, connection or driver)
    vendor = os.path.join(project.root, "vendor")
    packages = _package_migrations(vendor)
    return replace(live, known=frozenset({*own, *dumped, *packages}), packages_read=os.path.isdir(vendor))


def _package_migrations(vendor: str) -> set[str]:
    """Names of the migrations of installed packages. Only names: their files are not opened."""
    names: set[str] = set()
    for place in _PACKAGES:
        pattern = os.path.join(glob.escape(vendor), "*", "*", place, "**", "*.php*")
        names.update(os.path.basename(path).split(".", 1)[0] for path in glob.iglob(pattern, recursive=True))
    return names
