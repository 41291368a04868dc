"""Classes: found, linked with their parents and traits, asked for constants and static properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.sources.php.run import prelude
from trueup.sources.php.run.convert import class_of
from trueup.sources.php.run.dispatch import evaluate
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.signals import UNSET, Unset
from trueup.sources.php.throwables import is_native_throwable, native_ancestors
from trueup.sources.php.tree import ClassDecl, Expr, Name, PropertyMember
from trueup.sources.php.values import (
    MISSING,
    Args,
    Closure,
    EnumCase,
    HostObject,
    Method,
    NativeClosure,
    PhpArray,
    PhpClass,
    PhpObject,
    PropertyDefault,
    Ref,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.run.runner import Runner

MAX_LINEAGE = 64


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def declare(run: Runner, file: PhpFile) -> None:
    for decl in file.classes:
        declare_class(run, decl, file)
    for function in file.functions:
        run.functions.setdefault(function.name.lower(), (function, file))


def declare_class(run: Runner, decl: ClassDecl, file: PhpFile) -> None:
    key = decl.name.lower()
    if key not in run.declared:
        run.declared[key] = (decl, file)
        if run.classes.get(key) is None:
            run.classes.pop(key, None)


def find_class(run: Runner, name: str) -> PhpClass | None:
    """A class of the project (or of the prelude), linked; None: not the project's."""
    key = name.lower()
    if key in run.classes:
        return run.classes[key]
    found = run.declared.get(key) or _loaded(run, name, key)
    run.classes[key] = None
    if found is not None:
        run.classes[key] = link(run, *found)
    return run.classes[key]


def _loaded(run: Runner, name: str, key: str) -> tuple[ClassDecl, PhpFile] | None:
    if key in prelude.NAMES:
        declare(run, prelude.prelude())
        return run.declared.get(key)
    file = run.host.class_file(name)
    if file is None:
        return None
    declare(run, file)
    return run.declared.get(key)


def of_decl(run: Runner, decl: ClassDecl, file: PhpFile) -> PhpClass:
    """The class of an anonymous declaration."""
    key = f"{decl.name.lower()}#{id(decl)}"
    known = run.classes.get(key)
    if known is None:
        known = run.classes[key] = link(run, decl, file)
    return known


# ── linking ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def link(run: Runner, decl: ClassDecl, file: PhpFile) -> PhpClass:
    """A declaration with its parents and traits looked up. A parent that the project does not have becomes `native`."""
    parent, native = None, ""
    if decl.parent is not None:
        parent = find_class(run, decl.parent.full)
        if parent is not None and sum(1 for _ in parent.lineage()) > MAX_LINEAGE:
            run.exceeded(f"more than {MAX_LINEAGE} classes that extend one another")
        circular = parent is None and decl.parent.full.lower() in run.declared
        native = parent.native if parent is not None else "" if circular else run.host.alias(decl.parent.full)
    cls = PhpClass(decl.name, decl, file, parent, native)
    if parent is not None:
        cls.methods.update(parent.methods)
        cls.statics.update(parent.statics)
        cls.traits = parent.traits
    _link_traits(run, cls)
    for name, function in decl.methods.items():
        cls.methods[name] = Method(function.name, function, cls, file, function.visibility)
    cls.interfaces = _interfaces(run, cls)
    _link_statics(cls, decl.properties.values())
    return cls


def _interfaces(run: Runner, cls: PhpClass) -> tuple[str, ...]:
    decl = cls.decl
    found: dict[str, None] = dict.fromkeys(cls.parent.interfaces if cls.parent else ())
    if decl.kind == "enum":
        found["UnitEnum"] = None
        if decl.backing:
            found["BackedEnum"] = None
    if "__tostring" in cls.methods:
        found["Stringable"] = None
    for name in (*decl.interfaces, *decl.parents):
        found[name.full] = None
        found.update(dict.fromkeys(ancestors_of_name(run, name.full)))
    return tuple(found)


