"""What PHP expressions evaluate to.

null, bool, int, float and string are Python's own; a PHP string is a byte string, here text decoded as UTF-8 with surrogateescape,
so that nothing is lost. Arrays are `PhpArray`, objects are `PhpObject` (of a class that the project declares), `HostObject` (of a
class that the host implements in Python), `EnumCase` or one of the closures. `Unknown` is a value that could not be told: it goes
through every operation and becomes a gap where it decides something."""

# the methods of HostObject are hooks: their defaults need no argument

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from trueup.model.locations import NOWHERE, Location
from trueup.sources.php.linked import Method, PhpClass, PropertyDefault

if TYPE_CHECKING:
    from trueup.sources.php.host import Context
    from trueup.sources.php.parse import PhpFile
    from trueup.sources.php.tree import FunctionDecl


class Unknown:
    """A value that can't be told: `reason` is a phrase ("the result of DB::select()"), `at` where it arose."""

    __slots__ = ("at", "reason")

    def __init__(self, reason: str, at: Location = NOWHERE) -> None:
        self.reason = reason
        self.at = at

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r}, {str(self.at)!r})"


class Ref:
    """A cell that several variables or array places share (`&$x`)."""

    __slots__ = ("value",)

    def __init__(self, value: Value = None) -> None:
        self.value = value


class PhpArray:
    """An ordered map with int and str keys. A value: whoever stores one calls `share()` on it, and whoever writes to one that
    is shared writes to a `copy()` instead; `writable()` does both steps. `data` may hold `Ref`s, the methods look through them.
    `unknown` is set when there may be further elements that could not be told."""

    __slots__ = ("data", "next_index", "pointer", "shared", "unknown")

    def __init__(self, values: Iterable[Value] = ()) -> None:
        self.data: dict[int | str, Value | Ref] = dict(enumerate(values))
        self.next_index = len(self.data)
        self.shared = False
        self.pointer = 0
        self.unknown: Unknown | None = None

    @classmethod
    def of(cls, pairs: Mapping[str, Value] | Iterable[tuple[int | str, Value]]) -> PhpArray:
        """From a mapping or pairs; keys are coerced as PHP does ("8" is 8)."""
        array = cls()
        for key, value in pairs.items() if isinstance(pairs, Mapping) else pairs:
            array.set(normal_key(key), value)
        return array

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        shown = {k: "[...]" if isinstance(v, PhpArray) else v for k, v in self.items()}
        return f"PhpArray({shown!r})"

    def get(self, key: int | str, default: Value = None) -> Value:
        value = self.data.get(key, default)
        return value.value if type(value) is Ref else value  # type: ignore[return-value]  # mypy does not narrow by `type() is`

    def __contains__(self, key: int | str) -> bool:
        return key in self.data

    def set(self, key: int | str, value: Value) -> None:
        """Writes in place, through a `Ref`. The key must be normal (see `normal_key`)."""
        old = self.data.get(key)
        if isinstance(old, Ref):
            old.value = value
            return
        self.data[key] = value
        if isinstance(key, int) and (key >= self.next_index or (key < 0 and self._is_first(key))):
            self.next_index = key + 1

    def _is_first(self, key: int) -> bool:
        """Whether a negative key is the first integer key: the next one follows on it since PHP 8.3."""
        return self.next_index == 0 and not any(isinstance(k, int) and k != key for k in self.data)

    def append(self, value: Value) -> None:
        self.data[self.next_index] = value
        self.next_index += 1

    def remove(self, key: int | str) -> None:
        self.data.pop(key, None)

    def keys(self) -> list[int | str]:
        return list(self.data)

    def values(self) -> list[Value]:
        return [v.value if isinstance(v, Ref) else v for v in self.data.values()]

    def items(self) -> list[tuple[int | str, Value]]:
        return [(k, v.value if isinstance(v, Ref) else v) for k, v in self.data.items()]

    def is_list(self) -> bool:
        """Whether the keys are 0, 1, 2 ..."""
        return all(k == i for i, k in enumerate(self.data))

    def share(self) -> PhpArray:
        self.shared = True
        return self

    def copy(self) -> PhpArray:
        """A shallow copy to write to; nested arrays become shared, references stay references."""
        twin = PhpArray.__new__(PhpArray)
        twin.data = self.data.copy()
        for value in twin.data.values():
            if type(value) is PhpArray:
                value.shared = True
        twin.next_index = self.next_index
        twin.shared = False
        twin.pointer = self.pointer
        twin.unknown = self.unknown
        return twin

    def writable(self) -> PhpArray:
        return self.copy() if self.shared else self


