"""Specification documents → `Specification`: one requirement a table, with everything that contradicts it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.spec import RequiredTable, SpecDocument, Specification, TableMention
from trueup.sources.spec.document import Reading, read_document
from trueup.sources.spec.merge import Definition, merge, precedence, without_strays
from trueup.structs import replace

MAX_BYTES = 20_000_000


def read_specification(
    documents: Sequence[SpecDocument],
    root: str,
    *,
    driver_hint: Driver | None = None,
    later_wins: bool = False,
) -> Specification:
    """Reads the documents (paths relative to `root`, or absolute), in order of precedence, and merges what they require.

    `driver_hint` is the dialect of SQL that does not tell its own. `later_wins`: of equally ranked definitions the later one is
    used. Nothing in a document raises; what can't be read is a gap, what contradicts itself a defect or a conflict."""
    definitions: list[Definition] = []
    readings: list[Reading] = []
    titled: list[SpecDocument] = []
    for rank, document in enumerate(documents):
        reading = _read(document, root, driver_hint)
        readings.append(reading)
        titled.append(replace(document, title=document.title or reading.title))
        for table, role in reading.tables:
            definitions.append(Definition(table, role, rank, len(definitions), document.target))
    mentions = [m for r in readings for m in r.mentions]
    kept, strays = without_strays(definitions, mentions)
    merged = merge(kept, mentions, later_wins)
    return Specification(
        documents=tuple(titled),
        required=merged.required,
        definitions=tuple(d.table for d in kept),
        mentions=_undefined(mentions, merged.required),
        conflicts=merged.conflicts,
        defects=tuple(d for r in readings for d in r.defects),
        gaps=tuple(sorted({g for r in readings for g in r.gaps} | {_stray(d.table) for d in strays})),
        precedence=precedence(documents, later_wins),
    )


def _read(document: SpecDocument, root: str, hint: Driver | None) -> Reading:
    path = os.path.join(root, document.path)
    file = os.path.relpath(path, root).replace(os.sep, "/") if os.path.isabs(document.path) else document.path
    try:
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            return _unread(file, f"longer than {MAX_BYTES // 1_000_000} MB: not read", "limit")
        with open(path, "rb") as stream:
            raw = stream.read()
    except OSError as error:
        return _unread(file, f"can't be read: {error.strerror or error}", "unreadable-file")
    if b"\x00" in raw[:8000] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return _unread(file, "a binary file, no document", "unreadable-file")
    return read_document(decoded(raw), file, hint)


def decoded(raw: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252: some text always comes out."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _unread(file: str, reason: str, kind: str) -> Reading:
    return Reading(gaps=[Gap(Location(file), reason, kind)])


def _undefined(
    mentions: Sequence[TableMention], required: Sequence[RequiredTable]
) -> tuple[TableMention, ...]:
    """Those that no definition covers, and those that say that a table is missing; each place once."""
    defined = {t.name.lower() for t in required}
    kept = {(m.at, m.name): m for m in mentions if m.missing_reported or m.name.lower() not in defined}
    return tuple(sorted(kept.values(), key=lambda m: (m.at, m.name)))


def _stray(table: RequiredTable) -> Gap:
    reason = (
        f"left out: table {table.name} is only defined in an example ({table.section}) and named nowhere else"
    )
    return Gap(table.at, reason, "spec-skipped", table.name)
