"""What .gitignore files leave out of a project.

Nearly all patterns in use are a name, a path, or a name with one star at an end: these are looked up. Only the rest is
translated by pathspec, which is imported when the first such pattern is met: a walk over thousands of files costs some
milliseconds then."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trueup.structs import Struct, field


class Run(Struct):
    """Neighbouring patterns of one sign. Entries that hold for folders only end in a slash."""

    ignored: bool
    names: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    folder_suffixes: tuple[str, ...] = ()
    folder_prefixes: tuple[str, ...] = ()
    regexes: list[str] = field(default_factory=list)
    regex: re.Pattern[str] | None = None

    def matches(self, path: str, is_folder: bool) -> bool:
        """Whether one of the patterns matches `path` (relative to the folder of the .gitignore) itself, not something above it."""
        name = path.rsplit("/", 1)[-1]
        if (
            name in self.names
            or path in self.paths
            or name.startswith(self.prefixes)
            or name.endswith(self.suffixes)
        ):
            return True
        if is_folder and (
            f"{name}/" in self.names
            or f"{path}/" in self.paths
            or name.startswith(self.folder_prefixes)
            or name.endswith(self.folder_suffixes)
        ):
            return True
        return self._regex_matches(f"{path}/" if is_folder else path)

    def _regex_matches(self, path: str) -> bool:
        if self.regex is None:
            if not self.regexes:
                return False
            self.regex = re.compile("|".join(self.regexes))
        return self.regex.match(path) is not None


class IgnoreFile(Struct, frozen=True):
    """One .gitignore in `folder` (relative to the root, "" for the root itself): the last run that matches decides."""

    folder: str
    runs: tuple[Run, ...]

    def decides(self, path: str, is_folder: bool) -> bool | None:
        """True: ignored, False: taken back by a "!" pattern, None: not spoken of. `path` is relative to the root."""
        inner = path[len(self.folder) + 1 :] if self.folder else path
        return next((run.ignored for run in reversed(self.runs) if run.matches(inner, is_folder)), None)


def read_ignore_file(folder: str, lines: Iterable[str]) -> IgnoreFile | None:
    """The patterns of a .gitignore's lines; None where there is none. Lines that are no pattern are passed over, as git does."""
    runs: list[Run] = []
    for line in lines:
        pattern = line.rstrip("\r\n")
        if not pattern.endswith("\\ "):
            pattern = pattern.rstrip(" ")
        if not pattern or pattern.startswith("#"):
            continue
        ignored = not pattern.startswith("!")
        if not runs or runs[-1].ignored != ignored:
            runs.append(Run(ignored))
        _add(runs[-1], pattern if ignored else pattern[1:])
    return IgnoreFile(folder, tuple(runs)) if runs else None


def _add(run: Run, pattern: str) -> None:
    """Puts one pattern (without its "!") where its kind is looked up."""
    slash = "/" if pattern.endswith("/") else ""
    body = pattern.removesuffix("/")
    stars = body.count("*")
    if "[" in body or "**" in body or body.endswith(("/", "\\")):
        run.regexes.extend(_translated(pattern))
    elif stars > 1 or (stars and "/" in body) or "?" in body or "\\" in body:
        run.regexes.append(_starred(body, slash))
    elif "/" in body:
        run.paths.add(body.removeprefix("/") + slash)
    elif not stars:
        run.names.add(body + slash)
    elif body.startswith("*"):
        _add_affix(run, "suffixes", body[1:], slash)
    elif body.endswith("*"):
        _add_affix(run, "prefixes", body[:-1], slash)
    else:
        run.regexes.append(_starred(body, slash))


def _add_affix(run: Run, kind: str, text: str, slash: str) -> None:
    if kind == "suffixes" and slash:
        run.folder_suffixes += (text,)
    elif kind == "suffixes":
        run.suffixes += (text,)
    elif slash:
        run.folder_prefixes += (text,)
    else:
        run.prefixes += (text,)


_PART = re.compile(r"\\(.)|([*?])|([^\\*?]+)")


def _starred(body: str, slash: str) -> str:
    """The regular expression of a pattern without brackets and double stars; with a slash, it counts from its folder."""
    anchor = "^" if "/" in body else "^(?:.+/)?"
    segments = map(_segment, body.removeprefix("/").split("/"))
    return f"{anchor}{'/'.join(segments)}{slash or '/?'}$"


def _segment(text: str) -> str:
    if text == "*":
        return "[^/]+"
    signs = {"*": "[^/]*", "?": "[^/]"}
    return "".join(
        signs.get(sign) or re.escape(quoted or plain) for quoted, sign, plain in _PART.findall(text)
    )


def _translated(pattern: str) -> list[str]:
    """The regular expression of any pattern, by pathspec; empty where it is none. pathspec's also match what is inside of a
    matching folder; here each entry is asked for itself, so that a later "!" can take back a folder."""
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        regex, _ = GitIgnoreSpecPattern.pattern_to_regex(pattern)
    except GitIgnorePatternError:
        return []
    if regex is None:
        return []
    inside = "." if pattern.endswith("/**") else ""
    return [re.sub(r"\(\?P<\w+>/\)", "/$", regex) + inside]


def is_ignored(files: tuple[IgnoreFile, ...], path: str, is_folder: bool) -> bool:
    """Whether the innermost .gitignore that speaks of `path` ignores it. `files` from the root inwards."""
    for file in reversed(files):
        decided = file.decides(path, is_folder)
        if decided is not None:
            return decided
    return False
