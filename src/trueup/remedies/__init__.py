"""Findings → changes → Laravel migrations, SQL and patches, each tried by replay before it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trueup.structs import Struct

if TYPE_CHECKING:
    from trueup.model.audit import Audit
    from trueup.model.names import Driver
    from trueup.model.remedies import Remedy


class RemedyOptions(Struct, frozen=True):
    """`select`: beginnings of the codes whose findings are to be mended; empty: all. `drivers` are those that remedies are tried
    on; empty: all four. `server_version` is that of the audited driver, "" for the one assumed.
    `allow_destructive`: what deletes data is generated too."""

    select: tuple[str, ...] = ()
    drivers: tuple[Driver, ...] = ()
    server_version: str = ""
    allow_destructive: bool = False


def remedies(
    audit: Audit, options: RemedyOptions | None = None, tell: Callable[[str], None] = lambda _: None
) -> tuple[Remedy, ...]:
    """Remedies for the audit's findings, in the order in which they can be carried out; those that are withheld come last.
    `tell` is given what is being done, for somebody who watches. Nothing is written."""
    from trueup.remedies.workshop import make

    return make(audit, options or RemedyOptions(), tell)
