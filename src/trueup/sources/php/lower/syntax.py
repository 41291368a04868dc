"""A file's syntax tree, which takes some forty times the room of its text and little time to make again.

Only the trees that were asked for last are kept, of all files together as many as fit into `MOST_BYTES` of text."""

from __future__ import annotations

from tree_sitter import Node, Parser

from trueup.sources.php.lower.kinds import LANGUAGE

MOST_BYTES = 800_000

Place = tuple[int, int, int]
"""Where a node is in its file: its first byte, the one behind its last, its kind."""


class _Trees:
    """The files that have their tree, the one asked for last at the end, by `id`; `size` is the bytes of their texts."""

    def __init__(self) -> None:
        self.files: dict[int, Syntax] = {}
        self.size = 0

    def make_room(self, size: int) -> None:
        """For a text of this size: drops trees, those first that were asked for longest ago, until it fits."""
        while self.files and self.size + size > MOST_BYTES:
            dropped = self.files.pop(next(iter(self.files)))
            dropped._root = None
            self.size -= len(dropped.text)
        self.size += size


_trees = _Trees()


class Syntax:
    """`text` is what the grammar is given: UTF-8 without NUL."""

    __slots__ = ("_root", "text")

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._root: Node | None = None

    @property
    def root(self) -> Node:
        if self._root is None:
            _trees.make_room(len(self.text))
            self._root = Parser(LANGUAGE).parse(self.text).root_node
        else:
            del _trees.files[id(self)]
        _trees.files[id(self)] = self
        return self._root

    def at(self, place: Place) -> Node:
        """The node at a place of this file."""
        start, end, kind = place
        node = self.root.descendant_for_byte_range(start, end)
        while node is not None and (node.start_byte, node.end_byte, node.kind_id) != place:
            node = node.parent
        if node is None:
            raise LookupError(f"no node of kind {kind} from {start} to {end}")
        return node


def place_of(node: Node) -> Place:
    return node.start_byte, node.end_byte, node.kind_id
