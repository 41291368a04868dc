"""Works → drafts: numbers, file names and text of all tickets of an audit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trueup.model.audit import Audit
from trueup.model.remedies import Remedy
from trueup.model.tickets import Draft, ExistingFile, Phase, PhaseFolder, Work
from trueup.sources.markdown.words import label
from trueup.sources.ticket.sections import KNOWN_FIELDS
from trueup.structs import Struct
from trueup.tickets.content import Setting, content_of
from trueup.tickets.effort import size_of
from trueup.tickets.filling import FIELD, Identity, fill
from trueup.tickets.index import remembered
from trueup.tickets.marks import read_mark
from trueup.tickets.numbering import Numbers, Taken, taken_numbers, told
from trueup.tickets.ordering import homes_of
from trueup.tickets.template import Template
from trueup.tickets.titles import slug_of, title_of


class Order(Struct, frozen=True):
    """What the tickets are made by. `command` audits the project again; `today` is for tickets that are new."""

    folders: tuple[PhaseFolder, ...]
    template: Template
    command: str
    today: str
    audit_path: str = ""
    remedies: tuple[Remedy, ...] = ()
    numbering: tuple[str, ...] = ()
    """Keys of works in the order in which they get their numbers: that of the plan, which knows no remedies yet. Empty: as they
    come."""


class Drafts(Struct, frozen=True):
    """`unplaced` are works of phases that the ticket names no folder for; `notes` what must be said of the numbers."""

    drafts: tuple[Draft, ...]
    unplaced: tuple[Work, ...] = ()
    notes: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()


class _Place(Struct, frozen=True):
    number: int
    slug: str
    path: str
    date: str


def draft(audit: Audit, works: Sequence[Work], files: Sequence[ExistingFile], order: Order) -> Drafts:
    """`works` in order, with their needs. A work that has a ticket already keeps its number, file and date."""
    folders = {folder.phase: folder.path for folder in order.folders}
    placed = [work for work in works if work.phase in folders]
    taken = taken_numbers(files)
    turn = {key: n for n, key in enumerate(order.numbering)}
    numbered = sorted(placed, key=lambda w: turn.get(w.key, len(turn)))
    places, notes = _places(numbered, files, taken, order)
    names = {key: place.path.rsplit("/", 1)[-1].removesuffix(".md") for key, place in places.items()}
    setting = Setting(
        audit=audit,
        command=order.command,
        names=names,
        paths={key: place.path for key, place in places.items()},
        works={work.key: work for work in works},
        remedies=order.remedies,
        effort_hint=next((" ".join(p.body) for p in order.template.parts if p.key == "effort"), ""),
        template=order.template.path,
        folders=folders,
        homes=homes_of(works, order.remedies),
    )
    drafts = tuple(_draft(setting, work, places[work.key], order) for work in placed)
    unplaced = tuple(work for work in works if work.phase not in folders)
    return Drafts(drafts, unplaced, notes, taken)


def _draft(setting: Setting, work: Work, place: _Place, order: Order) -> Draft:
    identity = Identity(work.phase, place.number, place.slug, place.path, place.date, audit=order.audit_path)
    text = fill(order.template, content_of(setting, work), identity)
    effort = size_of(work.hours, setting.effort_hint)
    return Draft(work, place.number, place.slug, place.path, title_of(work), text, effort)


# Where each ticket goes.


def _places(
    works: Sequence[Work], files: Sequence[ExistingFile], taken: Sequence[Taken], order: Order
) -> tuple[Mapping[str, _Place], tuple[str, ...]]:
    folders: Mapping[Phase, str] = {folder.phase: folder.path for folder in order.folders}
    there = {work.key: found for work in works if (found := find_ticket(work, files, folders[work.phase]))}
    before = remembered(files)
    numbers = Numbers(order.folders, taken, before.values())
    places = {}
    for work in works:
        slug, file = slug_of(work), there.get(work.key)
        if file is not None:
            number = next((t.number for t in taken if t.path == file.path and not t.inside), 0)
            places[work.key] = _Place(number, slug, file.path, _date(file.text or "", order.today))
            continue
        number = before.get(work.key) or numbers.next(work.phase)
        places[work.key] = _Place(number, slug, f"{folders[work.phase]}/{number}-{slug}.md", order.today)
    given: dict[Phase, list[int]] = {}
    for work in works:
        given.setdefault(work.phase, []).append(places[work.key].number)
    ours = {file.path for file in files if file.text and read_mark(file.text)}
    return places, told(numbers.spans, [t for t in taken if t.path not in ours], given)


def find_ticket(work: Work, files: Sequence[ExistingFile], folder: str) -> ExistingFile | None:
    """The ticket of a work: by its mark, else the one of that name that has lost its mark, or never had one."""
    for file in files:
        mark = read_mark(file.text) if file.text else None
        if mark and mark.what == "ticket" and mark.key == work.key:
            return file
    slug = slug_of(work)
    for file in files:
        stem = file.path.rsplit("/", 1)[-1].removesuffix(".md").removesuffix("-DONE")
        if (
            file.path.startswith(f"{folder}/")
            and stem.lstrip("0123456789").strip("-") == slug
            and stem != slug
        ) and (file.text is None or read_mark(file.text) is None):
            return file
    return None


def _date(text: str, today: str) -> str:
    """The date that a ticket bears already."""
    for line in text.split("\n"):
        field = FIELD.match(line)
        if field and KNOWN_FIELDS.get(label(field["label"])) == "date" and field["value"]:
            return field["value"].strip().strip('"')
    return today
