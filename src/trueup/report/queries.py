"""Query sites for people and for programs: `trueup.queries/1`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

from trueup.errors import Mistake
from trueup.model.locations import Gap
from trueup.model.queries import Queries, QueryKind, QuerySite, Role
from trueup.model.shapes import GRADES, NO_PERFORMANCE, Performance, ServedBy
from trueup.report.plain import counted, plain
from trueup.structs import Struct

FORMAT = "trueup.queries/1"

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

ROLES: tuple[Role, ...] = get_args(Role)
KINDS: tuple[QueryKind, ...] = get_args(QueryKind)
SORTS = ("place", "grade", "table")


class Asked(Struct, frozen=True):
    """What of the sites to tell. `tables` and `kinds` empty: all of them. `unresolved`: only what could not be told. `why`: the
    path of reasoning too."""

    tables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unresolved: bool = False
    why: bool = False
    grades: tuple[str, ...] = ()
    sort: str = "place"

    @property
    def narrowed(self) -> bool:
        """Whether only some of the sites are asked for."""
        return bool(self.tables or self.kinds or self.grades)

    def takes(self, site: QuerySite) -> bool:
        tables = {table.lower() for table in self.tables}
        named = {ref.name.rsplit(".", 1)[-1].lower() for ref in site.tables}
        return (
            not self.unresolved
            and (not tables or bool(tables & named))
            and (not self.kinds or site.kind in {kind.lower() for kind in self.kinds})
        )


def mistakes_in(asked: Asked) -> tuple[Mistake, ...]:
    """Kinds that do not exist, with the nearest that does."""
    from difflib import get_close_matches

    found: list[Mistake] = []
    for kind in asked.kinds:
        if kind.lower() not in KINDS:
            near = get_close_matches(kind.lower(), KINDS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(KINDS)}"
            found.append(Mistake("--kind", f"there is no kind of query '{kind}'", hint))
    found.extend(_unknown("--grade", asked.grades, GRADES))
    found.extend(_unknown("--sort", (asked.sort,), SORTS))
    return tuple(found)


def _unknown(option: str, given: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Mistake]:
    from difflib import get_close_matches

    for word in given:
        if word.lower() not in known:
            near = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
            yield Mistake(option, f"there is no '{word}'", hint)


class Graded:
    """The sites with their grades: a place that runs several queries has the worst of theirs."""

    def __init__(self, found: Performance) -> None:
        self._by_place: dict[tuple[str, int, str], ServedBy] = {}
        for one in found.served:
            for place in one.shape.sites:
                key = (place.file, place.line, one.shape.table.lower())
                known = self._by_place.get(key)
                if known is None or GRADES.index(one.grade) < GRADES.index(known.grade):
                    self._by_place[key] = one

    def of(self, site: QuerySite) -> ServedBy | None:
        """None for what has no grade: inserts, and what is only built."""
        if site.kind in {"insert", "builder", "factory", "assertion", "truncate", "statement"}:
            return None
        table = site.table.rsplit(".", 1)[-1].lower()
        return self._by_place.get((site.at.file, site.at.line, table))

    def chosen(self, queries: Queries, asked: Asked) -> list[QuerySite]:
        """The sites that are asked for, in the order that is asked for."""
        wanted = {g.lower() for g in asked.grades}
        sites = [s for s in queries.sites if asked.takes(s)]
        if wanted:
            sites = [s for s in sites if (g := self.of(s)) is not None and g.grade in wanted]
        if asked.sort == "grade":
            return sorted(sites, key=self._rank)
        return sorted(sites, key=lambda s: s.table.lower()) if asked.sort == "table" else sites

    def _rank(self, site: QuerySite) -> int:
        found = self.of(site)
        return GRADES.index(found.grade) if found is not None else len(GRADES)


def coverage(queries: Queries) -> str:
    """ "97 of 100 query sites resolved (97.0 %), 3 not"; empty where there is no site at all."""
    return covered(len(queries.sites), len(queries.unresolved))


def covered(resolved: int, unresolved: int) -> str:
    total = resolved + unresolved
    if not total:
        return "no query sites"
    share = int(1000 * resolved / total) / 10  # rounded down: 100.0 % means all of them
    left = f", {unresolved:,} not" if unresolved else ""
    return f"{resolved:,} of {counted(total, 'query site')} resolved ({share} %){left}"


def queries_json(queries: Queries, asked: Asked, found: Performance = NO_PERFORMANCE) -> str:
    """The sites that are asked for as JSON text; the summary counts all."""
    gaps = () if asked.narrowed and not asked.unresolved else queries.unresolved
    graded = Graded(found)
    document: dict[str, Json] = {
        "format": FORMAT,
        "summary": {
            "sites": queries.total,
            "resolved": len(queries.sites),
            "unresolved": len(queries.unresolved),
        },
        "sites": [_site(site, graded.of(site)) for site in graded.chosen(queries, asked)],
        "unresolved": [
            {"file": g.at.file, "line": g.at.line, "reason": g.reason, "kind": g.kind} for g in sorted(gaps)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _site(site: QuerySite, served: ServedBy | None) -> dict[str, Json]:
    columns: dict[str, Json] = {role: list[Json](names) for role, names in _by_role(site)}
    return {
        "file": site.at.file,
        "line": site.at.line,
        "kind": site.kind,
        "via": site.via,
        "terminal": site.terminal,
        "method": site.method,
        "model": site.model,
        "area": site.area,
        "tables": [
            {"name": t.name, "alias": t.alias, "how": t.how, "derived": t.derived} for t in site.tables
        ],
        "columns": columns,
        "limited": site.limited,
        "loop": site.loop,
        "open": site.open,
        "guarded": site.guarded,
        "connection": site.connection,
        "why": list[Json](site.trail),
        "shape": served.shape.id if served is not None else None,
        "grade": served.grade if served is not None else None,
        "indexes": [u.index for u in served.uses] if served is not None else [],
        "left": list[Json](served.left) if served is not None else [],
        "grade_why": served.why if served is not None else "",
    }


def _by_role(site: QuerySite) -> Iterator[tuple[str, list[str]]]:
    """Each role that has columns with their names, in the order of the code; those of other tables with their table's."""
    for role in ROLES:
        names = [
            use.column if use.table in ("", site.table) else f"{use.table}.{use.column}"
            for use in site.columns
            if use.role == role
        ]
        if names:
            yield role, list(dict.fromkeys(names))


