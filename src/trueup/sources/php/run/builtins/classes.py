"""Classes, objects and functions asked about at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import builtins, calls, classes, objects
from trueup.sources.php.run.builtins.registry import builtin, framed
from trueup.sources.php.run.convert import class_of, is_object
from trueup.sources.php.run.dispatch import evaluate
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.prelude import INTERFACES
from trueup.sources.php.run.signals import Unset
from trueup.sources.php.throwables import is_native_throwable
from trueup.sources.php.tree import Call
from trueup.sources.php.values import MISSING, HostObject, PhpArray, PhpClass, PhpObject, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


def _exists(run: Runner, name: str, kinds: tuple[str, ...]) -> Value:
    """Whether there is a class of one of these kinds. Of a framework's class nothing is known but that it may be there."""
    bare = name.removeprefix("\\")
    cls = run.find_class(bare)
    if cls is not None:
        return cls.decl.kind in kinds
    if "class" in kinds and is_native_throwable(bare):
        return True
    if "interface" in kinds and bare.lower() in INTERFACES:
        return True
    if run.host.ancestors(run.host.alias(bare)) is not None:
        return True
    return run.unknown(f"whether the class {bare} exists")


@builtin("class_exists", "s:class b:autoload=true")
def _class_exists(run: Runner, name: str, _autoload: bool) -> Value:
    return _exists(run, name, ("class", "enum"))


@builtin("interface_exists", "s:interface b:autoload=true")
def _interface_exists(run: Runner, name: str, _autoload: bool) -> Value:
    return _exists(run, name, ("interface",))


@builtin("trait_exists", "s:trait b:autoload=true")
def _trait_exists(run: Runner, name: str, _autoload: bool) -> Value:
    return _exists(run, name, ("trait",))


@builtin("enum_exists", "s:enum b:autoload=true")
def _enum_exists(run: Runner, name: str, _autoload: bool) -> Value:
    return _exists(run, name, ("enum",))


@builtin("function_exists", "s:function")
def _function_exists(run: Runner, name: str) -> Value:
    lowered = name.removeprefix("\\").lower()
    if lowered in run.functions or lowered in builtins.FRAMED:
        return True
    return calls.native_function(run, lowered) is not None


def _class_of(run: Runner, target: Value) -> PhpClass | None:
    return (
        run.find_class(target.removeprefix("\\")) if isinstance(target, str) else objects.user_class(target)
    )


@builtin("method_exists", "v:object_or_class s:method")
def _method_exists(run: Runner, target: Value, name: str) -> Value:
    cls = _class_of(run, target)
    if cls is not None and cls.method(name) is not None:
        return True
    if cls is not None and not cls.native and all(run.find_class(t) for t in cls.traits):
        return False
    if cls is None and not isinstance(target, (str, HostObject)):
        return False
    shown = cls.name if cls is not None else target if isinstance(target, str) else class_of(target)
    return run.unknown(f"whether {shown} has a method {name}()")


@builtin("property_exists", "v:object_or_class s:property")
def _property_exists(run: Runner, target: Value, name: str) -> Value:
    cls = _class_of(run, target)
    if cls is None:
        return run.unknown(f"whether there is a property ${name}")
    declared = any(d.name == name for d in classes.instance_defaults(run, cls)) or name in cls.statics
    if declared or (isinstance(target, PhpObject) and name in target.props):
        return True
    return run.unknown(f"whether {cls.name} has a property ${name}") if cls.native else False


@builtin("get_parent_class", "v:object_or_class")
def _get_parent_class(run: Runner, target: Value) -> Value:
    cls = _class_of(run, target)
    if cls is None:
        return run.unknown("the parent of a class")
    return cls.parent.name if cls.parent is not None else cls.native or False


@builtin("get_class_methods", "v:object_or_class")
def _get_class_methods(run: Runner, target: Value) -> Value:
    cls = _class_of(run, target)
    if cls is None or cls.native:
        return run.unknown("the methods of a class")
    return PhpArray([m.name for m in cls.methods.values()])


def _is_a(run: Runner, target: Value, name: str, itself: bool) -> Value:
    wanted = name.removeprefix("\\").lower()
    if not isinstance(target, str):
        answer = run.instance_of(target, name)
        if answer and not itself and class_of(target).lower() == wanted:
            return False
        return run.unknown(f"whether an object is a {name}") if answer is None else answer
    bare = target.removeprefix("\\")
    if bare.lower() == wanted:
        return itself
    cls = run.find_class(bare)
    if cls is None:
        return any(a.lower() == wanted for a in classes.ancestors_of_name(run, bare))
    found = classes.is_subclass(run, cls, wanted)
    return run.unknown(f"whether {bare} is a {name}") if found is None else found


