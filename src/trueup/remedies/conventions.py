"""How the project writes its migrations: folder, class style, types, names, times. New ones look the same."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta

from trueup.model.audit import Facts
from trueup.remedies.php import Code, pieces_to_lines
from trueup.sources.laravel.inflection import studly
from trueup.sources.laravel.migrations.files import migration_files
from trueup.structs import Struct, field

_STAMP = re.compile(r"(\d{4}_\d{2}_\d{2}_\d{6})_")
_LOOKED_AT = 5
"""So many of the newest migrations decide on the style."""


class Conventions(Struct):
    """`folder` of the newest migration; `stamp` the newest time that a name has."""

    folder: str
    stamp: str
    anonymous: bool = True
    strict: bool = False
    typed: bool = True
    connections: dict[str, str] = field(default_factory=dict)
    """Migration file → the text of its `$connection` property."""
    made_in: dict[str, str] = field(default_factory=dict)
    """Table → the file that makes it."""
    names: set[str] = field(default_factory=set)
    """Names of migrations without their time, lower case."""

    def next_name(self, slug: str) -> str:
        """A file name after all others, and after those given out before."""
        moment = datetime.strptime(self.stamp, "%Y_%m_%d_%H%M%S") + timedelta(minutes=1)
        self.stamp = moment.strftime("%Y_%m_%d_%H%M%S")
        unique, number = slug, 2
        while unique.lower() in self.names:
            unique, number = f"{slug}_{number}", number + 1
        self.names.add(unique.lower())
        return f"{self.stamp}_{unique}.php"

    def mark(self) -> tuple[str, frozenset[str]]:
        """What was given out so far, for `restore`."""
        return self.stamp, frozenset(self.names)

    def restore(self, mark: tuple[str, frozenset[str]]) -> None:
        """Takes back the names that were given out since."""
        self.stamp, self.names = mark[0], set(mark[1])

    def folder_for(self, table: str) -> str:
        """Where the table's own migration is, so that a module keeps its tables together."""
        made = self.made_in.get(table.lower(), "")
        return made.rsplit("/", 1)[0] if "/" in made else self.folder


def conventions_of(facts: Facts) -> Conventions:
    """From the newest migrations; where there are none, as the framework itself makes them."""
    paths = [m.path for m in migration_files(facts.project)]
    folders = facts.project.migration_folders
    folder = folders[0].path if folders else "database/migrations"
    stamped = [p for p in paths if _STAMP.match(p.rsplit("/", 1)[-1])]
    newest = stamped[-_LOOKED_AT:]
    texts = [text_of(facts.project.root, path) for path in newest]
    named = facts.project.major < 9 and not any("return new class" in t for t in texts)
    made = Conventions(
        folder=newest[-1].rsplit("/", 1)[0] if newest and "/" in newest[-1] else folder,
        stamp=_morning_after(_latest(stamped)),
        anonymous=not named if not texts else 2 * sum("return new class" in t for t in texts) >= len(texts),
        strict=bool(texts) and 2 * sum("declare(strict_types=1)" in t for t in texts) > len(texts),
        typed=not texts or any(re.search(r"function up\(\)\s*:\s*void", t) for t in texts),
        names={_STAMP.sub("", p.rsplit("/", 1)[-1].removesuffix(".php")).lower() for p in paths},
    )
    for migration in facts.migrations:
        for table in migration.creates:
            made.made_in.setdefault(table.lower(), migration.path)
    for path in paths:
        if found := re.search(
            r"protected \??(?:string )?\$connection\s*+=[^;]{1,300}+;", text_of(facts.project.root, path)
        ):
            made.connections[path] = found.group(0)
    return made


def _morning_after(stamp: str) -> str:
    """A day later, so that new ones are no part of a series that counts 1, 2, 3, in which each that is left out would be a hole."""
    day = datetime.strptime(stamp[:10], "%Y_%m_%d") + timedelta(days=1)
    return day.strftime("%Y_%m_%d_090000")


def _latest(paths: list[str]) -> str:
    """The newest time that is one; a name may hold 99 seconds."""
    for path in reversed(paths):
        found = _STAMP.match(path.rsplit("/", 1)[-1])
        assert found is not None
        try:
            datetime.strptime(found.group(1), "%Y_%m_%d_%H%M%S")
        except ValueError:
            if _is_day(found.group(1)[:10]):
                return f"{found.group(1)[:10]}_235900"
            continue
        return found.group(1)
    return "2024_01_01_000000"


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y_%m_%d")
    except ValueError:
        return False
    return True


def text_of(root: str, path: str) -> str:
    """A file of the project, "" where it cannot be read."""
    try:
        with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def migration_text(conventions: Conventions, name: str, code: Code, about: str, table: str) -> str:
    """A whole migration file. `about` is a line that says what it is for."""
    up, down = pieces_to_lines(code.up), pieces_to_lines(code.down)
    uses = ["Illuminate\\Database\\Migrations\\Migration"]
    body = "\n".join([*up, *down])
    uses += ["Illuminate\\Database\\Schema\\Blueprint"] if "Blueprint $table" in body else []
    uses += ["Illuminate\\Support\\Facades\\DB"] if "DB::" in body else []
    uses += ["Illuminate\\Support\\Facades\\Schema"] if "Schema::" in body else []
    void = ": void" if conventions.typed else ""
    slug = _STAMP.sub("", name.removesuffix(".php"))
    opening = (
        "return new class extends Migration"
        if conventions.anonymous
        else f"class {studly(slug)} extends Migration"
    )
    members = []
    connection = conventions.connections.get(conventions.made_in.get(table.lower(), ""), "")
    if connection:
        members += [f"    {connection}", ""]
    if code.outside_transaction:
        members += ["    public $withinTransaction = false;", ""]
    lines = [
        "<?php",
        "",
        *(["declare(strict_types=1);", ""] if conventions.strict else []),
        *(f"use {name};" for name in uses),
        "",
        "/**",
        f" * {about}",
        " */",
        opening,
        "{",
        *members,
        f"    public function up(){void}",
        "    {",
        *_body(up),
        "    }",
        "",
        f"    public function down(){void}",
        "    {",
        *_body(down),
        "    }",
        "};" if conventions.anonymous else "}",
    ]
    return "\n".join(lines) + "\n"


def _body(lines: list[str]) -> list[str]:
    return [f"        {line}" if line else "" for line in _spaced(lines)]


def _spaced(lines: list[str]) -> list[str]:
    """An empty line between statements of more than one line."""
    spaced: list[str] = []
    for number, line in enumerate(lines):
        starts = not line.startswith((" ", "}"))
        ended = number > 0 and lines[number - 1].startswith("}") and starts
        comment = number > 0 and line.startswith("//") and not lines[number - 1].startswith("//")
        if spaced and (ended or comment):
            spaced.append("")
        spaced.append(line)
    return spaced
