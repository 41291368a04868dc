"""`trueup audit --rev A..B`: only what a change brings in. Both states are audited in the same way, that of the later one, and a
finding counts as brought in where the earlier state has none of its id."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from functools import partial

from trueup.config import FILES, Options, Settings, read_settings
from trueup.errors import Mistake, UserError
from trueup.model.acceptance import Change
from trueup.model.audit import Audit, Crash
from trueup.model.findings import Finding
from trueup.parallel import Ahead, cores
from trueup.pipeline.attempts import Progress, silent
from trueup.pipeline.baseline import DEFAULT
from trueup.pipeline.flow import audit
from trueup.pipeline.revisions import split_range, write_revision
from trueup.pipeline.telling import showing_of
from trueup.report.showing import Showing
from trueup.sources.project import find_root
from trueup.structs import Struct, replace


class Audited(Struct, frozen=True):
    """An audit of what a change brings in, the settings, and what it is shown with."""

    audit: Audit
    settings: Settings
    showing: Showing


class _Before(Struct, frozen=True):
    """What is kept of the audit of the earlier state: all findings, accepted ones too, questions and gaps."""

    findings: tuple[Finding, ...]
    questions: frozenset[tuple[str, str]]
    gaps: frozenset[tuple[str, str, str]]
    crashes: tuple[Crash, ...]


def audit_change(
    target: str, revisions: str, options: Options, screen: Showing, progress: Progress = silent
) -> Audited:
    """The audit of B in A..B (the work tree, where only A is given) without what was there in A. The work tree is not touched.

    Raises UserError with every mistake in the target, the revisions, the options and the configuration."""
    import tempfile

    before, after = split_range(revisions)
    if options.database_url:
        raise UserError(Mistake("--rev", "compares two states of the code", "leave out --database-url"))
    root = find_root(target)
    with tempfile.TemporaryDirectory(prefix="trueup-") as folder:
        later = root if not after else os.path.join(folder, "b")
        earlier = os.path.join(folder, "a")
        for revision, place in ((before, earlier), *([(after, later)] if after else [])):
            os.mkdir(place)
            progress(f"taking {revision} out of git")
            write_revision(root, revision, place)
        options = replace(options, specs=tuple(_inside(root, spec) for spec in options.specs))
        _align(later, earlier, _needed(target, root, later, options))
        work = partial(_before, _moved(target, root, earlier), options)
        ahead = Ahead(work, fork=cores() > 1)
        audited, settings = audit(_moved(target, root, later), options, progress)
        change = _brought_in(audited, ahead.result(), before, after)
        showing = showing_of(change, settings, options.format or "", screen, root)
    project = replace(change.facts.project, root=root)
    return Audited(replace(change, facts=replace(change.facts, project=project)), settings, showing)


def _before(target: str, options: Options) -> _Before:
    audited, _ = audit(target, options)
    return _Before(
        (*audited.findings, *(s.finding for s in audited.suppressed)),
        frozenset((c.code, c.subject) for c in audited.cannot_tell),
        frozenset((g.at.file, g.reason, g.excerpt) for g in audited.gaps),
        audited.crashes,
    )


def _brought_in(later: Audit, earlier: _Before, before: str, after: str) -> Audit:
    known = {finding.id for finding in earlier.findings}
    now = {f.id for f in (*later.findings, *(s.finding for s in later.suppressed))}
    new = tuple(f for f in later.findings if f.id not in known)
    gone = tuple(f for f in earlier.findings if f.id not in now)
    crashes = tuple(replace(crash, what=f"{crash.what} (at {before})") for crash in earlier.crashes)
    return replace(
        later,
        findings=new,
        suppressed=tuple(s for s in later.suppressed if s.finding.id not in known),
        cannot_tell=tuple(c for c in later.cannot_tell if (c.code, c.subject) not in earlier.questions),
        gaps=tuple(g for g in later.gaps if (g.at.file, g.reason, g.excerpt) not in earlier.gaps),
        crashes=(*later.crashes, *crashes),
        change=Change(before, after, gone, len(later.findings) - len(new)),
        expired=(),
        stale=(),
    )


# Where things are in the two states.


def _needed(target: str, root: str, later: str, options: Options) -> Iterator[str]:
    """Files and folders inside the project that the command or the configuration names: they say how to audit, and are no part of
    the change."""
    if os.path.isfile(target):
        yield os.path.relpath(os.path.realpath(target), root)
    settings, _ = read_settings(later, options)
    yield from settings.paths
    for spec in settings.specs:
        path = os.path.relpath(os.path.join(later, spec), later)
        if not path.startswith(".."):
            yield path


def _align(later: str, earlier: str, needed: Iterable[str]) -> None:
    """Gives the earlier state the configuration and the baseline of the later one, as a change of these alone is none, and what is
    needed and was not there yet."""
    for name in (*FILES, DEFAULT):
        place = os.path.join(earlier, name)
        if os.path.lexists(place):
            os.unlink(place)
        if os.path.isfile(os.path.join(later, name)):
            shutil.copyfile(os.path.join(later, name), place)
    for path in needed:
        source, place = os.path.join(later, path), os.path.join(earlier, path)
        if os.path.isdir(source):
            os.makedirs(place, exist_ok=True)
        elif os.path.isfile(source) and not os.path.lexists(place):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copyfile(source, place)


def _moved(target: str, root: str, place: str) -> str:
    """The target in a state that lies in `place`; the folder of the project where the target is not in that state."""
    path = os.path.normpath(os.path.join(place, os.path.relpath(os.path.realpath(target), root)))
    return path if os.path.isfile(path) else place


def _inside(root: str, spec: str) -> str:
    """A specification inside the project by its path from the root, so that each state has its own; any other as it is."""
    real = os.path.realpath(spec if os.path.exists(spec) else os.path.join(root, spec))
    inside = real.startswith(root.rstrip(os.sep) + os.sep)
    return os.path.relpath(real, root) if inside else os.path.abspath(spec)
