"""A new PHP class as text: namespace, imports, members."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.remedies.code_style import Place
from trueup.structs import Struct, field


class ClassText(Struct):
    """`place` and `short` name it. Members are blocks of lines with their own indentation; empty lines come between them."""

    place: Place
    short: str
    parent: str
    strict: bool = False
    traits: list[str] = field(default_factory=list)
    members: list[list[str]] = field(default_factory=list)
    about: str = ""
    _imports: set[str] = field(default_factory=set)

    def use(self, name: str) -> str:
        """The class's short name, which is imported where it stands in another namespace."""
        namespace, _, short = name.rpartition("\\")
        if namespace != self.place.namespace:
            self._imports.add(name)
        return short

    def add(self, lines: Iterable[str]) -> None:
        self.members.append([f"    {line}" if line else "" for line in lines])

    @property
    def text(self) -> str:
        traits = [f"    use {self.use(name)};" for name in self.traits]
        parent = self.use(self.parent)
        blocks = [traits, *self.members] if traits else self.members
        body: list[str] = []
        for block in blocks:
            body += ["", *block] if body else block
        lines = [
            "<?php",
            "",
            *(["declare(strict_types=1);", ""] if self.strict else []),
            *([f"namespace {self.place.namespace};", ""] if self.place.namespace else []),
            *(f"use {name};" for name in sorted(self._imports, key=str.lower)),
            *([""] if self._imports else []),
            *(["/**", f" * {self.about}", " */"] if self.about else []),
            f"class {self.short} extends {parent}",
            "{",
            *body,
            "}",
        ]
        return "\n".join(lines) + "\n"
