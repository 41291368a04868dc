"""Models as objects: attributes that are set, `save()`, `update([...])`, `fill()`, `delete()`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.eloquent import Model
from trueup.model.locations import Location
from trueup.sources.laravel.queries import payloads
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.methods import INSTANCE_DELETES, INSTANCE_WRITES
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Frame,
    Item,
    Obj,
    Unknown,
    Value,
    literal,
    text,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall
METHODS = frozenset(
    {
        "update",
        "updateorfail",
        "updatequietly",
        "fill",
        "forcefill",
        "increment",
        "decrement",
        "incrementquietly",
        "decrementquietly",
        "touch",
        "touchquietly",
        "refresh",
        "fresh",
        "restore",
        "restorequietly",
        "setattribute",
        "replicate",
        "truncate",
    }
)
PURE = frozenset(
    name.lower()
    for name in (
        "getKey",
        "getAttribute",
        "getAttributes",
        "getOriginal",
        "toArray",
        "toJson",
        "only",
        "except",
        "isDirty",
        "isClean",
        "wasChanged",
        "getChanges",
        "getDirty",
        "syncOriginal",
        "relationLoaded",
        "setRelation",
        "getRelation",
        "getRelations",
        "unsetRelation",
        "is",
        "isNot",
        "getTable",
        "getKeyName",
        "getMorphClass",
        "getForeignKey",
        "makeHidden",
        "makeVisible",
        "append",
        "getRouteKey",
        "getRouteKeyName",
        "getConnection",
        "getConnectionName",
        "hasAttribute",
        "offsetGet",
        "offsetExists",
        "jsonSerialize",
        "notify",
        "can",
        "cannot",
        "cant",
        "tokenCan",
        "createToken",
        "trashed",
        "exists",
        "getFillable",
        "getCasts",
        "mergeCasts",
        "setConnection",
        "setTable",
        "loadMorph",
        "attributesToArray",
        "relationsToArray",
        "withoutRelations",
        "getIncrementing",
        "getKeyType",
        "usesTimestamps",
        "freshTimestamp",
        "broadcastOn",
        "notifyNow",
        "routeNotificationFor",
        "hasVerifiedEmail",
        "sendEmailVerificationNotification",
        "getAuthPassword",
        "getAuthIdentifier",
        "setHidden",
        "setVisible",
        "setAppends",
        "qualifyColumn",
        "discardChanges",
        "isRelation",
        "getQualifiedKeyName",
        "searchable",
        "dump",
        "dd",
        "assertSee",
        "originalIsEquivalent",
        "preventsLazyLoading",
        "newInstance",
        "newCollection",
        "newFromBuilder",
    )
) - {"exists"}


_PENDING = "->"
"""Before a variable's name: the attributes set on the model that it holds, until it is saved."""


def set_attribute(
    walker: Walker,
    base: Obj,
    model: Model,
    name: str,
    value: Value,
    at: Location,
    frame: Frame,
    variable: str = "",
) -> None:
    """`$model->name = value`: written when `variable` is saved; an attribute that is never saved is a value for a view."""
    if model.table is None or any(m.name == name for m in model.mutators):
        set_any_attribute(walker, base)
        return
    if walker.program.relation(model, name) is not None:
        return
    item = Item(value, name, True, at.line, frame.depth == 0, at.file)
    if base.fresh:
        walker.written[base.fresh][name] = item
        return
    pending = frame.variables.get(_PENDING + variable)
    before = pending if isinstance(pending, Arr) else Arr()
    frame.variables[_PENDING + variable] = before.with_item(item)


def set_any_attribute(walker: Walker, base: Obj) -> None:
    """`$model->$name = value` with a name that can't be told: any column may be among those that are saved."""
    if base.fresh:
        walker.written[base.fresh]["*"] = Item(UNKNOWN)


def _query(walker: Walker, model: Model, at: Location, frame: Frame) -> Builder:
    builder = walker.program.model_query(frame, at.line, model.name)
    builder.scoped = False
    builder.trail.append("a model instance")
    return builder