@builtin("is_a", "v:object_or_class s:class b:allow_string=false")
def _is_a_function(run: Runner, target: Value, name: str, strings: bool) -> Value:
    return False if isinstance(target, str) and not strings else _is_a(run, target, name, True)


@builtin("is_subclass_of", "v:object_or_class s:class b:allow_string=true")
def _is_subclass_of(run: Runner, target: Value, name: str, _strings: bool) -> Value:
    return _is_a(run, target, name, False)


def _names(names: tuple[str, ...]) -> PhpArray:
    return PhpArray.of({n: n for n in names})


@builtin("class_uses", "v:object_or_class b:autoload=true")
def _class_uses(run: Runner, target: Value, _autoload: bool) -> Value:
    cls = _class_of(run, target)
    if cls is None:
        return run.unknown("the traits of a class")
    return _names(tuple(n.full for use in cls.decl.uses for n in use.traits))


@builtin("class_implements", "v:object_or_class b:autoload=true")
def _class_implements(run: Runner, target: Value, _autoload: bool) -> Value:
    cls = _class_of(run, target)
    return run.unknown("the interfaces of a class") if cls is None or cls.native else _names(cls.interfaces)


@builtin("class_parents", "v:object_or_class b:autoload=true")
def _class_parents(run: Runner, target: Value, _autoload: bool) -> Value:
    cls = _class_of(run, target)
    if cls is None or cls.native:
        return run.unknown("the parents of a class")
    return _names(tuple(c.name for c in cls.lineage())[1:])


# ── those that look at the caller ────────────────────────────────────────────────────────────────────────────────────────────────


@framed("get_class")
def _get_class(run: Runner, frame: Frame, node: Call) -> Value:
    if not node.args:
        return frame.cls.name if frame.cls is not None else False
    value = evaluate(run, frame, node.args[0].value)
    if isinstance(value, Unknown):
        return value
    if not is_object(value):
        raise run.throw("TypeError", "get_class(): Argument #1 ($object) must be of type object")
    return class_of(value)


@framed("get_called_class")
def _get_called_class(_run: Runner, frame: Frame, _node: Call) -> Value:
    cls = frame.called or frame.cls
    return cls.name if cls is not None else False


@framed("get_object_vars")
def _get_object_vars(run: Runner, frame: Frame, node: Call) -> Value:
    value = evaluate(run, frame, node.args[0].value) if node.args else None
    if not isinstance(value, PhpObject) or value.base is not None:
        return value if isinstance(value, Unknown) else run.unknown("the properties of an object")
    inside = frame.cls is not None and frame.cls in value.cls.lineage()
    private = {
        name
        for cls in value.cls.lineage()
        for name, prop in cls.decl.properties.items()
        if prop.visibility != "public" and not inside
    }
    return PhpArray.of([(k, v) for k, v in value.items() if k not in private])


@builtin("get_class_vars", "s:class")
def _get_class_vars(run: Runner, name: str) -> Value:
    cls = run.find_class(name.removeprefix("\\"))
    if cls is None or cls.native:
        return run.unknown("the properties of a class")
    return PhpArray.of([(d.name, d.value) for d in classes.instance_defaults(run, cls)])


# ── constants by name ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@builtin("define", "s:constant_name m:value b:case_insensitive=false")
def _define(run: Runner, name: str, value: Value, _insensitive: bool) -> Value:
    run.constants.setdefault(name, value)
    return True


def _constant_named(run: Runner, name: str) -> Value | Unset:
    from trueup.sources.php.run.builtins.constants import CONSTANTS
    from trueup.sources.php.run.signals import UNSET

    if name in run.constants:
        return run.constants[name]
    value = run.host.constant(name)
    if value is MISSING:
        return CONSTANTS.get(name, UNSET)
    return value  # type: ignore[return-value]  # MISSING is excluded


@builtin("defined", "s:constant_name")
def _defined(run: Runner, name: str) -> Value:
    cls, colons, member = name.removeprefix("\\").partition("::")
    if not colons:
        return not isinstance(_constant_named(run, cls), Unset)
    owner = run.find_class(cls)
    if owner is None or owner.native:
        return run.unknown(f"whether {name} is defined")
    return not isinstance(classes.own_constant(run, owner, member), Unset)


@builtin("constant", "s:name")
def _constant(run: Runner, name: str) -> Value:
    cls, colons, member = name.removeprefix("\\").partition("::")
    if colons:
        return run.class_constant(cls, member)
    value = _constant_named(run, cls)
    if isinstance(value, Unset):
        if cls.isupper():
            return run.unknown(f"the constant {cls}")  # an extension of PHP's may have it
        raise run.throw("Error", f'Undefined constant "{name}"')
    return value
