"""Findings → the constraints that they propose. A finding whose constraint can't be told proposes none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from trueup.model.audit import Facts
from trueup.model.findings import Finding
from trueup.model.pairing import TablePair
from trueup.model.preflight import Proposal
from trueup.model.spec import RequiredColumn
from trueup.structs import replace


def proposals(facts: Facts, findings: Iterable[Finding]) -> tuple[Proposal, ...]:
    """What the findings propose, sorted by table, kind and columns; two that propose the same are one."""
    merged: dict[Proposal, Proposal] = {}
    for finding in findings:
        for proposed in _proposed(facts, finding):
            bare = replace(proposed, at=proposed.at, codes=(), findings=())
            known = merged.get(bare, bare)
            merged[bare] = replace(
                known,
                codes=tuple(sorted({*known.codes, finding.code})),
                findings=tuple(sorted({*known.findings, finding.id})),
            )
    return tuple(sorted(merged.values(), key=lambda p: (p.table, p.kind, p.columns, p.text)))


def _proposed(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    reader = _READERS.get(finding.code)
    if reader is not None:
        at = finding.locations[0] if finding.locations else Proposal("check", "", ()).at
        yield from (replace(p, at=at) for p in reader(facts, finding) if facts.schema.table(p.table))


def _pair(facts: Facts, finding: Finding) -> TablePair | None:
    pair = facts.comparison.pair(finding.table)
    return pair if pair is not None and pair.existing is not None else None


def _here(pair: TablePair, columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(pair.column_name(c) for c in columns)


def _existing(pair: TablePair) -> str:
    return pair.existing.name if pair.existing else pair.required.name


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _column(pair: TablePair, finding: Finding) -> RequiredColumn | None:
    return next((c for c in pair.required.columns if c.name.lower() == finding.column.lower()), None)


# What the specification requires.


def _primary(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    key = pair.required.primary_key if pair else None
    if pair is None or key is None or pair.existing is None:
        return
    columns = _here(pair, key.columns)
    yield Proposal("unique", _existing(pair), columns)
    for name in columns:
        column = pair.existing.column(name)
        if column is not None and column.nullable:
            yield Proposal("not null", _existing(pair), (name,))


def _unique(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    if pair is None:
        return
    wanted = [c.lower() for c in _split(finding.index)]
    for index in pair.required.indexes:
        if index.unique and [c.lower() for c in index.columns] == wanted:
            yield Proposal("unique", _existing(pair), _here(pair, index.columns), where=index.where or "")
            return


def _foreign(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    if pair is None:
        return
    wanted = [c.lower() for c in _split(finding.column)]
    for key in pair.required.foreign_keys:
        if [c.lower() for c in key.columns] != wanted:
            continue
        other = facts.comparison.pair(key.foreign_table)
        target = _existing(other) if other else key.foreign_table
        referred = key.foreign_columns or ("id",)
        columns = _here(other, referred) if other else referred
        yield Proposal("foreign key", _existing(pair), _here(pair, key.columns), target, columns)
        return


def _foreign_elsewhere(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    """A key that refers to other rows; one that only acts otherwise asks nothing of rows."""
    if not finding.key:
        yield from _foreign(facts, finding)


def _check(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    for wanted in finding.wants if pair else ():
        assert pair is not None
        columns = _here(pair, wanted.columns)
        if wanted.values and len(columns) == 1:
            yield Proposal("values", _existing(pair), columns, values=wanted.values)
        else:
            yield Proposal("check", _existing(pair), columns, expression=_renamed(pair, wanted.expression))


def _renamed(pair: TablePair, expression: str) -> str:
    """The expression in the existing names."""
    for column in pair.columns:
        if column.renamed and column.existing is not None:
            pattern = rf"(?<![\w']){re.escape(column.required.name)}(?![\w'])"
            expression = re.sub(pattern, column.existing.name, expression, flags=re.IGNORECASE)
    return expression


def _not_null(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    if pair is None or not finding.wants:
        return
    column = _column(pair, finding)
    default = column.default if column is not None and column.default is not None else ""
    yield Proposal("not null", _existing(pair), _here(pair, (finding.column,)), default=default)


def _type(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    pair = _pair(facts, finding)
    column = _column(pair, finding) if pair else None
    if pair is None or column is None or column.type is None or column.loose_type:
        return
    here = _here(pair, (finding.column,))
    if column.values:
        yield Proposal("values", _existing(pair), here, values=column.values)
    else:
        yield Proposal("type", _existing(pair), here, type=column.type, dialect=pair.required.dialect)


# What the code itself asks for.


def _wanted(facts: Facts, finding: Finding) -> Iterator[Proposal]:
    """As the finding says, whose names are those of the tables that exist."""
    del facts
    for w in finding.wants:
        yield Proposal(w.kind, finding.table, w.columns, w.foreign_table, w.foreign_columns, values=w.values)


_READERS: Mapping[str, Callable[[Facts, Finding], Iterator[Proposal]]] = {
    "KEY001": _primary,
    "KEY002": _unique,
    "KEY004": _foreign,
    "KEY005": _foreign_elsewhere,
    "KEY006": _check,
    "COL005": _not_null,
    "TYP001": _type,
    "TYP002": _type,
    "TYP003": _type,
    "REL004": _wanted,
    "REL005": _wanted,
    "REL006": _wanted,
    "RUL001": _wanted,
    "QRY008": _wanted,
    "CAP003": _wanted,
    "MOD016": _wanted,
}
"""By code: which constraint a finding proposes."""
