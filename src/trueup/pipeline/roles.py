"""Which tables of a project play which part in cost tracking, from its specification and what its migrations build."""

from __future__ import annotations

from trueup.compare.roles.find import find_roles
from trueup.config import Options
from trueup.model.roles import Binding
from trueup.model.schema import Schema
from trueup.pipeline.flow import audit


def project_roles(path: str, options: Options) -> tuple[str, Schema, Binding]:
    """The project's name, the schema that its migrations build on the options' driver, and the roles of its tables.

    Raises UserError with every mistake in the path, the options, the configuration and the roles set in it."""
    audited, settings = audit(path, options)
    facts = audited.facts
    return facts.project.name, facts.schema, find_roles(facts.schema, facts.comparison, settings.roles)
