"""From an audit ticket to the tickets that follow: what `trueup plan`, `trueup run` and `trueup tickets` share.

Everything that is to be written is worked out first, as values; `tickets.writing` carries it out when the command has the
approval."""

from __future__ import annotations

import datetime
import os
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.config import Options, Settings
from trueup.errors import Mistake, TargetError, UserError
from trueup.model.audit import Audit, CriterionAnswer
from trueup.model.tickets import PHASES, Action, Change, Draft, PhaseFolder, Work
from trueup.pipeline.attempts import Attempts, Progress, silent
from trueup.pipeline.flow import audit
from trueup.structs import Struct, replace

if TYPE_CHECKING:
    from trueup.model.remedies import Remedy
    from trueup.model.ticket import Ticket
    from trueup.tickets.drafting import Drafts
    from trueup.tickets.template import Template


class Prepared(Struct, frozen=True):
    """All that an audit ticket comes to. `root` is absolute; `ticket` relative to it. `changes` are every file of ours, "keep"
    included; `notes` what the user must be told."""

    audit: Audit
    settings: Settings
    root: str
    ticket: Ticket | None
    works: tuple[Work, ...]
    drafts: Drafts
    changes: tuple[Change, ...]
    folders: tuple[PhaseFolder, ...]
    template: Template
    command: str
    today: str
    notes: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()

    @property
    def pending(self) -> tuple[Change, ...]:
        """What would be written."""
        return tuple(change for change in self.changes if change.action != "keep")

    @property
    def digest(self) -> str:
        """Of exactly what would be written; what an approval of the tickets holds for."""
        from trueup.tickets.review import of_changes

        return of_changes(self.pending)


def today() -> str:
    """Today's date, or that of SOURCE_DATE_EPOCH (seconds since 1970, as reproducible builds set it)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
    return datetime.date.today().isoformat()


def prepare(
    target: str,
    options: Options,
    progress: Progress = silent,
    *,
    needs_ticket: bool = True,
    try_remedies: bool = True,
) -> Prepared:
    """Audits the target and works out its tickets. Writes nothing. `try_remedies`: they are tried and attached, which takes as long
    as replaying the migrations a few times.

    Raises UserError with every mistake in the target, the options, the configuration, the ticket's folders and its template."""
    if needs_ticket and os.path.isdir(target):
        expected = "a Markdown ticket that names its phases' folders"
        raise TargetError(Mistake(target, "is a folder, not an audit ticket", expected))
    audited, settings = audit(target, options, progress)
    if needs_ticket and audited.facts.ticket is None:
        raise TargetError(Mistake(target, "the audit ticket could not be read"))
    prepared = prepared_of(audited, settings)
    return with_remedies(prepared, progress) if try_remedies else prepared


def prepared_of(audited: Audit, settings: Settings) -> Prepared:
    """What an audit that was made already comes to, without remedies. Raises UserError as `prepare`."""
    return _prepared(audited, settings, ())


def with_remedies(prepared: Prepared, progress: Progress = silent) -> Prepared:
    """The same with remedies attached, tried on the drivers that the project is for. Should that room crash, it is told like any
    crash of ours, and the tickets do without."""
    from trueup.remedies import RemedyOptions, remedies

    attempts = Attempts(progress)
    drivers = tuple(dict.fromkeys((prepared.audit.driver, *prepared.settings.drivers)))
    options = RemedyOptions(drivers=drivers, server_version=prepared.settings.server_version)
    nothing: tuple[Remedy, ...] = ()
    tried = attempts.run("trying remedies", lambda: remedies(prepared.audit, options), nothing)
    audited = replace(prepared.audit, crashes=(*prepared.audit.crashes, *attempts.crashes))
    return _prepared(audited, prepared.settings, tried)


def prepared_from(audited: Audit, settings: Settings, remedies: tuple[Remedy, ...] = ()) -> Prepared:
    """The tickets of an audit that was made before, with remedies that were tried before."""
    return _prepared(audited, settings, remedies)


def prepared_again(prepared: Prepared) -> Prepared:
    """The same audit over what is in the folders now."""
    return _prepared(prepared.audit, prepared.settings, prepared.remedies)


