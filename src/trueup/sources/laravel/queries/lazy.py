"""Relations that are read row by row, and what global scopes add: both are known only once the walk has come past."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.eloquent import Model, Relation
from trueup.model.locations import Location
from trueup.model.queries import LazyLoad, ScopeUse
from trueup.sources.laravel.queries.builder import Builder, area_of, resolve
from trueup.sources.laravel.queries.values import ClassString, Frame, Obj, Query, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.program import Program
    from trueup.sources.laravel.queries.walker import Walker

_LOADERS = re.compile(rb"relationLoaded|setRelation|loadMissing|whenLoaded|automaticallyEagerLoad")


def note(walker: Walker, model: Model, relation: Relation, base: Obj, at: Location, frame: Frame) -> None:
    """Notes a relation that is read from a row in a loop over a query's rows, unless something may have loaded it: `with()`,
    `load()`, the model's `$with`, a global scope, a method that is not known, or code that asks first."""
    program = walker.program
    loaded = base.loaded
    if loaded is None or not base.turning or loaded.has(relation.method) or base.fresh:
        return
    always = {a.name.split(".")[0].split(":")[0].lower() for a in model.eager}
    automatic = any("automaticallyeagerload" in s.name.lower() for s in program.eloquent.global_settings)
    if relation.method.lower() in always or model.global_scopes or automatic or program.ambiguous:
        return
    if _asks_first(program, at):
        return
    key = (at.file, at.line, model.name, relation.method)
    program.found.lazy.setdefault(
        key,
        LazyLoad(model.name, relation.method, at, loaded.at, loaded.limited, frame.method, area_of(at.file)),
    )


def _asks_first(program: Program, at: Location) -> bool:
    """Whether the function around a place looks whether relations are loaded, or sets them itself."""
    parsed = program.classes.parsed(at.file)
    source = program.classes.source(at.file).splitlines()
    functions = [*parsed.functions, *(f for c in parsed.classes for f in c.methods.values())]
    for function in functions:
        if function.line <= at.line <= max(function.end_line, function.line):
            return _LOADERS.search(b"\n".join(source[function.line - 1 : function.end_line])) is not None
    return False


def note_scope(walker: Walker, model: Model, value: Value, builder: Builder, frame: Frame) -> None:
    """A class given to `addGlobalScope`: its `apply()` is walked with the query."""
    if isinstance(value, Obj | ClassString):
        found = walker.program.classes.method(value.cls, "apply")
        if found is not None and found[1].params:
            inner = Frame(found[0].file, {}, value.cls, f"{value.cls}::apply", calls=frame.calls + 1)
            walker.bind_types(found[1], inner, found[0])
            inner.variables[found[1].params[0].name] = Query(builder)
            walker.run(found[1], inner)
    keep_scope(walker.program, model, builder)


def keep_scope(program: Program, model: Model, builder: Builder) -> None:
    """Keeps the conditions that a scope put on a fresh query of the model."""
    uses = [resolve(u, builder, program.columns_of) for u in builder.uses if u.role == "filter"]
    program.found.scopes.update((ScopeUse(model.name, u), None) for u in uses if u is not None)
