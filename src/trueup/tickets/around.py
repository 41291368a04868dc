"""What there is around the tables of a piece of work: definitions, models, factories, tests, the code that queries them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from trueup.model.audit import Audit
from trueup.model.eloquent import Factory, Model
from trueup.model.locations import Location
from trueup.model.pairing import TablePair
from trueup.model.schema import Table
from trueup.model.tickets import Work
from trueup.report.plain import counted, listed
from trueup.structs import Struct

WRITING = ("insert", "update", "upsert", "delete", "truncate")
SHOWN_LINES = 6


class CodeUse(Struct, frozen=True):
    """Queries in one file. `lines` sorted, each once; `reads` and `writes` are how many of the queries do which; `tables` those
    of the work that they are about."""

    path: str
    lines: tuple[int, ...]
    reads: int
    writes: int
    tables: tuple[str, ...]

    @property
    def shown_lines(self) -> str:
        """ "lines 12, 40 and 3 more"."""
        first = [str(line) for line in self.lines[:SHOWN_LINES]]
        rest = len(self.lines) - len(first)
        numbers = f"{', '.join(first)} and {rest} more" if rest else listed(first)
        return f"line{'' if len(self.lines) == 1 else 's'} {numbers}"

    @property
    def doing(self) -> str:
        """ "2 reads and 1 write of `a`"."""
        parts = [counted(self.reads, "read")] if self.reads else []
        parts += [counted(self.writes, "write")] if self.writes else []
        return f"{' and '.join(parts)} of {listed([f'`{t}`' for t in self.tables])}"


class Around(Struct, frozen=True):
    """`uses` are the project's own code, most queries first; `test_uses` the same of test code. `tests` name one of the tables or
    models."""

    pairs: tuple[TablePair, ...] = ()
    existing: tuple[Table, ...] = ()
    models: tuple[Model, ...] = ()
    factories: tuple[Factory, ...] = ()
    tests: tuple[str, ...] = ()
    uses: tuple[CodeUse, ...] = ()
    test_uses: tuple[CodeUse, ...] = ()


def around(audit: Audit, work: Work) -> Around:
    """Everything around the work's tables, sorted."""
    facts = audit.facts
    names = {table.lower() for table in work.tables}
    pairs = tuple(p for p in facts.comparison.pairs if (p.existing or p.required).name.lower() in names)
    existing = tuple(t for t in (facts.schema.table(name) for name in work.tables) if t is not None)
    models = tuple(
        m for m in facts.eloquent.models if m.table and m.table.lower() in names and not m.abstract
    )
    own = {m.name for m in models}
    return Around(
        pairs=pairs,
        existing=existing,
        models=models,
        factories=tuple(f for f in facts.eloquent.factories if f.model in own),
        tests=tuple(
            sorted(
                t.path
                for t in facts.eloquent.tests
                if own & set(t.models) or names & {name.lower() for name in t.tables}
            )
        ),
        uses=_uses(audit, names, test=False),
        test_uses=_uses(audit, names, test=True),
    )


def _uses(audit: Audit, names: set[str], *, test: bool) -> tuple[CodeUse, ...]:
    lines: dict[str, set[int]] = {}
    kinds: dict[str, Counter[str]] = {}
    tables: dict[str, set[str]] = {}
    for site in audit.facts.queries.sites:
        about = {t.name for t in site.tables if t.name.lower() in names}
        counts = site.area == "test" if test else site.area in ("src", "view", "route", "seeder")
        if about and counts and site.kind not in ("builder", "binding", "assertion"):
            lines.setdefault(site.at.file, set()).add(site.at.line)
            kinds.setdefault(site.at.file, Counter())["write" if site.kind in WRITING else "read"] += 1
            tables.setdefault(site.at.file, set()).update(about)
    found = [
        CodeUse(
            file,
            tuple(sorted(lines[file])),
            kinds[file]["read"],
            kinds[file]["write"],
            tuple(sorted(tables[file])),
        )
        for file in lines
    ]
    return tuple(sorted(found, key=lambda use: (-use.reads - use.writes, use.path)))


def by_file(places: Iterable[Location]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Places gathered by file, in the order in which the files first appear, with their lines sorted, each once."""
    lines: dict[str, set[int]] = {}
    for place in places:
        if place.file:
            lines.setdefault(place.file, set()).update({place.line} if place.line else set())
    return tuple((file, tuple(sorted(numbers))) for file, numbers in lines.items())


def with_lines(file: str, lines: tuple[int, ...]) -> str:
    """ "a.php:12", "a.php:12, 40", "a.php"."""
    shown = ", ".join(str(line) for line in lines[:SHOWN_LINES])
    more = f" and {len(lines) - SHOWN_LINES} more" if len(lines) > SHOWN_LINES else ""
    return f"{file}:{shown}{more}" if lines else file
