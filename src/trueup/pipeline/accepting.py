"""Which findings were accepted: by a comment in the code, by the configuration, in a baseline. None of them is lost: what is not
told as a finding is told as accepted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from trueup.model.acceptance import Acceptance, Accepted, Ignore, IgnoreRule, Suppressed
from trueup.model.audit import Facts
from trueup.model.findings import Finding
from trueup.pipeline.baseline import is_expired
from trueup.structs import Struct, replace

OF_COMMENTS = ("CFG003", "CFG004")
"""The checks of such comments: they look at what the audit has found, and so run after it."""


class Accepting(Struct, frozen=True):
    """What accepts findings. `rules` are those of the configuration, `baseline` its entries; `today` decides what has expired."""

    rules: tuple[IgnoreRule, ...] = ()
    baseline: tuple[Accepted, ...] = ()
    today: datetime.date = datetime.date.min


class Sifted(Struct, frozen=True):
    """The findings that are told, those that were accepted, and what is to be said of acceptances. `ignores` are the comments with
    their unused codes."""

    told: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    expired: tuple[Accepted, ...] = ()
    stale: tuple[Accepted, ...] = ()
    ignores: tuple[Ignore, ...] = ()


def sift(
    findings: Sequence[Finding],
    ignores: Sequence[Ignore],
    accepting: Accepting,
    checked: Iterable[str],
    beside: Sequence[Finding] = (),
) -> Sifted:
    """Comments go before the configuration, and that before the baseline. Entries and comments whose checks did not run are not
    unused: nobody looked. `beside` are findings of checks that ran for the sake of the comments alone."""
    told: list[Finding] = []
    suppressed: list[Suppressed] = []
    by_id = {entry.id: entry for entry in accepting.baseline}
    used: set[tuple[Ignore, str]] = set()
    expired: list[Accepted] = []
    for finding in findings:
        comment = next((one for one in ignores if speaks_of(one, finding)), None)
        used.update((one, finding.code) for one in ignores if speaks_of(one, finding))
        acceptance = _of_comment(comment) or _of_rules(accepting.rules, finding)
        entry = by_id.get(finding.id)
        if acceptance is None and entry is not None:
            if is_expired(entry, accepting.today):
                expired.append(entry)
            else:
                acceptance = entry.acceptance
        if acceptance is None:
            told.append(finding)
        else:
            suppressed.append(Suppressed(finding, acceptance))
    used.update((one, finding.code) for finding in beside for one in ignores if speaks_of(one, finding))
    ran, found = set(checked), {finding.id for finding in findings}
    stale = tuple(
        e
        for e in accepting.baseline
        if e.id not in found and e.acceptance.author and (not e.code or e.code in ran)
    )
    marked = tuple(replace(one, unused=_unused(one, used, ran)) for one in ignores)
    return Sifted(tuple(told), tuple(suppressed), tuple(expired), stale, marked)


def speaks_of(one: Ignore, finding: Finding) -> bool:
    """Whether the comment accepts the finding: its code, a reason, and the line of the finding's first place, or anywhere in a file
    that is meant as a whole."""
    place = finding.locations[0] if finding.locations else None
    if place is None or not one.reason or finding.code not in one.codes or place.file != one.at.file:
        return False
    return place.line in (0, one.target)


def _unused(one: Ignore, used: set[tuple[Ignore, str]], ran: set[str]) -> tuple[str, ...]:
    if not one.reason:
        return ()
    return tuple(code for code in one.codes if code in ran and (one, code) not in used)


def _of_comment(one: Ignore | None) -> Acceptance | None:
    return None if one is None else Acceptance("comment", one.reason, at=one.at)


def _of_rules(rules: Iterable[IgnoreRule], finding: Finding) -> Acceptance | None:
    for rule in rules:
        if _fits(rule, finding):
            name = "ignore_paths" if rule.kind == "path" else "ignore_tables"
            return Acceptance("configuration", f"{name}: {rule.pattern}", at=rule.at)
    return None


def _fits(rule: IgnoreRule, finding: Finding) -> bool:
    if not any(code == "ALL" or finding.code.startswith(code) for code in rule.codes):
        return False
    if rule.kind == "table":
        return bool(finding.table) and fnmatchcase(finding.table.lower(), rule.pattern.lower())
    return bool(finding.locations) and fnmatchcase(finding.locations[0].file, rule.pattern)


def asked_beside(ignores: Iterable[Ignore], checked: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The checks that comments name and that were not asked for: whether such a comment is of use, only they can tell."""
    ran = set(checked)
    if "CFG004" not in ran:
        return ()
    return tuple(sorted({code for one in ignores for code in one.codes} & set(known) - ran))


def files_with_comments(facts: Facts, findings: Iterable[Finding]) -> Iterator[str]:
    """Where such comments are looked for: PHP, Blade and SQL of the project, its specifications and ticket, and what findings are
    in. Other Markdown speaks of much, also of Trueup."""
    yield from (*facts.project.files, *facts.project.views, *facts.project.scripts)
    yield from (document.path for document in facts.specification.documents)
    yield from (place.file for finding in findings for place in finding.locations[:1])
    if facts.ticket:
        yield facts.ticket.path
