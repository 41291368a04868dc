"""What makes a class a node of the tree."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


_LEAVES = frozenset({"str", "int", "bool", int, str, bool})
"""What a field can be annotated with that never holds a node."""


class _Fresh(list[T]):
    """Marks a field that starts as an empty list of its own and is no parameter."""


def fresh() -> list[T]:
    return _Fresh()


@dataclass_transform(frozen_default=True, eq_default=False)
def node(cls: type[T]) -> type[T]:
    """A slotted class with an `__init__` of its fields, compared by identity. `dataclasses` would do the same, but take three
    times as long for so many classes, at every start of the program; and freezing at run time would cost more than parsing."""
    types = inspect.get_annotations(cls)
    own = list(types)
    inherited: tuple[str, ...] = getattr(cls.__base__, "fields", ())
    fields = (*inherited, *own)
    defaults = {
        **getattr(cls.__base__, "defaults", {}),
        **{n: cls.__dict__[n] for n in own if n in cls.__dict__},
    }
    body = {
        k: v for k, v in cls.__dict__.items() if k not in (*own, "__dict__", "__weakref__", "__annotations__")
    }
    shown = tuple(n for n in fields if not isinstance(defaults.get(n), _Fresh))
    below = (*getattr(cls.__base__, "below", ()), *(n for n in own if n in shown and types[n] not in _LEAVES))
    body.update(__slots__=tuple(own), fields=shown, below=below, defaults=defaults, __match_args__=shown)
    body["__init__"] = _init(fields, defaults)
    made: type[T] = type(cls.__name__, cls.__bases__, body)
    return made


def _init(fields: tuple[str, ...], defaults: dict[str, object]) -> Callable[..., None]:
    given = [n for n in fields if not isinstance(defaults.get(n), _Fresh)]
    parameters = ", ".join(f"{n}=_defaults[{n!r}]" if n in defaults else n for n in given)
    lines = [f"self.{n} = {n if n in given else []}" for n in fields]
    made: dict[str, Callable[..., None]] = {}
    exec(f"def __init__(self, {parameters}):\n " + "\n ".join(lines), {"_defaults": defaults}, made)
    return made["__init__"]


class Shown:
    """What all nodes have: `fields`, in order, those of them that may hold nodes (`below`), and a text for people."""

    __slots__ = ()
    fields: tuple[str, ...] = ()
    below: tuple[str, ...] = ()

    def __repr__(self) -> str:
        shown = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.fields if n not in ("lower", "scan"))
        return f"{type(self).__name__}({shown})"


@node
class Node(Shown):
    line: int


@node
class Comment(Node):
    """`text` as written, with its marks. `end_line` is its last line."""

    text: str
    end_line: int


@node
class Name(Node):
    """A class, function or constant name. `text` as written; `full` resolved, without a leading backslash. "self", "static" and
    "parent" stay as they are (lower case). An unqualified function or constant that no `use` names keeps its bare name in `full`
    although PHP looks in the namespace first: the evaluator tries `namespace` + "\\" + `full` before it."""

    text: str
    full: str
    namespace: str = ""
