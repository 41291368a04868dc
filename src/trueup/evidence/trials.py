"""Query shapes on one scratch database: asked before the advised indexes, and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.evidence.parameters import Parameters
from trueup.evidence.rows import Sample
from trueup.evidence.sql import Statement, Unwritable, statement_of
from trueup.evidence.work import Asker, Refused
from trueup.model.evidence import Measure
from trueup.model.schema import Schema
from trueup.model.shapes import Predicate, QueryShape
from trueup.structs import Struct, field, replace


class Questions(Struct):
    """The shapes that can be asked on this database, each with its statement; `problems` says why others can't."""

    statements: dict[str, Statement] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of each shape's main table."""


def questions_of(
    shapes: Sequence[QueryShape], schema: Schema, samples: Mapping[str, Sample], unfilled: Mapping[str, str]
) -> Questions:
    """`unfilled`: tables that got no rows, and why. Searches that stand for an index, with no place in the code, look for
    what is rare: there an index must show what it is good for."""
    found = Questions()
    for shape in shapes:
        problem = _without_rows(shape, schema, unfilled)
        if problem:
            found.problems[shape.id] = problem
            continue
        try:
            statement = statement_of(shape, schema, Parameters(shape, samples, rare=not shape.sites))
        except Unwritable as reason:
            found.problems[shape.id] = str(reason)
            continue
        found.statements[shape.id] = statement
        found.rows[shape.id] = samples.get(shape.table, Sample()).count
    return found


def _without_rows(shape: QueryShape, schema: Schema, unfilled: Mapping[str, str]) -> str:
    for ref in shape.tables:
        if not ref.derived and schema.table(ref.name) is None:
            return f"there is no table {ref.name}"
        if ref.name in unfilled:
            return f"{ref.name} has no rows: {unfilled[ref.name]}"
    return "" if shape.tables else "its table is not known"


def ask(asker: Asker, questions: Questions, known: Mapping[str, Measure] | None = None) -> dict[str, Measure]:
    """A measure for each question. Those whose plan is the same as in `known` keep its work: the same plan on the same rows
    is the same work. What the server does not take becomes a problem."""
    found: dict[str, Measure] = {}
    for name, statement in list(questions.statements.items()):
        try:
            plan = asker.plan(statement.sql)
            earlier = known.get(name) if known else None
            same = earlier is not None and earlier.plan.is_same(plan)
            work = earlier.work if earlier is not None and same else asker.work(statement.reading)
        except Refused as problem:
            questions.problems[name] = f"the server does not take it: {problem}"
            del questions.statements[name]
            continue
        found[name] = Measure(questions.rows[name], plan, work)
    return found


def again(
    asker: Asker, questions: Questions, shapes: Sequence[QueryShape], known: dict[str, Measure]
) -> None:
    """Measures the shapes once more: the faster time stays. One whose plan is not that of `known` any more is left as it was."""
    for shape in shapes:
        statement, earlier = questions.statements[shape.id], known[shape.id]
        if not asker.plan(statement.sql).is_same(earlier.plan):
            continue
        work = asker.work(statement.reading)
        if work.seconds is not None and (earlier.work.seconds is None or work.seconds < earlier.work.seconds):
            known[shape.id] = replace(earlier, work=work)


def search_by(table: str, columns: Sequence[str]) -> QueryShape:
    """A search by just these columns: what an index of them is for."""
    from trueup.model.queries import TableRef

    predicates = tuple(Predicate(table, column, "=") for column in columns)
    return QueryShape("select", (TableRef(table),), predicates)