def queries_text(queries: Queries, asked: Asked, found: Performance = NO_PERFORMANCE) -> str:
    """One site a paragraph, and at the end how many there are."""
    graded = Graded(found)
    sites = graded.chosen(queries, asked)
    lines = [line for site in sites for line in _lines(site, asked.why, graded.of(site))]
    if asked.unresolved or not asked.narrowed:
        lines.extend(_gap(gap) for gap in sorted(queries.unresolved))
    shown = len(sites)
    if shown and shown != len(queries.sites):
        lines.append(f"{counted(shown, 'query site')} shown.")
    lines.append(f"{coverage(queries).capitalize()}.")
    return "".join(f"{line}\n" for line in lines)


def _lines(site: QuerySite, why: bool, served: ServedBy | None) -> Iterator[str]:
    tables = ", ".join(_table(t.name, t.alias, t.derived) for t in site.tables)
    marks = [
        word
        for word, holds in (("limit", site.limited), ("in a loop", site.loop), ("partly followed", site.open))
        if holds
    ]
    end = f"  [{', '.join(marks)}]" if marks else ""
    yield plain(f"{site.at}  {site.kind}  {tables}{end}")
    for role, names in _by_role(site):
        yield plain(f"    {role}: {', '.join(names)}")
    if served is not None:
        yield plain(f"    {served.grade}: {served.why}")
    if why:
        for ref in site.tables:
            yield plain(f"    {ref.name or 'subquery'}: {ref.how or 'given in the code'}")
        for step in site.trail:
            yield plain(f"    because: {step}")


def _table(name: str, alias: str, derived: bool) -> str:
    shown = "(subquery)" if derived else name
    return f"{shown} as {alias}" if alias and alias != name else shown


def _gap(gap: Gap) -> str:
    return plain(f"{gap.at}  not resolved: {gap.reason}")
