"""What mends findings: files to add, patches to files, SQL, and how the trial of each went. Nouns only."""

from __future__ import annotations

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.names import Driver, Effort
from trueup.structs import Struct


class NewFile(Struct, frozen=True, order=True):
    """A file to add. `path` is relative to the project root, with POSIX slashes; it does not exist yet. `release` counts from 1: a
    file of release 2 may run only when the code that is patched beside release 1 runs everywhere."""

    path: str
    text: str
    release: int = 1


class Patch(Struct, frozen=True, order=True):
    """A change to a file that is there. `path` as of NewFile; `text` is a unified diff with `a/` and `b/` before the path, which
    `git apply` and `patch -p1` take. `base` is the SHA-256 of the file that it is for, in hex, patches before it included."""

    path: str
    text: str
    base: str = ""


class SqlScript(Struct, frozen=True):
    """What the remedy's migrations do, as plain SQL for one driver: statements in order, without the semicolon at the end; a line
    that begins with `--` says what to look at before the next one. `down` undoes `up`."""

    driver: Driver
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


class Trial(Struct, frozen=True):
    """How the remedy went in Trueup's own replay on one driver, after the project's migrations (and those of the remedies that it
    depends on).

    `up`, `down`: the migrations ran, and going back left exactly the schema before. `gone` and `left` are ids of the remedy's
    findings that this driver has: those that the audit no longer finds, and those that it still does. `new` are findings that were
    not there before. `problem` is a clause that says what went wrong, or ""; `skipped` why nothing was tried on this driver (the
    project's own migrations do not build the table there), or ""."""

    driver: Driver
    up: bool = False
    down: bool = False
    gone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    new: tuple[Finding, ...] = ()
    problem: str = ""
    skipped: str = ""

    @property
    def passed(self) -> bool:
        if self.skipped:
            return True
        return self.up and self.down and not (self.left or self.new or self.problem)


class Remedy(Struct, frozen=True):
    """One concern, mended.

    `id` is stable ("add-columns-ai_usage_log-3f9a…"): it depends on the concern and its findings, not on lines, dates or order.
    `concern` is the kind of work ("create table", "add columns", "change type", "rename column", "add index", "drop index",
    "foreign key", "unique", "check", "not null", "default", "name", "model", "factory", ...). `table` is the existing table's
    name (the required one where it is missing), "" where no one table is meant. `codes` are those of the findings, each once.

    `steps` are sentences, in the order in which a person carries them out; `files` are in the order of running. `depends_on` are
    ids of remedies that come before this one. `destructive`: something is deleted that cannot be brought back. `rollback` says
    how to go back and what that loses.

    `withheld` says why it is not offered (the trial failed, it would delete data, nobody but a person can decide); "" where it is.
    A withheld remedy may have no files at all."""

    id: str
    title: str
    concern: str
    finding_ids: tuple[str, ...]
    codes: tuple[str, ...]
    table: str = ""
    steps: tuple[str, ...] = ()
    files: tuple[NewFile, ...] = ()
    patches: tuple[Patch, ...] = ()
    sql: tuple[SqlScript, ...] = ()
    depends_on: tuple[str, ...] = ()
    destructive: bool = False
    effort: Effort = "S"
    risks: tuple[str, ...] = ()
    rollback: str = ""
    trial: tuple[Trial, ...] = ()
    withheld: str = ""

    @property
    def offered(self) -> bool:
        return not self.withheld


class Fix(Struct, frozen=True):
    """An audit with its remedies. `drivers` are those that the remedies were tried on. `unmended`: findings for which there is no
    remedy at all, offered or withheld: a person must decide or write code."""

    audit: Audit
    remedies: tuple[Remedy, ...]
    drivers: tuple[Driver, ...]
    unmended: tuple[Finding, ...] = ()
