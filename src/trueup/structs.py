"""What makes a class a record: slots, `__init__`, equality, hash and text of its fields, as with `dataclasses`.

    class Column(Struct, frozen=True):
        name: str
        parts: tuple[str, ...] = ()

Why not `dataclasses`, or a library: there are some 350 of these classes on the way to a schema, and a program that runs at every
save pays for all of them at every start. `dataclasses` compiles up to seven methods for each (45 % of all instructions of importing
the replay), and importing `msgspec`, which makes classes fastest, costs about as much as all the rest of that. Here `__init__`
alone is compiled, when the first instance is made, and the other methods are shared.

Fields are annotations, in order, after those of the bases; `ClassVar` is none. A list, dict or set as default is made anew for each
instance. `__post_init__` is called where there is one. `frozen` must be said of each class, as type checkers want it; a frozen
struct refuses assignment and is hashable. With `eq=False` a struct is compared by identity, whatever its bases are compared by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform

S = TypeVar("S", bound="Struct")
M = TypeVar("M", bound="StructType")


class _Field:
    """What `field` leaves in the body of a class."""

    __slots__ = ("compare", "default", "factory", "init", "shown")

    def __init__(
        self, default: object, factory: Callable[[], object] | None, flags: tuple[bool, ...]
    ) -> None:
        self.default, self.factory = default, factory
        self.init, self.shown, self.compare = flags


_NOTHING: Any = object()
_MUTABLE = (list, dict, set)


def field(
    *,
    default: Any = _NOTHING,
    default_factory: Callable[[], Any] | None = None,
    init: bool = True,
    shown: bool = True,
    compare: bool = True,
) -> Any:
    """A field that is more than an annotation; the parameters mean what they mean in `dataclasses.field`, `shown` is its `repr`."""
    return _Field(default, default_factory, (init, shown, compare))


def _field_of(value: object) -> _Field:
    if isinstance(value, _Field):
        return value
    factory = type(value) if isinstance(value, _MUTABLE) else None
    return _Field(_NOTHING if factory else value, factory, (True, True, True))


# What structs share. `__struct_key__` gives the values of the fields that are compared.


def _eq(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if type(self) is not type(other):
        return NotImplemented
    key = type(self).__struct_key__
    return key(self) == key(other)


def _hash(self: Any) -> int:
    return hash(type(self).__struct_key__(self))


def _compared(self: Any, other: Any) -> tuple[Any, Any] | None:
    key = type(self).__struct_key__
    return (key(self), key(other)) if type(self) is type(other) else None


def _lt(self: Any, other: Any) -> bool:
    keys = _compared(self, other)
    return NotImplemented if keys is None else bool(keys[0] < keys[1])


def _le(self: Any, other: Any) -> bool:
    keys = _compared(self, other)
    return NotImplemented if keys is None else bool(keys[0] <= keys[1])


def _gt(self: Any, other: Any) -> bool:
    keys = _compared(self, other)
    return NotImplemented if keys is None else bool(keys[0] > keys[1])


def _ge(self: Any, other: Any) -> bool:
    keys = _compared(self, other)
    return NotImplemented if keys is None else bool(keys[0] >= keys[1])


def _refuse_set(self: Any, name: str, value: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name!r} can't be set")


def _refuse_delete(self: Any, name: str) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name!r} can't be deleted")


def _first_init(self: Struct, *args: object, **kwargs: object) -> None:
    """The `__init__` of a class of which there is no instance yet: makes the real one."""
    cls = type(self)
    owner = next(c for c in cls.__mro__ if c.__dict__.get("__init__") is _first_init)
    made = _compiled_init(owner)
    type.__setattr__(owner, "__init__", made)
    made(self, *args, **kwargs)


def _compiled_init(cls: type[Struct]) -> Callable[..., None]:
    names: dict[str, Any] = {"nothing": _NOTHING}
    parameters, lines = [], []
    for name, spec in cls.__struct_specs__.items():
        value = name
        if spec.factory is not None:
            names[f"make_{name}"] = spec.factory
            value = f"make_{name}() if {name} is nothing else {name}" if spec.init else f"make_{name}()"
        elif spec.default is not _NOTHING:
            names[f"default_{name}"] = spec.default
        elif not spec.init:
            continue
        if spec.init:
            parameters.append(_parameter(name, spec))
        if cls.__struct_frozen__:
            names[f"set_{name}"] = getattr(cls, name).__set__
            lines.append(f"set_{name}(self, {value})")
        else:
            lines.append(f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    made: dict[str, Callable[..., None]] = {}
    exec(f"def __init__({', '.join(('self', *parameters))}):\n " + "\n ".join(lines or ["pass"]), names, made)
    return made["__init__"]


def _parameter(name: str, spec: _Field) -> str:
    if spec.factory is not None:
        return f"{name}=nothing"
    return name if spec.default is _NOTHING else f"{name}=default_{name}"


def _values(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    """What gives these attributes of an object as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda struct: tuple(getattr(struct, name) for name in names)


