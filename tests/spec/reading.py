"""Documents written in a test, read as the audit would."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent

from trueup.model.names import Driver
from trueup.model.spec import RequiredTable, SpecDocument, Specification
from trueup.sources.spec.document import Reading, read_document
from trueup.sources.spec.reader import read_specification

FILE = "docs/spec.md"


def read(markdown: str, hint: Driver | None = None) -> Reading:
    """One document."""
    return read_document(dedent(markdown).lstrip("\n"), FILE, hint)


def tables(markdown: str) -> list[RequiredTable]:
    return [t for t, _ in read(markdown).tables]


def columns(table: RequiredTable) -> list[tuple[object, ...]]:
    """(name, type, nullable, default or "-" where not said, line) of every column."""
    return [
        (c.name, c.type, c.nullable, c.default if c.default_known else "-", c.at.line) for c in table.columns
    ]


def indexes(table: RequiredTable) -> list[tuple[object, ...]]:
    """(kind, columns, name, line) of every index."""
    kinds = ("primary" if i.primary else "unique" if i.unique else i.kind for i in table.indexes)
    return [(k, i.columns, i.name, i.at.line) for k, i in zip(kinds, table.indexes, strict=True)]


def keys(table: RequiredTable) -> list[tuple[object, ...]]:
    return [
        (k.columns, k.foreign_table, k.foreign_columns, k.on_delete, k.at.line) for k in table.foreign_keys
    ]


def specification(
    root: Path, documents: dict[str, str], *, target: str = "", later_wins: bool = False
) -> Specification:
    """Several documents, in their order; `target` is the ticket's."""
    for name, text in documents.items():
        path = root / name
        os.makedirs(path.parent, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    found = [SpecDocument(name, "given", name == target) for name in documents]
    return read_specification(found, str(root), later_wins=later_wins)
