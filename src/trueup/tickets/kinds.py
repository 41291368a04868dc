"""Which kind of work a finding asks for, in which phase, and what keeps findings of one kind together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from trueup.model.findings import Finding
from trueup.model.names import Category
from trueup.model.tickets import Phase
from trueup.structs import Struct

By = Literal["table", "all", "cause"]
"""One ticket a table; one for all findings of the kind; one for all that have the same cause (the server's error number)."""


class Kind(Struct, frozen=True):
    """`rank`: works of a lower rank come first. `slug` begins the file's name."""

    name: str
    phase: Phase
    by: By
    rank: int
    slug: str


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("migration fails", "Implementation", "cause", 0, "make-migrations-run"),
        Kind("create table", "Implementation", "table", 1, "create"),
        Kind("rename", "Implementation", "table", 2, "settle-names-of"),
        Kind("columns", "Implementation", "table", 3, "correct-columns-of"),
        Kind("keys", "Implementation", "table", 4, "correct-keys-of"),
        Kind("live data", "Implementation", "table", 4, "prepare-rows-of"),
        Kind("models", "Implementation", "all", 5, "write-models"),
        Kind("code", "Implementation", "table", 6, "correct-code-on"),
        Kind("capability", "Implementation", "all", 7, "make-work-possible"),
        Kind("rollback", "Cleanup", "all", 10, "mend-rollbacks"),
        Kind("migrations on rows", "Cleanup", "all", 11, "make-migrations-safe-on-rows"),
        Kind("order of migrations", "Cleanup", "all", 12, "settle-order-of-migrations"),
        Kind("commented out", "Cleanup", "all", 13, "decide-commented-out-constraints"),
        Kind("other servers", "Cleanup", "all", 14, "run-on-other-servers"),
        Kind("amounts", "Cleanup", "all", 15, "keep-amounts-alike"),
        Kind("column habits", "Cleanup", "all", 16, "tidy-columns"),
        Kind("index habits", "Cleanup", "all", 17, "tidy-indexes-and-keys"),
        Kind("model habits", "Cleanup", "all", 18, "tidy-models"),
        Kind("one-way tables", "Cleanup", "all", 19, "settle-one-way-tables"),
        Kind("configuration", "Cleanup", "all", 20, "correct-configuration"),
        Kind("beyond the specification", "Cleanup", "all", 21, "describe-what-exists"),
        Kind("documents", "Cleanup", "all", 22, "correct-documents"),
        Kind("migration tests", "Test Implementation", "all", 30, "test-migrations"),
        Kind("table tests", "Test Implementation", "table", 31, "test"),
        Kind("code tests", "Test Implementation", "all", 32, "test-code-on"),
        Kind("new factories", "Test Implementation", "all", 33, "write-factories"),
        Kind("test server", "Test Cleanup", "all", 40, "test-on-the-real-server"),
        Kind("shadow schema", "Test Cleanup", "all", 41, "test-the-real-schema"),
        Kind("factories", "Test Cleanup", "all", 42, "correct-factories"),
        Kind("test code", "Test Cleanup", "table", 43, "correct-tests-on"),
    )
}  # fmt: skip
"""Every kind, by name."""


def _codes(kind: str, *codes: str) -> dict[str, str]:
    return dict.fromkeys(codes, kind)


OF_CODE: Mapping[str, str] = {
    **_codes("migration fails", "MIG001", "MIG007"),
    **_codes("create table", "TBL001"),
    **_codes("rename", "TBL002", "COL002"),
    **_codes("columns", "COL001", "COL003", "COL005", "COL006", "COL007", "COL009", "TYP001", "TYP002", "TYP004", "TYP006"),
    **_codes("keys", "REL004", "REL005", "REL006", "RUL001"),
    **_codes("models", "MOD001"),
    **_codes("code", "CFG001", "QRY001", "REL008", "RUL002", "RUL003", "RUL004"),
    **_codes("rollback", "MIG004", "MIG005"),
    **_codes("migrations on rows", "MIG008", "MIG009", "MIG010", "MIG011", "MIG013"),
    **_codes("order of migrations", "MIG003", "MIG006"),
    **_codes("commented out", "MIG012"),
    **_codes("other servers", "MIG002", "IDX002"),
    **_codes("amounts", "TYP005"),
    **_codes("column habits", "COL008", "COL010"),
    **_codes("index habits", "KEY014"),
    **_codes("one-way tables", "QRY007"),
    **_codes("beyond the specification", "COL004", "TBL003", "KEY003", "TYP003"),
    **_codes("table tests", "MOD003", "TST004", "TST005"),
    **_codes("new factories", "MOD002"),
    **_codes("test server", "TST002", "TST003"),
    **_codes("shadow schema", "TST001"),
}  # fmt: skip
"""Codes whose kind their category does not tell."""

OF_CATEGORY: Mapping[Category, tuple[str, str]] = {
    "spec": ("documents", "documents"),
    "table": ("columns", "beyond the specification"),
    "column": ("columns", "column habits"),
    "type": ("columns", "column habits"),
    "key": ("keys", "index habits"),
    "index": ("keys", "index habits"),
    "migration": ("migrations on rows", "migrations on rows"),
    "model": ("code", "model habits"),
    "factory": ("factories", "factories"),
    "query": ("code", "model habits"),
    "test": ("shadow schema", "shadow schema"),
    "config": ("configuration", "configuration"),
    "live": ("live data", "live data"),
    "capability": ("capability", "capability"),
}
"""The kinds of a category: of errors and warnings, and of remarks."""

TEST_FOLDERS = ("tests/", "test/", "spec/")


def in_tests(finding: Finding) -> bool:
    """Whether the place to look at first is test code."""
    first = next((place.file for place in finding.locations if place.file), "")
    return first.startswith(TEST_FOLDERS) or "/tests/" in first


def kind_of(finding: Finding) -> Kind:
    """The kind of work that a finding asks for. Every finding has one, those of checks to come too."""
    if finding.category in ("query", "model") and in_tests(finding) and finding.code != "MOD003":
        return KINDS["test code"]
    grave, light = OF_CATEGORY[finding.category]
    return KINDS[OF_CODE.get(finding.code, light if finding.severity == "info" else grave)]
