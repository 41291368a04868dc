"""Places that can be written to: variables, elements, properties; and reading them without warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.php.run import classes, properties, reading
from trueup.sources.php.run.convert import (
    array_key,
    decode,
    encode,
    is_object,
)
from trueup.sources.php.run.dispatch import evaluate
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.signals import UNSET
from trueup.sources.php.tree import (
    ArrayItem,
    ArrayLiteral,
    DynamicVariable,
    Expr,
    Index,
    Property,
    StaticProperty,
    Variable,
)
from trueup.sources.php.values import PhpArray, PhpClass, PhpObject, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def store(run: Runner, frame: Frame, target: Expr, value: Value) -> None:
    """`target = value`. An array must be shared already."""
    if isinstance(target, Variable):
        set_variable(run, frame, target.name, value)
    elif isinstance(target, Index):
        container = writable(run, frame, target.base)
        if isinstance(container, str):
            _store_character(run, frame, target, container, value)
            return
        key = None if target.index is None else evaluate(run, frame, target.index)
        put(run, container, key, value, append=target.index is None)
    elif isinstance(target, Property):
        owner = evaluate(run, frame, target.base)
        name = reading.name_of(run, frame, target.name)
        if not isinstance(name, Unknown):
            properties.set_property(run, owner, name, value)
    elif isinstance(target, StaticProperty):
        cls, name = reading.scope_of(run, frame, target.cls), reading.name_of(run, frame, target.name)
        if not isinstance(cls, Unknown) and not isinstance(name, Unknown):
            classes.set_static(run, cls, name, value)
    elif isinstance(target, ArrayLiteral):
        destructure(run, frame, target, value)
    elif isinstance(target, DynamicVariable):
        name = reading.variable_name(run, frame, target)
        if not isinstance(name, Unknown):
            set_variable(run, frame, name, value)
    else:
        run.gap("an assignment to something that is no variable", "unsupported")


def set_variable(run: Runner, frame: Frame, name: str, value: Value) -> None:
    old = frame.vars.get(name)
    if isinstance(old, Ref):
        run.assign(old, value)
    else:
        frame.vars[name] = value


def put(run: Runner, container: Value, key: Value, value: Value, append: bool) -> None:
    """Writes an element of an array that may be written to, or of an object."""
    if isinstance(container, PhpArray):
        if append:
            if len(container.data) >= run.budget.array:
                run.allocate(len(container.data) + 1)
            container.append(value)
            return
        normal = reading.key_of(run, key)
        if isinstance(normal, Unknown):
            _put_anywhere(container, normal)
            return
        if isinstance(container.data.get(normal), Ref):
            run.assign(container.data[normal], value)  # type: ignore[arg-type]  # a Ref, as just seen
        else:
            container.set(normal, value)
    elif is_object(container):
        properties.offset_set(run, container, None if append else key, value)


def _put_anywhere(container: PhpArray, unknown: Unknown) -> None:
    """Something was written, but not known where: no element is sure any more."""
    for key in list(container.data):
        container.set(key, unknown)
    container.unknown = unknown


def _store_character(run: Runner, frame: Frame, target: Index, text: str, value: Value) -> None:
    index = array_key(evaluate(run, frame, target.index)) if target.index is not None else None
    char = run.to_string(value)
    if not isinstance(index, int) or isinstance(char, Unknown) or index > run.budget.string or index < 0:
        raise run.throw("Error", "[] operator not supported for strings")
    raw = bytearray(encode(text).ljust(index + 1, b" "))
    raw[index : index + 1] = encode(char)[:1] or b" "
    store(run, frame, target.base, decode(bytes(raw)))


def writable(run: Runner, frame: Frame, node: Expr) -> Value:
    """The array or object that an element is to be written to. A missing array is made, a shared one replaced by a copy."""
    if isinstance(node, (Variable, DynamicVariable)):
        return _writable_variable(run, frame, node)
    if isinstance(node, Index):
        return _writable_element(run, frame, node)
    if isinstance(node, Property):
        return _writable_property(run, frame, node)
    if isinstance(node, StaticProperty):
        cls, name = reading.scope_of(run, frame, node.cls), reading.name_of(run, frame, node.name)
        if isinstance(cls, PhpClass) and isinstance(name, str):
            ref = classes.static_ref(run, cls, name)
            return _writable_ref(run, ref) if ref is not None else classes.static_value(run, cls, name)
    return evaluate(run, frame, node)


def _opened(run: Runner, value: Value, always: bool) -> Value:
    """`value` as something that an element can be written to."""
    if isinstance(value, PhpArray):
        return _copied(run, value) if always or value.shared else value
    if value is None:
        return PhpArray()
    if value is False:
        return PhpArray()
    if isinstance(value, (bool, int, float)):
        raise run.throw("Error", "Cannot use a scalar value as an array")
    return value


def _copied(run: Runner, array: PhpArray) -> PhpArray:
    if len(array.data) > 16:
        run.allocate(len(array.data))
    return array.copy()


def _writable_ref(run: Runner, ref: Ref) -> Value:
    opened = _opened(run, ref.value, run.journal is not None)
    if opened is not ref.value:
        run.assign(ref, opened)
    return opened


def _writable_variable(run: Runner, frame: Frame, node: Variable | DynamicVariable) -> Value:
    name = reading.variable_name(run, frame, node)
    if isinstance(name, Unknown):
        return name
    held = frame.vars.get(name)
    if isinstance(held, Ref):
        return _writable_ref(run, held)
    opened = _opened(run, held, False)
    if opened is not held:
        frame.vars[name] = opened
    return opened


def _writable_element(run: Runner, frame: Frame, node: Index) -> Value:
    container = writable(run, frame, node.base)
    if isinstance(container, str):
        raise run.throw("Error", "Cannot use string offset as an array")
    index = None if node.index is None else evaluate(run, frame, node.index)
    if not isinstance(container, PhpArray):
        return reading.element(run, container, index) if is_object(container) else container
    if node.index is None:
        made = PhpArray()
        put(run, container, None, made, append=True)
        return made
    key = reading.key_of(run, index)
    if isinstance(key, Unknown):
        _put_anywhere(container, key)
        return key
    held = container.data.get(key)
    if isinstance(held, Ref):
        return _writable_ref(run, held)
    if held is None and container.unknown is not None:
        return container.unknown
    opened = _opened(run, held, False)
    if opened is not held:
        container.set(key, opened)
    return opened


def _writable_property(run: Runner, frame: Frame, node: Property) -> Value:
    owner = evaluate(run, frame, node.base)
    name = reading.name_of(run, frame, node.name)
    if isinstance(name, Unknown):
        return name
    if not isinstance(owner, PhpObject):
        return properties.get_property(run, owner, name)
    held = owner.props.get(name, UNSET)
    if isinstance(held, Ref):
        return _writable_ref(run, held)
    if held is UNSET and (owner.base is not None or owner.cls.method("__get")):
        return properties.get_property(run, owner, name)
    value = None if held is UNSET else held
    opened = _opened(run, value, run.journal is not None)  # type: ignore[arg-type]  # neither UNSET nor a Ref
    if opened is not held:
        properties.write_property(run, owner, name, opened)
    return opened


# ── references, unset ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def reference(run: Runner, frame: Frame, node: Expr) -> Ref:
    """The cell of a place, made where there is none."""
    if isinstance(node, (Variable, DynamicVariable)):
        name = reading.variable_name(run, frame, node)
        if isinstance(name, Unknown):
            return Ref(name)
        held = frame.vars.get(name)
        if not isinstance(held, Ref):
            held = frame.vars[name] = Ref(held)
        return held
    if isinstance(node, Index):
        return _element_reference(run, frame, node)
    if isinstance(node, Property):
        owner, name = evaluate(run, frame, node.base), reading.name_of(run, frame, node.name)
        if isinstance(owner, PhpObject) and isinstance(name, str) and owner.base is None:
            held = owner.props.get(name)
            if not isinstance(held, Ref):
                run.note(owner, name, owner.props.get(name, UNSET))
                held = owner.props[name] = Ref(held)
            return held
    if isinstance(node, StaticProperty):
        cls, name = reading.scope_of(run, frame, node.cls), reading.name_of(run, frame, node.name)
        ref = (
            classes.static_ref(run, cls, name)
            if isinstance(cls, PhpClass) and isinstance(name, str)
            else None
        )
        if ref is not None:
            return ref
    return Ref(evaluate(run, frame, node))


def _element_reference(run: Runner, frame: Frame, node: Index) -> Ref:
    container = writable(run, frame, node.base)
    if not isinstance(container, PhpArray):
        return Ref(container if isinstance(container, Unknown) else None)
    if node.index is None:
        ref = Ref(None)
        container.data[container.next_index] = ref
        container.next_index += 1
        return ref
    key = reading.key_of(run, evaluate(run, frame, node.index))
    if isinstance(key, Unknown):
        return Ref(key)
    return cell(container, key)


def cell(array: PhpArray, key: int | str) -> Ref:
    """The cell of an element of an array that may be written to."""
    held = array.data.get(key)
    if not isinstance(held, Ref):
        array.set(key, None)
        held = array.data[key] = Ref(held)
    return held


def bind_reference(run: Runner, frame: Frame, target: Expr, ref: Ref) -> None:
    """`target = &...`."""
    if isinstance(target, Variable):
        frame.vars[target.name] = ref
    elif isinstance(target, Index):
        container = writable(run, frame, target.base)
        if isinstance(container, PhpArray):
            key = (
                container.next_index
                if target.index is None
                else reading.key_of(run, evaluate(run, frame, target.index))
            )
            if not isinstance(key, Unknown):
                container.set(key, None)
                container.data[key] = ref
    elif isinstance(target, Property):
        owner, name = evaluate(run, frame, target.base), reading.name_of(run, frame, target.name)
        if isinstance(owner, PhpObject) and isinstance(name, str):
            run.note(owner, name, owner.props.get(name, UNSET))
            owner.props[name] = ref
    else:
        store(run, frame, target, ref.value)


def unset(run: Runner, frame: Frame, target: Expr) -> None:
    if isinstance(target, (Variable, DynamicVariable)):
        name = reading.variable_name(run, frame, target)
        if isinstance(name, str):
            frame.vars.pop(name, None)
    elif isinstance(target, Index):
        if reading.quiet(run, frame, target.base) is None or target.index is None:
            return
        container = writable(run, frame, target.base)
        index = evaluate(run, frame, target.index)
        if isinstance(container, PhpArray):
            key = reading.key_of(run, index)
            if isinstance(key, Unknown):
                _put_anywhere(container, key)
            else:
                container.remove(key)
        elif is_object(container):
            properties.offset_unset(run, container, index)
    elif isinstance(target, Property):
        name = reading.name_of(run, frame, target.name)
        if isinstance(name, str):
            properties.unset_property(run, evaluate(run, frame, target.base), name)


# ── destructuring ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def destructure(run: Runner, frame: Frame, target: ArrayLiteral, value: Value) -> None:
    """`[$a, 'k' => $b] = value`."""
    position = 0
    for item in target.items:
        if item is None:
            position += 1
            continue
        key: Value = position if item.key is None else evaluate(run, frame, item.key)
        position += item.key is None
        _take(run, frame, item, value, key)


def _take(run: Runner, frame: Frame, item: ArrayItem, value: Value, key: Value) -> None:
    if not isinstance(value, (PhpArray, Unknown)) and not is_object(value):
        taken: Value = None
    else:
        taken = reading.element(run, value, key)
    if isinstance(taken, PhpArray):
        taken.shared = True
    if item.by_ref:
        run.gap("destructuring by reference is not followed", "unsupported")
    store(run, frame, item.value, taken)
