"""Numbers: the first free one of the phase's range, none that is taken, and what comes after all ranges."""

from __future__ import annotations

import pytest

from trueup.model.tickets import ExistingFile, Phase, PhaseFolder
from trueup.tickets.numbering import Numbers, Taken, after_ranges, ranges, taken_numbers, told, twice

FOLDERS = (
    PhaseFolder("Implementation", "i", 10),
    PhaseFolder("Cleanup", "c", 13),
    PhaseFolder("Test Implementation", "ti", 20),
    PhaseFolder("Test Cleanup", "tc", 30),
)


def file(path: str, text: str | None = "") -> ExistingFile:
    return ExistingFile(path, text)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([file("i/10-a.md"), file("c/0013-b.md")], [Taken(10, "i/10-a.md"), Taken(13, "c/0013-b.md")]),
        ([file("i/README.md", "**Ticket ID**: none\n")], []),
        ([file("i/SHOP-7-x.md")], [Taken(7, "i/SHOP-7-x.md")]),
        ([file("i/12-x.proposed.md"), file("i/12-x.plan.md")], []),
        (
            [file("i/1115-keys.md", "**Ticket ID**: Implementation/1010-keys  \n")],
            [Taken(1010, "i/1115-keys.md", inside=True), Taken(1115, "i/1115-keys.md")],
        ),
        ([file("i/keys.md", "id: 1010\n")], [Taken(1010, "i/keys.md")]),
        ([file("i/11-gone.md", None)], [Taken(11, "i/11-gone.md")]),
    ],
    ids=["names", "no number", "prefix", "beside a ticket", "renamed file", "only an id", "unreadable"],
)
def test_taken(files: list[ExistingFile], expected: list[Taken]) -> None:
    assert list(taken_numbers(files)) == expected


def test_numbers_within_and_after_the_ranges() -> None:
    taken = [Taken(11, "i/11-a.md"), Taken(41, "tc/41-x.md"), Taken(12, "i/99-b.md", inside=True)]
    numbers = Numbers(FOLDERS, taken, kept=[13])
    wanted: list[Phase] = [
        *("Implementation", "Implementation", "Implementation", "Implementation"),
        *("Cleanup", "Cleanup", "Test Cleanup"),
    ]
    assert [numbers.next(phase) for phase in wanted] == [10, 12, 40, 42, 14, 15, 30]


def test_without_first_numbers_they_begin_at_one() -> None:
    numbers = Numbers((PhaseFolder("Cleanup", "c"),), [Taken(1, "c/1-a.md")])
    assert [numbers.next("Cleanup"), numbers.next("Cleanup")] == [2, 3]


def test_two_phases_from_one_number() -> None:
    numbers = Numbers((PhaseFolder("Implementation", "i", 10), PhaseFolder("Cleanup", "c", 10)), [])
    first: list[Phase] = ["Implementation", "Cleanup", "Implementation"]
    given = [numbers.next(phase) for phase in first]
    assert len(set(given)) == 3


def test_the_last_range_has_as_much_room_as_the_widest() -> None:
    spans = ranges((PhaseFolder("Implementation", "i", 1010), PhaseFolder("Cleanup", "c", 1023)))
    assert [(s.phase, s.first, s.last) for s in spans] == [
        ("Implementation", 1010, 1022),
        ("Cleanup", 1023, None),
    ]
    assert after_ranges(spans) == 1036


def test_what_is_told() -> None:
    taken = [Taken(11, "i/11-a.md"), Taken(12, "i/99-b.md", inside=True)]
    given: dict[Phase, list[int]] = {"Implementation": [10, 12, 40], "Cleanup": [13]}
    assert told(ranges(FOLDERS), taken, given) == (
        "Implementation has 3 numbers, 10-12, 1 of them taken by other tickets; 1 of its 3 tickets go on after all ranges, at 40",
        "1 of the new numbers stand as ids inside files whose names bear others (12 in i/99-b.md); the name counts",
    )


def test_two_tickets_with_one_number() -> None:
    taken = [
        Taken(10, "c/10-b.md"),
        Taken(10, "i/10-a.md"),
        Taken(10, "i/11-c.md", inside=True),
        Taken(11, "i/11-c.md"),
    ]
    assert twice(taken) == ((10, ("c/10-b.md", "i/10-a.md")),)
