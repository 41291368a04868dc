"""Dependencies: no cycle whatever comes in, nothing named twice, and the order holds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trueup.model.findings import Finding
from trueup.model.remedies import Remedy
from trueup.model.tickets import Work
from trueup.tickets.ordering import Needs, by_remedies, topological, without_implied

KEYS = "abcdefgh"


@given(st.dictionaries(st.sampled_from(KEYS), st.sets(st.sampled_from(KEYS)), min_size=1))
def test_whatever_is_needed_comes_before(raw: dict[str, set[str]]) -> None:
    needs: Needs = {key: {n for n in found if n in raw and n != key} for key, found in raw.items()}
    asked = {key: set(found) for key, found in needs.items()}
    ordered = topological({key: (0, 0, key) for key in raw}, needs)
    assert sorted(ordered) == sorted(raw)
    for position, key in enumerate(ordered):
        assert needs[key] <= set(ordered[:position])
        assert needs[key] <= asked[key]


@given(st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=8))
def test_what_needs_hold_is_still_held_without_the_implied(raw: list[set[int]]) -> None:
    ordered = [str(n) for n in range(len(raw))]
    needs: Needs = {str(n): {str(m) for m in before if m < n} for n, before in enumerate(raw)}
    direct = without_implied(ordered, needs)
    assert {key: _reached(key, direct) for key in ordered} == {key: _reached(key, needs) for key in ordered}
    for key in ordered:
        for need in direct[key]:
            assert need not in {n for other in direct[key] - {need} for n in _reached(other, direct)}


def _reached(key: str, needs: Needs) -> set[str]:
    return needs[key] | {n for need in needs[key] for n in _reached(need, needs)}


def test_a_cycle_is_cut_at_the_first_by_place() -> None:
    needs: Needs = {"a": {"b"}, "b": {"a"}, "c": {"a"}}
    assert topological({"a": (0, 1, "a"), "b": (0, 0, "b"), "c": (0, 2, "c")}, needs) == ["b", "a", "c"]
    assert needs == {"a": {"b"}, "b": set(), "c": {"a"}}


def test_what_a_remedy_was_tried_after_comes_before_it() -> None:
    names = ("made", "typed", "renamed", "both", "withheld")
    found = {n: Finding("COL001", "error", "column", n, table=n) for n in names}
    works = (
        *(
            Work(n, "Implementation", "columns", (n,), (found[n],))
            for n in ("made", "typed", "renamed", "withheld")
        ),
        Work("several", "Implementation", "columns", (), (found["both"],)),
    )

    def remedy(name: str, *after: str, mends: tuple[str, ...] = (), withheld: str = "") -> Remedy:
        ids = tuple(found[n].id for n in mends or (name,))
        return Remedy(name, name, "add columns", ids, ("COL001",), depends_on=after, withheld=withheld)

    remedies = (
        remedy("made"),
        remedy("typed", "made"),
        remedy("both", "typed", mends=("both", "typed")),
        remedy("renamed", "typed", "both", "withheld"),
        remedy("withheld", withheld="not tried"),
    )
    assert set(by_remedies(works, remedies)) == {
        ("made", "typed"),
        ("typed", "several"),
        ("typed", "renamed"),
        ("several", "renamed"),
    }
