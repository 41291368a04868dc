"""What a walk found: sites, places that could not be resolved, validation rules. Findings of several files become one by adding."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from trueup.model.locations import Gap
from trueup.model.queries import FieldRules, QuerySite

SiteKey = tuple[str, int, str, str, tuple[str, ...]]
"""File, line, terminal call, main table, columns of a payload that is known whole."""
Place = tuple[str, int, str]
"""File, line, terminal call or field."""


@dataclass(slots=True)
class Found:
    """Sites are keyed so that a place that is walked twice (inlined) is merged, not repeated."""

    sites: dict[SiteKey, QuerySite] = field(default_factory=dict)
    unresolved: dict[Place, Gap] = field(default_factory=dict)
    fields: dict[Place, FieldRules] = field(default_factory=dict)
    crashes: list[Gap] = field(default_factory=list)

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
        self.crashes.extend(other.crashes)

    def gaps(self) -> tuple[Gap, ...]:
        """The places that no walk resolved, sorted."""
        resolved = {(file, line, terminal) for file, line, terminal, _, _ in self.sites}
        return tuple(sorted(gap for key, gap in self.unresolved.items() if key not in resolved))


def merged(known: QuerySite, new: QuerySite) -> QuerySite:
    """Two readings of one place: what both tell."""
    return replace(
        new,
        columns=tuple(dict.fromkeys((*known.columns, *new.columns))),
        aliases=tuple(dict.fromkeys((*known.aliases, *new.aliases))),
        tables=tuple(dict.fromkeys((*known.tables, *new.tables))),
        limited=known.limited and new.limited,
        open=known.open or new.open,
        loop=known.loop or new.loop,
        complete_payload=known.complete_payload and new.complete_payload,
    )
