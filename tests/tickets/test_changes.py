"""What is written over what is there: new, unchanged, edited by a person, gone, deleted."""

from __future__ import annotations

import pytest

from trueup.model.findings import Finding
from trueup.model.tickets import Draft, ExistingFile, PhaseFolder, Work
from trueup.structs import replace
from trueup.tickets.changes import Existing, changes, close, to_write
from trueup.tickets.drafting import Drafts
from trueup.tickets.marks import marked, read_mark

FINDING = Finding("TBL001", "error", "table", "`orders` is not there.", table="orders")
WORK = Work("create table orders", "Implementation", "create table", ("orders",), (FINDING,), hours=2.5)
TEXT = (
    "# Create orders\n\n**Status**: Not Started\n\n## Description\nIt is not there.\n\n## Notes\n- A doubt.\n"
)
PATH = "t/i/10-create-orders.md"
DRAFT = Draft(WORK, 10, "create-orders", PATH, "Create orders", TEXT, "Small (< 4 hours)")
FOLDERS = (PhaseFolder("Implementation", "t/i", 10),)
WRITTEN = marked(TEXT, "ticket", WORK.key)
LATER = replace(DRAFT, text=TEXT.replace("It is not there.", "It is still not there."))
PROPOSED = "t/i/10-create-orders.proposed.md"


def after(drafts: tuple[Draft, ...], files: dict[str, str], may_close: bool = True) -> dict[str, str]:
    """What the files hold after a run."""
    existing = Existing(
        tuple(ExistingFile(p, t) for p, t in sorted(files.items())),
        FOLDERS,
        "2025-02-01",
        may_close=may_close,
    )
    now = dict(files)
    for change in to_write(changes(Drafts(drafts), existing)):
        assert change.before == files.get(change.path)
        if change.after is None:
            del now[change.path]
        else:
            now[change.path] = change.after
    return now


def actions(
    drafts: tuple[Draft, ...], files: dict[str, str], may_close: bool = True
) -> list[tuple[str, str]]:
    existing = Existing(
        tuple(ExistingFile(p, t) for p, t in sorted(files.items())),
        FOLDERS,
        "2025-02-01",
        may_close=may_close,
    )
    return [(c.action, c.path) for c in changes(Drafts(drafts), existing)]


FIRST = after((DRAFT,), {})


def test_first_run_then_nothing() -> None:
    assert sorted(FIRST) == [PATH, "t/i/README.md"]
    assert FIRST[PATH] == WRITTEN
    assert FIRST["t/i/README.md"] == (
        "# Implementation tickets\n\n"
        "<!-- trueup index: Implementation; text 13735f61aae899f0 -->\n"
        "1 ticket for 1 finding, 2.5 hours in all, in the order in which they can be done.\n\n"
        "|  | Ticket | What | Effort | After |\n| --- | --- | --- | --- | --- |\n"
        "| 1 | [10-create-orders](<10-create-orders.md>) | Create orders | Small (\\< 4 hours), 2.5 hours |  |\n\n"
        "<!-- trueup keys: create table orders = 10 -->\n<!-- end of trueup index -->\n"
    )
    assert after((DRAFT,), FIRST) == FIRST


def test_unedited_tickets_follow_the_findings() -> None:
    assert after((LATER,), FIRST) == {**FIRST, PATH: marked(LATER.text, "ticket", WORK.key)}


EDITED = {**FIRST, PATH: WRITTEN.replace("- A doubt.", "- Anna does this.")}


def test_an_edit_is_kept_and_nothing_proposed_while_findings_stay() -> None:
    assert after((DRAFT,), EDITED) == EDITED


def test_an_edit_is_kept_and_a_change_proposed_beside_it_once() -> None:
    proposed = {**EDITED, PROPOSED: marked(LATER.text, "proposal", WORK.key)}
    assert after((LATER,), EDITED) == proposed
    assert after((LATER,), proposed) == proposed
    assert after((DRAFT,), proposed) == EDITED, "a proposal that is no longer needed goes"


def test_a_proposal_that_a_person_edits_stays() -> None:
    mine = {**EDITED, PROPOSED: marked(LATER.text, "proposal", WORK.key).replace("still", "STILL")}
    assert after((LATER,), mine) == mine
    assert after((DRAFT,), mine) == mine


