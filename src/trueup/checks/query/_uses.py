"""Loops over the columns and tables that queries use, for the checks of this folder."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from trueup.model.audit import Facts
from trueup.model.eloquent import Model
from trueup.model.locations import Location
from trueup.model.names import Driver
from trueup.model.queries import ColumnUse, QuerySite
from trueup.model.schema import Column, Table
from trueup.structs import Struct

_SYSTEM = re.compile(
    r"^(information_schema|pg_|sqlite_|mysql\.|performance_schema|sys\.|pragma_|dual$|generate_series|json_|unnest)",
    re.I,
)
IMPLICIT = "implicit"
"""The operator of a column that the framework writes by itself."""
MYSQL: tuple[Driver, ...] = ("mysql", "mariadb")
_PSEUDO = frozenset({"rowid", "oid", "ctid", "xmin", "_rowid_", "tableoid", "rownum"})


class Used(Struct, frozen=True):
    """One use of a column of a table that exists, at a site."""

    site: QuerySite
    use: ColumnUse
    table: Table

    @property
    def at(self) -> Location:
        return self.use.at if self.use.at.line else self.site.at


def is_system_table(name: str) -> bool:
    """A table of the server's own, or a function that gives rows."""
    return bool(_SYSTEM.match(name)) or not re.fullmatch(r"[A-Za-z_][\w$.\-]*", name)


def sites(facts: Facts) -> Iterator[QuerySite]:
    """Every site on the default connection whose code does not ask the schema first. Without those of shared code on the models
    that tests declare for themselves, with tables of their own."""
    own, bases = {m.name for m in facts.eloquent.test_models}, _bases(facts)
    for site in facts.queries.sites:
        shared = site.model in own and site.area not in {"test", "factory"}
        if (
            facts.config.is_audited(site.connection)
            and not site.guarded
            and not shared
            and _class_of(site.relation) not in bases
        ):
            yield site


def _bases(facts: Facts) -> frozenset[str]:
    """Models that another one extends under the same table: what the framework derives from a class's name it derives from the
    other's."""
    tables = {m.name: m.table for m in facts.eloquent.models}
    return frozenset(
        parent
        for m in facts.eloquent.models
        for parent in m.parents
        if m.table and tables.get(parent) == m.table
    )


def _class_of(relation: str) -> str:
    return relation.rpartition("::")[0]


_last: list[tuple[Facts, tuple[Used, ...]]] = []
"""What was found in the facts that were asked about last: several checks ask for the same."""


def column_uses(facts: Facts) -> tuple[Used, ...]:
    """Every use of a column whose table is known and built by the migrations; worked out once for the same facts."""
    if not _last or _last[0][0] is not facts:
        _last[:] = [(facts, tuple(_column_uses(facts)))]
    return _last[0][1]


def _column_uses(facts: Facts) -> Iterator[Used]:
    known = {t.name.lower(): t for t in facts.schema.tables}
    made = made_in_tests(facts)
    for site in sites(facts):
        for use in site.columns:
            table = known.get(bare(use.table)) if use.table else None
            own = site.area in {"test", "factory"} and bare(use.table) in made
            unclear = site.ambiguous or site.inherited or use.alternative
            if table is not None and not own and not unclear:
                yield Used(site, use, table)


def made_in_tests(facts: Facts) -> frozenset[str]:
    """Tables that tests, or what they stand on, build for themselves, in lower case."""
    made = (u.table.lower() for u in facts.eloquent.creations if u.kind == "test creation")
    return frozenset((*made, *(t.lower() for test in facts.eloquent.tests for t in test.creates)))


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A table's name without its database or schema, in lower case."""
    return name.rsplit(".", 1)[-1].lower()


def is_pseudo(column: str) -> bool:
    return column.lower() in _PSEUDO


def nearest(name: str, names: Iterable[str]) -> str:
    """The existing name that is probably meant, or ""."""
    lowered = {n.lower(): n for n in names}
    found = difflib.get_close_matches(name.lower(), sorted(lowered), n=1, cutoff=0.72)
    return lowered[found[0]] if found else ""


def model_of(facts: Facts, site: QuerySite) -> Model | None:
    """The model that a site goes through, where it does."""
    return facts.eloquent.model_or_tests(site.model) if site.model else None


def required_columns(facts: Facts, table: Table) -> Iterator[Column]:
    """Columns that an INSERT must name: NOT NULL, without a default, not made by the server.

    MySQL and MariaDB give an ENUM its first value where none is named, in strict mode too (MySQL manual, "Data Type Default
    Values")."""
    for column in table.columns:
        enum = column.type.lower().startswith("enum") and facts.schema.driver in MYSQL
        made = column.counts or column.generated is not None or column.default is not None
        if not (
            column.nullable or made or enum or "nullable" in column.unknown or "default" in column.unknown
        ):
            yield column


def by_place(locations: Iterable[Location]) -> tuple[Location, ...]:
    return tuple(sorted(set(locations)))