def ancestors_of_name(run: Runner, name: str) -> tuple[str, ...]:
    """Parents and interfaces of a class or interface, whoever has it; () where nothing is known."""
    cls = find_class(run, name)
    if cls is not None:
        native = (cls.native, *ancestors_of_name(run, cls.native)) if cls.native else ()
        return (*(c.name for c in cls.lineage()), *native, *cls.interfaces)
    known = prelude.INTERFACES.get(name.lower())
    if known is not None:
        return known
    return native_ancestors(name) or run.host.ancestors(name) or ()


def _link_traits(run: Runner, cls: PhpClass) -> None:
    for use in cls.decl.uses:
        excluded = {
            (other.full.lower(), rule.method.lower())
            for rule in use.rules
            if rule.kind == "insteadof"
            for other in rule.others
        }
        for name in use.traits:
            trait = find_class(run, name.full)
            cls.traits = (*cls.traits, name.full)
            if trait is None:
                continue
            cls.traits = (*cls.traits, *trait.traits)
            _add_trait(cls, trait, name, excluded)
            _add_aliases(cls, trait, name, use.rules)
            _link_statics(cls, [p for p in _all_properties(trait) if p.static])


def _add_trait(cls: PhpClass, trait: PhpClass, name: Name, excluded: set[tuple[str, str]]) -> None:
    for key, method in trait.methods.items():
        if (name.full.lower(), key) in excluded:
            continue
        if method.function.abstract and key in cls.methods:
            continue
        cls.methods[key] = _adopted(method, cls, method.name, method.visibility)


def _adopted(method: Method, cls: PhpClass, name: str, visibility: str) -> Method:
    return Method(name, method.function, cls, method.file, visibility)


def _add_aliases(cls: PhpClass, trait: PhpClass, name: Name, rules: Iterable[object]) -> None:
    from trueup.sources.php.tree import TraitRule

    for rule in rules:
        if not isinstance(rule, TraitRule) or rule.kind != "as":
            continue
        if rule.trait is not None and rule.trait.full.lower() != name.full.lower():
            continue
        method = trait.method(rule.method)
        if method is not None:
            alias = rule.alias or method.name
            cls.methods[alias.lower()] = _adopted(method, cls, alias, rule.visibility or method.visibility)


def _all_properties(trait: PhpClass) -> list[PropertyMember]:
    return list(trait.decl.properties.values())


def _link_statics(cls: PhpClass, properties: Iterable[PropertyMember]) -> None:
    for prop in properties:
        if prop.static:
            cls.statics[prop.name] = _Pending(prop, cls)


class _Pending(Ref):
    """A static property whose default has not been evaluated yet."""

    __slots__ = ("owner", "prop")

    def __init__(self, prop: PropertyMember, owner: PhpClass) -> None:
        super().__init__(None)
        self.prop: PropertyMember | None = prop
        self.owner = owner


# ── scope ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_scope(run: Runner, cls: PhpClass, node: Expr) -> Value:
    """Evaluates a constant expression as code of the class."""
    frame = Frame(cls.file, None, cls, cls)
    frame.line = node.line
    outer, run.frame = run.frame, frame
    run.depth += 1
    try:
        if run.depth > run.budget.calls:
            run.exceeded(f"more than {run.budget.calls} calls inside one another")
        value = evaluate(run, frame, node)
    finally:
        run.frame = outer
        run.depth -= 1
    return value.share() if isinstance(value, PhpArray) else value


def named_class(run: Runner, frame: Frame, name: Name) -> PhpClass | str:
    """The class that a name in code stands for: the project's class, or the name that the host knows."""
    full = name.full
    if full == "self":
        return frame.cls or _no_scope(run, full)
    if full == "static":
        return frame.called or frame.cls or _no_scope(run, full)
    if full == "parent":
        return _parent(run, frame)
    return class_or_name(run, full)


def class_or_name(run: Runner, name: str) -> PhpClass | str:
    """The project's class (an alias may name one too), or the name that the host knows the class by."""
    found = find_class(run, name)
    if found is not None:
        return found
    aliased = run.host.alias(name)
    return (find_class(run, aliased) or aliased) if aliased != name else name


