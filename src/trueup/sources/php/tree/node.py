"""What makes a class a node of the tree."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, dataclass_transform

from trueup.structs import Struct, StructType, field

M = TypeVar("M", bound="NodeType")
_LEAVES = frozenset({"str", "int", "bool"})
"""What a field can be annotated with that never holds a node."""


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
class NodeType(StructType):
    """The class of node classes: structs compared by identity. Type checkers take them for frozen; freezing at run time would cost
    more than parsing."""

    fields: tuple[str, ...]
    below: tuple[str, ...]

    def __new__(mcls: type[M], name: str, bases: tuple[type, ...], body: dict[str, Any]) -> M:
        made = super().__new__(mcls, name, bases, body, eq=False)
        specs = made.__struct_specs__
        inherited = tuple(n for base in bases for n in getattr(base, "below", ()))
        own = body.get("__annotations__", {})
        made.fields = tuple(n for n, spec in specs.items() if spec.init)
        made.below = (*inherited, *(n for n, t in own.items() if n in made.fields and t not in _LEAVES))
        return made


class Shown(Struct, metaclass=NodeType):
    """What all nodes have: `fields`, in order, those of them that may hold nodes (`below`), and a text for people."""

    fields: ClassVar[tuple[str, ...]]
    below: ClassVar[tuple[str, ...]]

    def __repr__(self) -> str:
        shown = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.fields if n not in ("lower", "scan"))
        return f"{type(self).__name__}({shown})"


class Node(Shown):
    line: int


class Comment(Node):
    """`text` as written, with its marks. `end_line` is its last line."""

    text: str
    end_line: int


class Name(Node):
    """A class, function or constant name. `text` as written; `full` resolved, without a leading backslash. "self", "static" and
    "parent" stay as they are (lower case). An unqualified function or constant that no `use` names keeps its bare name in `full`
    although PHP looks in the namespace first: the evaluator tries `namespace` + "\\" + `full` before it."""

    text: str
    full: str
    namespace: str = ""
