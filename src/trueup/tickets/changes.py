"""Drafts and what is in the folders → what is to be written: new tickets, updates, proposals beside tickets that people have
edited, closings. Pure: a second run over what the first has written comes to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from trueup.model.tickets import Action, Change, Draft, ExistingFile, Phase, PhaseFolder
from trueup.sources.markdown.words import label
from trueup.sources.ticket.sections import KNOWN_FIELDS, section_key
from trueup.structs import Struct
from trueup.tickets.drafting import Drafts, find_ticket
from trueup.tickets.filling import FIELD
from trueup.tickets.index import README, block, in_readme, remembered
from trueup.tickets.marks import Mark, digest, marked, read_mark, without_mark

CLOSED = "Closed"
_FINISHED = re.compile(r"(?i)\b(closed|done|complete[d]?|finished|resolved|won'?t fix|rejected|cancel+ed)\b")


class Existing(Struct, frozen=True):
    """What is in the folders, ready to be asked."""

    files: tuple[ExistingFile, ...]
    folders: tuple[PhaseFolder, ...]
    today: str
    skipped: frozenset[str] = frozenset()
    """Keys of new tickets that the reviewer left out: they are not written, and offered again the next time."""
    may_close: bool = True
    """Whether what the audit does not find is really gone: it was not narrowed and nothing of ours crashed."""

    def text(self, path: str) -> str | None:
        return next((f.text for f in self.files if f.path == path), None)

    def tickets(self) -> Iterator[tuple[ExistingFile, Mark]]:
        """The tickets that bear our mark."""
        for file in self.files:
            mark = read_mark(file.text) if file.text else None
            if mark and mark.what == "ticket":
                yield file, mark


def changes(drafts: Drafts, existing: Existing) -> tuple[Change, ...]:
    """Every file that is ours or becomes so, sorted by path, "keep" included."""
    folders = {folder.phase: folder.path for folder in existing.folders}
    removed = _removed(drafts.drafts, existing, folders)
    found: list[Change] = []
    for draft in drafts.drafts:
        if draft.work.key not in removed:
            found.extend(_of_draft(draft, existing, folders[draft.work.phase]))
    closing = list(_closings(drafts.drafts, existing))
    found.extend(closing)
    found.extend(_indexes(drafts.drafts, existing, removed, closing))
    unique = {change.path: change for change in found}
    return tuple(unique[path] for path in sorted(unique))


def to_write(found: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(change for change in found if change.action != "keep")


def _removed(drafts: Sequence[Draft], existing: Existing, folders: Mapping[Phase, str]) -> set[str]:
    """Keys of tickets that a person has deleted since they were written: they are not written again. And those left out."""
    known = remembered(existing.files)
    return {
        d.work.key
        for d in drafts
        if d.work.key in {*known, *existing.skipped}
        and find_ticket(d.work, existing.files, folders[d.work.phase]) is None
    }


def proposal_path(path: str) -> str:
    return f"{path.removesuffix('.md')}.proposed.md"


def _of_draft(draft: Draft, existing: Existing, folder: str) -> Iterator[Change]:
    file = find_ticket(draft.work, existing.files, folder)
    after = marked(draft.text, "ticket", draft.work.key)
    if file is None:
        yield Change("create", draft.path, None, after, draft.title, "its findings have no ticket yet")
        return
    if file.text is None:
        yield Change("keep", file.path, None, None, draft.title, "it can't be read, so it is left alone")
        return
    mark = read_mark(file.text)
    beside = proposal_path(file.path)
    if mark is None:
        yield Change(
            "keep",
            file.path,
            file.text,
            file.text,
            draft.title,
            "a ticket of that name that Trueup did not write, or that lost its mark",
        )
    elif not mark.edited:
        same = file.text == after
        why = (
            "as it should be"
            if same
            else "reopened: its findings are back"
            if mark.closed
            else "its findings or their places changed"
        )
        yield Change("keep" if same else "update", file.path, file.text, after, draft.title, why)
        yield from _withdrawn(beside, existing)
    elif mark.written == digest(draft.text):
        yield Change(
            "keep", file.path, file.text, file.text, draft.title, "edited by a person; nothing new to propose"
        )
        yield from _withdrawn(beside, existing)
    else:
        yield Change("keep", file.path, file.text, file.text, draft.title, "edited by a person")
        yield _proposal(
            beside, file.path, marked(draft.text, "proposal", draft.work.key), existing, draft.title
        )


def _proposal(beside: str, about: str, after: str, existing: Existing, title: str) -> Change:
    before = existing.text(beside)
    mark = read_mark(before) if before else None
    if before is not None and (mark is None or mark.edited):
        return Change("keep", beside, before, before, title, "a proposal that a person has edited", about)
    if before == after or (mark and mark.closed and read_mark(after) and (read_mark(after) or mark).closed):
        return Change("keep", beside, before, before, title, "proposed already", about)
    return Change(
        "propose",
        beside,
        before,
        after,
        title,
        "a person has edited the ticket, and its findings changed",
        about,
    )


def _withdrawn(beside: str, existing: Existing) -> Iterator[Change]:
    before = existing.text(beside)
    mark = read_mark(before) if before else None
    if before is not None and mark and mark.what == "proposal" and not mark.edited:
        yield Change("withdraw", beside, before, None, "", "no longer needed")


# What is gone.


def _closings(drafts: Sequence[Draft], existing: Existing) -> Iterator[Change]:
    keys = {d.work.key for d in drafts}
    for file, mark in existing.tickets():
        text = file.text or ""
        if mark.key in keys:
            continue
        if mark.closed or not existing.may_close or finished(file.path, text):
            yield Change(
                "keep", file.path, text, text, title_in(text), "closed" if mark.closed else "left as it is"
            )
            continue
        closed = close(without_mark(text), existing.today)
        if mark.edited:
            after = marked(closed, "proposal", mark.key, closed=True)
            yield Change("keep", file.path, text, text, title_in(text), "edited by a person")
            yield _proposal(proposal_path(file.path), file.path, after, existing, title_in(text))
        else:
            yield Change(
                "close",
                file.path,
                text,
                marked(closed, "ticket", mark.key, closed=True),
                title_in(text),
                "its findings are gone",
            )


def finished(path: str, text: str) -> bool:
    """Whether a person has finished the ticket: by the file's name or the status."""
    if re.search(r"(?i)[-_ ](done|closed)\.md$", path):
        return True
    return any(_FINISHED.search(value) for value in _statuses(text))


