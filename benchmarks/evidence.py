"""Evidence for the advice on indexes, on real projects and servers:  python benchmarks/evidence.py [options] PROJECT ...

Prints a line for each project and server: how much advice the server's plans confirm, what was withdrawn, whether a query became
slower, whether HypoPG agrees; then each withdrawal with its reason. Projects are folders; servers are PostgreSQL and MariaDB of the
tests' addresses, and SQLite. --chart FILE writes the growth of the three hottest queries of the first project as SVG, measured on
the first server; --rows N are the rows of the largest tables; --no-growth leaves the smaller ones out."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from trueup.config import Options
from trueup.evidence.hottest import hottest
from trueup.evidence.measure import Bounds, gather
from trueup.indexes.analysis import analyse
from trueup.model.evidence import ServerEvidence
from trueup.model.names import Driver
from trueup.model.schema import Schema
from trueup.model.shapes import Performance
from trueup.pipeline.opening import open_target
from trueup.pipeline.schemas import replay_for
from trueup.report.evidence import growth_rows, server_name
from trueup.report.growth_chart import growth_svg
from trueup.sources.laravel.eloquent import read_eloquent
from trueup.sources.laravel.queries import read_queries

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
    "Seconds",
)


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
    found: list[tuple[str, ServerEvidence]] = []
    for project in given.projects:
        for server in given.server or sorted(SERVERS):
            bounds = Bounds(rows=given.rows, seconds=given.seconds, growth=not given.no_growth)
            found.append((Path(project).name, _evidence(project, SERVERS[server], bounds, given.advised)))
    print(_line(HEADS), _line(["---"] * len(HEADS)), sep="\n")
    for name, evidence in found:
        print(_line(_row(name, evidence)))
    for name, evidence in found:
        _details(name, evidence)
    if given.chart:
        _chart(Path(given.chart), *found[0])
    return 0


def _advised(whole: Performance) -> Performance:
    tables = {a.table for a in whole.advice if a.action != "keep"}
    return replace(whole, served=tuple(s for s in whole.served if s.shape.table in tables))


def _evidence(project: str, url: str | None, bounds: Bounds, advised: bool) -> ServerEvidence:
    opened = open_target(project, Options())
    eloquent, _ = read_eloquent(opened.project)

    def subject(driver: Driver) -> tuple[Schema, Performance]:
        schema = replay_for(opened.project, driver, opened.settings)
        whole = analyse(schema, eloquent, read_queries(opened.project, eloquent, schema))
        return schema, _advised(whole) if advised else whole

    started = time.monotonic()

    def tell(what: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {Path(project).name}: {what}", file=sys.stderr)

    return gather(url, subject, bounds, tell, tell)


def _row(name: str, evidence: ServerEvidence) -> list[str]:
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
