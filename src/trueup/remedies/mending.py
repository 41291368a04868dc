"""Remedies that mend migrations themselves: all migrations run again, and what they build is what everything later starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.model.audit import Facts
from trueup.model.findings import Finding
from trueup.model.names import Driver
from trueup.model.remedies import Trial
from trueup.remedies.bench import Attempt, Bench
from trueup.remedies.carrying import Tell, Tried, reason_of
from trueup.remedies.definitions import Unmendable
from trueup.remedies.edits import patch_of
from trueup.remedies.novelty import Findings, new_findings
from trueup.remedies.proposals import Desk, Proposal
from trueup.remedies.trial import Court, Outcome, Replayed
from trueup.structs import replace


def mend_migrations(proposals: Sequence[Proposal], court: Court, tell: Tell) -> list[Tried]:
    """All at once, since they are of different files; one after the other where that does not hold. Those that pass are what the
    court starts from then."""
    tried = [_edited(proposal, court.facts) for proposal in proposals]
    open_yet = [t for t in tried if not t.withheld]
    if not open_yet:
        return tried
    for one in open_yet:
        tell(f"trying: {one.proposal.title}")
    done = iter(_together(open_yet, court) or _one_by_one(open_yet, court))
    return [t if t.withheld else next(done) for t in tried]


def _edited(proposal: Proposal, facts: Facts) -> Tried:
    one = Tried(proposal, withheld=proposal.withheld)
    if proposal.withheld or proposal.edit is None:
        return one
    desk = Desk(facts.project.root)
    try:
        proposal.edit(desk, facts, facts.schema)
    except Unmendable as reason:
        return replace(one, withheld=str(reason))
    return replace(one, patches=tuple(patch_of(desk.sources[p]) for p in desk.texts), texts=desk.texts)


def _together(several: Sequence[Tried], court: Court) -> list[Tried]:
    """All with their outcomes where all pass; none otherwise."""
    base = court.base
    replayed = court.replayed({path: text for one in several for path, text in one.texts.items()})
    several = [_with_tables(one, replayed) for one in several]
    judged = [_judged(one, several, replayed, base, court) for one in several]
    if any(one.withheld for one in judged):
        return []
    # As SQL they are one: what all of them leave.
    judged[0] = _with_attempts(judged[0], court.benches, replayed.benches)
    court.start_from(replayed)
    return judged


def _one_by_one(several: Sequence[Tried], court: Court) -> list[Tried]:
    """Each after those before it that passed."""
    base, passed, done = court.base, dict[str, str](), list[Tried]()
    last: Replayed | None = None
    for one in several:
        replayed = court.replayed({**passed, **one.texts})
        told = _with_tables(one, replayed)
        judged = _judged(told, (*(t for t in done if not t.withheld), told), replayed, base, court)
        if not judged.withheld:
            judged = _with_attempts(judged, last.benches if last else court.benches, replayed.benches)
            passed |= one.texts
            last = replayed
        done.append(judged)
    if last is not None:
        court.start_from(last)
    return done


def _with_tables(one: Tried, replayed: Replayed) -> Tried:
    """With all tables that the migration makes or changes now that it goes on to its end."""
    found = {
        f"table {table}"
        for bench in replayed.benches.values()
        for migration in bench.migrations
        if migration.path in one.texts
        for table in (*migration.creates, *migration.changes)
    }
    makes = tuple(sorted({*one.proposal.makes, *found}))
    return replace(one, proposal=replace(one.proposal, makes=makes))


def _judged(
    one: Tried, several: Sequence[Tried], replayed: Replayed, base: dict[Driver, Findings], court: Court
) -> Tried:
    outcomes = tuple(_outcome(one, several, d, replayed.found[d], base[d]) for d in court.drivers)
    return replace(one, outcomes=outcomes, withheld=reason_of(outcomes, court))


def _with_attempts(one: Tried, before: dict[Driver, Bench], after: dict[Driver, Bench]) -> Tried:
    """With the difference that mended migrations make."""
    made = {
        d: Attempt(bench.schema, bench.raw, before[d].raw, bench.migrations, ()) for d, bench in after.items()
    }
    return replace(one, attempts=made)


def _outcome(
    one: Tried, several: Sequence[Tried], driver: Driver, found: Findings, before: Findings
) -> Outcome:
    claimed = [f.id for f in one.proposal.findings if f.id in before]
    others = {f.id for t in several if t is not one for f in t.proposal.findings}
    new = [
        f
        for f in new_findings(found, before, [one.proposal])
        if not any(_reveals(t, f) for t in several) and one in (list(_makers(f, several)) or several)
    ]
    gone = tuple(i for i in claimed if i not in found)
    left = tuple(i for i in claimed if i in found)
    also = tuple(
        f
        for i, f in before.items()
        if i not in found and i not in claimed and i not in others and _gone_by(f, several) is one
    )
    revealed = tuple(f for i, f in found.items() if i not in before and _reveals(one, f))
    return Outcome(Trial(driver, True, True, gone, left, tuple(new)), None, also, revealed, frozenset(before))


def _reveals(one: Tried, finding: Finding) -> bool:
    """Whether it could not be told before: of tables that the migration makes or changes, and of the migration itself."""
    tables = {m.removeprefix("table ").lower() for m in one.proposal.makes}
    own = bool(finding.locations) and finding.locations[0].file in one.texts
    return finding.table.lower() in tables or (own and finding.category == "migration")


def _gone_by(finding: Finding, several: Sequence[Tried]) -> Tried:
    """To which of them it is put down: in whose file it was, whose table it is about, or the first."""
    about = f"table {finding.table}".lower()
    tables = (t for t in several if about in (m.lower() for m in t.proposal.makes))
    return next(_makers(finding, several), None) or next(tables, several[0])


def _makers(finding: Finding, several: Sequence[Tried]) -> Iterator[Tried]:
    """Those whose files it stands in."""
    files = {at.file for at in finding.locations}
    yield from (t for t in several if files & set(t.texts))
