"""Names that a server does not take. A migration that stops at one never ran there: the name is given in it, not in a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.model.audit import Facts
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.migrations import MigrationFile
from trueup.model.schema import Schema
from trueup.remedies.definitions import Unmendable, php_text
from trueup.remedies.edits import Source
from trueup.remedies.proposals import LONGEST_NAME, Desk, Proposal, Workshop, withheld
from trueup.structs import Struct

_MYSQL_LONGEST = 64
_TOO_LONG = re.compile(r"Identifier name '([^']+)' is too long")
_CALL = re.compile(r"->(index|unique|fullText|fulltext|spatialIndex|foreign|morphs|nullableMorphs)\(")


class Naming(Struct, frozen=True):
    """A name that is too long, where it is given or comes about, and the one that it gets."""

    at: Location
    name: str
    short: str


def long_names(workshop: Workshop) -> Iterator[Proposal]:
    """MIG001 of that kind and IDX002, one proposal for each migration."""
    for migration in workshop.facts.migrations:
        findings = [f for f in workshop.findings("MIG001", "IDX002") if _is_of(f, migration)]
        if not findings:
            continue
        title = f"Give names that servers take in {migration.name}"
        try:
            yield _proposal(workshop, migration, findings, title)
        except Unmendable as reason:
            yield withheld("name", title, findings[0].table, findings, str(reason))


def _is_of(finding: Finding, migration: MigrationFile) -> bool:
    first = finding.locations[0].file if finding.locations else ""
    named = finding.code == "IDX002" or _TOO_LONG.search(finding.message) is not None
    return named and first == migration.path


def _proposal(workshop: Workshop, migration: MigrationFile, findings: list[Finding], title: str) -> Proposal:
    namings = tuple(_namings(workshop, migration.path, findings))
    shown = "; ".join(f"{n.name} becomes {n.short}" for n in namings)

    def edit(desk: Desk, facts: Facts, schema: Schema) -> None:
        for naming in namings:
            give_name(desk.open(naming.at.file), naming)
        for naming in namings:
            desk.open(naming.at.file).replace_text(naming.name, naming.short)

    tables = [*migration.creates, *migration.changes]
    return Proposal(
        "name",
        title,
        tables[0] if tables else findings[0].table,
        tuple(findings),
        steps=(
            f"Apply the patch: {shown}.",
            "Where the migration stopped, drop what it had made by then (MySQL takes nothing back), and run it again.",
            "Where it ran (SQLite, PostgreSQL with the name cut), nothing is to be done: the names there stay as they are.",
            "Run `trueup fix` again: what else the tables lack could not be told before.",
        ),
        risks=(
            "Servers on which the migration ran before have other names than those on which it runs now.",
        ),
        rollback="Take the patch back (`git apply -R`).",
        rank=0,
        makes=tuple(f"table {t}" for t in tables),
        edit=edit,
    )


def _namings(workshop: Workshop, path: str, findings: Iterable[Finding]) -> Iterator[Naming]:
    """The names that the findings speak of, and those that come after the statement at which MySQL stops: SQLite goes on there."""
    found: dict[str, Location] = {}
    for finding in findings:
        told = _TOO_LONG.search(finding.message)
        found[told[1] if told else finding.index] = finding.locations[0]
    sqlite = workshop.schemas.get("sqlite")
    for table in sqlite.tables if sqlite else ():
        for index in table.indexes:
            if len(index.name) > _MYSQL_LONGEST and index.at.file == path:
                found.setdefault(index.name, index.at)
    taken: set[str] = set()
    for name, at in sorted(found.items(), key=lambda f: (f[1], f[0])):
        short = short_of(name, taken)
        taken.add(short)
        yield Naming(at, name, short)


def short_of(name: str, taken: Iterable[str] = ()) -> str:
    """The name with its words cut so far that it fits; the last one, which says of what kind it is, stays."""
    *words, kind = name.lower().split("_")
    made = name.lower()
    for letters in (6, 5, 4, 3):
        made = "_".join([*(w[:letters] for w in words), kind])
        if len(made) <= LONGEST_NAME:
            break
    made = made if len(made) <= LONGEST_NAME else f"{made[: LONGEST_NAME - len(kind) - 1]}_{kind}"
    unique, number = made, 2
    while unique in set(taken):
        unique, number = f"{made[: LONGEST_NAME - 3]}_{number}", number + 1
    return unique


def give_name(source: Source, naming: Naming) -> None:
    """Puts the short name into the call on that line. Raises Unmendable where no call is seen that takes one."""
    number = naming.at.line
    calls = list(_CALL.finditer(source.line(number)))
    if len(calls) != 1:
        raise Unmendable(
            f"{naming.at} does not show one call that takes a name: give {naming.name} a shorter one"
        )
    line, column, commas = _closing(source, number, calls[0].end())
    if commas:
        text = source.line(number)
        if php_text(naming.name) not in text and f'"{naming.name}"' not in text:
            raise Unmendable(f"{naming.at} gives a name that is not written there: shorten {naming.name}")
        source.put(number, text.replace(naming.name, naming.short))
        return
    text = source.line(line)
    head = text[:column].rstrip()
    empty = (line, head.endswith("(")) == (number, True)
    source.put(
        line, f"{head.removesuffix(',')}{'' if empty else ', '}{php_text(naming.short)}{text[column:]}"
    )


def _closing(source: Source, number: int, column: int) -> tuple[int, int, int]:
    """Line and column of the bracket that ends a call, and how many commas part its arguments; a last one parts nothing."""
    depth, commas, quote = 0, 0, ""
    for line in range(number, number + 20):
        text = source.line(line)
        for place in range(column if line == number else 0, len(text)):
            sign = text[place]
            if quote:
                quote = "" if sign == quote and text[place - 1] != "\\" else quote
            elif sign in "'\"":
                quote = sign
            elif sign in "([{":
                depth += 1
            elif sign in ")]}" and not depth:
                before = text[:place].rstrip()
                return line, place, commas - before.endswith(",")
            elif sign in ")]}":
                depth -= 1
            elif sign == "," and not depth:
                commas += 1
    raise Unmendable(f"{source.path}:{number} does not show the end of the call")
