"""What a walk found: sites, places that could not be resolved, validation rules. Findings of several files become one by adding."""

from __future__ import annotations

from trueup.model.locations import Gap
from trueup.model.queries import FieldRules, LazyLoad, QuerySite, ScopeUse
from trueup.structs import Struct, field, replace

SiteKey = tuple[str, int, str, str, tuple[str, ...]]
"""File, line, terminal call, main table, columns of a payload that is known whole."""
Place = tuple[str, int, str]
"""File, line, terminal call or field."""
_MOST_VARIANTS = 6


class Found(Struct):
    """Sites are keyed so that a place that is walked twice (inlined) is merged, not repeated."""

    sites: dict[SiteKey, QuerySite] = field(default_factory=dict)
    unresolved: dict[Place, Gap] = field(default_factory=dict)
    fields: dict[Place, FieldRules] = field(default_factory=dict)
    limits: set[Gap] = field(default_factory=set)
    """Code that was not followed to its end."""
    lazy: dict[tuple[str, int, str, str], LazyLoad] = field(default_factory=dict)
    """By file, line, model and relation."""
    scopes: dict[ScopeUse, None] = field(default_factory=dict)

    def add_site(self, key: SiteKey, site: QuerySite) -> None:
        known = self.sites.get(key)
        self.sites[key] = merged(known, site) if known is not None else site

    def add(self, other: Found) -> None:
        """What another walk found, after this one's."""
        for key, site in other.sites.items():
            self.add_site(key, site)
        for place, gap in other.unresolved.items():
            self.unresolved.setdefault(place, gap)
        for place, rules in other.fields.items():
            self.fields.setdefault(place, rules)
        for load, noted in other.lazy.items():
            self.lazy.setdefault(load, noted)
        self.scopes.update(other.scopes)
        self.limits |= other.limits

    def gaps(self) -> tuple[Gap, ...]:
        """The places that no walk resolved, sorted."""
        resolved = {(file, line, terminal) for file, line, terminal, _, _ in self.sites}
        return tuple(sorted(gap for key, gap in self.unresolved.items() if key not in resolved))


def merged(known: QuerySite, new: QuerySite) -> QuerySite:
    """Two readings of one place: what both tell, and each of the different queries beside it."""
    every = (*(known.variants or (known,)), *(new.variants or (replace(new, variants=()),)))
    variants = tuple(dict.fromkeys(every))[:_MOST_VARIANTS]
    return replace(
        new,
        variants=variants if len(variants) > 1 else (),
        columns=tuple(dict.fromkeys((*known.columns, *new.columns))),
        aliases=tuple(dict.fromkeys((*known.aliases, *new.aliases))),
        tables=tuple(dict.fromkeys((*known.tables, *new.tables))),
        limited=known.limited and new.limited,
        # A rule that names no column is read again where its attribute, which is the column, is known.
        open=(known.open and new.open) if new.via == "rule" else (known.open or new.open),
        loop=known.loop or new.loop,
        row_loop=known.row_loop or new.row_loop,
        loose=known.loose or new.loose,
        narrowed=known.narrowed and new.narrowed,
        star=known.star or new.star,
        complete_payload=known.complete_payload and new.complete_payload,
        inherited=known.inherited and new.inherited,
    )
