"""Structs behave as frozen, slotted dataclasses do."""

from __future__ import annotations

import pickle
from typing import Any, ClassVar

import pytest

from trueup.structs import Struct, as_dict, field, replace


class Point(Struct, frozen=True):
    x: int
    y: int = 0
    kind: ClassVar[str] = "point"


class Named(Point, frozen=True):
    name: str = ""
    seen: list[int] = field(default_factory=list, compare=False, shown=False)


class Version(Struct, frozen=True, order=True):
    major: int
    minor: int


class Counter(Struct):
    start: int
    counts: dict[str, int] = {}  # noqa: RUF012  # what is tested: each instance has its own
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = self.start


class Nothing(Struct, frozen=True):
    pass


def test_fields_of_bases_come_first() -> None:
    made = Named(1, 2, "a")
    assert (made.x, made.y, made.name, made.kind) == (1, 2, "a", "point")
    assert Named.__struct_fields__ == ("x", "y", "name", "seen")
    assert repr(made) == "Named(x=1, y=2, name='a')"


def test_equal_by_compared_fields_and_class() -> None:
    assert Named(1, seen=[1]) == Named(1, seen=[2])
    assert hash(Named(1, seen=[1])) == hash(Named(1, seen=[2]))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert Nothing() == Nothing()
    assert len({Point(1), Point(1, 0), Point(2)}) == 2


def test_compared_by_identity_although_the_base_is_not() -> None:
    class Thing(Nothing, frozen=True, eq=False):
        a: int

    one = Thing(1)
    assert one != Thing(1)
    assert len({one, Thing(1), one}) == 2


def test_frozen() -> None:
    made, name = Point(1), "x"
    with pytest.raises(AttributeError, match="Point is frozen: 'x'"):
        setattr(made, name, 2)
    with pytest.raises(AttributeError, match="Point is frozen: 'x'"):
        del made.x
    with pytest.raises(AttributeError):
        object.__setattr__(made, "other", 1)


def test_mutable_defaults_belong_to_one_instance() -> None:
    first, second = Counter(3), Counter(4)
    first.counts["a"] = 1
    assert (second.counts, first.total, second.total) == ({}, 3, 4)
    with pytest.raises(TypeError):
        hash(first)


@pytest.mark.parametrize(("arguments", "message"), [((), "x"), ((1, 2, 3), "positional"), ((1,), None)])
def test_arguments_are_checked(arguments: tuple[int, ...], message: str | None) -> None:
    if message is None:
        assert Point(*arguments) == Point(1, 0)
        return
    with pytest.raises(TypeError, match=message):
        Point(*arguments)


def test_order() -> None:
    assert sorted([Version(1, 2), Version(1, 0), Version(0, 9)]) == [
        Version(0, 9),
        Version(1, 0),
        Version(1, 2),
    ]
    assert Version(1, 2) >= Version(1, 2) > Version(1, 1)
    assert Version(1, 1) <= Version(1, 1) < Version(2, 0)
    mixed: list[Any] = [Version(1, 1), Point(1)]
    with pytest.raises(TypeError):
        sorted(mixed)


def test_replaced() -> None:
    assert replace(Named(1, 2, "a"), y=5) == Named(1, 5, "a")
    with pytest.raises(TypeError, match="z"):
        replace(Point(1), z=5)


def test_matched_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_pickled() -> None:
    made = Named(1, 2, "a", [3])
    read = pickle.loads(pickle.dumps(made))
    assert (read, read.seen) == (made, [3])


def test_as_dict_goes_into_structs() -> None:
    class Line(Struct, frozen=True):
        ends: tuple[Point, ...]

    assert as_dict(Line((Point(1), Point(2)))) == {"ends": [{"x": 1, "y": 0}, {"x": 2, "y": 0}]}


def test_the_first_instance_of_a_derived_class_makes_an_init_of_its_own() -> None:
    class Base(Struct, frozen=True):
        a: int

    class Derived(Base, frozen=True):
        b: int

    assert (Base(1).a, Derived(1, 2).b, Base(3).a) == (1, 2, 3)
