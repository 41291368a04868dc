"""What a migration needs to know of a model: its table and its keys."""

from __future__ import annotations

from trueup.sources.laravel.inflection import snake
from trueup.structs import Struct


class ModelFacts(Struct, frozen=True):
    """`name` is the short class name. `ulids`: the class uses HasUlids."""

    name: str
    table: str
    key_name: str = "id"
    key_type: str = "int"
    incrementing: bool = True
    ulids: bool = False
    own_foreign_key: str = ""

    @property
    def foreign_key(self) -> str:
        """`Model::getForeignKey()`; the class may have one of its own."""
        return self.own_foreign_key or f"{snake(self.name)}_{self.key_name}"
