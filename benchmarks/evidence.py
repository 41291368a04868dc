"""Evidence for the advice on indexes, on real projects and servers:  python benchmarks/evidence.py [options] PROJECT ...

Prints a line for each project and server: how much advice the server's plans confirm, what was withdrawn, whether a query became
slower, whether HypoPG agrees, how many indexes there are, are missing, and would be there; then each withdrawal with its reason.
Fails where the advised set is larger than today's with what is missing, where one of it is redundant, or where a query is slower
with the advice that stays. Projects are folders; servers are PostgreSQL and MariaDB of the tests' addresses, and SQLite. --chart
FILE writes the growth of the three hottest queries of the first project as SVG, measured on the first server; --rows N are the rows
of the largest tables; --no-growth leaves the smaller ones out."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trueup.config import Options
from trueup.evidence.hottest import hottest
from trueup.evidence.measure import gather
from trueup.evidence.run import Bounds
from trueup.indexes.analysis import analyse
from trueup.indexes.redundancy import redundant_in
from trueup.model.evidence import ServerEvidence
from trueup.model.names import Driver
from trueup.model.schema import Index, Schema
from trueup.model.shapes import Advice, Performance
from trueup.pipeline.opening import open_target
from trueup.pipeline.schemas import replay_for
from trueup.report.evidence import growth_rows, server_name
from trueup.report.growth_chart import growth_svg
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.queries import read_queries
from trueup.structs import replace

SERVERS: dict[str, str | None] = {
    "mariadb": os.environ.get("TRUEUP_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/"),
    "pgsql": os.environ.get("TRUEUP_TEST_PGSQL_URL", "postgresql://postgres@127.0.0.1:5432/"),
    "sqlite": None,
}
HEADS = (
    "Project",
    "Server",
    "Rows",
    "Shapes asked",
    "Unserved by plan",
    "New indexes by plan",
    "Drops by plan",
    "Withdrawn",
    "Slower",
    "HypoPG",
    "Indexes today + missing",
    "Indexes advised",
    "Seconds",
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Indexes of a project on one server. missing: new ones, each of which some query needs that nothing else serves. advised: what
    would be there. redundant: names of those that another of the advised set makes superfluous."""

    today: int
    missing: int
    advised: int
    redundant: tuple[str, ...]

    @property
    def too_many(self) -> bool:
        return self.advised > self.today + self.missing or bool(self.redundant)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("projects", nargs="+")
    arguments.add_argument("--rows", type=int, default=20_000)
    arguments.add_argument("--seconds", type=float, default=1_800.0)
    arguments.add_argument("--server", action="append", choices=sorted(SERVERS))
    arguments.add_argument("--chart")
    arguments.add_argument("--advised", action="store_true", help="only the tables for which there is advice")
    arguments.add_argument("--no-growth", action="store_true", help="only the largest tables")
    given = arguments.parse_args()
    found: list[tuple[str, ServerEvidence, Sizes]] = []
    for project in given.projects:
        for server in given.server or sorted(SERVERS):
            bounds = Bounds(rows=given.rows, seconds=given.seconds, growth=not given.no_growth)
            found.append((Path(project).name, *_evidence(project, SERVERS[server], bounds, given.advised)))
    print(_line(HEADS), _line(["---"] * len(HEADS)), sep="\n")
    for name, evidence, sizes in found:
        print(_line(_row(name, evidence, sizes)))
    for name, evidence, _ in found:
        _details(name, evidence)
    if given.chart:
        _chart(Path(given.chart), *found[0][:2])
    wrong = [_failure(*one) for one in found if _failure(*one)]
    print(*wrong, sep="\n", end="")
    return int(bool(wrong))


def _failure(name: str, evidence: ServerEvidence, sizes: Sizes) -> str:
    slower = sum(t.hurt for t in evidence.trials if not t.problem)
    if not slower and not sizes.too_many:
        return ""
    return f"FAILED: {name}, {server_name(evidence)}: {slower} queries slower, {sizes}\n"


