"""What a real server did with a project's queries: plans, rows examined, growth, and what follows for the advice. Nouns only."""

from __future__ import annotations

from typing import Literal

from trueup.model.names import Driver
from trueup.model.shapes import Advice, QueryShape
from trueup.structs import Struct

Access = Literal["none", "one row", "seek", "range", "merge", "whole index", "scan"]
"""How a plan gets at a table's rows. none: not at all (the condition can't hold); one row: by a unique key; seek: all leading
columns by equality; range: an interval of an index; merge: several indexes together; whole index: an index from end to end,
for its order or because it is smaller than the table; scan: the whole table."""

FINDS: tuple[Access, ...] = ("none", "one row", "seek", "range", "merge")
"""Those that go to the rows instead of past all of them."""

Kind = Literal["constant", "logarithmic", "sublinear", "linear", "superlinear"]
State = Literal["confirmed", "withdrawn", "untested"]
Unit = Literal["rows", "instructions"]


class Step(Struct, frozen=True):
    """One table of a plan. `index`: the one that is used ("PRIMARY", "rowid" for a table's own order by key), or ""; several of a
    merge are joined by "+". `rows`: what the server expects to read, None where it does not say."""

    table: str
    access: Access
    index: str = ""
    rows: float | None = None


class Plan(Struct, frozen=True):
    """`steps` in the order of the plan; `sorts`: rows are sorted after they were found; `temporary`: they are put into a table
    of their own for it, for grouping or for DISTINCT."""

    steps: tuple[Step, ...]
    sorts: bool = False
    temporary: bool = False

    def step(self, table: str) -> Step | None:
        """The first step at the table (or alias)."""
        lowered = table.lower()
        return next((s for s in self.steps if s.table.lower() == lowered), None)

    def is_same(self, other: Plan) -> bool:
        """The same way to the rows, whatever is expected of their number."""
        mine, its = ([(s.table, s.access, s.index) for s in p.steps] for p in (self, other))
        return (mine, self.sorts, self.temporary) == (its, other.sorts, other.temporary)

    @property
    def indexes(self) -> frozenset[str]:
        return frozenset(name for s in self.steps for name in s.index.split("+") if name)


class Work(Struct, frozen=True):
    """What carrying out a query took: `amount` in `unit` (rows examined; instructions of SQLite's virtual machine, which does
    not count rows), `seconds` the median of `runs`. None: stopped at the time limit."""

    amount: float | None
    unit: Unit
    seconds: float | None
    runs: int = 1


class Measure(Struct, frozen=True):
    """One query on a table of `rows` rows: how the server means to do it, and what it took."""

    rows: int
    plan: Plan
    work: Work


class Growth(Struct, frozen=True):
    """How work grows with the rows n of the main table: as n^exponent. `by`: what it was fitted to."""

    exponent: float
    kind: Kind
    by: Literal["rows", "instructions", "time"]


class Trial(Struct, frozen=True):
    """One query shape on one server, with the present indexes (`before`) and with the advised ones (`after`), at each size.
    `sql` is the text that was explained, with its values. `hurt`: it examines more or takes longer after, at the largest
    size. `problem`: why it could not be asked; then there are no measures."""

    shape: QueryShape
    sql: str = ""
    before: tuple[Measure, ...] = ()
    after: tuple[Measure, ...] = ()
    growth_before: Growth | None = None
    growth_after: Growth | None = None
    hurt: bool = False
    problem: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times faster the query is after, at the largest size, by the clock."""
        if not self.before or not self.after:
            return None
        first, second = self.before[-1].work.seconds, self.after[-1].work.seconds
        return first / second if first and second else None

    @property
    def work_ratio(self) -> float | None:
        """How many times fewer rows (or instructions) it takes."""
        if not self.before or not self.after:
            return None
        first, second = self.before[-1].work.amount, self.after[-1].work.amount
        return max(first, 1.0) / max(second, 1.0) if first is not None and second is not None else None


class Judged(Struct, frozen=True):
    """What the server says of one piece of advice. confirmed: an added index is taken by each of `taken`'s queries; a dropped
    one is missed by none. withdrawn: `why` says what the server does instead, or which query became slower. untested: no
    query of it could be asked."""

    advice: Advice
    state: State
    why: str
    taken: tuple[str, ...] = ()
    """Ids of the shapes whose plan uses the index."""
    missed: tuple[str, ...] = ()
    """Ids of the shapes for which it was advised and whose plan does not use it."""
    planned: bool | None = None
    """Whether the plans alone bear it out: a query takes the new index, or a search by the dropped one's columns goes another
    way. It can be withdrawn all the same, by the clock."""


class GradeCheck(Struct, frozen=True):
    """Whether the server agrees with what the analysis says of a shape with the present indexes: it finds what is "served" by an
    index, and not what is "unserved". None: of other grades a plan says nothing, or it could not be asked."""

    shape: QueryShape
    grade: str
    agrees: bool | None
    why: str


class Hypothetical(Struct, frozen=True):
    """A query for which an index is advised: whether PostgreSQL takes the index when it is there (`real`), and whether it would
    by HypoPG, which only pretends that it is (`imagined`)."""

    table: str
    index: str
    shape: str
    real: bool
    imagined: bool


class ServerEvidence(Struct, frozen=True):
    """All that one server showed. `sizes`: the scales that were measured; `rows`: rows of all tables at the largest;
    `bytes` what the database took on disk then; `refused`: what the server did not take of the schema or the rows.
    `hypothetical`: of PostgreSQL where it has HypoPG."""

    driver: Driver
    version: str
    sizes: tuple[int, ...]
    rows: tuple[tuple[str, int], ...] = ()
    bytes: int = 0
    seconds: float = 0.0
    trials: tuple[Trial, ...] = ()
    advice: tuple[Judged, ...] = ()
    grades: tuple[GradeCheck, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    hypothetical: tuple[Hypothetical, ...] = ()
    stopped: str = ""
    """Why not all sizes were measured, or ""."""

    def of(self, state: State) -> tuple[Judged, ...]:
        return tuple(j for j in self.advice if j.state == state)


class Evidence(Struct, frozen=True):
    servers: tuple[ServerEvidence, ...] = ()
    seed: int = 1
