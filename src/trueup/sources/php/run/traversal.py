"""What foreach goes through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.php.run import classes, objects
from trueup.sources.php.values import HostObject, PhpArray, PhpObject, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

MAX_NESTED_ITERATORS = 32


def pairs(run: Runner, value: Value, depth: int = 0) -> Iterable[tuple[Value, Value]] | None:
    """Key and value pairs; None: not known, or nothing to go through. Writes to an array meanwhile do not show."""
    if isinstance(value, PhpArray):
        return value.items()
    if isinstance(value, HostObject):
        return value.iterate(run)
    if not isinstance(value, PhpObject) or depth > MAX_NESTED_ITERATORS:
        return None
    if classes.is_subclass(run, value.cls, "iteratoraggregate") and value.cls.method("getIterator"):
        return pairs(run, objects.call_named(run, value, "getIterator"), depth + 1)
    if classes.is_subclass(run, value.cls, "iterator") and value.cls.method("current"):
        return _iterated(run, value)
    if value.base is not None:
        through = value.base.iterate(run)
        if through is not None:
            return through
    return [(name, item) for name, item in value.items() if _visible(value, name)]


def _visible(value: PhpObject, name: str) -> bool:
    for cls in value.cls.lineage():
        prop = cls.decl.properties.get(name)
        if prop is not None:
            return prop.visibility == "public"
    return True


def _iterated(run: Runner, value: PhpObject) -> Iterable[tuple[Value, Value]]:
    objects.call_named(run, value, "rewind")
    while True:
        valid = run.to_bool(objects.call_named(run, value, "valid"))
        if isinstance(valid, Unknown):
            run.undecided(f"whether an iterator goes on: {valid.reason}")
            return
        if not valid:
            return
        item = objects.call_named(run, value, "current")
        yield objects.call_named(run, value, "key"), item
        run.spend(1)
        objects.call_named(run, value, "next")