def _sizes(schema: Schema, advice: Sequence[Advice]) -> Sizes:
    """Of all tables. What the server makes by itself counts like the others; a primary key too."""
    new = [a for a in advice if a.action in ("add", "replace")]
    redundant: list[str] = []
    advised = 0
    for table in schema.tables:
        own = [a for a in advice if a.table == table.name]
        gone = {a.name for a in own if a.action == "drop"} | {name for a in own for name in a.replaces}
        stays = [i for i in table.indexes if i.name not in gone]
        made = [Index(a.name, a.columns, unique=a.unique) for a in new if a.table == table.name]
        after = replace(table, indexes=(*stays, *made))
        advised += len(after.indexes)
        if own:
            redundant.extend(r.index.name for r in redundant_in(after, schema))
    missing = sum(a.action == "add" and bool(a.needs) for a in new)
    return Sizes(sum(len(t.indexes) for t in schema.tables), missing, advised, tuple(redundant))


def _advised(whole: Performance) -> Performance:
    tables = {a.table for a in whole.advice if a.action != "keep"}
    return replace(whole, served=tuple(s for s in whole.served if s.shape.table in tables))


def _evidence(project: str, url: str | None, bounds: Bounds, advised: bool) -> tuple[ServerEvidence, Sizes]:
    opened = open_target(project, Options())
    eloquent, _ = read_eloquent(opened.project)
    sizes: list[Sizes] = []

    def subject(driver: Driver) -> tuple[Schema, Performance]:
        schema = replay_for(opened.project, driver, opened.settings)
        whole = analyse(schema, eloquent, read_queries(opened.project, eloquent, schema))
        sizes.append(_sizes(schema, whole.advice))
        return schema, _advised(whole) if advised else whole

    started = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {Path(project).name}: {what}", file=sys.stderr)

    return gather(url, subject, bounds, tell, tell), sizes[-1]


def _row(name: str, evidence: ServerEvidence, sizes: Sizes) -> list[str]:
    asked = [t for t in evidence.trials if not t.problem]
    makes = [j for j in evidence.advice if j.advice.action in ("add", "replace") and j.planned is not None]
    drops = [j for j in evidence.advice if j.advice.action == "drop" and j.planned is not None]
    unserved = [g for g in evidence.grades if g.grade == "unserved" and g.agrees is not None]
    same = [h for h in evidence.hypothetical if h.real == h.imagined]
    return [
        name,
        server_name(evidence),
        f"{max((n for _, n in evidence.rows), default=0):,}",
        f"{len(asked)} of {len(evidence.trials)}",
        f"{sum(bool(g.agrees) for g in unserved)} of {len(unserved)}",
        f"{sum(bool(j.planned) for j in makes)} of {len(makes)}",
        f"{sum(bool(j.planned) for j in drops)} of {len(drops)}",
        str(len(evidence.of("withdrawn"))),
        str(sum(t.hurt for t in asked)),
        f"{len(same)} of {len(evidence.hypothetical)}" if evidence.hypothetical else "",
        f"{sizes.today} + {sizes.missing}",
        str(sizes.advised),
        f"{evidence.seconds:.0f}",
    ]


def _details(name: str, evidence: ServerEvidence) -> None:
    told = [j for j in evidence.advice if j.state != "confirmed" or j.planned is False]
    wrong = [g for g in evidence.grades if g.agrees is False]
    other = [h for h in evidence.hypothetical if h.real != h.imagined]
    if not (told or wrong or other or evidence.refused or evidence.stopped):
        return
    print(f"\n{name}, {server_name(evidence)}: {evidence.stopped}")
    for judged in told:
        columns = ", ".join(judged.advice.columns)
        print(
            f"- {judged.state}: {judged.advice.action} {judged.advice.table} ({columns}): {judged.why}; by plan: {judged.planned}"
        )
        for trial in (t for t in evidence.trials if t.shape.id in judged.missed and t.sql):
            print(f"    {trial.shape.sites[0]}: {trial.sql[:400]}")
    for check in wrong:
        print(f"- graded {check.grade}: {check.shape.sites[0] if check.shape.sites else ''}: {check.why}")
        print(*(f"    {t.sql[:400]}" for t in evidence.trials if t.shape == check.shape), sep="\n")
    for h in other:
        print(f"- HypoPG: {h.table} {h.index} for {h.shape}: {h.imagined}, really {h.real}")
    for table, why in evidence.refused:
        print(f"- refused: {table}: {why}")


def _chart(path: Path, name: str, evidence: ServerEvidence) -> None:
    trials = hottest(evidence)
    path.write_text(growth_svg(trials, f"{name} on {server_name(evidence)}"), encoding="utf-8")
    print()
    for row in growth_rows(trials):
        print(_line(row))


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
