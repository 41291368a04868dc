"""What the readers of steps share: which table a step is about, what stands around it, the names in an expression."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.model.enforcement import Guard
from trueup.model.schema import Schema
from trueup.sources.laravel.enforcement.trace import Step
from trueup.sources.php import tree as php
from trueup.sources.php.tree.node import Shown
from trueup.sources.php.walk import children
from trueup.sources.sql.types import parse_type

_NUMERIC = frozenset({"integer", "decimal", "float"})
Tables = Mapping[str, frozenset[str]]
"""Lower-case numeric columns by lower-case table."""


def numeric_columns(schema: Schema) -> Tables:
    return {
        t.name.lower(): frozenset(
            c.name.lower() for c in t.columns if parse_type(c.type, schema.driver).family in _NUMERIC
        )
        for t in schema.tables
    }


def guard_of(step: Step) -> Guard:
    if step.cache_lock:
        return "cache lock"
    return "transaction" if step.transaction else ""


def table_of(step: Step) -> str:
    """The one table that the step's queries are about, "" where there are several or none."""
    found = {s.table.rsplit(".", 1)[-1].lower() for s in step.sites if s.table}
    return next(iter(found)) if len(found) == 1 and not any(s.ambiguous for s in step.sites) else ""


def text_of(node: Shown) -> str:
    """The names in an expression."""
    words: list[str] = []
    pending: list[Shown] = [node]
    while pending:
        one = pending.pop()
        named = isinstance(
            one, php.Variable | php.Property | php.MethodCall | php.StaticCall | php.ClassConstant
        )
        name: object = (
            getattr(one, "name", "") if named else one.value if isinstance(one, php.Literal) else ""
        )
        words.append(name if isinstance(name, str) else "")
        pending.extend(children(one))
    return " ".join(words)