def _no_scope(run: Runner, word: str) -> PhpClass:
    raise run.throw("Error", f'Cannot use "{word}" when no class scope is active')


def _parent(run: Runner, frame: Frame) -> PhpClass | str:
    cls = frame.cls or _no_scope(run, "parent")
    if cls.parent is not None:
        return cls.parent
    if not cls.native:
        raise run.throw("Error", 'Cannot use "parent" when current class scope has no parent')
    return cls.native


# ── constants ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def constant(run: Runner, cls: PhpClass | str, name: str) -> Value:
    """`Cls::NAME`."""
    if name.lower() == "class":
        return cls if isinstance(cls, str) else cls.name
    if isinstance(cls, str):
        return _host_constant(run, cls, name, None)
    found = own_constant(run, cls, name)
    if not isinstance(found, Unset):
        return found
    if cls.native:
        return _host_constant(run, cls.native, name, cls)
    for interface in cls.interfaces:
        value = run.host.class_constant(interface, name, run, cls)
        if value is not MISSING:
            return value  # type: ignore[return-value]  # MISSING is excluded
    raise run.throw("Error", f"Undefined constant {cls.name}::{name}")


def _host_constant(run: Runner, cls: str, name: str, called: PhpClass | None) -> Value:
    value = run.host.class_constant(cls, name, run, called)
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    return run.unknown(f"the constant {cls}::{name}")


def own_constant(run: Runner, cls: PhpClass, name: str) -> Value | Unset:
    """A constant or enum case of a project's class, its parents, interfaces and traits; UNSET: there is none."""
    for holder in (*cls.lineage(), *_holders(run, cls)):
        value = _declared_constant(run, holder, name)
        if not isinstance(value, Unset):
            return value
    return UNSET


def _holders(run: Runner, cls: PhpClass) -> list[PhpClass]:
    found = [find_class(run, name) for name in (*cls.interfaces, *cls.traits)]
    return [c for c in found if c is not None]


def _declared_constant(run: Runner, cls: PhpClass, name: str) -> Value | Unset:
    if name in cls.constants:
        return cls.constants[name]
    case = cls.decl.cases.get(name)
    if case is not None:
        backing = in_scope(run, cls, case.value) if case.value is not None else None
        made = EnumCase(cls, name, backing if isinstance(backing, (str, int)) else None)
        cls.constants[name] = made
        return made
    member = cls.decl.constants.get(name)
    if member is None:
        return UNSET
    cls.constants[name] = run.unknown(f"the constant {cls.name}::{name}, which refers to itself")
    cls.constants[name] = value = in_scope(run, cls, member.value)
    return value


def cases(run: Runner, cls: PhpClass) -> list[EnumCase]:
    """The cases of an enum, in order."""
    found = [_declared_constant(run, cls, name) for name in cls.decl.cases]
    return [case for case in found if isinstance(case, EnumCase)]


# ── static properties ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def static_ref(run: Runner, cls: PhpClass, name: str) -> Ref | None:
    """The cell of a static property of a project's class."""
    ref = cls.statics.get(name)
    if isinstance(ref, _Pending) and ref.prop is not None:
        prop, ref.prop = ref.prop, None
        ref.value = in_scope(run, ref.owner, prop.default) if prop.default is not None else None
    return ref


def static_value(run: Runner, cls: PhpClass | str, name: str) -> Value:
    """`Cls::$name`."""
    native, called = (cls, None) if isinstance(cls, str) else (cls.native, cls)
    if isinstance(cls, PhpClass):
        ref = static_ref(run, cls, name)
        if ref is not None:
            return ref.value
        if not native:
            raise run.throw("Error", f"Access to undeclared static property {cls.name}::${name}")
    value = run.host.static_property(native, name, run, called)
    if value is not MISSING:
        return value  # type: ignore[return-value]  # MISSING is excluded
    return run.unknown(f"the static property {native}::${name}")


