"""Fields whose rules and whose column are both known, and the parts of the examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from trueup.checks.model._stored import bare
from trueup.checks.wording import listed, places
from trueup.model.audit import Facts
from trueup.model.locations import Location
from trueup.model.queries import FieldRules
from trueup.model.schema import Column, Table
from trueup.structs import Struct


class Field(Struct, frozen=True):
    written: FieldRules
    table: Table
    column: Column

    def values(self, name: str) -> tuple[str, ...] | None:
        """What stands behind the rule's colon, split at commas; None where the field has no such rule."""
        for rule in self.written.rules:
            head, _, rest = rule.partition(":")
            if head.strip().lower() == name:
                return tuple(v.strip().strip('"') for v in rest.split(",")) if rest else ()
        return None

    def has(self, *names: str) -> bool:
        return any(self.values(n) is not None for n in names)


def fields(facts: Facts) -> Iterator[Field]:
    for written in facts.queries.fields:
        table = facts.schema.table(bare(written.table))
        column = table.column(written.column) if table is not None else None
        if table is not None and column is not None and not {"type", "nullable"} & set(column.unknown):
            yield Field(written, table, column)


def by_table(found: Iterable[Field]) -> list[tuple[Table, list[Field]]]:
    """Fields by table, sorted by its name; each column once, the first place of it."""
    tables: dict[str, dict[str, Field]] = {}
    for field in found:
        tables.setdefault(field.table.name, {}).setdefault(field.column.name, field)
    return [(next(iter(c.values())).table, list(c.values())) for _, c in sorted(tables.items())]


def names_of(several: Iterable[Field]) -> str:
    return listed(f.column.name for f in several)


def places_of(several: list[Field]) -> tuple[Location, ...]:
    return places(*(f.written.at for f in several), *(f.column.at for f in several))


def request(rules: str) -> dict[str, str]:
    """The file of a form request with `rules`, entries of its array."""
    inside = textwrap.indent(textwrap.dedent(rules).strip(), " " * 12)
    text = (
        "<?php\n\nnamespace App\\Http\\Requests;\n\nuse Illuminate\\Foundation\\Http\\FormRequest;\n\n"
        "class StoreProject extends FormRequest\n{\n    public function rules(): array\n    {\n        return [\n"
        f"{inside}\n        ];\n    }}\n}}\n"
    )
    return {"app/Http/Requests/StoreProject.php": text}
