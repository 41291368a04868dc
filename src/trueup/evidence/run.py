"""One server while it is measured: what is asked of it within which bounds, and the sizes that were filled and asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.evidence.load import load
from trueup.evidence.pace import Spent
from trueup.evidence.parameters import wanted_of
from trueup.evidence.rows import Filling
from trueup.evidence.sizes import Scale
from trueup.evidence.trials import Questions, ask, questions_of, search_by
from trueup.evidence.work import asker_on
from trueup.model.evidence import Measure
from trueup.model.schema import Schema
from trueup.model.shapes import Advice, Performance, QueryShape
from trueup.structs import Struct, field

if TYPE_CHECKING:
    from trueup.scratch import Scratch

Tell = Callable[[str], None]


class OutOfTime(Exception):
    """The time of the bounds is over in the middle of a size."""


class Bounds(Struct, frozen=True):
    """`rows` of the largest tables; one server may take `seconds` and `bytes` of disk. `growth`: smaller tables are
    measured, too; without it `rows` are, whatever they take."""

    rows: int = 20_000
    seconds: float = 900.0
    bytes: int = 4_000_000_000
    seed: int = 1
    growth: bool = True


class Rung(Struct):
    """One size: its scratch database with rows, the questions, and what they take with the present indexes. `rows`: of each
    table."""

    size: int
    scratch: Scratch
    questions: Questions
    before: dict[str, Measure]
    spent: Spent
    rows: dict[str, int]


class Run(Struct):
    """What is known of one server while it is measured. `until`: when its time is over, by `time.monotonic`."""

    schema: Schema
    performance: Performance
    bounds: Bounds
    tell: Tell
    until: float = float("inf")
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def advised(self) -> tuple[Advice, ...]:
        return tuple(a for a in self.performance.advice if a.action != "keep")

    @property
    def shapes(self) -> tuple[QueryShape, ...]:
        """Those of the analysis, those that advice is for, and searches by the columns of what is to go; each once."""
        advised = [shape for one in self.advised for shape in one.serves]
        probes = [probe for one in self.advised if (probe := self.probe(one))]
        return tuple({shape.id: shape for shape in (*self.performance.shapes, *advised, *probes)}.values())

    def probe(self, advice: Advice) -> QueryShape | None:
        return search_by(advice.table, advice.columns) if advice.action == "drop" and advice.columns else None

    def filling(self, size: int) -> Filling:
        wanted = wanted_of(self.schema, self.shapes, self.performance.growth)
        return Filling(self.schema, wanted, Scale(size), self.bounds.seed)

    def going_on(self, what: str) -> None:
        """Tells what is being done. Raises OutOfTime where there is no time left for it."""
        if time.monotonic() > self.until:
            raise OutOfTime
        self.tell(what)


def climb(run: Run, scratch: Scratch, size: int) -> Rung:
    """Builds the schema in the empty database, fills it and asks all questions with the present indexes. Raises OutOfTime."""
    from trueup.scratch import build

    started = time.monotonic()
    built = build(scratch, run.schema)
    filling = run.filling(size)
    loaded = load(
        scratch, filling, frozenset(built.tables), lambda what: run.going_on(f"{scratch.driver}: {what}")
    )
    unfilled = {
        table.name: "the server refused it" for table in run.schema.tables if table.name not in built.tables
    }
    unfilled |= {one.table: one.why for one in loaded.refused}
    run.refused |= {r.table: f"{r.reason}: {r.sql.splitlines()[0]}" for r in built.refused} | unfilled
    filled = time.monotonic()
    questions = questions_of(run.shapes, run.schema, filling.samples, unfilled)
    run.going_on(
        f"{scratch.driver}: {len(questions.statements)} queries on {size:,} rows with the present indexes"
    )
    with asker_on(scratch) as asker:
        before = ask(asker, questions)
    wanted = sum(rows for _, rows in filling.tables())
    spent = Spent(wanted, filled - started, time.monotonic() - filled, bytes_of(scratch))
    return Rung(size, scratch, questions, before, spent, loaded.rows)


def bytes_of(scratch: Scratch) -> int:
    """What the database takes on disk, as the server says."""
    asked = {
        "pgsql": "SELECT pg_database_size(current_database())",
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    }.get(
        scratch.driver,
        "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    with scratch.engine.connect() as connection:
        return int(connection.exec_driver_sql(asked).scalar() or 0)
