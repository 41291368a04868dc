"""A fleet's audits: for the terminal, as Markdown, as `trueup.fleet-report/1`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, get_args

from trueup.model.fleet import Fleet, Result
from trueup.model.names import SEVERITIES
from trueup.report.markdown import code, escape, table
from trueup.report.plain import counted, plain
from trueup.structs import Struct

FORMAT = "trueup.fleet-report/1"

FleetFormat = Literal["terminal", "markdown", "json"]
FLEET_FORMATS: tuple[FleetFormat, ...] = get_args(FleetFormat)


def fleet_as(form: str, fleet: Fleet) -> str:
    """A fleet in one of FLEET_FORMATS. Raises ValueError for any other."""
    match form:
        case "terminal":
            return _terminal(fleet)
        case "markdown":
            return _markdown(fleet)
        case "json":
            return _json(fleet)
    raise ValueError(form)


# What is told, whatever the format.


class Section(Struct, frozen=True):
    """A table. Columns in `numbers` are set to the right; those in `names` are text of projects."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    names: tuple[int, ...] = ()


def ranked(fleet: Fleet) -> list[Result]:
    """Those that were audited, the worst first: by errors, then warnings, then notes, then name."""
    audited = [result for result in fleet.results if result.status == "audited"]
    return sorted(
        audited, key=lambda r: (*(-r.count(s) for s in SEVERITIES), r.repository.name, r.repository.path)
    )


def shared(fleet: Fleet) -> list[tuple[str, int, int]]:
    """Code, repositories with it, findings; of what at least two repositories have, the most spread first."""
    spread: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for result in ranked(fleet):
        for name, severities in result.findings.items():
            spread[name] += 1
            findings[name] += sum(map(len, severities.values()))
    rows = [(name, number, findings[name]) for name, number in spread.items() if number > 1]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def gap_kinds(fleet: Fleet) -> list[tuple[str, int, int, str]]:
    """Kind, repositories, gaps, an example; the most frequent first."""
    spread: Counter[str] = Counter()
    number: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for result in ranked(fleet):
        for kind, count in result.gaps.items():
            spread[kind] += 1
            number[kind] += count
            examples.setdefault(kind, f"{result.repository.name}: {result.examples.get(kind, '')}")
    return sorted(((k, spread[k], number[k], examples[k]) for k in number), key=lambda row: (-row[2], row[0]))


def _sections(fleet: Fleet) -> Iterator[Section]:
    yield Section(
        "Ranking",
        (
            "#",
            "Repository",
            "Driver",
            "Framework",
            "Migrations",
            "Models",
            "Errors",
            "Warnings",
            "Notes",
            "Fail",
            "Gaps",
        ),
        tuple((str(rank), *_ranking(result)) for rank, result in enumerate(ranked(fleet), 1)),
        (0, 4, 5, 6, 7, 8, 9, 10),
        (1, 3),
    )
    yield Section(
        "Organisations",
        ("Owner", "Repositories", "Errors", "Warnings", "Notes", "Errors per repository"),
        tuple(_organisations(fleet)),
        (1, 2, 3, 4, 5),
        (0,),
    )
    changes = tuple(_changes(fleet))
    yield Section(
        "Changed since the result before", ("Repository", "New", "Gone", "Codes"), changes, (1, 2), (0,)
    )
    rows = tuple((name, f"{number:,}", f"{findings:,}") for name, number, findings in shared(fleet))
    yield Section("Shared findings", ("Code", "Repositories", "Findings"), rows, (1, 2))
    gaps = tuple(
        (kind, f"{spread:,}", f"{count:,}", example) for kind, spread, count, example in gap_kinds(fleet)
    )
    yield Section("Gaps by kind", ("Kind", "Repositories", "Gaps", "For example"), gaps, (1, 2), (3,))
    yield Section("Not audited", ("Repository", "", "Why"), tuple(_others(fleet)), (), (0, 2))
    crashes = tuple((r.repository.name, crash) for r in ranked(fleet) for crash in r.crashes)
    yield Section("Crashes of Trueup", ("Repository", "What"), crashes, (), (0, 1))


def _ranking(result: Result) -> tuple[str, ...]:
    counts = (
        result.inputs.get("migrations", 0),
        result.inputs.get("models", 0),
        *map(result.count, SEVERITIES),
    )
    numbers = (*counts, result.failures, sum(result.gaps.values()))
    return (result.repository.name, result.driver, result.framework, *(f"{number:,}" for number in numbers))


