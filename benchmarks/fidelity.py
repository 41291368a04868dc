"""How much of what real servers ended up with does Trueup read out of the migrations? Prints a Markdown table, one row a facet.

    python benchmarks/fidelity.py ORACLE_DIR CORPUS_DIR [--min 0.995] [--show 10]

ORACLE_DIR holds APP.DRIVER.json.xz, what a real migrator and server reported; CORPUS_DIR holds a checkout of each APP (under the
name that PROJECTS gives it, if any). "APP+dump" is the app with its squashed dump loaded, plain APP without. Each cell is the share
of facts that both sides have among those that either has. Exit code 1 if a cell is below --min."""

from __future__ import annotations

import argparse
import lzma
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import loads
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.facets import FACETS, Difference, agreement, differences, oracle_facets, schema_facets
from tests.support.oracle import read_result
from trueup.sources.laravel.migrations.replay import replay
from trueup.sources.project import find_project

PROJECTS = {"bookstack": "BookStack", "pterodactyl": "panel", "jerthedev-head": "laravel-ai"}


@dataclass(frozen=True, slots=True)
class Comparison:
    name: str
    shares: Mapping[str, tuple[int, int]]
    differences: tuple[Difference, ...]
    gaps: int
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("oracle", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--min", type=float, default=0.0)
    parser.add_argument("--show", type=int, default=0, help="how many differing facts to print for each run")
    options = parser.parse_args(arguments)
    compared = [compare_with(path, options.corpus) for path in sorted(options.oracle.glob("*.json.xz"))]
    print(table(compared))
    for comparison in compared:
        for difference in comparison.differences[: options.show]:
            print(f"- {comparison.name}: {difference}")
    return 1 if any(share(*cell) < options.min for c in compared for cell in c.shares.values()) else 0


def compare_with(path: Path, corpus: Path) -> Comparison:
    """Replays the migrations of the app that `path` tells of, and compares with what the server had."""
    name = path.name.removesuffix(".json.xz")
    app, driver = name.rsplit(".", 1)
    result = read_result({**loads(lzma.decompress(path.read_bytes())), "driver": driver})
    plain = app.removesuffix("+dump")
    project = find_project(str(corpus / PROJECTS.get(plain, plain)))
    started = time.perf_counter()
    schema = replay(project, result.driver, server_version=result.server_version, dump=plain != app).schema
    seconds = time.perf_counter() - started
    ours, real = schema_facets(schema), oracle_facets(result)
    return Comparison(name, agreement(ours, real), differences(ours, real), len(schema.gaps), seconds)


def share(agreeing: int, either: int) -> float:
    return agreeing / either if either else 1.0


def table(compared: Sequence[Comparison]) -> str:
    """A Markdown table: a row for each facet, a column for each run, and at the end the gaps and the seconds."""
    rows = [["facet", *(c.name for c in compared)], ["---", *("---:" for _ in compared)]]
    rows += [[facet, *(_cell(*c.shares[facet]) for c in compared)] for facet in FACETS]
    rows.append(["gaps", *(str(c.gaps) for c in compared)])
    rows.append(["seconds, warm", *(f"{c.seconds:.2f}" for c in compared)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(agreeing: int, either: int) -> str:
    if not either:
        return "–"
    return f"{agreeing}" if agreeing == either else f"{agreeing}/{either} {share(agreeing, either):.2%}"


if __name__ == "__main__":
    sys.exit(main())
