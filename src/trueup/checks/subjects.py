"""The loops that checks share: required tables with what they are paired with, their columns, and the doubts about both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.audit import Facts
from trueup.model.findings import CannotTell
from trueup.model.locations import Gap, Location
from trueup.model.names import Driver
from trueup.model.pairing import ColumnPair, TablePair
from trueup.model.schema import Column, Failure, Table
from trueup.model.spec import RequiredColumn, RequiredTable
from trueup.structs import Struct

_FRAMEWORK_TABLES = frozenset({
    "migrations", "jobs", "job_batches", "failed_jobs", "cache", "cache_locks", "sessions", "notifications", "password_resets",
    "password_reset_tokens", "personal_access_tokens", "oauth_access_tokens", "oauth_auth_codes", "oauth_clients",
    "oauth_refresh_tokens", "oauth_personal_access_clients", "oauth_device_codes", "telescope_entries", "telescope_entries_tags",
    "telescope_monitoring", "pulse_aggregates", "pulse_entries", "pulse_values", "websockets_statistics_entries",
})  # fmt: skip
_UNREAD_MIGRATIONS = frozenset({"stub", "folder-not-loaded", "outside", "dynamic-path"})
"""Kinds of the project's gaps that stand for migrations which were not read."""
_HIDING = frozenset({"dynamic-name", "raw-sql", "unreadable-file", "syntax", "limit", *_UNREAD_MIGRATIONS})
"""Kinds of gaps behind which a whole table may be made."""


