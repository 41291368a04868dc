"""Class names to the project's files, by PSR-4 and by file name; each file parsed once for all replays."""

from __future__ import annotations

import json
import os
import re
from functools import cached_property

from trueup.model.project import Project
from trueup.sources.laravel.parsed import parsed
from trueup.sources.php.parse import PhpFile

_FUNCTION = re.compile(rb"^[^\S\n]*+function\s++&?\s*+([A-Za-z_]\w*+)\s*+\(", re.MULTILINE)
_HELPERS = re.compile(r"helper|function|global|util|bootstrap", re.I)
_NOT_LOADED = re.compile(r"(?:^|/)(?:tests?|stubs?|examples?)/|(?:^|/)[_.]|\.blade\.php$", re.I)


_REQUIRED = re.compile(rb"\b(?:require|include)(?:_once)?\b[^;'\"\n]{0,80}+['\"]([^'\"\n]{1,200}+)['\"]")

_BUILDING = (
    b"Schema::",
    b"DB::statement",
    b"DB::unprepared",
    b"Artisan::call",
    b"->call(",
    b"callSilent",
    b"getSchemaBuilder",
)


class ClassFiles:
    """`parse` results are shared by the replays of several drivers."""

    def __init__(self, project: Project) -> None:
        self.root = project.root
        self._parsed: dict[str, PhpFile | None] = {}
        self._files = frozenset(project.files)
        self._prefixes = sorted(
            (
                (a.prefix.strip("\\") + "\\", a.path.strip("/"))
                for a in project.autoload
                if a.prefix and not a.dev
            ),
            key=lambda p: -len(p[0]),
        )
        self._by_stem: dict[str, list[str]] = {}
        for file in project.files:
            self._by_stem.setdefault(file.rsplit("/", 1)[-1][:-4].lower(), []).append(file)

    def function_file(self, name: str) -> str | None:
        """The file that declares a function (lower-case name): one that composer.json, bootstrap/ or a provider always loads,
        else the only file of helpers that has it: many are loaded in a loop or by a part's own composer.json."""
        return self._loaded_functions.get(name) or self._helper_functions.get(name)

    @cached_property
    def _loaded_functions(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for file in (*self._loaded_files(), *self._required_files()):
            for name in self._functions_in(file):
                found.setdefault(name, file)
        return found

    @cached_property
    def _helper_functions(self) -> dict[str, str | None]:
        """None: several files have it."""
        found: dict[str, str | None] = {}
        for file in sorted(self._files):
            if _HELPERS.search(file) and not _NOT_LOADED.search(file):
                for name in self._functions_in(file):
                    found[name] = file if found.get(name, file) == file else None
        return found

    def _functions_in(self, file: str) -> set[str]:
        return {n.decode("ascii", "replace").lower() for n in _FUNCTION.findall(self.text(file))}

    def _loaded_files(self) -> list[str]:
        try:
            composer = json.loads(self.text("composer.json") or b"{}")
            listed = composer.get("autoload", {}).get("files", [])
            return [f.removeprefix("./") for f in listed if isinstance(f, str)]
        except (ValueError, AttributeError, TypeError, RecursionError):
            return []

    def _required_files(self) -> list[str]:
        """What `require` with a path that ends in a text loads in bootstrap/ and in providers: `app_path('Helpers/money.php')`."""
        loaders = [f for f in self._files if f.startswith("bootstrap/") or f.endswith("Provider.php")]
        ends = {
            end.decode("utf-8", "replace").lstrip("./")
            for f in loaders
            for end in _REQUIRED.findall(self.text(f))
            if end.endswith(b".php")
        }
        return sorted(f for f in self._files if any(f == end or f.endswith("/" + end) for end in ends))

    def providers(self) -> list[str]:
        """The files of service providers, by their names."""
        return sorted(
            f for f in self._files if "provider" in f.rsplit("/", 1)[-1].lower() and not _NOT_LOADED.search(f)
        )

    def may_build(self, name: str) -> bool:
        """Whether a class of the project that has `name` (of an interface or parent) in its head says something of schemas."""
        short = name.rsplit("\\", 1)[-1].encode("utf-8", "surrogateescape")
        head = re.compile(
            rb"\bclass\s[^{;]{0,500}\b(?:implements|extends)\s[^{;]{0,500}\b" + re.escape(short) + rb"\b"
        )
        return any(
            head.search(source) is not None and any(word in source for word in _BUILDING)
            for source in map(self.text, sorted(self._files))
            if short in source
        )

    def command_may_build(self, name: str) -> bool:
        """Whether an Artisan command may change the schema: not if it is the project's and its source says nothing of schemas."""
        wanted = name.encode("utf-8", "surrogateescape")
        for file in self._files:
            if "command" in file.lower() or "console" in file.lower():
                source = self.text(file)
                if wanted in source and b"$signature" in source:
                    return any(word in source for word in _BUILDING)
        return True

    def text(self, file: str) -> bytes:
        """The file's bytes; empty where it can't be read."""
        try:
            with open(os.path.join(self.root, file), "rb") as handle:
                return handle.read()
        except OSError:
            return b""

    def parsed(self, file: str) -> PhpFile | None:
        """The file, parsed; None where it can't be read."""
        if file not in self._parsed:
            exists = os.path.isfile(os.path.join(self.root, file))
            self._parsed[file] = parsed(self.text(file), file) if exists else None
        return self._parsed[file]

    def add(self, file: str, source: bytes) -> None:
        """A file that is not on disk, or in place of the one there. Classes in it are found by its own code only."""
        self._parsed[file] = parsed(source, file)

    def file_of(self, name: str) -> PhpFile | None:
        """The file that declares a class: where PSR-4 says, else one of that name that does declare it."""
        for candidate in self._candidates(name):
            parsed = self.parsed(candidate)
            if parsed is not None and parsed.class_named(name) is not None:
                return parsed
        return None

    def _candidates(self, name: str) -> list[str]:
        if name.startswith("Illuminate\\"):
            return []  # a copy of the framework's own class, which is known better
        found: list[str] = []
        for prefix, path in self._prefixes:
            if name.lower().startswith(prefix.lower()):
                relative = name[len(prefix) :].replace("\\", "/") + ".php"
                file = f"{path}/{relative}" if path not in ("", ".") else relative
                if file in self._files:
                    found.append(file)
        short = name.rsplit("\\", 1)[-1].lower()
        found.extend(f for f in self._by_stem.get(short, ()) if f not in found)
        return found[:8]