def set_static(run: Runner, cls: PhpClass | str, name: str, value: Value) -> None:
    native = cls
    if isinstance(cls, PhpClass):
        ref = static_ref(run, cls, name)
        if ref is not None:
            run.assign(ref, value)
            return
        if not cls.native:
            raise run.throw("Error", f"Access to undeclared static property {cls.name}::${name}")
        native = cls.native
    assert isinstance(native, str)
    if not run.host.set_static_property(native, name, value, run):
        run.gap(f"what setting {native}::${name} does is not known", "unknown-call")


# ── instances ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def instance_defaults(run: Runner, cls: PhpClass) -> list[PropertyDefault]:
    """The non-static properties of a class with their defaults, parents' first; evaluated once."""
    if cls.instance_defaults is not None:
        return cls.instance_defaults
    cls.instance_defaults = []
    found: dict[str, PropertyDefault] = {}
    if cls.parent is not None:
        found = {d.name: d for d in instance_defaults(run, cls.parent)}
    for name in cls.decl.uses:
        for trait_name in name.traits:
            trait = find_class(run, trait_name.full)
            if trait is not None:
                found.update({d.name: d for d in instance_defaults(run, trait)})
    for prop in cls.decl.properties.values():
        if not prop.static:
            found[prop.name] = _default(run, cls, prop)
    cls.instance_defaults = list(found.values())
    return cls.instance_defaults


def _default(run: Runner, cls: PhpClass, prop: PropertyMember) -> PropertyDefault:
    if prop.hooked:
        return PropertyDefault(
            prop.name, run.unknown(f"the property {cls.name}::${prop.name}, which has hooks"), cls, False
        )
    value = in_scope(run, cls, prop.default) if prop.default is not None else None
    return PropertyDefault(prop.name, value, cls, prop.default is None and bool(prop.type))


def instance_of(run: Runner, value: Value, name: str) -> bool | None:
    """`value instanceof name`; None where it can't be told."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (Closure, NativeClosure)):
        return name.lower() == "closure"
    own = class_of(value)
    if not own:
        return False
    wanted = name.removeprefix("\\").lower()
    aliased = run.host.alias(name.removeprefix("\\")).lower()
    if own.lower() in (wanted, aliased):
        return True
    if isinstance(value, HostObject):
        names = (*value.ancestors(), *ancestors_of_name(run, own))
        return any(n.lower() in (wanted, aliased) for n in names)
    assert isinstance(value, (PhpObject, EnumCase))
    return is_subclass(run, value.cls, wanted) or is_subclass(run, value.cls, aliased)


def is_subclass(run: Runner, cls: PhpClass, name: str) -> bool | None:
    """Whether a project's class is, extends or implements the class of that lower-case name; None: a framework's parent of it
    has ancestors that are not known."""
    if any(c.name.lower() == name for c in cls.lineage()) or any(i.lower() == name for i in cls.interfaces):
        return True
    if not cls.native:
        return False
    if cls.native.lower() == name:
        return True
    if is_native_throwable(cls.native):
        return name in (a.lower() for a in native_ancestors(cls.native))
    ancestors = run.host.ancestors(cls.native)
    if ancestors is None:
        return None
    return name in (a.lower() for a in ancestors)


def static_method(cls: PhpClass, name: str) -> Method | None:
    return cls.methods.get(name.lower())


def enum_static(run: Runner, cls: PhpClass, name: str, args: Args) -> Value | Unset:
    """`cases()`, `from()`, `tryFrom()` of an enum; UNSET for another method."""
    lowered = name.lower()
    if cls.decl.kind != "enum" or lowered not in ("cases", "from", "tryfrom"):
        return UNSET
    if lowered == "cases":
        return PhpArray(cases(run, cls))
    wanted = args.get(0, "value")
    if isinstance(wanted, Unknown):
        return wanted
    for case in cases(run, cls):
        if wanted is not None and run.loose_equal(case.value, wanted) is True:
            return case
    if lowered == "tryfrom":
        return None
    shown = f'"{wanted}"' if isinstance(wanted, str) else run.text_of(wanted)
    raise run.throw("ValueError", f"{shown} is not a valid backing value for enum {cls.name}")
