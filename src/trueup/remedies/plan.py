"""Proposals in order, and what came of them as remedies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from trueup.model.remedies import Remedy
from trueup.remedies.carrying import Tried
from trueup.remedies.proposals import Proposal
from trueup.remedies.sql import scripts
from trueup.remedies.trial import Court, mended_besides


def ordered(proposals: Sequence[Proposal]) -> list[Proposal]:
    """By rank, table and name, and each after what makes what it needs. A circle is left as it is: the trial tells."""
    waiting = sorted(proposals, key=lambda p: (p.rank, p.table, p.slug, p.title))
    done: list[Proposal] = []
    while waiting:
        made_later = {m for p in waiting for m in p.makes}
        ready = [p for p in waiting if not (set(p.needs) - set(p.makes)) & made_later]
        chosen = ready[0] if ready else waiting[0]
        waiting.remove(chosen)
        done.append(chosen)
    return done


def as_remedies(tried: Sequence[Tried], court: Court) -> tuple[Remedy, ...]:
    ids = [_id(t.proposal) for t in tried]
    made = [_remedy(t, n, ids, court, tried) for n, t in enumerate(tried)]
    return (*(r for r in made if r.offered), *(r for r in made if not r.offered))


def _id(proposal: Proposal) -> str:
    subject = "\x1f".join(sorted(f.id for f in proposal.findings))
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{proposal.concern.replace(' ', '-')}-{proposal.table or 'project'}-{digest}"


def _revealed(one: Tried) -> list[str]:
    found = sorted({f"{f.code} {f.message}" for o in one.outcomes[:1] for f in o.revealed})
    lead = "With the migration mended" if one.proposal.concern == "name" else "With the table there"
    return [f"{lead}, the audit finds what was hidden: {text}" for text in found]


def _same_files(one: Tried, before: Sequence[Tried]) -> list[int]:
    """Remedies that patched one of these files before, on whose text this patch is made."""
    paths = {p.path for p in one.patches}
    return [n for n, t in enumerate(before) if not t.withheld and paths & {p.path for p in t.patches}]


def _before_renaming(one: Tried, before: Sequence[Tried]) -> list[int]:
    """Remedies that go by the old name of the table that this one renames."""
    if one.proposal.concern != "rename table":
        return []
    return [n for n, t in enumerate(before) if not t.withheld and t.proposal.table == one.proposal.table]


def _remedy(one: Tried, number: int, ids: list[str], court: Court, tried: Sequence[Tried]) -> Remedy:
    proposal = one.proposal
    also = mended_besides(one.outcomes) if not one.withheld else ()
    findings = {f.id: f for f in (*proposal.findings, *also)}
    return Remedy(
        id=ids[number],
        title=proposal.title,
        concern=proposal.concern,
        finding_ids=tuple(findings),
        codes=tuple(sorted({f.code for f in findings.values()})),
        table=proposal.table,
        steps=proposal.steps,
        files=one.files,
        patches=one.patches,
        sql=scripts(proposal, one.attempts, court.prefix) if not one.withheld else (),
        depends_on=tuple(
            ids[n]
            for n in sorted(
                {
                    *one.depends,
                    *_same_files(one, tried[:number]),
                    *_before_renaming(one, tried[:number]),
                }
            )
        ),
        destructive=proposal.destructive,
        effort=proposal.effort,
        risks=(*proposal.risks, *_revealed(one)),
        rollback=proposal.rollback,
        trial=tuple(o.trial for o in one.outcomes),
        withheld=one.withheld,
    )
