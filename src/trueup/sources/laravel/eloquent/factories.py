"""Factories: whose they are, and which columns they write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from trueup.model.eloquent import Attribute, Factory, FactoryValue
from trueup.model.locations import Gap, Location
from trueup.sources.laravel.eloquent.bases import ELOQUENT
from trueup.sources.laravel.eloquent.classes import ClassIndex
from trueup.sources.laravel.eloquent.lineage import Layer, Lineage, lineage_of
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.returns import assigned, chain_of, expressions, is_this, returned
from trueup.sources.laravel.eloquent.written import Entry, Listed, Made, OneOf, Unread, Value, merged
from trueup.sources.php import tree
from trueup.structs import Struct

FACTORY = (ELOQUENT + "Factories\\Factory").lower()
_NAMESPACE = "database\\factories\\"
_USE_MODEL = (ELOQUENT + "Factories\\Attributes\\UseModel").lower()
_GENERIC = re.compile(r"@(?:template-|phpstan-)?extends\s+\\?[\w\\]*Factory<\s*\\?([\w\\]+)")
_NO_STATES = frozenset({"definition", "modelname", "newmodel", "configure", "__construct"})


class FactoryReader(Struct, frozen=True):
    """`is_model` tells whether a class is one of the project's models; `app` is the application's root namespace with a
    backslash at its end ("App\\")."""

    literals: Literals
    is_model: Callable[[str], bool]
    app: str

    def read_all(self) -> tuple[tuple[Factory, ...], tuple[Gap, ...]]:
        index = self.literals.index
        factories: list[Factory] = []
        gaps: list[Gap] = []
        for declared in list(index.declared.values()):
            ancestors = index.ancestors(declared.name)
            if declared.kind != "class" or not ancestors or ancestors[-1].lower() != FACTORY:
                continue
            lineage = lineage_of(declared.name, index)
            if lineage is not None and not lineage.own.abstract:
                factory = self._read(lineage)
                factories.append(factory)
                if not factory.complete:
                    reason = f"{lineage.own.short}: a part of what definition() returns can't be told"
                    gaps.append(Gap(factory.at, reason, "factory"))
        return tuple(sorted(factories, key=lambda f: f.name)), tuple(gaps)

    def _read(self, lineage: Lineage) -> Factory:
        shape = self._definition(lineage)
        states = tuple(self._states(lineage))
        values = [v for entries in (shape.entries, states) for v in _values(entries)]
        return Factory(
            name=lineage.name,
            at=Location(lineage.own.file, lineage.own.line),
            model=self._model(lineage),
            columns=_columns(shape),
            state_columns=_columns(Listed(states)),
            complete=shape.complete,
            values=tuple(sorted(values, key=lambda v: (v.at, v.column))),
        )

    def _model(self, lineage: Lineage) -> str | None:
        for attribute in lineage.own.attributes:
            if attribute.name.full.lower() == _USE_MODEL and attribute.args:
                return self._text(attribute.args[0].value, lineage.layers[0], lineage)
        found = lineage.property("model")
        if found is not None and found[0].default is not None:
            return self._text(found[0].default, found[1], lineage)
        by_method = self._by_method(lineage)
        return by_method or self._by_name(lineage)

    def _by_method(self, lineage: Lineage) -> str | None:
        if lineage.method("modelName") is None:
            return None
        value = self.literals.method_value("modelName", Scope(lineage.own.file, lineage.layers[0], lineage))
        return value if isinstance(value, str) else None

    def _by_name(self, lineage: Lineage) -> str | None:
        """As the framework guesses it; then as the PHPDoc says."""
        name = lineage.name
        below = name[len(_NAMESPACE) :] if name.lower().startswith(_NAMESPACE) else name.rsplit("\\", 1)[-1]
        for guess in (f"{self.app}Models\\{_bare(below)}", f"{self.app}{_bare(lineage.own.short)}"):
            if self.is_model(guess):
                return self.literals.index.real_name(guess)
        documented = _GENERIC.search(lineage.own.doc)
        if documented is None:
            return None
        resolved = self.literals.index.parsed(lineage.own.file).resolve(documented.group(1)).full
        return next((n for n in (resolved, documented.group(1)) if self.is_model(n)), None)

    def _text(self, expr: tree.Expr, layer: Layer, lineage: Lineage) -> str | None:
        value = self.literals.text(expr, Scope(layer.decl.file, layer, lineage))
        return self.literals.index.real_name(value.lstrip("\\")) if value else None

    def _definition(self, lineage: Lineage) -> Listed:
        found = lineage.method("definition")
        if found is None:
            return Listed(complete=False)
        function, layer = found
        scope = Scope(layer.decl.file, layer, lineage)
        total: Listed | None = None
        for expr in returned(function):
            shape = keys_of(expr, function, self.literals, scope)
            total = shape if total is None else merged(total, shape)
        return total or Listed(complete=False)

    def _states(self, lineage: Lineage) -> Iterator[Entry]:
        """What states set: `$this->state([...])`, `$this->state(fn () => [...])`, `->set('a', ...)`."""
        for method, layer in lineage.methods():
            if method.name.lower() in _NO_STATES:
                continue
            scope = Scope(layer.decl.file, layer, lineage)
            for expr in expressions(method):
                root, calls = chain_of(expr)
                for call in calls if is_this(root) else ():
                    yield from self._state(call, scope)

    def _state(self, call: tree.MethodCall, scope: Scope) -> Iterator[Entry]:
        name = call.name.lower() if isinstance(call.name, str) else ""
        if name == "set" and len(call.args) == 2:
            column = self.literals.text(call.args[0].value, scope)
            if column:
                yield Entry(column, self.literals.value(call.args[1].value, scope), (scope.file, call.line))
        elif name in ("state", "sequence"):
            for argument in call.args:
                yield from self._closure_keys(argument.value, scope).entries

    def _closure_keys(self, expr: tree.Expr, scope: Scope) -> Listed:
        if not isinstance(expr, tree.ClosureExpr):
            value = self.literals.value(expr, scope)
            return value if isinstance(value, Listed) else Listed(complete=False)
        total = Listed()
        for inner in returned(expr.function):
            total = merged(total, keys_of(inner, expr.function, self.literals, scope))
        return total


def keys_of(expr: tree.Expr, function: tree.FunctionDecl, literals: Literals, scope: Scope) -> Listed:
    """The string keys of an array that a function returns, also where it was built up in a variable."""
    value: Value = Unread("")
    if isinstance(expr, tree.Variable):
        start = assigned(function, expr.name)
        value = literals.value(start, scope) if start is not None else value
        more = _index_writes(function, expr.name, literals, scope)
        return merged(value, more) if isinstance(value, Listed) else Listed(more.entries, complete=False)
    value = literals.value(expr, scope)
    return value if isinstance(value, Listed) else Listed(complete=False)


def _index_writes(function: tree.FunctionDecl, name: str, literals: Literals, scope: Scope) -> Listed:
    """`$data['a'] = ...`."""
    items: list[tree.ArrayItem] = []
    for expr in expressions(function):
        if not isinstance(expr, tree.Assign) or not isinstance(expr.target, tree.Index):
            continue
        target = expr.target
        if isinstance(target.base, tree.Variable) and target.base.name == name:
            items.append(tree.ArrayItem(expr.line, expr.value, target.index))
    value = literals.value(tree.ArrayLiteral(function.line, tuple(items)), scope)
    return value if isinstance(value, Listed) else Listed()


def _columns(shape: Listed) -> tuple[Attribute, ...]:
    """`address->city` writes into the JSON column `address`."""
    found: dict[str, Attribute] = {}
    for entry in shape.entries:
        if isinstance(entry.key, str):
            name = entry.key.split("->", 1)[0]
            found.setdefault(name, Attribute(name, Location(*entry.at)))
    return tuple(found.values())


def _values(entries: Iterable[Entry]) -> Iterator[FactoryValue]:
    for entry in entries:
        if not isinstance(entry.key, str) or "->" in entry.key:
            continue
        at = Location(*entry.at)
        if isinstance(entry.value, Made):
            yield FactoryValue(entry.key, at, model=entry.value.model)
            continue
        picked = entry.value.values if isinstance(entry.value, OneOf) else (entry.value,)
        texts = tuple(_text_of(v) for v in picked if v is None or isinstance(v, str | int | float))
        if picked and len(texts) == len(picked):
            yield FactoryValue(entry.key, at, texts)


def _text_of(value: str | float | None) -> str | None:
    """As PHP would write it; true is 1."""
    if value is None or isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, bool) else str(value)


def _bare(name: str) -> str:
    head, found, tail = name.rpartition("Factory")
    return head + tail if found else name


def factory_of(
    lineage: Lineage, literals: Literals, by_model: dict[str, str], index: ClassIndex, app: str
) -> str | None:
    """The factory that `Model::factory()` makes, or else one that says it is for this model."""
    scope = Scope(lineage.own.file, lineage.layers[0], lineage)
    method = lineage.method("newFactory")
    for expr in returned(method[0]) if method else ():
        root, _ = chain_of(expr)
        if isinstance(root, tree.StaticCall | tree.New) and isinstance(root.cls, tree.Name):
            name = literals.class_of(root.cls, scope)
            if name and index.get(name):
                return name
    declared = lineage.property("factory")
    if declared is not None and declared[0].static:
        name = literals.text(declared[0].default, scope)
        if name and index.get(name):
            return index.real_name(name)
    return _by_convention(lineage.name, index, app) or by_model.get(lineage.name.lower())


def _by_convention(name: str, index: ClassIndex, app: str) -> str | None:
    below = name
    for prefix in (f"{app}Models\\", app):
        if name.lower().startswith(prefix.lower()):
            below = name[len(prefix) :]
            break
    found = index.get(f"Database\\Factories\\{below}Factory")
    return found.name if found else None
