"""Query sites for people and for programs: `trueup.queries/1`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from trueup.errors import Mistake
from trueup.model.locations import Gap
from trueup.model.queries import Queries, QueryKind, QuerySite, Role
from trueup.report.plain import counted, plain

FORMAT = "trueup.queries/1"

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

ROLES: tuple[Role, ...] = get_args(Role)
KINDS: tuple[QueryKind, ...] = get_args(QueryKind)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the sites to tell. `tables` and `kinds` empty: all of them. `unresolved`: only what could not be told. `why`: the
    path of reasoning too."""

    tables: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unresolved: bool = False
    why: bool = False

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
    return tuple(found)


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


def queries_json(queries: Queries, asked: Asked) -> str:
    """The sites that are asked for as JSON text; the summary counts all."""
    gaps = () if (asked.tables or asked.kinds) and not asked.unresolved else queries.unresolved
    document: dict[str, Json] = {
        "format": FORMAT,
        "summary": {
            "sites": queries.total,
            "resolved": len(queries.sites),
            "unresolved": len(queries.unresolved),
        },
        "sites": [_site(site) for site in queries.sites if asked.takes(site)],
        "unresolved": [
            {"file": g.at.file, "line": g.at.line, "reason": g.reason, "kind": g.kind} for g in sorted(gaps)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _site(site: QuerySite) -> dict[str, Json]:
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


def queries_text(queries: Queries, asked: Asked) -> str:
    """One site a paragraph, and at the end how many there are."""
    lines = [line for site in queries.sites if asked.takes(site) for line in _lines(site, asked.why)]
    if asked.unresolved or not (asked.tables or asked.kinds):
        lines.extend(_gap(gap) for gap in sorted(queries.unresolved))
    shown = sum(1 for site in queries.sites if asked.takes(site))
    if shown and shown != len(queries.sites):
        lines.append(f"{counted(shown, 'query site')} shown.")
    lines.append(f"{coverage(queries).capitalize()}.")
    return "".join(f"{line}\n" for line in lines)


def _lines(site: QuerySite, why: bool) -> Iterator[str]:
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
