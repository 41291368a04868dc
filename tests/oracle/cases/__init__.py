"""Hand-written migrations, by subject: the name of a case → its files' up() bodies, each a tuple of statements, in order."""

from __future__ import annotations

from tests.support.migrations import migration, sequence

Case = tuple[tuple[str, ...], ...]
"""The migrations of a case, in order; each is the statements of one up()."""


def files(case: Case) -> dict[str, str]:
    return sequence(*(migration(*statements) for statements in case))