class PairedTable(Struct, frozen=True):
    """A required table and the existing one that it is, under whatever name."""

    pair: TablePair
    required: RequiredTable
    existing: Table
    stopped: Failure | None = None
    """The failure that cut a migration of this table short, so that the rest of it was never made."""

    @property
    def why_not(self) -> str:
        """The end of a sentence about something that is not there."""
        return f" (its migration stops at {self.stopped.at})" if self.stopped else ""

    @property
    def name(self) -> str:
        return self.required.name

    @property
    def shown(self) -> str:
        """The name to put before a column's: that of the existing table, which is what code and migrations say."""
        return self.existing.name

    def here(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Required columns under their existing names."""
        return tuple(self.pair.column_name(c) for c in columns)


class PairedColumn(Struct, frozen=True):
    table: PairedTable
    required: RequiredColumn
    existing: Column
    pair: ColumnPair

    @property
    def shown(self) -> str:
        return f"{self.table.shown}.{self.existing.name}"

    @property
    def dialect(self) -> Driver | None:
        return self.table.required.dialect

    @property
    def is_key(self) -> bool:
        """Whether the column holds generated keys: the table's own or another's."""
        name = self.existing.name.lower()
        primary = self.table.existing.primary_key
        own = primary is not None and [c.lower() for c in primary.columns] == [name]
        refers = any([c.lower() for c in k.columns] == [name] for k in self.table.existing.foreign_keys)
        return self.existing.counts or own or refers or name == "id" or name.endswith("_id")

    @property
    def is_kept_by_eloquent(self) -> bool:
        """One of the two timestamps that Eloquent writes by itself."""
        return self.existing.name.lower() in ("created_at", "updated_at")


def paired_tables(facts: Facts) -> Iterator[PairedTable]:
    """Every required table that exists, also under another name."""
    for pair in facts.comparison.pairs:
        if pair.existing is not None:
            files = {p.file for p in (pair.existing.at, *pair.existing.touched)}
            stopped = next((f for f in facts.schema.failures if f.at.file in files), None)
            yield PairedTable(pair, pair.required, pair.existing, stopped)


def paired_columns(facts: Facts) -> Iterator[PairedColumn]:
    """Every required column that exists, also under another name."""
    for table in paired_tables(facts):
        for pair in table.pair.columns:
            if pair.existing is not None:
                yield PairedColumn(table, pair.required, pair.existing, pair)


def is_framework_table(name: str) -> bool:
    """A table that the framework or one of its own packages makes for itself."""
    return name.lower() in _FRAMEWORK_TABLES


def doubt_about_table(facts: Facts, name: str) -> Gap | None:
    """A gap that may hide the making of a table that was not found: it names the table, or makes one whose name it hides. Or
    code that is no migration makes the table: an installer, a plugin's activation."""
    gaps = (*facts.schema.gaps, *(g for g in facts.project.gaps if g.kind in _UNREAD_MIGRATIONS))
    prefixed = facts.config.chosen.prefix.lower() + name.lower()
    found = next((g for g in gaps if _may_make(g, name.lower()) or _may_make(g, prefixed)), None)
    named = {name.lower(), prefixed}
    return (
        found
        or _made_by_code(facts, named)
        or _made_in_some_case(facts, named)
        or _guessed(facts, name.lower())
    )


def doubt_about_used_table(facts: Facts, name: str) -> Gap | None:
    """The same for a table that code uses: a package may leave it to the application around it, above all if it makes none."""
    found = doubt_about_table(facts, name) or _left_to_others(facts, name.lower())
    return found or doubt_about_makers(facts)


def _left_to_others(facts: Facts, name: str) -> Gap | None:
    place = Location("composer.json")
    if not facts.schema.tables and not facts.migrations:
        return Gap(
            place, "the project has no migrations of its own: its tables are made elsewhere", "elsewhere"
        )
    if facts.project.kind == "package" and name == "users":
        return Gap(place, "the application around this package makes users", "elsewhere")
    return None


def doubt_about_makers(facts: Facts) -> Gap | None:
    """That tables are made by code which is not here, or which names them only as it runs: an importer, or the other packages of a
    family that this one is part of."""
    unnamed = next((u for u in facts.eloquent.creations if u.kind == "creation" and not u.table), None)
    if unnamed is not None:
        return Gap(
            unnamed.at, "makes a table outside of the migrations whose name can't be told", "elsewhere"
        )
    family = facts.project.siblings if facts.project.kind == "package" else ()
    reason = f"{', '.join(family)}, which this package needs, may make tables"
    return Gap(Location("composer.json", 1), reason, "outside") if family else None


def _guessed(facts: Facts, name: str) -> Gap | None:
    """The model whose table has that name by rule alone, while a parent that is a package's may name another."""
    for model in facts.eloquent.models:
        parent = next((p for p in model.parents if p in model.outside), None)
        if parent is not None and not model.table_explicit and (model.table or "").lower() == name:
            return Gap(model.at, f"{model.short} extends {parent}, which may name another table", "outside")
    return None


def _made_by_code(facts: Facts, names: set[str]) -> Gap | None:
    made = (u for u in facts.eloquent.creations if u.kind == "creation" and u.table.lower() in names)
    return next((Gap(u.at, f"makes {u.table} outside of the migrations", "elsewhere") for u in made), None)


def _made_in_some_case(facts: Facts, names: set[str]) -> Gap | None:
    """A migration that would make the table under another configuration: `if (Feature::isDisabled()) { return; }`."""
    ran = {t.lower() for m in facts.migrations for t in m.creates}
    loaded = {m.path for m in facts.migrations}
    told = (u for u in facts.eloquent.creations if u.kind == "migration" and u.at.file in loaded)
    found = next((u for u in told if u.table.lower() in names - ran), None)
    reason = f"makes {found.table} under a condition that does not hold here" if found else ""
    return Gap(found.at, reason, "elsewhere") if found else None


def _may_make(gap: Gap, name: str) -> bool:
    text = f"{gap.excerpt} {gap.reason}".lower()
    if re.search(rf"\b{re.escape(name)}\b", text):
        return True
    return gap.kind in _HIDING and (
        not gap.excerpt or re.search(r"create|rename", gap.excerpt.lower()) is not None
    )


def doubt_about_contents(facts: Facts, table: Table) -> Gap | None:
    """A gap that may hide a column or key of an existing table: in a statement about it, or one that names it; or a package's stub
    that was not read beside others that were."""
    about = {(p.file, p.line) for p in (table.at, *table.touched)}
    lowered = table.name.lower()
    for gap in facts.schema.gaps:
        inside = any(
            gap.at.file == file and 0 <= gap.at.line - line <= _near(facts, file, line)
            for file, line in about
        )
        if inside or re.search(rf"\b{re.escape(lowered)}\b", f"{gap.excerpt} {gap.reason}".lower()):
            return gap
    return next((g for g in facts.project.gaps if g.kind == "stub"), None) if facts.project.stubs else None


def _near(facts: Facts, file: str, line: int) -> int:
    """How many lines a statement that begins at `line` can reach: to the next statement about any table in that file."""
    starts = {
        p.line for t in facts.schema.tables for p in (t.at, *t.touched) if p.file == file and p.line > line
    }
    return min(starts) - line - 1 if starts else 200


def unsure(code: str, subject: str, gap: Gap, table: str = "") -> CannotTell:
    return CannotTell(code, subject, f"{gap.at}: {gap.reason}", gap.at, table)


def unread(code: str, column: PairedColumn, part: str) -> CannotTell | None:
    """The answer where the part of the existing column ("type", "default", "nullable") could not be read; None where it was."""
    if part not in column.existing.unknown:
        return None
    at: Location = column.existing.at
    return CannotTell(code, column.shown, f"its {part} could not be read", at, column.table.name)
