"""All regular expressions of Trueup, and texts made for each that would take it more than linear time, if any does."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import trueup
from trueup.structs import Struct

tree: Any = importlib.import_module("re._parser")
SOURCE = Path(trueup.__file__).parent
ANCHORED = frozenset({"match", "fullmatch"})
FUNCTIONS = frozenset({"search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer"})


@dataclass(frozen=True, slots=True, order=True)
class Expression:
    """`ways` are the methods that are called on it, as far as that can be seen: all where it can not."""

    place: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]


@cache
def expressions() -> tuple[Expression, ...]:
    """Each expression once: those that modules hold, in whatever they hold them, and those written inside of functions."""
    found: dict[tuple[Any, int], Expression] = {}
    for place, pattern, ways in (*_held(), *_written()):
        key = pattern.pattern, pattern.flags
        known = found.get(key)
        found[key] = Expression(
            known.place if known else place, pattern, ways | (known.ways if known else frozenset())
        )
    return tuple(sorted(found.values(), key=lambda e: (e.place, str(e.pattern.pattern))))


def _held() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    for module in _modules():
        uses = _uses(Path(module.__file__))
        for name, value in sorted(vars(module).items()):
            for pattern in _inside(value, set()):
                ways = uses.get(name, frozenset())
                yield f"{module.__name__}.{name}", pattern, ways


def _modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages([str(SOURCE)], "trueup."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _inside(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The expressions in a value: in tuples, mappings, classes, and dataclasses of Trueup."""
    if isinstance(value, re.Pattern):
        yield value
    if id(value) in seen or isinstance(value, str | bytes | int | re.Pattern):
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        for each in (*value.keys(), *value.values()):
            yield from _inside(each, seen)
    elif isinstance(value, tuple | list | Set):
        for each in value:
            yield from _inside(each, seen)
    elif isinstance(value, type) and value.__module__.startswith("trueup"):
        yield from _inside(tuple(vars(value).values()), seen)
    elif isinstance(value, Struct):
        yield from _inside(tuple(getattr(value, name, None) for name in type(value).__struct_specs__), seen)
    elif is_dataclass(value):
        yield from _inside(tuple(getattr(value, f.name, None) for f in fields(value)), seen)


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (str(path.relative_to(SOURCE.parent)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
    )


@cache
def _uses(file: Path) -> Mapping[str, frozenset[str]]:
    """Name → what is called on it in a file, or on what it is handed on as (`for each in _ALL: each.match(text)`), anything that is
    called there where that can't be seen. Under "" what is called on anything."""
    module = dict(_trees())[str(file.relative_to(SOURCE.parent))]
    attributes = [n for n in ast.walk(module) if isinstance(n, ast.Attribute) and n.attr in FUNCTIONS]
    found: dict[str, set[str]] = {"": {n.attr for n in attributes if not _names(n.value) & {"re", "os"}}}
    for each in attributes:
        if isinstance(each.value, ast.Name):
            found.setdefault(each.value.id, set()).add(each.attr)
    called = {id(n.value) for n in attributes}
    for source, targets in _handed_on(module):
        for name in (n for n in ast.walk(source) if isinstance(n, ast.Name) and id(n) not in called):
            ways = {way for target in targets for way in found.get(target, ())}
            found.setdefault(name.id, set()).update(ways or found[""])
            called.add(id(name))
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            found.setdefault(node.id, set()).update(found[""])
    return {name: frozenset(ways) for name, ways in found.items()}


def _handed_on(module: ast.Module) -> Iterator[tuple[ast.expr, set[str]]]:
    for node in ast.walk(module):
        if isinstance(node, ast.For | ast.comprehension):
            yield node.iter, _names(node.target)
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield node.value, _names(node.targets[0])


def _names(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _written() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    for file, module in _trees():
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in FUNCTIONS
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str | bytes)
            ):
                yield (
                    f"{file}:{node.lineno}",
                    re.compile(node.args[0].value, _flags(node)),
                    frozenset({node.func.attr}),
                )


def _flags(call: ast.Call) -> int:
    written = " ".join(ast.unparse(a) for a in (*call.args[1:], *(k.value for k in call.keywords)))
    return sum({getattr(re, name) for name in re.findall(r"\bre\.([A-Z]+)\b", written)})


def use(expression: Expression, text: Any) -> None:
    """Whatever Trueup does with the expression, done with the text."""
    if "match" in expression.ways:
        expression.pattern.match(text)
    if "fullmatch" in expression.ways:
        expression.pattern.fullmatch(text)
    if expression.ways - ANCHORED:
        for _ in expression.pattern.finditer(text):
            pass


# Texts.


