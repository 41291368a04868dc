"""Pure functions from what was found to text. Each format is a module of its own, imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from trueup.report.showing import PLAIN, Showing

if TYPE_CHECKING:
    from trueup.compare.diff import Difference
    from trueup.model.audit import Audit
    from trueup.model.preflight import Preflight
    from trueup.model.proofs import ProofRun
    from trueup.model.queries import Queries
    from trueup.model.schema import Schema
    from trueup.model.shapes import Performance
    from trueup.report.queries import Asked

AuditFormat = Literal["terminal", "markdown", "json", "sarif", "github", "gitlab", "junit"]
AUDIT_FORMATS: tuple[AuditFormat, ...] = get_args(AuditFormat)

SchemaFormat = Literal["text", "json", "sql", "mermaid", "dbml"]
SCHEMA_FORMATS: tuple[SchemaFormat, ...] = get_args(SchemaFormat)

DiffFormat = Literal["text", "json"]
DIFF_FORMATS: tuple[DiffFormat, ...] = get_args(DiffFormat)

PreflightFormat = Literal["terminal", "markdown", "json"]
PREFLIGHT_FORMATS: tuple[PreflightFormat, ...] = get_args(PreflightFormat)

ProofFormat = Literal["terminal", "markdown", "json"]
PROOF_FORMATS: tuple[ProofFormat, ...] = get_args(ProofFormat)

QueryFormat = Literal["text", "json"]
QUERY_FORMATS: tuple[QueryFormat, ...] = get_args(QueryFormat)


def schema_as(form: str, schema: Schema) -> str:
    """A schema in one of SCHEMA_FORMATS. Raises ValueError for any other."""
    match form:
        case "text":
            from trueup.report.schema_text import schema_text

            return schema_text(schema)
        case "json":
            from trueup.report.schema_json import schema_json

            return schema_json(schema)
        case "sql":
            from trueup.report.schema_sql import schema_sql

            return schema_sql(schema)
        case "mermaid":
            from trueup.report.schema_diagram import schema_mermaid

            return schema_mermaid(schema)
        case "dbml":
            from trueup.report.schema_diagram import schema_dbml

            return schema_dbml(schema)
    raise ValueError(form)


def audit_as(form: str, audit: Audit, showing: Showing = PLAIN) -> str:
    """An audit in one of AUDIT_FORMATS. Raises ValueError for any other format."""
    match form:
        case "terminal":
            from trueup.report.audit_terminal import audit_terminal

            return audit_terminal(audit, showing)
        case "markdown":
            from trueup.report.audit_markdown import audit_markdown

            return audit_markdown(audit)
        case "json":
            from trueup.report.audit_json import audit_json

            return audit_json(audit)
    return _for_tools(form, audit, showing)


def _for_tools(form: str, audit: Audit, showing: Showing) -> str:
    match form:
        case "sarif":
            from trueup.report.sarif import audit_sarif

            return audit_sarif(audit, showing)
        case "github":
            from trueup.report.github import audit_github

            return audit_github(audit, showing)
        case "gitlab":
            from trueup.report.gitlab import audit_gitlab

            return audit_gitlab(audit, showing)
        case "junit":
            from trueup.report.junit import audit_junit

            return audit_junit(audit, showing)
    raise ValueError(form)


def diff_as(
    form: str, before: str, after: str, first: Schema, second: Schema, differences: tuple[Difference, ...]
) -> str:
    """Differences in one of DIFF_FORMATS; `before` and `after` name the sides. Raises ValueError for any other format."""
    from trueup.report.diff import diff_json, diff_text

    match form:
        case "text":
            return diff_text(before, after, first, second, differences)
        case "json":
            return diff_json(before, after, first, second, differences)
    raise ValueError(form)


def preflight_as(form: str, found: Preflight) -> str:
    """What preflight found in one of PREFLIGHT_FORMATS. Raises ValueError for any other."""
    from trueup.report.preflight import preflight_json, preflight_markdown, preflight_text

    match form:
        case "terminal":
            return preflight_text(found)
        case "markdown":
            return preflight_markdown(found)
        case "json":
            return preflight_json(found)
    raise ValueError(form)


def queries_as(form: str, queries: Queries, asked: Asked, found: Performance) -> str:
    """Query sites in one of QUERY_FORMATS. Raises ValueError for any other format."""
    from trueup.report.queries import queries_json, queries_text

    match form:
        case "text":
            return queries_text(queries, asked, found)
        case "json":
            return queries_json(queries, asked, found)
    raise ValueError(form)


def proofs_as(form: str, run: ProofRun, *, width: int | None = None, color: bool = False) -> str:
    """A run of probes in one of PROOF_FORMATS; `width` and `color` are the terminal's. Raises ValueError for any other format."""
    from trueup.report.proofs import proofs_json, proofs_markdown, proofs_terminal

    match form:
        case "terminal":
            return proofs_terminal(run, width=width, color=color)
        case "markdown":
            return proofs_markdown(run)
        case "json":
            return proofs_json(run)
    raise ValueError(form)
