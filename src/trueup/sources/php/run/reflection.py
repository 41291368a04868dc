"""ReflectionClass, as far as code asks it for names."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trueup.sources.php.run import classes
from trueup.sources.php.run.convert import class_of
from trueup.sources.php.values import (
    MISSING,
    Args,
    EnumCase,
    HostObject,
    Missing,
    PhpArray,
    PhpClass,
    PhpObject,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trueup.sources.php.host import Context
    from trueup.sources.php.run.runner import Runner


class Reflection(HostObject):
    """`new ReflectionClass(...)` of a project's class or of one that only has a name here."""

    __slots__ = ("cls", "name")

    def __init__(self, name: str, cls: PhpClass | None) -> None:
        self.name = name
        self.cls = cls

    @property
    def php_class(self) -> str:
        return "ReflectionClass"

    def get(self, prop: str, ctx: Context) -> Value | Missing:  # a hook
        return self.name if prop == "name" else MISSING

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        named = _names(self.name).get(lowered)
        if named is not None:
            return named
        if lowered in ("newinstance", "newinstanceargs"):
            given = args.get(0) if lowered == "newinstanceargs" else None
            inputs = given.values() if isinstance(given, PhpArray) else args.positional
            return ctx.instantiate(self.name, inputs)
        return MISSING if self.cls is None else self._of_project(lowered, args, cast("Runner", ctx), self.cls)

    def _of_project(self, method: str, args: Args, run: Runner, cls: PhpClass) -> Value | Missing:
        match method:
            case "isabstract":
                return cls.decl.abstract
            case "isinterface" | "istrait" | "isenum":
                return cls.decl.kind == method.removeprefix("is")
            case "isinstantiable":
                return cls.decl.kind == "class" and not cls.decl.abstract
            case "isanonymous":
                return cls.decl.anonymous
            case "getconstants":
                found = {
                    name: classes.constant(run, cls, name) for c in cls.lineage() for name in c.decl.constants
                }
                return PhpArray.of(found)
            case "hasmethod":
                return cls.method(str(args.get(0))) is not None or (False if not cls.native else MISSING)
            case "issubclassof" | "implementsinterface":
                return _answer(
                    run, classes.is_subclass(run, cls, str(args.get(0)).removeprefix("\\").lower())
                )
            case "getfilename":
                return run.host.path(cls.file.file)
            case "getparentclass":
                return (
                    Reflection(cls.parent.name, cls.parent)
                    if cls.parent is not None
                    else MISSING
                    if cls.native
                    else False
                )
            case _:
                return MISSING


def _names(name: str) -> dict[str, str]:
    space, _, short = name.rpartition("\\")
    return {"getname": name, "getshortname": short, "getnamespacename": space}


def _answer(run: Runner, answer: bool | None) -> Value:
    return run.unknown("the parents of a class") if answer is None else answer


def reflect(run: Runner, args: Args) -> Value:
    """`new ReflectionClass($class)`."""
    target = args.get(0, "objectOrClass")
    if isinstance(target, Unknown):
        return target
    name = target.removeprefix("\\") if isinstance(target, str) else class_of(target)
    cls = target.cls if isinstance(target, (PhpObject, EnumCase)) else run.find_class(name)
    return Reflection(cls.name if cls is not None else name, cls)
