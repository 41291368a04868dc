"""What a remedy is before it is tried: findings, changes, words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

from trueup.checks.subjects import PairedTable, paired_tables
from trueup.model.audit import Facts
from trueup.model.findings import Finding
from trueup.model.names import Driver, Effort
from trueup.model.remedies import NewFile
from trueup.model.schema import Schema, Table
from trueup.remedies.changes import Change
from trueup.remedies.definitions import Unmendable
from trueup.remedies.edits import Source
from trueup.structs import Struct, field

LONGEST_NAME = 63
"""What PostgreSQL keeps of a name; MySQL takes one more."""


class Desk(Struct):
    """Files that are being edited."""

    root: str
    sources: dict[str, Source] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    """Files that are not there yet, with their text."""

    def open(self, path: str) -> Source:
        """The file, with the edits so far. Raises Unmendable for what can't be read as UTF-8."""
        if path not in self.sources:
            try:
                with open(os.path.join(self.root, path), encoding="utf-8", newline="") as file:
                    self.sources[path] = Source(path, file.read())
            except (OSError, UnicodeDecodeError) as problem:
                raise Unmendable(f"{path} can't be read as text: {problem}") from problem
        return self.sources[path]

    def create(self, path: str, text: str) -> None:
        """A new file. Raises Unmendable where there is one."""
        if path in self.created or os.path.lexists(os.path.join(self.root, path)):
            raise Unmendable(f"{path} is there already")
        self.created[path] = text

    @property
    def edited(self) -> dict[str, str]:
        """Files that are there, as they are to be."""
        return {p: s.text for p, s in sorted(self.sources.items()) if s.text != s.before}

    @property
    def texts(self) -> dict[str, str]:
        """All that is to be written."""
        return {**self.edited, **self.created}


Edit = Callable[[Desk, Facts, Schema], None]
"""Edits files on the desk, by the facts of the code as it is then and by the schema after the changes. Raises Unmendable."""


class Workshop(Struct, frozen=True):
    """What proposals are made from. `schemas` by driver, without the connection's prefix."""

    facts: Facts
    schemas: dict[Driver, Schema]
    allow_destructive: bool = False

    def findings(self, *codes: str) -> list[Finding]:
        return [f for f in self.open if f.code in codes]

    open: tuple[Finding, ...] = ()

    def is_free(self, name: str, required: str) -> bool:
        """Whether a document's name for an index can be had: PostgreSQL and SQLite keep all tables' names of indexes together."""
        lowered = name.lower()
        for schema in self.schemas.values():
            if any(lowered in (n.lower() for n in names_of(t)) for t in schema.tables):
                return False
        others = (t for t in self.facts.specification.required if t.name.lower() != required.lower())
        return not any(lowered == (i.name or "").lower() for t in others for i in t.indexes)

    def paired(self, required: str) -> PairedTable | None:
        """The required table that exists, by the name that findings have."""
        return next((t for t in paired_tables(self.facts) if t.name.lower() == required.lower()), None)

    def table(self, name: str) -> Table | None:
        """The existing table that a finding means: by its own name, or by that of what requires it."""
        pair = self.paired(name)
        return pair.existing if pair is not None else self.facts.schema.table(name)


class Proposal(Struct, frozen=True):
    """`slug` names the migration. `rank` orders what depends on nothing. `needs` and `makes` are names ("table users", "column
    users.id") by which one waits for another. `others`: files and patches beside the migration."""

    concern: str
    title: str
    table: str
    findings: tuple[Finding, ...]
    slug: str = ""
    changes: tuple[Change, ...] = ()
    steps: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    rollback: str = ""
    effort: Effort = "S"
    destructive: bool = False
    rank: int = 50
    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    files: tuple[NewFile, ...] = ()
    edit: Edit | None = None
    """Changes the code that is there, when its turn has come."""
    withheld: str = ""
    leftovers: tuple[str, ...] = ()
    """Columns that are kept although nothing requires them: that they are there is no new finding."""
    follow: tuple[str, ...] = ()
    """Codes of findings that are work to be done after it, as `steps` say, rather than faults of it."""
    otherwise: Proposal | None = None
    """What is proposed where this does not pass its trial."""


def withheld(concern: str, title: str, table: str, findings: Iterable[Finding], reason: str) -> Proposal:
    return Proposal(concern, title, table, tuple(findings), withheld=reason)


def index_name(table: str, columns: tuple[str, ...], suffix: str, taken: Iterable[str] = ()) -> str:
    """The framework's own name (`Blueprint::createIndexName`), shortened where servers would refuse or cut it."""
    name = re.sub(r"[-.]", "_", f"{table}_{'_'.join(columns)}_{suffix}".lower())
    if len(name) > LONGEST_NAME:
        name = short_name(table, columns, suffix)
    used = {t.lower() for t in taken}
    unique, number = name, 2
    while unique in used:
        unique, number = f"{name[: LONGEST_NAME - 3]}_{number}", number + 1
    return unique


def short_name(table: str, columns: tuple[str, ...], suffix: str) -> str:
    """Whole words as long as they fit: the table's initials where they must, then the columns."""
    initials = "_".join(w[:3] for w in table.lower().split("_"))
    name = f"{initials}_{'_'.join(columns).lower()}_{suffix}"
    if len(name) > LONGEST_NAME:
        words = "_".join(w[:4] for c in columns for w in c.lower().split("_"))
        name = f"{initials}_{words}"[: LONGEST_NAME - len(suffix) - 1] + f"_{suffix}"
    return name


def names_of(table: Table) -> set[str]:
    return {i.name for i in table.indexes} | {k.name for k in table.foreign_keys if k.name}
