"""The facts of an audit over another schema than the project's own migrations build."""

from __future__ import annotations

from dataclasses import replace

from trueup.compare.pairing import compare
from trueup.model.audit import Facts
from trueup.model.queries import Queries
from trueup.model.schema import Schema


def judged(facts: Facts, schema: Schema, queries: Queries) -> Facts:
    """The facts as checks would be given them if the migrations built `schema`; `queries` are read by it."""
    comparison = compare(facts.specification, schema, facts.eloquent)
    return replace(facts, schema=schema, comparison=comparison, queries=queries)
