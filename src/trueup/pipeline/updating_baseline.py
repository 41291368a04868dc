"""`trueup baseline`: the findings of an audit into the file of accepted ones. What a person wrote there stays."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence

from trueup.config import Options
from trueup.errors import Mistake, UserError
from trueup.interrupts import held_back
from trueup.model.acceptance import Acceptance, Accepted
from trueup.model.findings import Finding
from trueup.pipeline.attempts import Progress, silent
from trueup.pipeline.baseline import DEFAULT, NEVER, baseline_text, read_entries
from trueup.pipeline.baseline_text import HEAD, entry, joined, renewed, split
from trueup.pipeline.flow import audit
from trueup.structs import Struct, replace

DAYS = 180
"""How long an acceptance holds where nothing else is said."""


class Asked(Struct, frozen=True):
    """What the command was given, unchecked; "" and None: nothing."""

    reason: str = ""
    author: str = ""
    expires: str = ""
    renew: bool = False
    prune: bool = False


class Update(Struct, frozen=True):
    """What becomes of a baseline: its path, its text before (None: there was none) and after, and what changes in it."""

    path: str
    before: str | None
    after: str
    added: tuple[Finding, ...] = ()
    renewed: tuple[Accepted, ...] = ()
    expired: tuple[Accepted, ...] = ()
    pruned: tuple[Accepted, ...] = ()
    stale: tuple[Accepted, ...] = ()
    kept: int = 0
    crashed: bool = False


def update_baseline(target: str, options: Options, asked: Asked, progress: Progress = silent) -> Update:
    """The baseline with what the audit finds. Nothing is written.

    Raises UserError with every mistake in the target, the options, the configuration and the file."""
    today = datetime.date.today()
    expires, mistakes = _expiry(asked.expires, today)
    if mistakes:
        raise UserError(*mistakes)
    audited, settings = audit(target, replace(options, writes_baseline=True), progress)
    root = audited.facts.project.root
    path = settings.baseline or os.path.join(root, DEFAULT)
    before = _text(path)
    old = read_entries(path, before) if before is not None else ()
    lapsed = {e.id for e in audited.expired}
    added = tuple(f for f in audited.findings if f.id not in lapsed)
    acceptance = _acceptance(asked, root, expires, needed=bool(added))
    head, blocks = split(before) if before is not None else (HEAD, ())
    gone = {e.id for e in audited.stale} if asked.prune else set()
    again = lapsed if asked.renew else set()
    kept = [renewed(b, expires) if b.value("id") in again else b for b in blocks if b.value("id") not in gone]
    after = joined(head, [*kept, *(entry(f, acceptance, today.isoformat()) for f in added)])
    _make_sure(path, after, old, gone, again)
    return Update(
        path,
        before,
        after,
        added,
        audited.expired if asked.renew else (),
        () if asked.renew else audited.expired,
        audited.stale if asked.prune else (),
        () if asked.prune else audited.stale,
        len(kept),
        bool(audited.crashes),
    )


def write_baseline(update: Update) -> None:
    """Writes the file whole or not at all. Raises UserError."""
    with held_back():
        _write(update)


def _write(update: Update) -> None:
    folder = os.path.dirname(os.path.abspath(update.path))
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".trueup-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(update.after)
            os.chmod(temporary, 0o644)
            os.replace(temporary, update.path)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError as problem:
        raise UserError(Mistake(update.path, f"can't be written: {problem.strerror}")) from problem


def _text(path: str) -> str | None:
    try:
        text = baseline_text(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise UserError(Mistake(path, f"the baseline can't be read: {problem}")) from problem
    if text.lstrip().startswith("{"):
        raise UserError(
            Mistake(
                path, "is the report of an audit, which is not updated", f"name a new file, such as {DEFAULT}"
            )
        )
    return text


def _expiry(given: str, today: datetime.date) -> tuple[str, list[Mistake]]:
    """The last day as a date, "" for never."""
    expected = f"a date such as 2027-03-31, a number of days such as 90d, or {NEVER}"
    if given == NEVER:
        return "", []
    days = re.fullmatch(r"(\d{1,4})d", given) if given else None
    if days or not given:
        return (today + datetime.timedelta(days=int(days[1]) if days else DAYS)).isoformat(), []
    try:
        day = datetime.date.fromisoformat(given)
    except ValueError:
        return "", [Mistake("--expires", f"'{given}' is no day", expected)]
    if day < today:
        return "", [Mistake("--expires", f"{day.isoformat()} is over", expected)]
    return day.isoformat(), []


def _acceptance(asked: Asked, root: str, expires: str, *, needed: bool) -> Acceptance:
    """Who accepts the new findings, and why. Raises UserError where there are some and that is not said."""
    author = asked.author.strip() or (_git_user(root) if needed else "")
    mistakes = []
    if needed and not re.search(r"\w{2}", asked.reason):
        mistakes.append(Mistake("--reason", "new findings are accepted only for a reason", "one sentence"))
    if needed and not author:
        mistakes.append(
            Mistake("--author", "git knows no user here, so that somebody must be named", "a name")
        )
    if mistakes:
        raise UserError(*mistakes)
    return Acceptance("baseline", asked.reason.strip(), author, expires)


def _git_user(root: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", root, "config", "user.name"], capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()


def _make_sure(path: str, after: str, old: Sequence[Accepted], gone: set[str], again: set[str]) -> None:
    """Reads the new text and refuses it where an old entry has lost anything: a file may be written in unforeseen ways."""
    new = {e.id: e for e in read_entries(path, after)}
    for one in old:
        if one.id in gone:
            continue
        there = new.get(one.id)
        expires = there.acceptance.expires if there and one.id in again else one.acceptance.expires
        same = there is not None and _said(there) == (*_said(one)[:-1], expires)
        if not same:
            problem = f"the entry {one.id} can't be kept as it is written"
            raise UserError(Mistake(str(path), problem, "one setting a line"))


def _said(one: Accepted) -> tuple[str, ...]:
    return (
        one.code,
        one.subject,
        one.message,
        one.acceptance.reason,
        one.acceptance.author,
        one.acceptance.expires,
    )