def call(
    walker: Walker,
    base: Obj,
    model: Model,
    node: Node,
    lowered: str,
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    if lowered in {"fill", "forcefill", "setattribute"}:
        return _fill(walker, base, model, values, at, frame, lowered)
    if lowered in INSTANCE_WRITES:
        return _save(walker, base, model, at, frame, node)
    builder = _query(walker, model, at, frame)
    if model.primary_key:
        builder.use(model.primary_key, "filter", at, operator="=")
    builder.limited = True
    if lowered in INSTANCE_DELETES:
        if model.soft_deletes and not lowered.startswith("force"):
            builder.use(model.deleted_at, "write", at)
        walker.program.record(builder, "delete", str(node.name), at)
        return Unknown("bool")
    if lowered in {"refresh", "fresh"}:
        walker.program.record(builder, "select", str(node.name), at)
        return base
    if lowered == "replicate":
        return Obj(base.cls)
    return _update(walker, builder, model, lowered, values, at, str(node.name))


def _update(
    walker: Walker,
    builder: Builder,
    model: Model,
    lowered: str,
    values: Sequence[Value],
    at: Location,
    name: str,
) -> Value:
    complete = True
    if lowered.startswith("update") and values:
        complete = payloads.row(builder, values[0], at, "write")
    elif lowered.startswith(("increment", "decrement")) and values:
        column = text(values[0])
        if column is not None:
            builder.use(column, "write", at, operator="+")
    elif lowered.startswith("touch") and values and (column := text(values[0])):
        builder.use(column, "write", at)
    elif lowered.startswith("restore"):
        builder.use(model.deleted_at, "write", at)
    if model.timestamps and model.updated_at:
        builder.use(model.updated_at, "write", at)
    walker.program.record(builder, "update", name, at, complete_payload=complete)
    return Unknown("bool")


def _fill(
    walker: Walker, base: Obj, model: Model, values: Sequence[Value], at: Location, frame: Frame, lowered: str
) -> Value:
    if lowered == "setattribute":
        name = text(values[0]) if values else None
        if name is not None and len(values) > 1:
            set_attribute(walker, base, model, name, values[1], at, frame)
        elif name is None:
            set_any_attribute(walker, base)
        return base
    given = values[0] if values else Arr()
    if base.fresh:
        if isinstance(given, Arr):
            walker.written[base.fresh].update(
                {k: replace(i, file=i.file or frame.file) for k, i in given.keyed()}
            )
        if not isinstance(given, Arr) or not given.complete:
            walker.written[base.fresh]["*"] = Item(UNKNOWN)
    elif isinstance(given, Arr):
        builder = _query(walker, model, at, frame)
        payloads.row(builder, given, at, "write")
        walker.program.record(builder, "update", lowered, at)
    return base


def _save(walker: Walker, base: Obj, model: Model, at: Location, frame: Frame, node: Node) -> Value:
    """`save()` of a model made by `new` here is an INSERT of what was set; of another, an UPDATE of what was set here before."""
    name = str(node.name)
    if not base.fresh:
        variable = (
            node.base.name if isinstance(node, php.MethodCall) and isinstance(node.base, php.Variable) else ""
        )
        pending = frame.variables.pop(_PENDING + variable, None) if variable else None
        if isinstance(pending, Arr):
            changed = _query(walker, model, at, frame)
            payloads.row(changed, pending, at, "write")
            walker.program.record(changed, "update", name, at)
        return Unknown("bool")
    builder = _query(walker, model, at, frame)
    attributes = walker.written[base.fresh]
    for column, item in sorted(attributes.items()):
        if column != "*":
            place = Location(item.file or at.file, item.line) if item.line else at
            builder.use(column, "write", place, value=literal(item.value), certain=item.certain)
    for stamp in (model.created_at, model.updated_at) if model.timestamps else ():
        if stamp:
            builder.use(stamp, "write", at)
    builder.trail.append("new, attributes set, saved")
    walker.program.record(builder, "insert", name, at, complete_payload="*" not in attributes)
    del frame
    return Unknown("bool")