def _prepared(audited: Audit, settings: Settings, remedies: tuple[Remedy, ...]) -> Prepared:
    from trueup.tickets.changes import Existing, changes
    from trueup.tickets.drafting import Order, draft
    from trueup.tickets.folders import phase_folders, read_folders
    from trueup.tickets.grouping import group
    from trueup.tickets.numbering import twice
    from trueup.tickets.ordering import in_order

    ticket, root = audited.facts.ticket, audited.facts.project.root
    folders, notes = phase_folders(ticket, root) if ticket else (_own_folders(), ())
    folders, notes = _as_set(folders, notes, settings)
    template, about_template = _template(ticket, root)
    files = read_folders(root, folders) if ticket else ()
    planned = in_order(audited, group(audited))
    works = in_order(audited, planned, remedies) if remedies else planned
    command = _command(audited, settings, ticket, root)
    order = Order(folders, template, command, today(), ticket.path if ticket else "", remedies)
    order = replace(order, numbering=tuple(work.key for work in planned))
    drafts = draft(audited, works, files, order)
    existing = Existing(files, folders, order.today, may_close=_may_close(audited, settings))
    twins = _twice(twice(drafts.taken))
    return Prepared(
        audit=audited,
        settings=settings,
        root=root,
        ticket=ticket,
        works=works,
        drafts=drafts,
        changes=changes(drafts, existing) if ticket else (),
        folders=folders,
        template=template,
        command=command,
        today=order.today,
        notes=(*notes, *about_template, *drafts.notes, *twins, *_not_closing(audited, settings)),
        remedies=remedies,
    )


def leaving_out(prepared: Prepared, keys: frozenset[str]) -> Prepared:
    """Without the new tickets of these works; what refers to them keeps their numbers."""
    from trueup.tickets.changes import Existing, changes
    from trueup.tickets.folders import read_folders

    may_close = _may_close(prepared.audit, prepared.settings)
    files = read_folders(prepared.root, prepared.folders)
    existing = Existing(files, prepared.folders, prepared.today, keys, may_close)
    return replace(prepared, changes=changes(prepared.drafts, existing))


def _may_close(audited: Audit, settings: Settings) -> bool:
    """Whether what the audit does not find is gone: it was not narrowed, and no part of ours crashed."""
    return not (audited.crashes or settings.select or settings.baseline or audited.suppressed)


def _as_set(
    folders: tuple[PhaseFolder, ...], notes: tuple[str, ...], settings: Settings
) -> tuple[tuple[PhaseFolder, ...], tuple[str, ...]]:
    """The folders, those of the configuration in place of what the ticket names; what was to be said of phases without a folder
    falls away for those that have one now."""
    if not settings.phases:
        return folders, notes
    numbers = {folder.phase: folder.first for folder in folders}
    paths = {**{folder.phase: folder.path for folder in folders}, **dict(settings.phases)}
    chosen = tuple(PhaseFolder(p, paths[p], numbers.get(p)) for p in PHASES if p in paths)
    given = [f"no folder for {phase} tickets" for phase, _ in settings.phases]
    return chosen, tuple(note for note in notes if not any(words in note for words in given))


def _own_folders() -> tuple[PhaseFolder, ...]:
    """Where tickets would go that no audit ticket gives a folder: they are shown and exported, never written."""
    return tuple(PhaseFolder(p, f"docs/tickets/{p.lower().replace(' ', '-')}", None) for p in PHASES)


def _template(ticket: Ticket | None, root: str) -> tuple[Template, tuple[str, ...]]:
    from trueup.sources.ticket.textfile import read_text
    from trueup.tickets.template import BUILT_IN, read_template

    link = ticket.template if ticket else None
    if link is None or link.path is None:
        said = ("the ticket names no template, so the built-in one is used",) if ticket else ()
        return read_template(BUILT_IN), said
    path = os.path.join(root, link.path)
    if not os.path.isfile(path):
        near = f" (perhaps {link.nearest} is meant)" if link.nearest else ""
        return read_template(BUILT_IN), (
            f"the template {link.path} is not there, so the built-in one is used{near}",
        )
    template = read_template(read_text(path, link.path, "a Markdown template"), link.path)
    left = [part.title for part in template.parts if not part.key]
    said = (
        (
            f"the template's sections {', '.join(left)} are left as they are: an audit has nothing to fill them with",
        )
        if left
        else ()
    )
    return template, said


def _command(audited: Audit, settings: Settings, ticket: Ticket | None, root: str) -> str:
    """The command that audits the project again, from its root."""
    words = ["trueup", "audit", *([shlex.quote(ticket.path)] if ticket else [])]
    if settings.origin("driver").startswith("--"):
        words += ["--driver", audited.driver]
    if settings.origin("specs").startswith("--"):
        for spec in settings.specs:
            words += ["--spec", shlex.quote(os.path.relpath(os.path.join(root, spec), root))]
    return " ".join(words)


