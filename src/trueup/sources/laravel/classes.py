"""The project's classes: by name, with their parents, traits and methods. Files are parsed when first needed."""

from __future__ import annotations

import os
import re
from functools import lru_cache

from trueup.model.project import Project
from trueup.sources.laravel.blade import is_template, php_of
from trueup.sources.laravel.declared import Declared, declared_in, functions_in
from trueup.sources.laravel.memory import digest, digest_of
from trueup.sources.laravel.parsed import keep_only, parsed
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.tree import ClassDecl, FunctionDecl, PropertyMember

_TRAIT_USE = re.compile(rb"\n[ \t]++use ((?:[\\\w, \t]++|\n(?![ \t]++use ))++)[;{]")
_DEPTH = 30
MOST_BYTES = 3_500_000
"""Of source text whose trees are kept at once: what a tree is lowered to takes some ten times as much."""


class Classes:
    """An index over `project.files`. Names are fully qualified without a leading backslash; look-ups ignore case."""

    def __init__(self, project: Project) -> None:
        self.root = project.root
        self.files = project.files
        self._parsed: dict[str, PhpFile | None] = {}
        self._source: dict[str, bytes] = {}
        self._digests: dict[str, str] = {}
        self._where: dict[str, str] | None = None
        self._decls: dict[str, ClassDecl | None] = {}
        self._lineages: dict[str, list[ClassDecl]] = {}
        self._ancestors: dict[str, tuple[list[str], list[str]]] = {}
        self._last_use: dict[str, int] = {}
        self._rests = 0
        self._held = 0
        self.cut: set[str] = set()
        """Templates that were read in part."""
        self.touched: set[str] = set()
        """Files whose code was asked for since this was emptied."""

    def source(self, file: str) -> bytes:
        """The bytes of a project file, a template's as PHP; empty where it can't be read (that is a gap of the project already)."""
        if file not in self._source:
            try:
                with open(os.path.join(self.root, file), "rb") as handle:
                    source = handle.read()
                self._source[file] = self._of_template(file, source) if is_template(file) else source
            except OSError:
                self._source[file] = b""
        return self._source[file]

    def _of_template(self, file: str, source: bytes) -> bytes:
        php, whole = php_of(source)
        if not whole:
            self.cut.add(file)
        return php

    def digest(self, file: str) -> str:
        """Of the file's bytes."""
        if file not in self._digests:
            self._digests[file] = digest_of(self.source(file))
        return self._digests[file]

    def structure(self) -> str:
        """A digest of which classes and functions there are, where, and what they come from: all that the indexes below tell."""
        traits = sorted(self._files_by_trait().items())
        return digest(self._declared(), traits, sorted(self._functions().items()))

    def parsed(self, file: str) -> PhpFile:
        self.touched.add(file)
        found = self._parsed.get(file)
        if found is None:
            found = self._parsed[file] = parsed(self.source(file), file)
            self._held += len(self._source[file])
        return found

    def rest(self) -> None:
        """Between two files: where the trees that were parsed have become too many, lets go of those that were not asked for the
        longest. What is known of a class goes with its tree, so that nobody meets nodes of two."""
        self._rests += 1
        self._last_use.update(dict.fromkeys(self.touched, self._rests))
        if self._held <= MOST_BYTES:
            return
        kept: set[str] = set()
        room = MOST_BYTES * 5 // 8
        for file in sorted(self._parsed, key=lambda f: (-self._last_use.get(f, 0), f)):
            room -= len(self._source[file])
            if room < 0:
                break
            kept.add(file)
        self._parsed = {f: p for f, p in self._parsed.items() if f in kept}
        self._held = sum(len(self._source[f]) for f in kept)
        self._decls = {n: d for n, d in self._decls.items() if d is None or d.file in kept}
        self._lineages = {n: ds for n, ds in self._lineages.items() if all(d.file in kept for d in ds)}
        keep_only(kept)

    def prepare(self) -> None:
        """Builds the indexes over all files, before other processes would each build their own."""
        self._children()
        self._files_by_trait()
        self._implementers()
        self._functions()

    @property
    def where(self) -> dict[str, str]:
        """Lower-case class name → file, by a scan of the bytes."""
        if self._where is None:
            self._where = {}
            for declared in self._declared():
                self._where.setdefault(declared.name.lower(), declared.file)
        return self._where

    @lru_cache(maxsize=1)  # noqa: B019  # as below
    def _declared(self) -> list[Declared]:
        return [declared for file in self.files for declared in declared_in(file, self.source(file))]

    def decl(self, name: str) -> ClassDecl | None:
        if name not in self._decls:
            file = self.where.get(name.lstrip("\\").lower())
            self._decls[name] = self.parsed(file).class_named(name.lstrip("\\")) if file else None
        found = self._decls[name]
        if found is not None:
            self.touched.add(found.file)
        return found

    def lineage(self, name: str) -> list[ClassDecl]:
        """The class, its traits, then its project ancestors with theirs: the order in which methods are looked up."""
        if name not in self._lineages:
            found: list[ClassDecl] = []
            self._gather(name, found, 0)
            self._lineages[name] = found
        self.touched.update(d.file for d in self._lineages[name])
        return self._lineages[name]

    def _gather(self, name: str, found: list[ClassDecl], depth: int) -> None:
        decl = self.decl(name)
        if decl is None or decl in found or depth > _DEPTH:
            return
        found.append(decl)
        for use in decl.uses:
            for trait in use.traits:
                self._gather(trait.full, found, depth + 1)
        if decl.parent is not None:
            self._gather(decl.parent.full, found, depth + 1)

    def function(self, name: str) -> tuple[str, FunctionDecl] | None:
        """A function that the project declares outside of classes, by its bare name, with its file; None where there is none, or
        several."""
        lowered = name.lower()
        found = [
            (file, function)
            for file in self._functions().get(lowered, ())
            for function in self.parsed(file).functions
            if function.name.lower().rsplit("\\", 1)[-1] == lowered
        ]
        self.touched.update(file for file, _ in found)
        return found[0] if len(found) == 1 else None

    @lru_cache(maxsize=1)  # noqa: B019  # as below
    def _functions(self) -> dict[str, list[str]]:
        """Bare name in lower case → files whose text declares a function of that name."""
        found: dict[str, list[str]] = {}
        for file in self.files:
            for name in functions_in(self.source(file)):
                found.setdefault(name, []).append(file)
        return found

    def method(self, name: str, method: str) -> tuple[ClassDecl, FunctionDecl] | None:
        for decl in self.lineage(name):
            found = decl.method(method)
            if found is not None:
                return decl, found
        return None

    def property(self, name: str, member: str) -> tuple[ClassDecl, PropertyMember] | None:
        for decl in self.lineage(name):
            found = decl.properties.get(member)
            if found is not None:
                return decl, found
        return None

    def ancestors(self, name: str) -> list[str]:
        """Names of all parents and interfaces, those outside the project included, nearest first."""
        if name not in self._ancestors:
            self._ancestors[name] = self._found_ancestors(name)
        names, files = self._ancestors[name]
        self.touched.update(files)
        return names

    def _found_ancestors(self, name: str) -> tuple[list[str], list[str]]:
        """The names, and the files that tell them."""
        names: list[str] = []
        files: list[str] = []
        pending = [name]
        while pending and len(names) < 200:
            decl = self.decl(pending.pop(0))
            if decl is None:
                continue
            files.append(decl.file)
            for parent in ((decl.parent,) if decl.parent else ()) + decl.interfaces + decl.parents:
                if parent.full not in names:
                    names.append(parent.full)
                    pending.append(parent.full)
        return names, files

    def is_a(self, name: str, ancestor: str) -> bool:
        lowered = ancestor.lower()
        return name.lower() == lowered or any(a.lower() == lowered for a in self.ancestors(name))

    def trait_users(self, trait: ClassDecl) -> list[str]:
        """Classes that use a trait, sorted."""
        found: list[str] = []
        for file in self._files_by_trait().get(trait.short, ()):
            if file != trait.file:
                found.extend(
                    decl.name
                    for decl in self.parsed(file).classes
                    if any(t.full.lower() == trait.name.lower() for use in decl.uses for t in use.traits)
                )
        return sorted(found)

    @lru_cache(maxsize=1)  # noqa: B019  # as below
    def _files_by_trait(self) -> dict[str, list[str]]:
        """Short trait name → files whose text uses one of that name inside a class."""
        found: dict[str, list[str]] = {}
        for file in self.files:
            for clause in _TRAIT_USE.findall(self.source(file)):
                for name in clause.decode("utf-8", "replace").split(","):
                    files = found.setdefault(name.strip().rsplit("\\", 1)[-1], [])
                    if not files or files[-1] != file:
                        files.append(file)
        return found

    def heirs(self, name: str) -> list[str]:
        """Concrete classes of the project that extend a class, directly or not, sorted."""
        found: list[str] = []
        pending, met = [name.lower()], {name.lower()}
        while pending and len(found) < 200:
            for child, abstract in self._children().get(pending.pop(), ()):
                if child.lower() not in met:
                    met.add(child.lower())
                    pending.append(child.lower())
                if not abstract and child not in found:
                    found.append(child)
        return sorted(found)

    @lru_cache(maxsize=1)  # noqa: B019  # as below
    def _children(self) -> dict[str, list[tuple[str, bool]]]:
        """Lower-case class name → (subclass, whether it is abstract)."""
        found: dict[str, list[tuple[str, bool]]] = {}
        for declared in self._declared():
            if declared.parent:
                found.setdefault(declared.parent.lower(), []).append((declared.name, declared.abstract))
        return found

    def implementer(self, interface: str) -> str | None:
        """The one project class that implements an interface, or None."""
        found = self._implementers().get(interface.lower(), [])
        return found[0] if len(found) == 1 else None

    @lru_cache(maxsize=1)  # noqa: B019  # one index lives as long as the audit
    def _implementers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for declared in self._declared():
            if declared.kind == "class" and not declared.abstract:
                for interface in declared.interfaces:
                    found.setdefault(interface.lower(), []).append(declared.name)
        return found
