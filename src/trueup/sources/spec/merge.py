"""All definitions of all documents → one requirement a table, and what contradicts it.

The definition to go by: the target document's before others', SQL and migrations before column tables and diagrams before
prose, earlier before later (later before earlier on request). Definitions of what is there ("Current Schema") never contradict
what is required. Prose and other partial definitions add to it what it does not say itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trueup.model.spec import RequiredTable, SpecConflict, SpecDocument, SpecKind, TableMention
from trueup.sources.spec.differences import differences
from trueup.sources.spec.setting import Role
from trueup.structs import Struct, replace

KIND_RANKS: dict[SpecKind, int] = {"sql": 0, "php": 0, "dbml": 1, "markdown": 1, "mermaid": 2, "prose": 3}


class Definition(Struct, frozen=True):
    """A definition with where it came: the rank of its document and its position among all."""

    table: RequiredTable
    role: Role
    document: int
    position: int
    target: bool = False


class Merged(Struct, frozen=True):
    required: tuple[RequiredTable, ...]
    conflicts: tuple[SpecConflict, ...]


def merge(
    definitions: Sequence[Definition], mentions: Iterable[TableMention], later_wins: bool = False
) -> Merged:
    """One requirement a table, sorted by name; conflicts by table and place."""
    missing = {m.name.lower() for m in mentions if m.missing_reported}
    required: list[RequiredTable] = []
    conflicts: list[SpecConflict] = []
    for name in sorted({d.table.name.lower() for d in definitions}):
        ranked = sorted(
            (d for d in definitions if d.table.name.lower() == name), key=lambda d: _rank(d, later_wins)
        )
        used = ranked[0].table
        conflicts += [c for d in ranked[1:] if (c := _conflict(used, d.table)) is not None]
        required.append(_completed(used, [d.table for d in ranked[1:]], name in missing))
    return Merged(tuple(required), tuple(conflicts))


def precedence(documents: Sequence[SpecDocument], later_wins: bool = False) -> str:
    """The rule in one sentence, for the report."""
    target = next((d for d in documents if d.target), None)
    first = f"the target document ({target.path}) before others, " if target and len(documents) > 1 else ""
    last = "later before earlier, as asked for" if later_wins else "earlier before later"
    return f"Where definitions of a table differ: {first}SQL and migrations before column tables, diagrams and prose, {last}."


def without_strays(
    definitions: Sequence[Definition], mentions: Iterable[TableMention]
) -> tuple[list[Definition], list[Definition]]:
    """(kept, left out): a definition in an example counts only if its table is named elsewhere too."""
    named = {m.name.lower() for m in mentions} | {
        d.table.name.lower() for d in definitions if d.role != "example"
    }
    kept = [d for d in definitions if d.role != "example" or d.table.name.lower() in named]
    return kept, [d for d in definitions if d not in kept]


def _rank(definition: Definition, later_wins: bool) -> tuple[bool, bool, bool, bool, int, int]:
    table = definition.table
    position = -definition.position if later_wins else definition.position
    described = table.existing and table.kind != "prose"
    return (
        not table.complete,
        described,
        not definition.target,
        definition.role == "example",
        KIND_RANKS[table.kind],
        position,
    )


def _conflict(used: RequiredTable, other: RequiredTable) -> SpecConflict | None:
    if other.existing != used.existing and (other.complete or used.existing):
        return None
    found = differences(used, other)
    return SpecConflict(used.name, used, other, found) if found else None


def _completed(used: RequiredTable, others: list[RequiredTable], missing: bool) -> RequiredTable:
    """With what partial definitions of lower precedence add."""
    for other in others:
        if other.complete or not (other.columns or other.indexes or other.foreign_keys or other.checks):
            continue
        if other.kind == "prose" and used.complete:
            other = _that_fit(used, other)
        columns = tuple(c for c in other.columns if used.column(c.name) is None)
        keys = {(tuple(c.lower() for c in i.columns), i.unique) for i in used.indexes}
        indexes = tuple(
            i for i in other.indexes if (tuple(c.lower() for c in i.columns), i.unique) not in keys
        )
        foreign = {tuple(c.lower() for c in k.columns) for k in used.foreign_keys}
        foreign_keys = tuple(
            k for k in other.foreign_keys if tuple(c.lower() for c in k.columns) not in foreign
        )
        used = replace(
            used,
            columns=used.columns + columns,
            indexes=used.indexes + indexes,
            foreign_keys=used.foreign_keys + foreign_keys,
            checks=used.checks + tuple(c for c in other.checks if c not in used.checks),
        )
    reported = missing or used.missing_reported or any(o.missing_reported for o in others)
    return replace(used, missing_reported=reported)


def _that_fit(used: RequiredTable, other: RequiredTable) -> RequiredTable:
    """Keys that prose states of columns that neither it nor the definition has are no keys."""
    names = {c.name.lower() for c in (*used.columns, *other.columns)}
    return replace(
        other,
        indexes=tuple(i for i in other.indexes if {c.lower() for c in i.columns} <= names),
        foreign_keys=tuple(k for k in other.foreign_keys if {c.lower() for c in k.columns} <= names),
    )
