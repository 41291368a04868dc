"""The Blueprint, its columns and its commands as PHP sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import trueup.sources.laravel.migrations.columns
import trueup.sources.laravel.migrations.keys as keys
from trueup.sources.laravel.migrations.blueprint import Blueprint
from trueup.sources.laravel.migrations.fluent import (
    ColumnDefinition,
    Command,
    Fluent,
    ForeignIdColumn,
    ForeignKeyCommand,
    FrameworkError,
)
from trueup.sources.laravel.migrations.methods import Method, bind, find_method, in_any_version
from trueup.sources.laravel.runtime.collection import from_values
from trueup.sources.laravel.runtime.data import Inert, plain
from trueup.sources.laravel.runtime.errors import framework_throw
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, Closure, HostObject, Missing, PhpArray, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost

_MODEL_METHODS = {
    "foreignidfor",
    "foreignuuidfor",
    "foreignulidfor",
    "dropforeignidfor",
    "dropconstrainedforeignidfor",
}
_BLUEPRINT = "Illuminate\\Database\\Schema\\Blueprint"
_SCHEMA = "Illuminate\\Database\\Schema\\"
_ACTIONS = {
    "cascadeonupdate": ("onUpdate", "cascade", 8),
    "restrictonupdate": ("onUpdate", "restrict", 8),
    "nullonupdate": ("onUpdate", "set null", 11),
    "noactiononupdate": ("onUpdate", "no action", 10),
    "cascadeondelete": ("onDelete", "cascade", 8),
    "restrictondelete": ("onDelete", "restrict", 8),
    "nullondelete": ("onDelete", "set null", 8),
    "noactionondelete": ("onDelete", "no action", 9),
}
_HARMLESS_IF_UNKNOWN = {"comment", "startingValue", "from"}


class BlueprintObject(HostObject):
    __slots__ = ("blueprint", "host")

    def __init__(self, blueprint: Blueprint, host: LaravelHost) -> None:
        self.blueprint = blueprint
        self.host = host

    @property
    def php_class(self) -> str:
        return _BLUEPRINT

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        if prop in ("engine", "charset", "collation", "temporary"):
            value: Value = getattr(self.blueprint, prop)
            return value
        if prop == "table":
            return self.blueprint.table
        return None if prop in ("comment", "after") else MISSING

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        if isinstance(value, Unknown):
            ctx.gap(f"the table's {prop} can't be told: {value.reason}", "unknown-value")
            return True
        if prop in ("engine", "charset", "collation"):
            setattr(self.blueprint, prop, None if value is None else str(value))
        elif prop == "temporary":
            self.blueprint.temporary = bool(value)
        # Anything else is a dynamic property that nobody reads ("comment" before it was a method).
        return True

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        self.blueprint.at = args.at if args.at.file else ctx.at
        lowered = method.lower()
        found = find_method(lowered, self.blueprint.settings.major)
        if found is not None:
            return self._run(found, lowered, args, ctx)
        special = self._special(lowered, args, ctx)
        if special is not MISSING:
            return special
        macro = self.host.world.macros.get("blueprint", {}).get(lowered)
        if macro is not None:
            bound = macro.bind(self) if isinstance(macro, Closure) else macro
            return ctx.invoke(bound, args)
        return self._missing(method, lowered, args, ctx)

    def _missing(self, method: str, lowered: str, args: Args, ctx: Context) -> Value:
        """A method of another version of the framework fails. Any other name may be a macro of a package: known, or a gap."""
        from trueup.sources.laravel.runtime.packages import BLUEPRINT_MACROS

        package = BLUEPRINT_MACROS.get(lowered)
        if package is not None:
            return self.wrap(package[1](self.blueprint, *(plain(v) for v in args.positional[:1])))
        if not in_any_version(lowered) and self.host.world.has_packages:
            ctx.gap(
                f"the Blueprint has no method {method}(); a package's macro is not known", "unknown-macro"
            )
            return Inert("Illuminate\\Support\\Fluent")
        raise ctx.throw("BadMethodCallException", f"Method {_BLUEPRINT}::{method} does not exist.")

    def _special(self, lowered: str, args: Args, ctx: Context) -> Value | Missing:
        blueprint = self.blueprint
        match lowered:
            case "after":
                blueprint.place_after(
                    str(plain(args.get(0, "column"))), lambda: ctx.invoke(args.get(1, "callback"), [self])
                )
                return None
            case "gettable":
                return blueprint.table
            case "getprefix":
                return blueprint.settings.prefix
            case "creating":
                return blueprint.creating
            case "hasmacro":
                return str(args.get(0)).lower() in self.host.world.macros.get("blueprint", {})
            case "getcolumns" | "getaddedcolumns":
                return PhpArray([FluentObject(c, self) for c in blueprint.columns])
            case "getcommands":
                return PhpArray([FluentObject(c, self) for c in blueprint.commands])
        return MISSING

    def _run(self, method: Method, lowered: str, args: Args, ctx: Context) -> Value:
        if args.open is not None:
            ctx.gap(f"the arguments of {method.name}() can't be told: {args.open.reason}", "unknown-value")
            return Inert("Illuminate\\Support\\Fluent")
        positional: list[object] = [plain(v) for v in args.positional]
        named: dict[str, object] = {k: plain(v) for k, v in args.named.items()}
        if lowered in _MODEL_METHODS:
            model = self.host.model_facts(args.get(0, "model"), ctx)
            if isinstance(model, Unknown):
                ctx.gap(f"the model of {method.name}() can't be told: {model.reason}", "unknown-value")
                return Inert("Illuminate\\Support\\Fluent")
            positional[0:1] = [model]
            named.pop("model", None)
        positional = self._without_unknown(method, positional, args, ctx)
        if positional and positional[0] is MISSING:
            return Inert("Illuminate\\Support\\Fluent")
        try:
            return self.wrap(method.function(self.blueprint, *bind(method, positional, named)))
        except FrameworkError as error:
            raise framework_throw(error, ctx.at, ctx) from None

    def _without_unknown(
        self, method: Method, values: list[object], args: Args, ctx: Context
    ) -> list[object]:
        """An unknown name makes the call void (MISSING in front), an unknown length or precision is as if it were not given."""
        for index, value in enumerate(values):
            if not isinstance(value, Unknown):
                continue
            parameter = method.parameters[index] if index < len(method.parameters) else "columns"
            ctx.gap(f"the {parameter} of {method.name}() can't be told: {value.reason}", "unknown-value")
            return [MISSING] if index < method.required or method.variadic else values[:index]
        return values

    def wrap(self, value: object) -> Value:
        if isinstance(value, Fluent):
            return FluentObject(value, self)
        if isinstance(value, tuple):
            return from_values([FluentObject(c, self) for c in value])
        return self if isinstance(value, Blueprint) else None


class FluentObject(HostObject):
    """A column or a command in the making."""

    __slots__ = ("fluent", "owner")

    def __init__(self, fluent: Fluent, owner: BlueprintObject) -> None:
        self.fluent = fluent
        self.owner = owner

    @property
    def php_class(self) -> str:
        fluent = self.fluent
        if isinstance(fluent, ForeignIdColumn):
            return _SCHEMA + "ForeignIdColumnDefinition"
        if isinstance(fluent, ColumnDefinition):
            return _SCHEMA + "ColumnDefinition"
        return (
            _SCHEMA + "ForeignKeyDefinition"
            if isinstance(fluent, ForeignKeyCommand)
            else "Illuminate\\Support\\Fluent"
        )

    def ancestors(self) -> tuple[str, ...]:
        if isinstance(self.fluent, ForeignIdColumn):
            return (_SCHEMA + "ColumnDefinition", "Illuminate\\Support\\Fluent")
        return ("Illuminate\\Support\\Fluent",)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        fluent = self.fluent
        if isinstance(fluent, ForeignIdColumn) and lowered in ("constrained", "references"):
            return self._key(fluent, lowered, args, ctx)
        if isinstance(fluent, ForeignKeyCommand) and lowered in _ACTIONS:
            name, action, since = _ACTIONS[lowered]
            if self.owner.blueprint.settings.major >= since:
                fluent.attributes[name] = action
            return self
        if lowered == "get":
            found = fluent.get(str(args.get(0)))
            return found if isinstance(found, str | int | float | bool) else None
        macro = self.owner.host.world.macros.get("columndefinition", {}).get(lowered)
        if macro is not None and isinstance(fluent, ColumnDefinition):
            return ctx.invoke(macro.bind(self) if isinstance(macro, Closure) else macro, args)
        self._set(method, args, ctx)
        return self

    def _set(self, name: str, args: Args, ctx: Context) -> None:
        given: Sequence[Value] = args.positional or list(args.named.values())
        self._assign(name, given[0] if given else True, ctx)

    def _assign(self, name: str, value: Value, ctx: Context) -> None:
        known = plain(value)
        if isinstance(known, Unknown):
            if name not in _HARMLESS_IF_UNKNOWN:
                ctx.gap(f"the value of {name}() can't be told: {known.reason}", "unknown-value")
            if isinstance(self.fluent, ForeignKeyCommand) and name in ("on", "references"):
                self._forget()
            return
        if isinstance(known, HostObject):
            text = ctx.to_string(value)
            known = None if isinstance(text, Unknown) else text
        self.fluent.attributes[name] = known
        if isinstance(self.fluent, Command) and name == "name":
            # A command's name says what it does: `->name('x')` on a key turns it into a command that nobody compiles.
            self.fluent.name = str(known)

    def _forget(self) -> None:
        """A key to a table or column that can't be told is none that can be made."""
        commands = self.owner.blueprint.commands
        commands[:] = [c for c in commands if c is not self.fluent]

    def _key(self, column: ForeignIdColumn, method: str, args: Args, ctx: Context) -> Value:
        blueprint = self.owner.blueprint
        blueprint.at = args.at if args.at.file else ctx.at
        known = args.known()
        if known is not None:
            ctx.gap(f"the target of {method}() can't be told: {known.reason}", "unknown-value")
            return Inert("Illuminate\\Database\\Schema\\ForeignKeyDefinition")
        names = ("table", "column", "indexName") if method == "constrained" else ("column", "indexName")
        values = [plain(args.get(i, n)) for i, n in enumerate(names)]
        make = keys.constrained if method == "constrained" else keys.references
        return FluentObject(make(blueprint, column, *values), self.owner)

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        value = self.fluent.get(prop)
        if isinstance(value, str | int | float | bool):
            return value
        return PhpArray([v for v in value if isinstance(v, str | int)]) if isinstance(value, list) else None

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        self._assign(prop, value, ctx)
        return True


__all__ = ["BlueprintObject", "FluentObject"]
_ = trueup.sources.laravel.migrations.columns  # its import registers the column methods
