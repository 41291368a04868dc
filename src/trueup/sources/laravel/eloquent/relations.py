"""Relations with the framework's defaults put in (reference: laravel-queries.md, section 4).

Two steps, because a default may need the other model's key: relation_calls.py reads what each method says; when all models are
known, `Resolver.relation` fills in what the framework would."""

from __future__ import annotations

import re
from collections.abc import Callable

from trueup.model.eloquent import Model, Relation
from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.bases import SKELETON, base_of
from trueup.sources.laravel.eloquent.lineage import Lineage, lineage_of
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.relation_calls import RelationCall
from trueup.sources.laravel.eloquent.written import Listed
from trueup.sources.laravel.inflection import plural, snake, table_of
from trueup.sources.php import tree
from trueup.structs import Struct, replace

_PIVOT_COLUMN_CALLS = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "or")
    for name in (
        "wherepivot",
        "wherepivotin",
        "wherepivotnotin",
        "wherepivotnull",
        "wherepivotnotnull",
        "wherepivotbetween",
        "wherepivotnotbetween",
        "orderbypivot",
        "orderbypivotdesc",
        "withpivotvalue",
    )
)
_ALIAS = re.compile(r"\sas\s", re.IGNORECASE)
_ONE_OF_MANY = frozenset({"ofmany", "latestofmany", "oldestofmany"})


class Related(Struct, frozen=True):
    """What a relation's defaults need of a model. `key` None: not known. `short` is its class's base name."""

    name: str
    short: str
    key: str | None
    table: str | None
    names_key: bool = False
    """The model has a `getForeignKey()` of its own."""

    @property
    def foreign_key(self) -> str | None:
        """`Model::getForeignKey()`."""
        return f"{snake(self.short)}_{self.key}" if self.key and not self.names_key else None


def _related_to(model: Model) -> Related:
    return Related(
        model.name, model.short, model.primary_key, model.table, "getforeignkey" in model.overrides
    )


_OWN_KEYS = {
    "getForeignKey": ("foreign_key", "through_first_key", "pivot_foreign_key"),
    "getKeyName": ("local_key",),
}
"""`$this->getForeignKey()` and the like, and the arguments whose default they are."""


def _own_method(expr: tree.Expr) -> str:
    """The method of a call on `$this`, "" for anything else."""
    if (
        isinstance(expr, tree.MethodCall)
        and isinstance(expr.base, tree.Variable)
        and expr.base.name == "this"
    ):
        return str(expr.name)
    return ""


class _Arguments:
    """The arguments of one call as values. A field that is given but can't be read is None and `explicit`."""

    def __init__(self, call: RelationCall, literals: Literals, scope: Scope) -> None:
        self.values: dict[str, str | None] = {}
        for field, expr in call.arguments:
            if field in _OWN_KEYS.get(_own_method(expr), ()):
                continue  # what it is anyway
            value = literals.value(expr, scope)
            if value is None or value == "":
                continue
            self.values[field] = value if isinstance(value, str) else None

    def get(self, field: str, default: str | None) -> str | None:
        return self.values.get(field, default)

    @property
    def explicit(self) -> tuple[str, ...]:
        return tuple(f for f in self.values if f not in ("related", "through", "name"))


