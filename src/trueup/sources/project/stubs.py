"""Migrations that a package keeps as stubs (`create_x_table.php.stub`), which applications publish and then run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from trueup.model.locations import Gap, Location
from trueup.model.project import MigrationFolder
from trueup.sources.project.folders import NOT_SCHEMA
from trueup.sources.project.php_text import arguments_at, read_php_text
from trueup.structs import Struct

ENDING = ".php.stub"

_FOLDERS = ("database/migrations", "migrations", "src/database/migrations", "src/migrations")
"""In the spelling of their folders lowered. Below them are upgrades, which are published for themselves."""

_CALL = re.compile(r"->\s*+(hasMigrations?|discoversMigrations)\s*+\(", re.IGNORECASE)
_TEXT = re.compile(r"'([^'\\\n]{1,200}+)'|\"([^\"\\$\n]{1,200}+)\"")
_NO_LIST = re.compile(r"[^\s,\[\]()]")
_PUBLISHED = re.compile(r"([\w-]{1,200}+)\.php\.stub['\"]")
_CLASS = re.compile(r"\bclass\b[^{;]{0,300}?\bextends\s++[\w\\]*+(?<=Migration)")
_UP = re.compile(r"\bfunction\s++up\b")
_PLACEHOLDER = re.compile(r"\{\{|\}\}\w|\bDummy[A-Z]|<%|\{%")


class Stubs(Struct, frozen=True):
    """`paths` are read as migrations, in the order in which applications get them; `guessed`: that order is not certain, or some
    other stub was not read. The gaps are the stubs that were not read, and an order that can't be told."""

    paths: tuple[str, ...] = ()
    guessed: bool = False
    gaps: tuple[Gap, ...] = ()


class _Named(Struct, frozen=True):
    """The stems that service providers name, in their order; `sure`: they are published in that order, all at once."""

    stems: tuple[str, ...] = ()
    sure: bool = False


def read_stubs(
    root: str, stubs: Iterable[str], php: Iterable[str], folders: Iterable[MigrationFolder]
) -> Stubs:
    """Which of a package's stubs are its migrations. None where it has ordinary ones: what comes first can't be told."""
    found = [path for path in stubs if not NOT_SCHEMA.search(path)]
    loaded = {folder.path for folder in folders}
    ordinary = any(posixpath.dirname(path) in loaded and "_" in posixpath.basename(path) for path in php)
    whole = {} if ordinary else {_stem(path): path for path in found if _is_migration(root, path)}
    named = _named_by_providers(root, php, sorted(whole, key=lambda stem: whole[stem]))
    chosen = [stem for stem in named.stems if stem in whole] or sorted(whole, key=_makers_first)
    paths = tuple(whole[stem] for stem in chosen)
    sure = len(paths) == 1 or (named.sure and len(chosen) == len(named.stems))
    left = [path for path in found if path not in paths]
    gaps = (*map(_unread, left), *(() if sure or not paths else (_unordered(paths),)))
    return Stubs(paths, bool(paths) and (bool(left) or not sure), gaps)


def stub_folders(stubs: Stubs, folders: tuple[MigrationFolder, ...]) -> tuple[MigrationFolder, ...]:
    """The folders of migrations, with those that hold nothing but stubs."""
    known = {folder.path for folder in folders}
    more = sorted({posixpath.dirname(path) for path in stubs.paths} - known)
    return (*folders, *(MigrationFolder(path, "package") for path in more))


def _unread(path: str) -> Gap:
    reason = "a stub that applications get as a migration; it is not run here and was not read"
    return Gap(Location(path), reason, "stub")


def _unordered(paths: tuple[str, ...]) -> Gap:
    reason = f"the order in which applications run the {len(paths)} stubs in this folder can't be told"
    return Gap(Location(posixpath.dirname(paths[0])), reason, "stub-order")


def _stem(path: str) -> str:
    return posixpath.basename(path)[: -len(ENDING)]


def _makers_first(stem: str) -> tuple[bool, str]:
    return (not stem.startswith("create_"), stem)


def _is_migration(root: str, path: str) -> bool:
    """Whole PHP with a class of a migration, under a name that is none to be filled in."""
    if posixpath.dirname(path).lower() not in _FOLDERS or not re.fullmatch(r"\w++", _stem(path)):
        return False
    text = read_php_text(root, path)
    return (
        text is not None
        and text.lstrip("\ufeff").startswith("<?php")
        and _PLACEHOLDER.search(text) is None
        and _CLASS.search(text) is not None
        and _UP.search(text) is not None
    )


# What service providers say


def _named_by_providers(root: str, php: Iterable[str], there: list[str]) -> _Named:
    found: list[_Named] = []
    for path in php:
        if "provider" in path.lower() and not NOT_SCHEMA.search(path):
            text = read_php_text(root, path) or ""
            found.extend(one for one in (_of_package_tools(text, there), _of_publishes(text)) if one.stems)
    stems = tuple(dict.fromkeys(stem for one in found for stem in one.stems))
    return _Named(stems, len(found) == 1 and found[0].sure)


def _of_package_tools(text: str, there: list[str]) -> _Named:
    """spatie/laravel-package-tools: `PackageServiceProvider` publishes what `hasMigration()` and `hasMigrations()` name, each a
    second after the one before; `discoversMigrations()` takes the folder's files by their names. All calls of a chain are made.

    Names are seldom given for their order (`add_x_to_y` comes before `create_y`), so that what is discovered is not `sure`."""
    calls = list(_CALL.finditer(text))
    if not calls:
        return _Named()
    stems: list[str] = []
    sure = ";" not in text[calls[0].start() : calls[-1].start()]
    for call in calls:
        arguments = arguments_at(text, call.end() - 1)
        if call.group(1).lower() == "discoversmigrations":
            stems.extend(there)
            sure = False
        else:
            stems.extend(single or double for single, double in _TEXT.findall(arguments))
            sure = sure and _NO_LIST.search(_TEXT.sub("", arguments)) is None
    return _Named(tuple(dict.fromkeys(stems)), sure)


def _of_publishes(text: str) -> _Named:
    """What `publishes()` lists, under times that code makes up: often one for all, so that the order is not certain."""
    return _Named(tuple(dict.fromkeys(_PUBLISHED.findall(text))))


__all__ = ["ENDING", "Stubs", "read_stubs", "stub_folders"]
