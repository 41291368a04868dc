"""Audits what a codebase's database really is against what was written down for it.

    import trueup

    audit = trueup.audit("path/to/project")
    for finding in audit.findings:
        print(finding.code, finding.message, *finding.locations)

    schema = trueup.read_schema("path/to/project", trueup.Options(driver="pgsql"))

Nothing is imported before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.config import Options
    from trueup.errors import ConfigError, TargetError, TrueupError, UserError
    from trueup.model.audit import Audit
    from trueup.model.findings import CannotTell, Finding
    from trueup.model.schema import Schema
    from trueup.pipeline.diffing import SchemaDiff

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "CannotTell",
    "ConfigError",
    "Finding",
    "Options",
    "Schema",
    "SchemaDiff",
    "TargetError",
    "TrueupError",
    "UserError",
    "__version__",
    "audit",
    "diff",
    "read_schema",
]

_HOMES = {
    "Audit": "trueup.model.audit",
    "CannotTell": "trueup.model.findings",
    "ConfigError": "trueup.errors",
    "Finding": "trueup.model.findings",
    "Options": "trueup.config",
    "Schema": "trueup.model.schema",
    "SchemaDiff": "trueup.pipeline.diffing",
    "TargetError": "trueup.errors",
    "TrueupError": "trueup.errors",
    "UserError": "trueup.errors",
}


def audit(target: str = ".", options: Options | None = None) -> Audit:
    """Audits the project at `target`, a folder or an audit ticket in one; only reads. What crashed of ours is in `crashes`.

    Raises UserError with every mistake in the target, the options and the configuration."""
    from trueup.config import Options
    from trueup.pipeline.flow import audit

    return audit(target, options or Options())[0]


def read_schema(path: str = ".", options: Options | None = None, at: str | None = None) -> Schema:
    """What the migrations of the project, or folder of migrations, at `path` build, up to the migration `at`. Raises UserError."""
    from trueup.config import Options
    from trueup.pipeline.schemas import schema

    return schema(path, options or Options(), at)


def diff(before: str, after: str, options: Options | None = None) -> SchemaDiff:
    """What separates two schemas, each a project, a folder of migrations, a specification (.md) or an SQL file.

    Raises UserError."""
    from trueup.config import Options
    from trueup.pipeline.diffing import diff_paths

    return diff_paths(before, after, options or Options())


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'trueup' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