class Resolver(Struct, frozen=True):
    """`models` answers a model by class name; `calls` the relation calls of a class by lower-case method."""

    literals: Literals
    models: Callable[[str], Model | None]
    calls: Callable[[str], dict[str, RelationCall]]

    def relation(self, call: RelationCall, model: Model, lineage: Lineage, hops: int = 0) -> Relation:
        scope = Scope(call.layer.decl.file, call.layer, lineage, function=call.function)
        at = Location(call.layer.decl.file, call.line)
        if call.kind == "through":
            return self._pending_through(call, model, at, hops)
        given = _Arguments(call, self.literals, scope)
        related = self._related(given.get("related", None))
        plain = Relation(call.method, call.kind, related.name if related else "", at, explicit=given.explicit)
        parent = _related_to(model)
        filled = self._filled(plain, call, given, parent, related)
        return self._chained(filled, call, scope)

    def _related(self, name: str | None) -> Related | None:
        if not name:
            return None
        name = name.lstrip("\\")
        model = self.models(name)
        if model is not None:
            return _related_to(model)
        short = name.rsplit("\\", 1)[-1]
        base = base_of(name)
        if base is not None:
            return Related(name, short, base.key, base.table or table_of(short))
        table, key = SKELETON.get(name.lower(), (None, None))
        return Related(name, short, key, table)

    def _filled(
        self, plain: Relation, call: RelationCall, given: _Arguments, parent: Related, related: Related | None
    ) -> Relation:
        match call.kind:
            case "belongsTo":
                return _belongs_to(plain, call, given, related)
            case "hasOne" | "hasMany":
                return replace(
                    plain,
                    foreign_key=given.get("foreign_key", parent.foreign_key),
                    local_key=given.get("local_key", parent.key),
                )
            case "morphTo":
                return _morph_to(plain, call, given)
            case "morphOne" | "morphMany":
                return replace(
                    _morph_columns(plain, given, given.get("morph_name", None)),
                    local_key=given.get("local_key", parent.key),
                )
            case "hasOneThrough" | "hasManyThrough":
                return self._has_through(plain, given, parent)
            case _:
                return self._many_to_many(plain, call, given, parent, related)

    def _has_through(self, plain: Relation, given: _Arguments, parent: Related) -> Relation:
        through = self._related(given.get("through", None))
        return replace(
            plain,
            through=through.name if through else "",
            through_first_key=given.get("through_first_key", parent.foreign_key),
            through_second_key=given.get("through_second_key", through.foreign_key if through else None),
            local_key=given.get("local_key", parent.key),
            through_local_key=given.get("through_local_key", through.key if through else None),
        )

    def _many_to_many(
        self, plain: Relation, call: RelationCall, given: _Arguments, parent: Related, related: Related | None
    ) -> Relation:
        name = given.get("morph_name", None)
        theirs = related.foreign_key if related else None
        by_name = f"{name}_id" if name else None
        first, second = {
            "morphToMany": (by_name, theirs),
            "morphedByMany": (parent.foreign_key, by_name),
        }.get(call.kind, (parent.foreign_key, theirs))
        morph = call.kind != "belongsToMany"
        table = _morph_table(name) if morph else _joining_table(parent, related)
        table, using = self._pivot(given.get("pivot_table", table))
        return replace(
            plain,
            pivot_table=table,
            using=using,
            pivot_foreign_key=given.get("pivot_foreign_key", first),
            pivot_related_key=given.get("pivot_related_key", second),
            local_key=given.get("local_key", parent.key),
            related_key=given.get("related_key", related.key if related else None),
            morph_name=name if morph else None,
            morph_type=f"{name}_type" if morph and name else None,
            morph_id=by_name if morph else None,
        )

    def _pivot(self, table: str | None) -> tuple[str | None, str]:
        """A class in place of the table's name stands for its table."""
        if not table or "\\" not in table:
            return table, ""
        model = self.models(table)
        if model is None:
            return None, table.lstrip("\\")
        return model.table, model.name

    def _chained(self, relation: Relation, call: RelationCall, scope: Scope) -> Relation:
        for link in call.chained:
            if not isinstance(link.name, str):
                continue
            relation = self._link(relation, link, link.name.lower(), scope)
        return relation

    def _link(self, relation: Relation, link: tree.MethodCall, name: str, scope: Scope) -> Relation:
        if name == "withpivot":
            columns = tuple(_ALIAS.split(c)[0] for c in self._columns(link, scope))
            return replace(relation, pivot_columns=_added(relation.pivot_columns, columns))
        if name in _PIVOT_COLUMN_CALLS:
            return replace(
                relation, pivot_columns=_added(relation.pivot_columns, self._columns(link, scope)[:1])
            )
        if name == "withtimestamps":
            return replace(relation, pivot_timestamps=True)
        if name == "using" and link.args:
            return replace(relation, using=self.literals.text(link.args[0].value, scope) or "")
        if name in _ONE_OF_MANY:
            return replace(relation, one_of_many=True)
        if name == "one" and relation.kind in ("hasMany", "morphMany", "hasManyThrough"):
            return replace(relation, kind=relation.kind.replace("Many", "One"))
        return relation

    def _columns(self, link: tree.MethodCall, scope: Scope) -> tuple[str, ...]:
        """`('a', 'b')` or `(['a', 'b'])`."""
        found: list[str] = []
        for argument in link.args:
            value = self.literals.value(argument.value, scope)
            if isinstance(value, Listed):
                found += [e.key if isinstance(e.key, str) else str(e.value) for e in value.entries]
            elif isinstance(value, str):
                found.append(value)
        return tuple(found)

    def _pending_through(self, call: RelationCall, model: Model, at: Location, hops: int) -> Relation:
        """`through('a')->has('b')`: the keys are those of the two relations."""
        unread = Relation(call.method, "hasManyThrough", "", at)
        near = self._by_name(model.name, call.hops[0], hops)
        far = self._by_name(near.related, call.hops[1], hops) if near else None
        if near is None or far is None:
            return unread
        many = "Many" in near.kind or "Many" in far.kind
        return Relation(
            call.method,
            "hasManyThrough" if many else "hasOneThrough",
            far.related,
            at,
            through=near.related,
            through_first_key=near.foreign_key or near.morph_id,
            through_second_key=far.foreign_key or far.morph_id,
            local_key=near.local_key,
            through_local_key=far.local_key,
        )

    def _by_name(self, cls: str, method: str, hops: int) -> Relation | None:
        model = self.models(cls)
        call = self.calls(cls).get(method.lower()) if model else None
        if model is None or call is None or hops > 4:
            return None
        lineage = lineage_of(model.name, self.literals.index)
        return self.relation(call, model, lineage, hops + 1) if lineage else None


def _belongs_to(plain: Relation, call: RelationCall, given: _Arguments, related: Related | None) -> Relation:
    name = given.get("name", call.named_after) or call.named_after
    key = related.key if related else None
    default = f"{snake(name)}_{key}" if key else None
    return replace(
        plain, foreign_key=given.get("foreign_key", default), local_key=given.get("local_key", key)
    )


def _morph_to(plain: Relation, call: RelationCall, given: _Arguments) -> Relation:
    """The name is the method's; the columns are made of its snake case."""
    name = given.get("morph_name", call.named_after)
    columns = _morph_columns(plain, given, snake(name) if name else None)
    return replace(columns, morph_name=name, local_key=given.get("local_key", None))


def _morph_columns(plain: Relation, given: _Arguments, name: str | None) -> Relation:
    return replace(
        plain,
        morph_name=name,
        morph_type=given.get("morph_type", f"{name}_type" if name else None),
        morph_id=given.get("morph_id", f"{name}_id" if name else None),
    )


def _morph_table(name: str | None) -> str | None:
    if not name:
        return None
    head, underscore, last = name.rpartition("_")
    return f"{head}{underscore}{plural(last)}"


def _joining_table(parent: Related, related: Related | None) -> str | None:
    if related is None:
        return None
    return "_".join(sorted((snake(parent.short), snake(related.short)))).lower()


def _added(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return old + tuple(c for c in new if c not in old)