def _organisations(fleet: Fleet) -> Iterator[tuple[str, ...]]:
    by_owner = sorted(ranked(fleet), key=lambda r: r.repository.owner)
    rows = []
    for owner, group in groupby(by_owner, key=lambda r: r.repository.owner):
        results = list(group)
        counts = [sum(result.count(severity) for result in results) for severity in SEVERITIES]
        rows.append((owner, len(results), counts))
    for owner, number, counts in sorted(rows, key=lambda row: ([-count for count in row[2]], row[0])):
        yield (owner, f"{number:,}", *(f"{count:,}" for count in counts), f"{counts[0] / number:.1f}")


def _changes(fleet: Fleet) -> Iterator[tuple[str, ...]]:
    for result in fleet.results:
        before = fleet.before.get(result.repository.path)
        if before is None or result.status != "audited":
            continue
        new, gone = result.ids - before.ids, before.ids - result.ids
        if new or gone:
            codes = (
                ", ".join(f"+{c}" for c in _codes(result, new))
                + " "
                + ", ".join(f"-{c}" for c in _codes(before, gone))
            )
            yield result.repository.name, f"{len(new):,}", f"{len(gone):,}", codes.strip()


def _codes(result: Result, ids: Iterable[str]) -> list[str]:
    wanted = set(ids)
    return sorted(
        name
        for name, severities in result.findings.items()
        if any(wanted & set(i) for i in severities.values())
    )


def _others(fleet: Fleet) -> Iterator[tuple[str, ...]]:
    for result in fleet.results:
        if result.status != "audited":
            yield result.repository.name, result.status, result.problem


def _head(fleet: Fleet) -> str:
    states = Counter(result.status for result in fleet.results)
    told = [counted(len(fleet.results), "repository", "repositories"), f"{states['audited']:,} audited"]
    told.extend(f"{states[status]:,} {status}" for status in ("refused", "failed") if states[status])
    told.append(f"{fleet.done:,} in this run, {fleet.kept:,} unchanged")
    return ", ".join(told) + "."


def _cost(fleet: Fleet) -> str:
    results = [result for result in ranked(fleet) if result.cpu_seconds]
    if not results:
        return ""
    times = sorted(result.cpu_seconds for result in results)
    peak = max(result.memory_mb for result in results)
    return (
        f"Cost: {sum(times):,.1f} s of processor time, {times[len(times) // 2]:.2f} s for the median repository, "
        f"{times[-1]:.2f} s for the dearest; at most {peak:,.0f} MB of memory."
    )


# Formats.


def _terminal(fleet: Fleet) -> str:
    lines = [_head(fleet), _cost(fleet)]
    for section in _sections(fleet):
        if section.rows:
            lines.extend(("", section.title, *_columns(section)))
    return "\n".join(line for line in lines) + "\n"


def _columns(section: Section) -> Iterator[str]:
    rows = [section.headers, *(tuple(plain(cell) for cell in row) for row in section.rows)]
    widths = [max(len(row[position]) for row in rows) for position in range(len(section.headers))]
    for row in rows:
        cells = [
            cell.rjust(widths[position]) if position in section.numbers else cell.ljust(widths[position])
            for position, cell in enumerate(row)
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _markdown(fleet: Fleet) -> str:
    parts = ["# Fleet audit", _head(fleet), _cost(fleet)]
    for section in _sections(fleet):
        if section.rows:
            rows = [
                [_cell(section, position, cell) for position, cell in enumerate(row)] for row in section.rows
            ]
            parts.extend((f"## {section.title}", table(section.headers, rows, section.numbers)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(section: Section, position: int, cell: str) -> str:
    if position not in section.names:
        return escape(cell)
    return code(cell) if position < 2 else escape(cell)


def _json(fleet: Fleet) -> str:
    document = {
        "format": FORMAT,
        "repositories": len(fleet.results),
        "done": fleet.done,
        "kept": fleet.kept,
        "ranking": [_summary(result) for result in ranked(fleet)],
        "not_audited": _objects(("repository", "status", "problem"), _others(fleet)),
        "changes": _objects(("repository", "new", "gone", "codes"), _changes(fleet)),
        "shared": [{"code": c, "repositories": n, "findings": f} for c, n, f in shared(fleet)],
        "gaps": [{"kind": k, "repositories": n, "gaps": g, "example": e} for k, n, g, e in gap_kinds(fleet)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _objects(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _summary(result: Result) -> dict[str, object]:
    return {
        "repository": result.repository.name,
        "owner": result.repository.owner,
        "path": result.repository.path,
        "driver": result.driver,
        "framework": result.framework,
        "severities": {severity: result.count(severity) for severity in SEVERITIES},
        "failures": result.failures,
        "gaps": sum(result.gaps.values()),
        "cannot_tell": result.cannot_tell,
        "crashes": list(result.crashes),
        "seconds": result.seconds,
        "cpu_seconds": result.cpu_seconds,
        "memory_mb": result.memory_mb,
    }
