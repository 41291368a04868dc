"""What an audit hangs on besides the project's folder: whoever keeps one must know when it no longer holds."""

from __future__ import annotations

import os

from trueup.cache.state import leads_into_pruned
from trueup.config import Settings
from trueup.model.audit import Audit


def files_elsewhere(settings: Settings) -> tuple[str, ...]:
    """Files that were named, absolute: they may lie outside of the project."""
    checks = (path for path in settings.checks if os.path.isabs(path))
    named = (*settings.specs, settings.baseline, *checks)
    return tuple(os.path.abspath(path) for path in named if path)


def hangs_on_files(settings: Settings) -> bool:
    """Whether the user's own checks are files: an entry point's package may change without any of them changing."""
    return all(os.path.isabs(name) for name in settings.checks)


def may_be_kept(audited: Audit) -> bool:
    """Whether nothing else decides: no part of ours crashed, no link of the ticket leads to where a folder's state says nothing."""
    links = audited.facts.ticket.links if audited.facts.ticket else ()
    return not audited.crashes and not any(leads_into_pruned(link.path or "") for link in links)
