"""Relations of models: queries on the related table."""

from __future__ import annotations

from trueup.sources.laravel.runtime.data import Inert
from trueup.sources.laravel.runtime.query import HANDLERS, QueryBuilder
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, HostObject, Missing, Value

_RELATION_TERMINALS = frozenset(
    [
        "get",
        "first",
        "count",
        "exists",
        "doesntexist",
        "pluck",
        "each",
        "chunk",
        "sum",
        "value",
        "delete",
        "update",
    ]
)

_RELATION_WRITES = frozenset(
    [
        "attach",
        "detach",
        "sync",
        "syncwithoutdetaching",
        "save",
        "savemany",
        "create",
        "createmany",
        "associate",
        "dissociate",
    ]
)


class RelationObject(HostObject):
    """A relation's builder. Writes through it (attach, sync, create) are not followed to rows."""

    __slots__ = ("query",)

    def __init__(self, query: QueryBuilder) -> None:
        self.query = query

    @property
    def php_class(self) -> str:
        return "Illuminate\\Database\\Eloquent\\Relations\\Relation"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        if lowered in _RELATION_TERMINALS:
            return self.query.call(method, args, ctx)
        if lowered in _RELATION_WRITES:
            return Inert("Illuminate\\Database\\Eloquent\\Model")
        if lowered in HANDLERS:
            self.query.call(method, args, ctx)
        return self
