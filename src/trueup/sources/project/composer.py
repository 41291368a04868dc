"""What composer.json and composer.lock say: name, framework and its version, autoloading, installed packages."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping

from trueup.model.locations import Gap, Location
from trueup.model.project import Autoload
from trueup.structs import Struct

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

NEWEST_MAJOR = 13
"""The newest major version of the framework that exists."""

MAX_BYTES = 50_000_000

FRAMEWORKS = ("laravel/framework", "illuminate/database", "illuminate/support", "illuminate/contracts")
"""Packages whose version is the framework's, the surest first."""

TESTBENCH = "orchestra/testbench"
"""Its major is always the framework's less two."""


class Composer(Struct, frozen=True):
    """`framework` "laravel", "lumen" or "" where composer names none. Version as in Project."""

    name: str
    library: bool
    framework: str
    framework_version: str
    framework_from: str
    autoload: tuple[Autoload, ...]
    packages: tuple[tuple[str, str], ...]
    requires: tuple[str, ...]
    siblings: tuple[str, ...]
    gaps: tuple[Gap, ...]


def read_composer(root: str) -> Composer:
    """Reads both files of `root`. A file that is missing says nothing; one that is no JSON is a gap."""
    gaps: list[Gap] = []
    manifest = _mapping(_read_json(root, "composer.json", gaps))
    lock = _mapping(_read_json(root, "composer.lock", gaps))
    packages = _locked(lock)
    required = {**_versions(manifest.get("require-dev")), **_versions(manifest.get("require"))}
    version, source = _framework_version(dict(packages), required)
    return Composer(
        name=_text(manifest.get("name")),
        library=_text(manifest.get("type")) == "library",
        framework=_framework(dict(packages), required),
        framework_version=version,
        framework_from=source,
        autoload=(*_autoload(manifest, dev=False), *_autoload(manifest, dev=True)),
        packages=packages,
        requires=tuple(sorted(name for name in required if "/" in name)),
        siblings=_siblings(_text(manifest.get("name")), _versions(manifest.get("require"))),
        gaps=tuple(gaps),
    )


def _siblings(name: str, required: Mapping[str, str]) -> tuple[str, ...]:
    """Packages of the same vendor that this one needs."""
    vendor = name.lower().partition("/")[0] + "/"
    return tuple(sorted(p for p in required if "/" in name and p.startswith(vendor)))


def _read_json(root: str, name: str, gaps: list[Gap]) -> Json:
    try:
        with open(os.path.join(root, name), "rb") as file:
            text = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as problem:
        gaps.append(Gap(Location(name), f"file can't be read: {problem.strerror}", "unreadable-file"))
        return None
    if len(text) > MAX_BYTES:
        gaps.append(Gap(Location(name), f"file is over the limit of {MAX_BYTES:,} bytes", "limit"))
        return None
    try:
        read: Json = json.loads(text.decode("utf-8", errors="replace").removeprefix("\ufeff"))
    except json.JSONDecodeError as problem:
        reason = f"no valid JSON: {problem.msg}"
        gaps.append(Gap(Location(name, problem.lineno, problem.colno), reason, "syntax"))
        return None
    except ValueError:  # of int(), which takes 4,300 digits
        gaps.append(Gap(Location(name), "no valid JSON: a number is too long", "syntax"))
        return None
    except RecursionError:
        gaps.append(Gap(Location(name), "no valid JSON: nested too deeply", "limit"))
        return None
    return read


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _versions(value: Json) -> dict[str, str]:
    return {name.lower(): _text(constraint) for name, constraint in _mapping(value).items()}