ClassRef: TypeAlias = PhpClass


class PhpObject:
    """An instance of a project's class. `base` is the host's part, for a class that extends a framework's: methods and
    properties that the project's classes do not have go there. `props` may hold `Ref`s."""

    __slots__ = ("base", "cls", "id", "props")
    _count = 0

    def __init__(
        self, cls: PhpClass, props: dict[str, Value | Ref] | None = None, base: HostObject | None = None
    ) -> None:
        self.cls = cls
        self.props: dict[str, Value | Ref] = {} if props is None else props
        self.base = base
        PhpObject._count += 1
        self.id = PhpObject._count

    def __repr__(self) -> str:
        return f"PhpObject({self.cls.name!r})"

    def get(self, name: str, default: Value = None) -> Value:
        """A declared or dynamic property as it is, without `__get` and without warnings."""
        value = self.props.get(name, default)
        return value.value if isinstance(value, Ref) else value

    def set(self, name: str, value: Value) -> None:
        old = self.props.get(name)
        if isinstance(old, Ref):
            old.value = value
        else:
            self.props[name] = value

    def items(self) -> list[tuple[str, Value]]:
        """Names and values of the properties, in order."""
        return [(k, v.value if isinstance(v, Ref) else v) for k, v in self.props.items()]


class EnumCase:
    """A case of a project's enum; `value` is None in a pure enum. One object per case: compare with `is`."""

    __slots__ = ("cls", "name", "value")

    def __init__(self, cls: PhpClass, name: str, value: str | int | None) -> None:
        self.cls = cls
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"EnumCase({self.cls.name}::{self.name})"


class Closure:
    """A closure of the project's code, or a first-class callable of one of its functions or methods."""

    __slots__ = (
        "arrow",
        "called",
        "captured",
        "file",
        "function",
        "scope",
        "static",
        "static_variables",
        "this",
    )

    def __init__(
        self,
        function: FunctionDecl,
        file: PhpFile,
        captured: dict[str, Value | Ref],
        this: PhpObject | HostObject | EnumCase | None = None,
        scope: PhpClass | None = None,
        called: PhpClass | None = None,
    ) -> None:
        self.function = function
        self.file = file
        self.captured = captured
        self.this = this
        self.scope = scope
        self.called = called
        self.static_variables: dict[str, Ref] = {}

    def bind(self, this: PhpObject | HostObject | EnumCase | None, scope: PhpClass | None = None) -> Closure:
        """As `Closure::bindTo`: a copy with another `$this`; the scope stays when none is given."""
        bound = Closure(
            self.function, self.file, self.captured, this, scope or self.scope, scope or self.called
        )
        bound.static_variables = self.static_variables
        return bound


class NativeClosure:
    """A closure over Python code: first-class callables of builtins and host methods, or what a host hands out."""

    __slots__ = ("function", "name")

    def __init__(self, name: str, function: Callable[[Args, Context], Value]) -> None:
        self.name = name
        self.function = function


