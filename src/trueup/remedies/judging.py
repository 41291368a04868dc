"""The facts of an audit over another schema than the project's own migrations build."""

from __future__ import annotations

from trueup.compare.pairing import Scores, compare
from trueup.model.audit import Facts
from trueup.model.queries import Queries
from trueup.model.schema import Schema
from trueup.structs import replace


def judged(facts: Facts, schema: Schema, queries: Queries, scores: Scores | None = None) -> Facts:
    """The facts as checks would be given them if the migrations built `schema`; `queries` are read by it. `scores`: of pairs in
    other states with the same models."""
    comparison = compare(facts.specification, schema, facts.eloquent, scores)
    return replace(facts, schema=schema, comparison=comparison, queries=queries)
