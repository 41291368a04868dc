"""The folders that a path expression of a service provider names: `__DIR__.'/../../database/migrations'`,
`database_path('migrations')`, `[dirname(__DIR__, 2) . '/x', ...]`, `glob(base_path('modules/*/migrations'))`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from trueup.sources.project.php_text import string_value

_TOKENS = re.compile(
    r"""\s*(?:(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\$]|\\.)*")|(?P<name>\$this->\w+|\\?[A-Za-z_][\w\\:]*)|(?P<number>\d+)|(?P<sign>=>|[().,\[\]]))"""
)

FOLDER_HELPERS: Mapping[str, str] = {
    "base_path": "",
    "database_path": "database",
    "app_path": "app",
    "resource_path": "resources",
    "config_path": "config",
    "storage_path": "storage",
    "public_path": "public",
}


class NotUnderstoodError(Exception):
    """The expression is none of those that are understood."""


def folders_named(expression: str, here: str, properties: Mapping[str, str]) -> tuple[str, ...] | None:
    """The paths, relative to the root (maybe with "*" in them), that `expression` names in a file of the folder `here`;
    None where they can't be told. `properties` are the class's string properties. A path that leaves the project comes
    back with its leading ".."."""
    try:
        parser = _Parser(expression, here, properties)
        paths = parser.expression()
        parser.expect_end()
    except NotUnderstoodError:
        return None
    return tuple(posixpath.normpath(p) for p in paths)


class _Parser:
    """Recursive descent over concatenations of strings and path helpers. Every value is a tuple of paths: an array
    has several."""

    def __init__(self, text: str, here: str, properties: Mapping[str, str]) -> None:
        self.tokens = self._tokens(text)
        self.position = 0
        self.here = here
        self.properties = properties

    @staticmethod
    def _tokens(text: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKENS.match(text, position)
            if match is None or len(found) > 200:
                raise NotUnderstoodError
            found.append((str(match.lastgroup), match[str(match.lastgroup)]))
            position = match.end()
        return found

    def peek(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.position >= len(self.tokens):
            raise NotUnderstoodError
        self.position += 1
        return self.tokens[self.position - 1]

    def take_sign(self, sign: str) -> None:
        if self.take()[1] != sign:
            raise NotUnderstoodError

    def expect_end(self) -> None:
        if self.peek() == ",":
            self.position += 1
        if self.position != len(self.tokens):
            raise NotUnderstoodError

    def expression(self) -> tuple[str, ...]:
        paths = self.operand()
        while self.peek() == ".":
            self.position += 1
            right = self.operand()
            paths = tuple(left + end for left in paths for end in right)
        return paths

    def operand(self) -> tuple[str, ...]:
        kind, text = self.take()
        if kind == "string":
            return (string_value(text),)
        if text == "[":
            return self.listed("]")
        if text == "(":
            return self.listed(")")
        if kind == "name" and self.peek() == "(":
            self.position += 1
            return self.call(text.lstrip("\\").rsplit("::", 1)[-1])
        if text == "__DIR__":
            return (self.here or ".",)
        if text == "DIRECTORY_SEPARATOR":
            return ("/",)
        if text.startswith("$this->") and text[7:] in self.properties:
            return (self.properties[text[7:]],)
        raise NotUnderstoodError

    def listed(self, closing: str) -> tuple[str, ...]:
        """The values up to `closing`; array keys (`'path' =>`) are passed over."""
        paths: list[str] = []
        while self.peek() != closing:
            value = self.expression()
            if self.peek() == "=>":
                self.position += 1
                value = self.expression()
            paths.extend(value)
            if self.peek() == ",":
                self.position += 1
        self.take_sign(closing)
        return tuple(paths)

    def call(self, name: str) -> tuple[str, ...]:
        if name in FOLDER_HELPERS:
            inner = self.listed(")") or ("",)
            return tuple(posixpath.join(FOLDER_HELPERS[name], path.lstrip("/")) or "." for path in inner)
        if name == "dirname":
            return self.dirname()
        if name in ("realpath", "array_merge", "glob"):
            return self.arguments_without_flags()
        raise NotUnderstoodError

    def dirname(self) -> tuple[str, ...]:
        paths = self.expression()
        levels = 1
        if self.peek() == ",":
            self.position += 1
            kind, text = self.take()
            if kind != "number":
                raise NotUnderstoodError
            levels = int(text)
        self.take_sign(")")
        return tuple(posixpath.normpath(path + "/.." * levels) for path in paths)

    def arguments_without_flags(self) -> tuple[str, ...]:
        """Arguments up to the closing bracket, constants such as GLOB_ONLYDIR left out."""
        paths: list[str] = []
        while self.peek() != ")":
            if re.fullmatch(r"GLOB_\w+", self.peek()):
                self.position += 1
            else:
                paths.extend(self.expression())
            if self.peek() == ",":
                self.position += 1
        self.take_sign(")")
        return tuple(paths)
