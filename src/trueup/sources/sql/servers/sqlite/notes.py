"""Views and triggers on SQLite: ALTER TABLE reads them all, and a rename changes their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.schema import Note
from trueup.sources.sql.servers.sqlite.build import refused
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.sqlite.server import SqliteServer

_INTO = re.compile(r"\b(?:into|update)\s+([\"`\[]?)([\w$]+)[\"`\]]?", re.I)
_FROM = re.compile(r"\b(?:from|join)\s+([\"`\[]?)([\w$]+)[\"`\]]?(?!\s*[.(])", re.I)


def check_schema(server: SqliteServer) -> None:
    """ALTER TABLE reads the whole schema anew: a view of a missing table, or an index of a missing column, stops it."""
    for note in server.catalog.notes.values():
        if note.kind == "view":
            _check_view(server, note)
        elif note.kind == "trigger":
            _check_trigger(server, note)


def _check_view(server: SqliteServer, note: Note) -> None:
    local = {
        m.lower() for m in re.findall(r"(?:with|,)\s+(?:recursive\s+)?([\w$]+)\s+as\s*\(", note.text, re.I)
    }
    for _, name in _FROM.findall(note.text):
        if (
            name.lower() not in local
            and not server.has_table(name)
            and not server.has_view(name)
            and "sqlite_" not in name
        ):
            raise refused(f"error in view {note.name}: no such table: main.{name}")


def _check_trigger(server: SqliteServer, note: Note) -> None:
    body = note.text[note.text.lower().find("begin") :]
    for _, name in (*_FROM.findall(body), *_INTO.findall(body)):
        if not server.has_table(name) and not server.has_view(name) and name.lower() != "set":
            raise refused(f"error in trigger {note.name}: no such table: main.{name}")


def rename_in_notes(server: SqliteServer, old: str, new: str) -> None:
    word = re.compile(rf"(?<![\w$]){re.escape(old)}(?![\w$])", re.I)
    for (kind, key), note in list(server.catalog.notes.items()):
        if kind in ("view", "trigger") and (word.search(note.text) or note.table.lower() == old.lower()):
            table = new if note.table.lower() == old.lower() else note.table
            server.catalog.add_note(replace(note, text=word.sub(new, note.text), table=table), key)
