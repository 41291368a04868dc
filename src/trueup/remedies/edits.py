"""Small edits of PHP source by position: an entry of a list, a cast, a property, a trait. The rest of the file stays as it is."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable

from trueup.model.remedies import Patch
from trueup.remedies.definitions import Unmendable


class Source:
    """A file's text, edited line by line. Lines count from 1 and keep their numbers until `text` is asked for."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.before = text
        self._lines = text.splitlines(keepends=True)
        self._added: dict[int, list[str]] = {}

    @property
    def text(self) -> str:
        """The text with all edits."""
        made = list(self._added.get(0, ()))
        for number, line in enumerate(self._lines, 1):
            made.append(line)
            made.extend(self._added.get(number, ()))
        return "".join(made)

    def line(self, number: int) -> str:
        if not 1 <= number <= len(self._lines):
            raise Unmendable(f"{self.path} has no line {number}")
        return self._lines[number - 1]

    def put(self, number: int, text: str) -> None:
        self._lines[number - 1] = text

    def add_after(self, number: int, text: str) -> None:
        end = "\r\n" if self.before.find("\r\n") >= 0 else "\n"
        self._added.setdefault(number, []).append(text + end)

    # Lists

    def drop_entry(self, number: int, name: str) -> None:
        """Takes `'name'` or `'name' => ...` out of the list on that line. Raises Unmendable where it is not seen there."""
        line = self.line(number)
        entry = rf"""['"]{re.escape(name)}['"](\s*=>\s*[^,\]]+)?"""
        if re.fullmatch(rf"\s*{entry}\s*,?\s*(//[^\n]*)?\s*", line):
            self.put(number, "")
            return
        for pattern in (rf"{entry}\s*,\s*", rf"\s*,\s*{entry}", entry):
            found = re.search(pattern, line)
            if found:
                self.put(number, line[: found.start()] + line[found.end() :])
                return
        raise Unmendable(f"{self.path}:{number} does not show '{name}' as an entry of a list")

    def set_cast(self, number: int, name: str, cast: str) -> None:
        """Puts another value after `'name' =>` on that line."""
        line = self.line(number)
        pattern = rf"""(['"]{re.escape(name)}['"]\s*=>\s*)(['"][^'"]*['"])"""
        made, count = re.subn(pattern, lambda m: f"{m[1]}'{cast}'", line, count=1)
        if not count:
            raise Unmendable(f"{self.path}:{number} does not show the cast of '{name}' as a text")
        self.put(number, made)

    def add_entries(self, number: int, entries: Iterable[str]) -> None:
        """Adds entries to the list whose last entry stands on that line."""
        line = self.line(number)
        if "]" in line:
            at = line.rindex("]")
            head = line[:at].rstrip()
            joint = "" if head.endswith("[") else " " if head.endswith(",") else ", "
            self.put(number, head + joint + ", ".join(entries) + line[at:])
            return
        body = line.rstrip()
        if "//" not in body and not body.endswith((",", "[")):
            self.put(number, body + "," + line[len(body) :])
        indent = line[: len(line) - len(line.lstrip())]
        for entry in entries:
            self.add_after(number, f"{indent}{entry},")

    # Classes

    def add_member(self, class_line: int, lines: Iterable[str]) -> None:
        """Adds lines at the top of the class that begins on that line, after the traits that it uses."""
        number = self._opening(class_line)
        last = number
        while last < len(self._lines) and re.match(r"\s*+(use\s++[\\\w, ]++;)?\s*+$", self._lines[last]):
            last += 1
            if self._lines[last - 1].strip():
                number = last
        if number == self._opening(class_line) or not self._lines[number - 1].strip().startswith("use "):
            for text in (*lines, ""):
                self.add_after(number, text)
            return
        for text in ("", *lines):
            self.add_after(number, text)

    def add_trait(self, class_line: int, name: str) -> None:
        """`use Name;` in the class, and its import."""
        opening = self._opening(class_line)
        first = self._lines[opening] if opening < len(self._lines) else ""
        self.add_after(opening, f"    use {name.rsplit(chr(92), 1)[-1]};")
        if not first.strip().startswith("use "):
            self.add_after(opening, "")
        self.add_import(class_line, name)

    def add_import(self, class_line: int, name: str) -> None:
        """`use Name;` among the file's imports, unless it is there, or the class stands in the file's own namespace. Raises
        Unmendable where another class goes by its short name."""
        namespace, _, short = name.rpartition("\\")
        above = list(enumerate(self._lines[: class_line - 1], 1))
        imports = [n for n, line in above if re.match(r"use [\\\w]+( as \w+)?;", line)]
        own = next((n for n, line in above if line.startswith("namespace ")), 0)
        if own and self._lines[own - 1].strip() == f"namespace {namespace};":
            return
        texts = {self._lines[n - 1].strip() for n in imports} | {
            text.strip() for texts in self._added.values() for text in texts
        }
        if f"use {name};" in texts:
            return
        if any(re.fullmatch(rf"use ([\\\w]+\\{short}|.+ as {short});", text) for text in texts):
            raise Unmendable(f"{self.path} knows another class as {short}")
        if not imports:
            if not own:
                raise Unmendable(f"{self.path} has no imports to which {name} could be added")
            self.add_after(own, "")
            self.add_after(own, f"use {name};")
            return
        before = [n for n in imports if self._lines[n - 1].strip() < f"use {name};"]
        self.add_after(before[-1] if before else imports[0] - 1, f"use {name};")

    def add_method(self, class_line: int, lines: Iterable[str]) -> None:
        """Adds lines at the end of the class that begins on that line. Raises Unmendable where its last brace stands elsewhere."""
        for number in range(self._opening(class_line) + 1, len(self._lines) + 1):
            if self._lines[number - 1].rstrip() == "}":
                bare = self._lines[number - 2].strip() == "{"
                for text in (*([] if bare else [""]), *lines):
                    self.add_after(number - 1, f"    {text}" if text else "")
                return
        raise Unmendable(f"{self.path}:{class_line} does not show the end of the class")

    def _opening(self, class_line: int) -> int:
        """The line with the class's opening brace."""
        for number in range(class_line, min(class_line + 20, len(self._lines)) + 1):
            if "{" in self._lines[number - 1]:
                return number
        raise Unmendable(f"{self.path}:{class_line} shows no class")

    # Names

    def replace_text(self, old: str, new: str) -> None:
        """Puts one text in quotes for another wherever it stands: `down()` goes by the names that `up()` gives."""
        for number, line in enumerate(self._lines, 1):
            self.put(number, re.sub(rf"""(?<=['"]){re.escape(old)}(?=['"])""", lambda _: new, line))

    def rename(self, number: int, old: str, new: str) -> bool:
        """Puts `new` for `old` where the line names it as a text, a property or in the PHPDoc; whether it did."""
        line = self.line(number)
        word = re.escape(old)
        pattern = rf"""(?<=['"]){word}(?=['"])|(?<=->){word}\b(?!\()|(?<=\.){word}(?=['"])|(?<=@property )(.*\$){word}\b"""
        made = re.sub(pattern, lambda m: f"{m[1] or ''}{new}", line)
        self.put(number, made)
        return made != line


def patch_of(source: Source) -> Patch:
    """The edits as a unified diff."""
    before, after = source.before.splitlines(keepends=True), source.text.splitlines(keepends=True)
    path = source.path
    lines = difflib.unified_diff(before, after, f"a/{path}", f"b/{path}")
    body = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    digest = hashlib.sha256(source.before.encode("utf-8", "surrogateescape")).hexdigest()
    return Patch(path, f"diff --git a/{path} b/{path}\n{body}", digest)