def _key(names: Sequence[str]) -> Callable[[object], object]:
    """What gives the values of these attributes of an object in a form that compares as they do: one value as it is."""
    return attrgetter(names[0]) if len(names) == 1 else _values(names)


@dataclass_transform(field_specifiers=(field,))
class StructType(type):
    """The class of struct classes."""

    __struct_specs__: dict[str, _Field]

    def __new__(
        mcls: type[M],
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        frozen: bool = False,
        order: bool = False,
        eq: bool = True,
    ) -> M:
        specs: dict[str, _Field] = {}
        for base in reversed(bases):
            specs.update(getattr(base, "__struct_specs__", {}))
        own = [n for n, t in body.get("__annotations__", {}).items() if not str(t).startswith("ClassVar")]
        body["__slots__"] = tuple(n for n in own if n not in specs)
        specs.update((n, _field_of(body.pop(n, _NOTHING))) for n in own)
        body["__struct_specs__"] = specs
        body["__struct_fields__"] = tuple(specs)
        body["__struct_frozen__"] = frozen
        parameters = tuple(n for n, spec in specs.items() if spec.init)
        body["__struct_key__"] = _key([n for n, spec in specs.items() if spec.compare])
        body["__struct_arguments__"] = _values(parameters)
        body.setdefault("__match_args__", parameters)
        body.setdefault("__init__", _first_init)
        if eq:
            body.setdefault("__eq__", _eq)
            body.setdefault("__hash__", _hash if frozen else None)
        else:
            body.setdefault("__eq__", object.__eq__)
            body.setdefault("__hash__", object.__hash__)
        if frozen:
            body["__setattr__"], body["__delattr__"] = _refuse_set, _refuse_delete
        if order:
            body.update(__lt__=_lt, __le__=_le, __gt__=_gt, __ge__=_ge)
        return super().__new__(mcls, name, bases, body)


class Struct(metaclass=StructType, eq=False):
    """Base of all structs. `__struct_fields__` are the names of the fields, in order."""

    __struct_fields__: ClassVar[tuple[str, ...]]
    __struct_specs__: ClassVar[dict[str, _Field]]
    __struct_frozen__: ClassVar[bool]
    __struct_key__: ClassVar[Any]
    __struct_arguments__: ClassVar[Any]

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{n}={getattr(self, n)!r}" for n, spec in type(self).__struct_specs__.items() if spec.shown
        )
        return f"{type(self).__qualname__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), type(self).__struct_arguments__(self)


def replace(struct: S, /, **changes: Any) -> S:
    """A struct like this one, with other values in some fields. Raises TypeError where it has no such field."""
    cls = type(struct)
    for name, spec in cls.__struct_specs__.items():
        if spec.init and name not in changes:
            changes[name] = getattr(struct, name)
    return cls(**changes)


def as_dict(struct: Struct) -> dict[str, Any]:
    """Names and values of the fields; structs within, also in tuples and lists, as dicts too."""
    return {name: _plain(getattr(struct, name)) for name in type(struct).__struct_fields__}


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return as_dict(value)
    return [_plain(v) for v in value] if isinstance(value, tuple | list) else value
