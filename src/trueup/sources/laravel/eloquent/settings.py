"""A model's settings, as the framework would see them on a new instance: properties of the class, its traits and parents, PHP
attributes, constructors and trait initialisers."""

from __future__ import annotations

from trueup.model.eloquent import Attribute
from trueup.model.locations import Location
from trueup.sources.laravel.eloquent.bases import ELOQUENT
from trueup.sources.laravel.eloquent.effects import Effect, effects
from trueup.sources.laravel.eloquent.lineage import Layer, Lineage
from trueup.sources.laravel.eloquent.literals import Literals, Scope
from trueup.sources.laravel.eloquent.written import Entry, Listed, Unread, Value, merged
from trueup.sources.php import tree
from trueup.structs import Struct, field

_ATTRIBUTES = (ELOQUENT + "Attributes\\").lower()


class Settings(Struct):
    """Answers one setting at a time. `unknown` gathers the names of those that are there but can't be read, `reasons` why."""

    lineage: Lineage
    literals: Literals
    effects: tuple[Effect, ...]
    unknown: list[str] = field(default_factory=list)
    reasons: list[tuple[str, str, Location]] = field(default_factory=list)

    @classmethod
    def of(cls, lineage: Lineage, literals: Literals) -> Settings:
        return cls(lineage, literals, effects(lineage, literals))

    def miss(self, name: str, reason: str, at: Location) -> None:
        if name not in self.unknown:
            self.unknown.append(name)
        self.reasons.append((name, reason, at))

    def declared(self, name: str) -> bool:
        """Whether the project's code says anything of it."""
        found = self.lineage.property(name)
        return (found is not None and found[0].default is not None) or any(
            e.property == name for e in self.effects
        )

    def value(self, name: str) -> Value:
        """The property's value after construction; None where nothing is written."""
        value = self.written(name)
        for effect in self.effects:
            if effect.property == name:
                value = _after(value, effect)
        return value

    def written(self, name: str) -> Value:
        """The value that the property is declared with."""
        found = self.lineage.property(name)
        if found is None:
            return None
        member, layer = found
        return self.literals.value(member.default, Scope(layer.decl.file, layer, self.lineage))

    def place(self, name: str) -> Location:
        found = self.lineage.property(name)
        if found is None:
            return Location(self.lineage.own.file, self.lineage.own.line)
        return Location(found[1].decl.file, found[0].line)

    def text(self, name: str) -> str | None:
        value = self.value(name)
        if isinstance(value, Unread):
            self.miss(name, value.reason, self.place(name))
        return value if isinstance(value, str) else None

    def flag(self, name: str, default: bool) -> bool:
        value = self.value(name)
        if isinstance(value, Unread):
            self.miss(name, value.reason, self.place(name))
        return value if isinstance(value, bool) else default

    def names(self, name: str) -> tuple[Attribute, ...]:
        """A list of names with their lines; a string-keyed entry counts by its key."""
        return self.attributes(self.value(name), name)

    def attributes(self, value: Value, name: str) -> tuple[Attribute, ...]:
        if value is None or isinstance(value, bool):
            return ()
        if isinstance(value, str):
            return (Attribute(value, self.place(name)),)
        if not isinstance(value, Listed):
            reason = value.reason if isinstance(value, Unread) else "not a list"
            self.miss(name, reason, self.place(name))
            return ()
        if not value.complete:
            self.miss(name, "a part of the list can't be told", self.place(name))
        found: list[Attribute] = []
        for entry in value.entries:
            text = entry.key if isinstance(entry.key, str) else entry.value
            if isinstance(text, str):
                found.append(Attribute(text, Location(*entry.at)))
            else:
                self.miss(name, "an entry is no name that can be told", Location(*entry.at))
        return tuple(found)

    def method_value(self, name: str) -> Value | None:
        """What a method of the project returns; None where the project has none of that name."""
        if self.lineage.method(name) is None:
            return None
        return self.literals.method_value(
            name, Scope(self.lineage.own.file, self.lineage.layers[0], self.lineage)
        )

    def php_attribute(self, short: str) -> tuple[tree.Attribute, Layer] | None:
        """The nearest `#[Short]` of Eloquent's own, on the class, a trait or a parent."""
        wanted = f"{_ATTRIBUTES}{short.lower()}"
        for layer in self.lineage.layers:
            for attribute in layer.decl.attributes:
                if attribute.name.full.lower() == wanted:
                    return attribute, layer
        return None

    def attribute_argument(self, short: str, name: str, position: int = 0) -> Value:
        """One argument of a PHP attribute; None where it is not given."""
        found = self.php_attribute(short)
        if found is None:
            return None
        attribute, layer = found
        for index, argument in enumerate(attribute.args):
            if argument.name == name or (not argument.name and index == position):
                return self.literals.value(argument.value, Scope(layer.decl.file, layer, self.lineage))
        return None

    def attribute_list(self, short: str) -> Listed | None:
        """`#[Fillable(['a', 'b'])]`, `#[Fillable('a', 'b')]`."""
        found = self.php_attribute(short)
        if found is None:
            return None
        attribute, layer = found
        scope = Scope(layer.decl.file, layer, self.lineage)
        values = [(self.literals.value(a.value, scope), a.line) for a in attribute.args]
        if values and isinstance(values[0][0], Listed):
            return values[0][0]
        return Listed(tuple(Entry(i, v, (scope.file, line)) for i, (v, line) in enumerate(values)))


def _after(value: Value, effect: Effect) -> Value:
    if not effect.merge:
        return effect.value
    if effect.if_any and (value is None or (isinstance(value, Listed) and not value.entries)):
        return value
    if isinstance(effect.value, Unread):
        return Listed(value.entries if isinstance(value, Listed) else (), complete=False)
    if not isinstance(effect.value, Listed):
        return value
    old = value if isinstance(value, Listed) else Listed()
    return merged(old, effect.value)
