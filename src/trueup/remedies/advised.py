"""Indexes that another makes superfluous go; those that the queries ask for come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from trueup.compare.indexes import lowered
from trueup.indexes.analysis import performance
from trueup.model.findings import Finding
from trueup.model.schema import Index, Table
from trueup.model.shapes import Advice
from trueup.remedies.changes import AddIndex, Change, DropIndex, IndexSpec
from trueup.remedies.proposals import Proposal, Workshop, index_name, names_of, withheld


def redundant_indexes(workshop: Workshop) -> Iterator[Proposal]:
    """IDX006: all superfluous indexes of a table at once; those that a document asks for stay, and a person decides."""
    findings = sorted(workshop.findings("IDX006"), key=lambda f: (f.table, f.index))
    for name, group in groupby(findings, key=lambda f: f.table):
        table = workshop.facts.schema.table(name)
        if table is None:
            continue
        known = {i.name: i for i in table.indexes}
        there = [(f, known[f.index]) for f in group if f.index in known]
        asked = [(f, i) for f, i in there if _is_required(workshop, table, i)]
        going = [(f, i) for f, i in there if (f, i) not in asked]
        if going:
            yield _dropping(table, going)
        for finding, index in asked:
            reason = "a document asks for it: strike it there, or keep it"
            yield withheld("drop index", f"Drop the index {index.name}", table.name, [finding], reason)


def _is_required(workshop: Workshop, table: Table, index: Index) -> bool:
    pair = next((p for p in workshop.facts.comparison.pairs if p.existing is table), None)
    return pair is not None and any(
        lowered(tuple(pair.column_name(c) for c in r.columns)) == lowered(index.columns)
        for r in pair.required.indexes
    )


def _dropping(table: Table, going: list[tuple[Finding, Index]]) -> Proposal:
    names = [index.name for _, index in going]
    words = f"the index {names[0]}" if len(names) == 1 else f"{len(names)} superfluous indexes"
    slug = f"drop_{names[0]}" if len(names) == 1 else f"drop_superfluous_indexes_of_{table.name}_table"
    return Proposal(
        "drop index",
        f"Drop {words} of {table.name}",
        table.name,
        tuple(f for f, _ in going),
        slug=slug,
        changes=tuple(DropIndex(table.name, _spec(index)) for _, index in going),
        steps=(
            f"Look for statements that name {'it' if len(names) == 1 else 'them'} (`USE INDEX`): {', '.join(names)}.",
            "Run the migration.",
        ),
        rollback="down() makes what it dropped again, which takes its time on a large table.",
        rank=42,
        needs=(f"table {table.name}",),
    )


def _spec(index: Index) -> IndexSpec:
    kind = index.kind if index.kind in ("fulltext", "spatial") else ""
    return IndexSpec(index.name, index.columns, index.unique, kind)


def advised_indexes(workshop: Workshop) -> Iterator[Proposal]:
    """IDX003, IDX004: the index that the analysis of the queries advises, in place of those that it makes superfluous."""
    findings = workshop.findings("IDX003", "IDX004")
    if not findings:
        return
    advice = {(a.table.lower(), ", ".join(a.columns)): a for a in performance(workshop.facts).advice}
    for finding in findings:
        one = advice.get((finding.table.lower(), finding.index))
        table = workshop.facts.schema.table(finding.table)
        if one is not None and table is not None and one.action in ("add", "replace"):
            yield _added(table, finding, one)


def _added(table: Table, finding: Finding, advice: Advice) -> Proposal:
    name = index_name(table.name, advice.columns, "index", names_of(table))
    known = {i.name: i for i in table.indexes}
    replaced = [known[n] for n in advice.replaces if n in known]
    changes: list[Change] = [AddIndex(table.name, IndexSpec(name, advice.columns))]
    changes += [DropIndex(table.name, _spec(index)) for index in replaced]
    columns = ", ".join(advice.columns)
    places = ", ".join(str(site) for site in advice.sites[:3])
    return Proposal(
        "add index",
        f"Index {table.name} ({columns})",
        table.name,
        (finding,),
        slug=f"index_{'_and_'.join(advice.columns)}_of_{table.name}_table",
        changes=tuple(changes),
        steps=(
            f"Look at the queries that it is for: {places}.",
            "Run the migration; it blocks no writes on PostgreSQL and MySQL, but takes its time on a large table.",
        ),
        risks=(
            f"About {advice.bytes_per_row} bytes more a row; {advice.write_cost} of the code's statements keep it up to date.",
        ),
        rollback="down() drops the index"
        + (f" and makes {', '.join(i.name for i in replaced)} again." if replaced else "."),
        rank=41,
        needs=(f"table {table.name}",),
    )