def texts(pattern: re.Pattern[Any], length: int) -> Iterator[Any]:
    """Texts of about that length, each with an end that hardly any expression expects: what is repeated without bound, alone and
    after what is wanted before it, and what the expression begins with, over and over."""
    parsed = _parsed(pattern)
    made = dict.fromkeys(("", beginning) for beginning in _beginnings(parsed, "") if beginning)
    for before, item in _repeated(parsed, ""):
        made |= dict.fromkeys((start, unit) for unit in _rounds(item) for start in ("", before))
    for before, unit in made:
        whole = before + unit * max(1, length // len(unit)) + "\x01\n!"
        yield whole if isinstance(pattern.pattern, str) else whole.encode("latin-1", "replace")


def _parsed(pattern: re.Pattern[Any]) -> Any:
    return tree.parse(
        pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )


REPEATS = (tree.MAX_REPEAT, tree.MIN_REPEAT, tree.POSSESSIVE_REPEAT)
ALPHABET = "a0_ \t\n.,;:'\"`()[]{}|*-=>/\\$#<!@%&+?~^é" + "SZx"


def _repeated(items: Iterable[Any], before: str) -> Iterator[tuple[str, Any]]:
    """(what is wanted before it, what is repeated without bound), at any depth."""
    for kind, value in items:
        if kind in REPEATS:
            if value[1] is tree.MAXREPEAT or value[1] > 100:
                yield before, value[2]
            yield from _repeated(value[2], before)
        else:
            for inner in _inner(kind, value):
                yield from _repeated(inner, before)
        before += _one(kind, value)[0]


def _inner(kind: Any, value: Any) -> Iterator[Any]:
    if kind is tree.SUBPATTERN:
        yield value[-1]
    elif kind is tree.BRANCH:
        yield from value[1]
    elif kind in (tree.ASSERT, tree.ASSERT_NOT):
        yield value[1]
    elif kind is tree.ATOMIC_GROUP:
        yield value


def _rounds(item: Any) -> Iterator[str]:
    if len(item) == 1 and item[0][0] in (tree.IN, tree.ANY, tree.NOT_LITERAL, tree.LITERAL):
        yield from _chars(*item[0])
    else:
        yield from (s for s in _samples(item) if s)


def _chars(kind: Any, value: Any) -> tuple[str, ...]:
    """Characters that one element takes, at most a handful."""
    if kind is tree.LITERAL:
        return (chr(value),)
    if kind is tree.ANY:
        return ("a", " ", ".")
    if kind is tree.NOT_LITERAL:
        return tuple(c for c in ("a", " ", "\n") if c != chr(value))
    taken = [c for c in ALPHABET if _takes(value, c)]
    return tuple(taken[:5]) or tuple(chr(v) for k, v in value if k is tree.LITERAL)[:1]


def _takes(members: Any, char: str) -> bool:
    negated, found = False, False
    for kind, value in members:
        if kind is tree.NEGATE:
            negated = True
        elif kind is tree.LITERAL:
            found |= value == ord(char)
        elif kind is tree.RANGE:
            found |= value[0] <= ord(char) <= value[1]
        elif kind is tree.CATEGORY:
            found |= re.match(_CATEGORIES[str(value)], char) is not None
    return found != negated


_CATEGORIES = {
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
}


def _samples(items: Iterable[Any]) -> tuple[str, ...]:
    """A few texts that a sequence takes: of a choice the first ones, of a repetition the fewest rounds and one more."""
    made: tuple[str, ...] = ("",)
    for kind, value in items:
        made = tuple(dict.fromkeys(m + s for s in _one(kind, value) for m in made))[:6]
    return made


def _one(kind: Any, value: Any) -> tuple[str, ...]:
    if kind in (tree.LITERAL, tree.ANY, tree.NOT_LITERAL, tree.IN):
        return _chars(kind, value)[:2] or ("a",)
    if kind in REPEATS:
        one = _samples(value[2])[:2]
        return tuple(s * max(1, min(value[0], 20)) for s in one) + (("",) if value[0] == 0 else ())
    if kind is tree.BRANCH:
        return tuple(s for branch in value[1] for s in _samples(branch)[:1])[:4]
    if kind is tree.SUBPATTERN:
        return _samples(value[-1])[:3]
    if kind is tree.ATOMIC_GROUP:
        return _samples(value)[:3]
    return ("",)


def _beginnings(items: Iterable[Any], before: str) -> Iterator[str]:
    """What can stand before each element, those of groups too, and the whole."""
    for kind, value in items:
        yield before
        for inner in (value[2],) if kind in REPEATS else _inner(kind, value):
            yield from _beginnings(inner, before)
        before += _one(kind, value)[0]
    yield before