def _twice(found: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
    return tuple(
        f"two tickets bear the number {number}: {', '.join(paths)}; a new one gets neither"
        for number, paths in found
    )


def _not_closing(audited: Audit, settings: Settings) -> tuple[str, ...]:
    if audited.crashes:
        return ("no ticket is closed: a part of Trueup crashed, so what it did not find may still be there",)
    if settings.select or settings.baseline or audited.suppressed:
        return ("no ticket is closed: only a part of the findings is told (select, or accepted findings)",)
    return ()


# The plan, the report, the audit ticket itself.


def beside(prepared: Prepared, what: str) -> str:
    """The path beside the audit ticket, relative to the root: "docs/1004-audit.plan.md"."""
    assert prepared.ticket is not None, "only a ticket has a file beside it"
    stem, _ = os.path.splitext(prepared.ticket.path)
    return f"{stem}.{what}.md"


def plan_body(prepared: Prepared, next_command: str) -> str:
    """The plan as it would be made now."""
    from trueup.tickets.demands import Prospect
    from trueup.tickets.planning import plan

    return plan(
        Prospect(
            prepared.audit,
            prepared.works,
            prepared.drafts.drafts,
            prepared.folders,
            prepared.template,
            prepared.command,
            beside(prepared, "report"),
            next_command,
            prepared.notes,
        )
    )


def report_text(prepared: Prepared) -> str:
    """The Markdown report with the criteria answered as far as tickets are concerned."""
    from trueup.report import audit_as

    return audit_as("markdown", replace(prepared.audit, criteria=answers(prepared)))


def answers(prepared: Prepared) -> tuple[CriterionAnswer, ...]:
    """The criteria answered, those about tickets by what is there and what waits for approval."""
    topics = {c.at: c.topic for c in prepared.ticket.criteria} if prepared.ticket else {}
    return tuple(_answered(prepared, answer, topics.get(answer.at, "")) for answer in prepared.audit.criteria)


def _answered(prepared: Prepared, answer: CriterionAnswer, topic: str) -> CriterionAnswer:
    drafts = prepared.drafts.drafts
    waiting = {c.path for c in prepared.pending}
    if topic == "tickets":
        folder = next(
            (f for f in sorted(prepared.folders, key=lambda f: -len(f.path)) if f.path in answer.text), None
        )
        own = [d for d in drafts if folder is None or d.work.phase == folder.phase]
        return _with(answer, own, waiting, f"in {folder.path}/" if folder else "")
    if topic == "template":
        source = prepared.template.path or "the built-in template"
        return _with(answer, list(drafts), waiting, f"filled from {source}", met=bool(prepared.template.path))
    if topic == "numbering":
        return _with(answer, list(drafts), waiting, "; ".join(_numbers(prepared)))
    if topic == "recommendations":
        return _with(answer, list(drafts), waiting, f"for {len(prepared.audit.findings)} findings")
    return answer


def _with(
    answer: CriterionAnswer, drafts: list[Draft], waiting: set[str], where: str, *, met: bool = True
) -> CriterionAnswer:
    unwritten = sum(1 for d in drafts if d.path in waiting)
    count = f"{len(drafts)} ticket{'' if len(drafts) == 1 else 's'}"
    if unwritten:
        return replace(
            answer,
            state="partly",
            how=f"{count} {where}".strip() + f"; {unwritten} of them wait for approval",
        )
    return replace(answer, state="answered" if met else "partly", how=f"{count} {where}".strip())


def _numbers(prepared: Prepared) -> list[str]:
    said = []
    for phase in PHASES:
        numbers = sorted(d.number for d in prepared.drafts.drafts if d.work.phase == phase)
        if numbers:
            said.append(
                f"{phase} {numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else f"{phase} {numbers[0]}"
            )
    return [*said, *prepared.drafts.notes]


def ticked(prepared: Prepared) -> Change | None:
    """The audit ticket with the boxes of met criteria ticked, and nothing else changed; None where there is nothing to tick."""
    assert prepared.ticket is not None, "only a ticket has boxes"
    path = prepared.ticket.path
    before = read_existing(prepared.root, path)
    if before is None:
        return None
    lines = before.split("\n")
    for answer in answers(prepared):
        if answer.state == "answered" and 0 < answer.at.line <= len(lines):
            lines[answer.at.line - 1] = _tick(lines[answer.at.line - 1])
    after = "\n".join(lines)
    return (
        None
        if after == before
        else Change("update", path, before, after, "the audit ticket", "criteria that are met")
    )


def _tick(line: str) -> str:
    import re

    return re.sub(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[ \]", r"\1[x]", line)


def read_existing(root: str, path: str) -> str | None:
    """A file's text as it is on disk, or None where there is none that can be read as text."""
    try:
        with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def file_change(root: str, path: str, after: str, title: str) -> Change:
    before = read_existing(root, path)
    action: Action = "keep" if before == after else "create" if before is None else "update"
    return Change(action, path, before, after, title)


def write(prepared: Prepared, changes: Sequence[Change], *, files: Sequence[str] = ()) -> None:
    """Carries out changes, all or none. Raises UserError, with nothing changed, where that can't be."""
    from trueup.tickets.writing import write_changes

    wanted = [change for change in changes if change.action != "keep"]
    if wanted:
        write_changes(prepared.root, wanted, [folder.path for folder in prepared.folders], files)


def refuse_without_ticket(prepared: Prepared, option: str) -> None:
    if prepared.ticket is None:
        raise UserError(
            Mistake(
                option,
                "writes only into the folders that an audit ticket names",
                "give the ticket instead of the folder",
            )
        )