def test_blank_space_is_no_edit() -> None:
    crlf = {**FIRST, PATH: WRITTEN.replace("\n", "\r\n").rstrip() + "  \r\n\r\n"}
    assert actions((LATER,), crlf) == [("update", PATH), ("keep", "t/i/README.md")]


CLOSED = """# Create orders

**Status**: Closed

## Description
It is not there.

## Notes
- Closed on 2025-02-01: the audit no longer has what Create orders was about.
- A doubt.
"""


def test_what_is_gone_is_closed_with_a_note_once() -> None:
    closed = after((), FIRST)
    assert closed[PATH] == marked(CLOSED, "ticket", WORK.key, closed=True)
    assert "Closed, because what they were about is gone: `10-create-orders`." in closed["t/i/README.md"]
    assert after((), closed) == closed


def test_what_comes_back_is_opened_again() -> None:
    assert after((DRAFT,), after((), FIRST)) == FIRST


def test_what_is_gone_and_edited_is_proposed_to_be_closed() -> None:
    now = after((), EDITED)
    assert now[PATH] == EDITED[PATH]
    assert now[PROPOSED] == marked(
        CLOSED.replace("- A doubt.", "- Anna does this."), "proposal", WORK.key, closed=True
    )
    assert after((), now) == now


@pytest.mark.parametrize(
    "text", [EDITED[PATH].replace("Not Started", "Done"), EDITED[PATH].replace("Not Started", "Completed ✅")]
)
def test_what_a_person_has_finished_is_left(text: str) -> None:
    assert after((), {**EDITED, PATH: text})[PATH] == text
    assert PROPOSED not in after((), {**EDITED, PATH: text})


def test_a_renamed_ticket_keeps_its_name() -> None:
    renamed = {"t/i/10-create-orders-DONE.md": WRITTEN, "t/i/README.md": FIRST["t/i/README.md"]}
    moved = replace(DRAFT, path="t/i/10-create-orders-DONE.md")
    assert sorted(after((moved,), renamed)) == ["t/i/10-create-orders-DONE.md", "t/i/README.md"]


def test_a_deleted_ticket_is_not_written_again() -> None:
    left = {"t/i/README.md": FIRST["t/i/README.md"]}
    now = after((DRAFT,), left)
    assert list(now) == ["t/i/README.md"]
    assert "create table orders = 10" in now["t/i/README.md"]
    assert "10-create-orders.md" not in now["t/i/README.md"]
    assert after((DRAFT,), now) == now


def test_a_ticket_of_that_name_that_is_not_ours_is_left() -> None:
    theirs = {"t/i/77-create-orders.md": "# Ours\n"}
    assert after((DRAFT,), theirs)["t/i/77-create-orders.md"] == "# Ours\n"
    assert PATH not in after((DRAFT,), theirs)


def test_nothing_is_closed_where_not_everything_was_looked_at() -> None:
    assert after((), FIRST, may_close=False)[PATH] == WRITTEN


def test_what_stands_around_the_index_stays() -> None:
    readme = "# Our own page\n\nRead this first.\n"
    first = after((DRAFT,), {"t/i/README.md": readme})
    assert first["t/i/README.md"].startswith(
        "# Our own page\n\nRead this first.\n\n## Tickets of the audit\n\n<!-- trueup index"
    )
    around = {**first, "t/i/README.md": first["t/i/README.md"] + "\nAnd this last.\n"}
    later = after((), around)
    assert later["t/i/README.md"].startswith("# Our own page\n")
    assert later["t/i/README.md"].endswith("\nAnd this last.\n")


def test_an_edited_index_is_left_and_the_new_one_proposed() -> None:
    mine = {**FIRST, "t/i/README.md": FIRST["t/i/README.md"].replace("| Create orders |", "| Anna |")}
    assert after((DRAFT,), mine)["t/i/README.md"] == mine["t/i/README.md"]
    now = after((DRAFT,), mine)
    assert now["t/i/README.proposed.md"] == FIRST["t/i/README.md"]
    assert after((DRAFT,), now) == now


def test_a_closing_note_without_a_place_goes_to_the_end() -> None:
    assert close("# A\n\ntext\n", "2025-02-01") == (
        "# A\n\ntext\n\n- Closed on 2025-02-01: the audit no longer has what A was about.\n"
    )


def test_a_mark_cannot_be_broken_by_its_key() -> None:
    mark = read_mark(marked("text\n", "ticket", "create table a -->\n; text"))
    assert mark is not None
    assert not mark.edited