def _statuses(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        field = FIELD.match(line)
        if field and KNOWN_FIELDS.get(label(field["label"])) == "status":
            yield field["value"]


def close(text: str, today: str) -> str:
    """The ticket with its status closed and a note that says why: under the notes, else at the end."""
    lines = text.rstrip().split("\n")
    for number, line in enumerate(lines):
        field = FIELD.match(line)
        if field and KNOWN_FIELDS.get(label(field["label"])) == "status":
            lines[number] = f"{field['lead']}{field['label']}{field['colon']}{CLOSED}{field['tail']}"
            break
    note = f"- Closed on {today}: the audit no longer has what {title_in(text) or 'this ticket'} was about."
    heading = next(
        (
            n
            for n, line in enumerate(lines)
            if line.startswith("#") and section_key(line.lstrip("# ")) == "notes"
        ),
        None,
    )
    if heading is None:
        return "\n".join([*lines, "", note]) + "\n"
    return "\n".join([*lines[: heading + 1], note, *lines[heading + 1 :]]) + "\n"


def title_in(text: str) -> str:
    """The first heading."""
    return next((line.lstrip("# ").strip() for line in text.split("\n") if line.startswith("# ")), "")


# The indexes


def _indexes(
    drafts: Sequence[Draft], existing: Existing, removed: set[str], closing: Sequence[Change]
) -> Iterator[Change]:
    names = {d.work.key: d.name for d in drafts}
    known = remembered(existing.files)
    by_key = {mark.key: file.path for file, mark in existing.tickets()}
    gone = {c.path for c in closing if c.action == "close" or c.why == "closed"}
    for folder in existing.folders:
        own = [d for d in drafts if d.work.phase == folder.phase and d.work.key not in removed]
        closed = sorted(
            p.rsplit("/", 1)[-1].removesuffix(".md") for p in gone if p.rpartition("/")[0] == folder.path
        )
        path = f"{folder.path}/{README}"
        before = existing.text(path)
        if not own and not closed and before is None:
            continue
        here = {d.work.key for d in drafts if d.work.phase == folder.phase}
        kept = {
            k: n
            for k, n in known.items()
            if k in here
            or by_key.get(k, "").startswith(f"{folder.path}/")
            or (k not in names and k in _keys_in(before))
        }
        made = block(folder.phase, own, closed, names, kept)
        if before is not None and not own and not closed and not _keys_in(before):
            continue
        after, edited = in_readme(before, folder.phase, made)
        if edited:
            yield Change("keep", path, before, before, f"{folder.phase} index", "edited by a person")
            beside = proposal_path(path)
            proposal = in_readme(None, folder.phase, made)[0]
            yield _index_proposal(beside, path, proposal, existing, f"{folder.phase} index")
        else:
            action: Action = "keep" if before == after else "create" if before is None else "update"
            why = "as it should be" if action == "keep" else "the order of its tickets"
            yield Change(action, path, before, after, f"{folder.phase} index", why)


def _keys_in(text: str | None) -> Mapping[str, int]:
    return remembered([ExistingFile(f"x/{README}", text)])


def _index_proposal(beside: str, about: str, after: str, existing: Existing, title: str) -> Change:
    before = existing.text(beside)
    action: Action = "keep" if before == after else "propose"
    return Change(action, beside, before, after, title, "a person has edited the index", about)