def _locked(lock: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for key in ("packages", "packages-dev"):
        entries = lock.get(key)
        for entry in entries if isinstance(entries, list) else ():
            package = _mapping(entry)
            name = _text(package.get("name")).lower()
            if name:
                found.setdefault(name, _text(package.get("version")).removeprefix("v"))
    return tuple(sorted(found.items()))


def _framework(packages: Mapping[str, str], required: Mapping[str, str]) -> str:
    if "laravel/lumen-framework" in required:
        return "lumen"
    known = {*packages, *required}
    return (
        "laravel"
        if known & {*FRAMEWORKS, TESTBENCH} or any(p.startswith("illuminate/") for p in required)
        else ""
    )


def _framework_version(packages: Mapping[str, str], required: Mapping[str, str]) -> tuple[str, str]:
    """The version and where it was read from; ("", "assumed") where neither file tells it."""
    for name in FRAMEWORKS:
        if re.match(r"\d{1,9}(?!\d)", packages.get(name, "")):
            return packages[name], "composer.lock"
    for name in (*FRAMEWORKS, "laravel/lumen-framework"):
        version = newest_allowed(required[name]) if name in required else None
        if version:
            return version, "composer.json"
    testbench = newest_allowed(required.get(TESTBENCH, ""), newest=NEWEST_MAJOR - 2)
    if testbench:
        return str(int(testbench.split(".")[0]) + 2), "composer.json"
    return "", "assumed"


def newest_allowed(constraint: str, newest: int = NEWEST_MAJOR) -> str | None:
    """The version that a constraint of composer's asks for at its newest: "12" for "^10.0|^12.0", "11.28.1" for "~11.28.1"; None
    where it can't be told. Majors beyond `newest` do not exist."""
    if re.search(r"\d{10}", constraint):
        return None  # no version, and int() takes no more than 4,300 digits
    best: tuple[int, str] | None = None
    for alternative in re.split(r"(?:(?<!\s)\s++)?\|\|?\s*+", constraint.strip()):
        found = _newest_of_range(alternative, newest)
        if found and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _newest_of_range(text: str, newest: int) -> tuple[int, str] | None:
    """The highest major that one comma- or space-joined range allows, with its version text."""
    text = re.sub(r"@\w+$", "", text.strip())
    if text == "*":
        return newest, str(newest)
    dash = re.fullmatch(r"v?(\d++)[\w.]*+\s++-\s++v?(\d++)[\w.]*+", text)
    if dash:
        return _existing(int(dash[2]), str(int(dash[2])), newest)
    best: tuple[int, str] | None = None
    for operator, version in re.findall(
        r"(>=|>|<=|<|!=|\^|~|=|(?<!\s))\s*+v?(\d++(?:\.(?:\d++|[x*]))*+)", text
    ):
        found = _newest_of_bound(operator, version, newest)
        if found and (best is None or found[0] < best[0]):
            best = found
    return best


def _newest_of_bound(operator: str, version: str, newest: int) -> tuple[int, str] | None:
    major = int(version.split(".")[0])
    digits = version.replace("*", "x").split(".x")[0]
    if operator in (">=", ">"):
        return (newest, str(newest)) if major <= newest else None
    if operator == "!=":
        return None
    if operator == "<":
        exclusive = all(part == "0" for part in digits.split(".")[1:])
        return _existing(major - 1 if exclusive else major, str(major - 1 if exclusive else major), newest)
    exact = operator in ("", "=") and "x" not in version.replace("*", "x") and digits.count(".") == 2
    pinned = exact or (operator == "~" and digits.count(".") == 2)
    return _existing(major, digits if pinned else str(major), newest)


def _existing(major: int, version: str, newest: int) -> tuple[int, str]:
    return (major, version) if major <= newest else (newest, str(newest))


def _autoload(manifest: Mapping[str, Json], *, dev: bool) -> tuple[Autoload, ...]:
    section = _mapping(manifest.get("autoload-dev" if dev else "autoload"))
    found: list[Autoload] = []
    for prefix, paths in sorted({**_mapping(section.get("psr-0")), **_mapping(section.get("psr-4"))}.items()):
        found.extend(Autoload(prefix, path, dev) for path in _paths(paths))
    found.extend(Autoload("", path, dev) for path in _paths(section.get("classmap")))
    return tuple(found)


def _paths(value: Json) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(_text(t).removeprefix("./").rstrip("/") for t in texts if isinstance(t, str))