class HostObject:
    """An object that is implemented in Python. Subclasses override what they have; everything else answers as PHP would for an
    object without it. Names come as written in the code; PHP's methods are case-insensitive, its properties are not. `MISSING`
    as an answer means "there is no such thing", and the evaluator says so with a gap or PHP's own error."""

    __slots__ = ()

    @property
    def php_class(self) -> str:
        """The fully qualified class name, without a leading backslash."""
        return "stdClass"

    def ancestors(self) -> tuple[str, ...]:
        """Further classes and interfaces that it is an instance of."""
        return ()

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        """A method call; for a `base` also `parent::method()`."""
        return MISSING

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        """A property read."""
        return MISSING

    def set(self, prop: str, value: Value, ctx: Context) -> bool:
        """A property write; False: it can't be told what that does (a gap)."""
        return False

    def has(self, prop: str, ctx: Context) -> bool | None:
        """isset() of a property; None: can't be told. By default: whether `get` has it and it is not null."""
        value = self.get(prop, ctx)
        return None if isinstance(value, Unknown) else value is not MISSING and value is not None

    def unset(self, prop: str, ctx: Context) -> bool:
        return False

    def offset_get(self, key: Value, ctx: Context) -> Value | Missing:
        """`$object[$key]`."""
        return MISSING

    def offset_set(self, key: Value | None, value: Value, ctx: Context) -> bool:
        """`$object[$key] = $value`; key None for `$object[] =`."""
        return False

    def offset_has(self, key: Value, ctx: Context) -> bool | None:
        value = self.offset_get(key, ctx)
        return None if isinstance(value, Unknown) else value is not MISSING and value is not None

    def offset_unset(self, key: Value, ctx: Context) -> bool:
        return False

    def iterate(self, ctx: Context) -> Iterable[tuple[Value, Value]] | None:
        """Key and value pairs for foreach; None: not iterable."""
        return None

    def count(self, ctx: Context) -> int | None:
        """For count(); None: not countable."""
        return None

    def to_string(self, ctx: Context) -> str | Unknown | None:
        """`(string) $object`; None: no `__toString`."""
        return None

    def invoke(self, args: Args, ctx: Context) -> Value | Missing:
        """`$object(...)`."""
        return MISSING

    def clone(self, ctx: Context) -> HostObject:
        return self

    def json(self, ctx: Context) -> Value:
        """What json_encode() sees."""
        return PhpArray()


class Missing:
    """The type of `MISSING`: there is no such thing (unlike null)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


class Args:
    """The arguments of a call. `open` is set when `...$unknown` was among them: there may be more positional arguments.
    `at` is the place of the call. By-reference arguments of natives come as `Ref`."""

    __slots__ = ("file", "line", "named", "open", "positional")

    def __init__(
        self,
        positional: Sequence[Value] = (),
        named: Mapping[str, Value] | None = None,
        at: Location = NOWHERE,
        open: Unknown | None = None,  # noqa: A002  # the field's own word
    ) -> None:
        self.positional = list(positional)
        self.named = dict(named) if named else {}
        self.file = at.file
        self.line = at.line
        self.open = open

    @property
    def at(self) -> Location:
        return Location(self.file, self.line)

    def __len__(self) -> int:
        return len(self.positional) + len(self.named)

    def __repr__(self) -> str:
        return f"Args({self.positional!r}, {self.named!r})"

    def has(self, index: int, name: str = "") -> bool:
        """Whether the argument was given (or may have been, after an unknown spread)."""
        return index < len(self.positional) or name in self.named or self.open is not None

    def get(self, index: int, name: str = "", default: Value = None) -> Value:
        """The argument by position or name; `default` where it was not given, Unknown where that can't be told."""
        if index < len(self.positional):
            return self.positional[index]
        if name in self.named:
            return self.named[name]
        return self.open if self.open is not None else default

    def rest(self, start: int) -> list[Value]:
        """The positional arguments from `start` on (variadics); named ones left out."""
        return self.positional[start:]

    def known(self) -> Unknown | None:
        """The first argument that is Unknown, or None: `if (u := args.known()): return u`."""
        for value in (*self.positional, *self.named.values()):
            if isinstance(value, Unknown):
                return value
        return self.open


Scalar: TypeAlias = str | int | float | bool | None
Object: TypeAlias = PhpObject | HostObject | EnumCase | Closure | NativeClosure
Value: TypeAlias = Scalar | PhpArray | PhpObject | HostObject | EnumCase | Closure | NativeClosure | Unknown


def normal_key(key: int | str) -> int | str:
    """A string that is a decimal integer as PHP would print it becomes that integer."""
    if isinstance(key, str) and key and (key[-1].isdigit() and (key[0].isdigit() or key[0] == "-")):
        return _numeric_key(key)
    return key


def _numeric_key(key: str) -> int | str:
    digits = key[1:] if key[0] == "-" else key
    if len(digits) > 19 or not digits.isascii() or not digits.isdigit():
        return key
    if digits[0] == "0" and (len(digits) > 1 or key[0] == "-"):
        return key
    number = int(key)
    return number if -(2**63) <= number < 2**63 else key


__all__ = [
    "MISSING",
    "Args",
    "ClassRef",
    "Closure",
    "EnumCase",
    "HostObject",
    "Method",
    "Missing",
    "NativeClosure",
    "Object",
    "PhpArray",
    "PhpClass",
    "PhpObject",
    "PropertyDefault",
    "Ref",
    "Scalar",
    "Unknown",
    "Value",
    "normal_key",
]
