"""The loops over models and the tables that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trueup.checks.subjects import doubt_about_contents
from trueup.checks.subjects import unsure as cannot_tell
from trueup.checks.wording import code, listed
from trueup.model.audit import Facts
from trueup.model.eloquent import Attribute, Model
from trueup.model.findings import CannotTell
from trueup.model.locations import Location
from trueup.model.queries import QuerySite
from trueup.model.schema import Column, Table
from trueup.structs import Struct


class Stored(Struct, frozen=True):
    """A model that is no mere base class, with its table."""

    model: Model
    table: Table

    def has(self, column: str) -> bool:
        return self.table.column(column) is not None


def stored_models(facts: Facts) -> Iterator[Stored]:
    """Every model on the audited connection whose table exists, in the order of the reader."""
    for model in own_models(facts):
        table = facts.schema.table(bare(model.table)) if model.table else None
        if table is not None:
            yield Stored(model, table)


def own_models(facts: Facts) -> Iterator[Model]:
    """Models that can be made (not abstract) and live on the connection that is audited."""
    for model in facts.eloquent.models:
        if not model.abstract and facts.config.is_audited(model.connection):
            yield model


def bare(table: str | None) -> str:
    """A table's name without its database and without the alias that `'orders AS o'` gives it."""
    return re.split(r"\sas\s", (table or "").rsplit(".", 1)[-1], maxsplit=1, flags=re.IGNORECASE)[0].rstrip()


def is_extended(facts: Facts, model: Model) -> bool:
    """Whether other models inherit from it, so that it may be their mere base."""
    return any(model.name in other.parents for other in facts.eloquent.models)


def doubt(code_: str, facts: Facts, stored: Stored) -> CannotTell | None:
    """What makes it impossible to say that a column is missing from the model's table."""
    gap = doubt_about_contents(facts, stored.table)
    return cannot_tell(code_, stored.model.name, gap, stored.table.name) if gap else None


def once(
    found: Iterable[tuple[Stored, tuple[Attribute, ...]]],
) -> Iterator[tuple[Stored, tuple[Attribute, ...]]]:
    """Each written name once, for the first model that has it: subclasses and users of a trait share its line."""
    seen: set[tuple[Location, str, str]] = set()
    for stored, attributes in found:
        new = tuple(a for a in attributes if (a.at, a.name, stored.table.name) not in seen)
        seen.update((a.at, a.name, stored.table.name) for a in new)
        if new:
            yield stored, new


def is_virtual(model: Model, name: str) -> bool:
    """Whether a name that is no column may mean something else: an accessor, a mutator, a relation."""
    lowered = name.lower()
    return (
        any(a.name.lower() == lowered for a in (*model.accessors, *model.mutators))
        or any(r.method.lower() == lowered for r in model.relations)
        or bool(model.outside)
        or bool(ATTRIBUTE_WAYS & set(model.overrides))
    )


ATTRIBUTE_WAYS = frozenset({"setattribute", "getattribute", "__get", "__set", "fill", "setrawattributes"})
"""Methods that may take names which are no columns, or give values for them."""
SAVING_WAYS = frozenset(
    {"save", "performinsert", "getattributesforinsert", "getattributes", "setattribute", "fill"}
)
"""Methods that may fill columns before they are written."""


def named(attributes: Iterable[Attribute]) -> str:
    return listed(dict.fromkeys(a.name for a in attributes))


def lines_of(attributes: Iterable[Attribute]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(a.at for a in attributes))


def shown(table: Table, column: Column | str) -> str:
    return code(f"{table.name}.{column if isinstance(column, str) else column.name}")


def _is_own(site: QuerySite, model: Model) -> bool:
    """A query in the model's own methods, inherited ones included: it is there for every model, called or not."""
    return site.method.rpartition("::")[0] == model.name


def writes_rows(facts: Facts, model: Model) -> bool:
    """Whether product code outside the model saves rows through it; `insert()` goes past the model, timestamps included."""
    return any(
        s.model == model.name
        and not _is_own(s, model)
        and s.area not in {"test", "factory"}
        and s.via != "factory"
        and s.kind in _SAVES
        and s.terminal not in _PAST_THE_MODEL
        for s in facts.queries.sites
    )


def is_queried(facts: Facts, model: Model) -> bool:
    """Whether product code outside the model runs a query through it."""
    return any(
        s.model == model.name
        and not _is_own(s, model)
        and s.area not in {"test", "factory"}
        and s.via != "factory"
        and s.kind not in {"builder", "rule"}
        for s in facts.queries.sites
    )


_SAVES = frozenset({"insert", "upsert", "update"})
_PAST_THE_MODEL = frozenset({"insert", "insertGetId", "insertOrIgnore", "insertUsing"})


def allowed_values(table: Table, column: Column) -> tuple[str, ...]:
    """The values that a column is limited to: an ENUM's, or those of a CHECK; empty where it is not."""
    if column.values:
        return column.values
    for one in table.checks:
        if one.values and [c.lower() for c in one.columns] == [column.name.lower()]:
            return one.values
    return ()
