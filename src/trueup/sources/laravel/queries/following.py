"""Functions of the project that code calls: walked with the arguments of each call, to a bounded depth, and remembered."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from trueup.model.locations import NOWHERE, Gap, Location
from trueup.sources.laravel.queries import calls
from trueup.sources.laravel.queries.blocks import Statements
from trueup.sources.laravel.queries.builder import area_of
from trueup.sources.laravel.queries.program import Program
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Const,
    Frame,
    Func,
    Item,
    Many,
    OneOf,
    Query,
    Unknown,
    Value,
    join,
    options,
)
from trueup.sources.php import tree as php
from trueup.sources.php.tree import ClassDecl, FunctionDecl

MAX_CALLS = 6
"""How deep calls of the project's own methods are followed."""
MAX_STEPS = 4_000
"""Expressions walked for one entry function, inlined calls included; beyond, calls are no longer followed."""
MAX_FILE_STEPS = 500_000
"""The same for all functions of a file: some ten seconds. The dearest file seen, of 5,000 lines, takes 71,000."""


class Functions(Statements):
    """The third of the walker that follows calls; the others go through statements and expressions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.steps = 0
        self._entry = NOWHERE
        self._walked = 0
        """Steps of the entry functions before."""
        self._stack: list[FunctionDecl] = []
        self._answers: dict[tuple[object, ...], Value] = {}
        """Calls already followed: function, class of `$this`, arguments → value. Builders and closures are compared by identity."""

    @abstractmethod
    def arguments(self, args: Sequence[php.Argument], frame: Frame) -> tuple[Value, ...]:
        """What is handed to a call."""

    def enter(self, function: FunctionDecl, frame: Frame, decl: ClassDecl | None) -> Value:
        """Walks a function from outside: its parameters are what their types say."""
        self.start(Location(frame.file, function.line))
        self.program.assigned.clear()
        self.bind_types(function, frame, decl)
        return self.run(function, frame)

    def start(self, entry: Location) -> None:
        """From here on calls are followed for the code at `entry`."""
        self._walked += self.steps
        self.steps, self._entry = 0, entry

    def _is_exhausted(self) -> bool:
        """Whether calls are no longer followed, which is noted."""
        if self._walked + self.steps > MAX_FILE_STEPS:
            reason = f"the code of this file leads to more than {MAX_FILE_STEPS:,} expressions: calls beyond are not followed"
            self.program.found.limits.add(Gap(Location(self._entry.file), reason, "limit"))
        elif self.steps > MAX_STEPS:
            reason = (
                f"the function leads to more than {MAX_STEPS:,} expressions: calls beyond are not followed"
            )
            self.program.found.limits.add(Gap(self._entry, reason, "limit"))
        else:
            return False
        return True

    def bind_types(self, function: FunctionDecl, frame: Frame, decl: ClassDecl | None) -> None:
        documented = calls.documented_params(function.doc)
        for param in function.params:
            written = documented.get(param.name) or param.type
            value = self.program.of_type(written, decl, frame, param.line) if written else UNKNOWN
            if param.type and written != param.type and value == UNKNOWN:
                value = self.program.of_type(param.type, decl, frame, param.line)
            frame.variables[param.name] = Many(value, collection=False) if param.variadic else value

    def run(self, function: FunctionDecl, frame: Frame) -> Value:
        """Walks a body with its parameters bound; the value that it returns."""
        if function in self._stack or len(self._stack) > 40:
            return UNKNOWN
        self._stack.append(function)
        try:
            self.block(function.body, frame)
        finally:
            self._stack.pop()
        result: Value | None = None
        for value in frame.returns:
            result = value if result is None else join(result, value)
        return result if result is not None else Const(None)

    def inline(
        self,
        decl: ClassDecl | None,
        function: FunctionDecl,
        args: Sequence[php.Argument],
        frame: Frame,
        this: str,
        self_value: Value | None = None,
        *,
        file: str = "",
    ) -> Value:
        """A call of the project's own function: walked with the arguments of this call. `file`: where a function of no class is."""
        values = self.arguments(args, frame)
        if file:
            frame = Frame(file, depth=frame.depth, loops=frame.loops, calls=frame.calls)
        if (
            frame.calls >= MAX_CALLS
            or function in self._stack
            or _is_tested(decl, function, frame, values)
            or self._is_exhausted()
        ):
            return self.declared_return(function, decl, frame, this)
        if self_value is not None:
            return self._inline(decl, function, values, args, frame, this, self_value)
        held = tuple(v for (cls, _), v in self.program.assigned.items() if cls == this.lower())
        key = (function, this, values, tuple(a.name for a in args), frame.loops > 0, held)
        if key not in self._answers:
            before = self.program.assignments
            answer = self._inline(decl, function, values, args, frame, this)
            if self.program.assignments != before:
                return answer  # it changes what a property holds, each time it is called
            self._answers[key] = answer
        return _anew(self._answers[key])

    def _inline(
        self,
        decl: ClassDecl | None,
        function: FunctionDecl,
        values: tuple[Value, ...],
        args: Sequence[php.Argument],
        frame: Frame,
        this: str,
        self_value: Value | None = None,
    ) -> Value:
        file = decl.file if decl is not None else frame.file
        inner = Frame(
            file, {}, this, f"{this}::{function.name}" if this else function.name, calls=frame.calls + 1
        )
        inner.depth, inner.loops, inner.self_value = frame.depth, frame.loops, self_value
        inner.decided = frame.depth
        self.bind_types(function, inner, decl)
        self.bind_values(function, values, args, inner)
        result = self.run(function, inner)
        if any(isinstance(o, Unknown) for o in options(result)) or result == Const(None):
            declared = self.declared_return(function, decl, frame, this)
            return declared if declared != UNKNOWN and not isinstance(declared, Query) else result
        return result

    def bind_values(
        self, function: FunctionDecl, values: Sequence[Value], args: Sequence[php.Argument], frame: Frame
    ) -> None:
        params = function.params
        for position, param in enumerate(params):
            named = next((v for v, a in zip(values, args, strict=True) if a.name == param.name), None)
            given: Value | None = named
            if (
                named is None
                and position < len(values)
                and not args[position].name
                and not args[position].spread
            ):
                given = values[position]
            if param.variadic and values[position:] and not any(a.spread or a.name for a in args):
                frame.variables[param.name] = Arr(tuple(Item(v) for v in values[position:]))
            if given is None and param.default is not None and len(values) <= position:
                default = self.expr(param.default, frame)
                given = (
                    default if default != Const(None) else None
                )  # a null default is what the body tests for first
            known = frame.variables.get(param.name, UNKNOWN)
            if (
                given is not None
                and not param.variadic
                and not (isinstance(given, Unknown) and known != UNKNOWN)
            ):
                frame.variables[param.name] = given

    def declared_return(
        self, function: FunctionDecl, decl: ClassDecl | None, frame: Frame, this: str
    ) -> Value:
        inner = Frame(decl.file if decl else frame.file, {}, this, depth=frame.depth, loops=frame.loops)
        documented = calls.documented_return(function.doc)
        for written in (documented, function.return_type):
            if written:
                value = self.program.of_type(written, decl, inner, function.line)
                if value != UNKNOWN:
                    return value
        return UNKNOWN

    def call_closure(self, closure: Value, values: Sequence[Value], *, conditional: bool = False) -> Value:
        """Walks a closure's body with these arguments; parameters beyond them are what their types say."""
        result: Value = UNKNOWN
        for option in options(closure):
            if isinstance(option, Func):
                result = self._call_one(option, values, conditional)
        return result

    def _call_one(self, closure: Func, values: Sequence[Value], conditional: bool) -> Value:
        outer = closure.frame
        inner = Frame(
            outer.file, {}, outer.this, outer.method, outer.depth + int(conditional), outer.loops, outer.calls
        )
        inner.self_value, inner.row_loops = outer.self_value, outer.row_loops
        if closure.arrow:
            inner.variables.update(outer.variables)
        else:
            inner.variables.update({n: outer.variables[n] for n in closure.uses if n in outer.variables})
        decl = self.program.classes.decl(outer.this) if outer.this else None
        self.bind_types(closure.node, inner, decl)
        for param, value in zip(closure.node.params, values, strict=False):
            typed = inner.variables.get(param.name, UNKNOWN)
            if not isinstance(value, Unknown) or typed == UNKNOWN:
                inner.variables[param.name] = value
        return self.run(closure.node, inner)


def _is_tested(decl: ClassDecl | None, function: FunctionDecl, frame: Frame, values: Sequence[Value]) -> bool:
    """A test that calls the code under test: that code is walked for itself, with what it is really given. What hands out
    queries is followed all the same."""
    if decl is None or area_of(frame.file) != "test" or area_of(decl.file) == "test":
        return False
    written = function.return_type + calls.documented_return(function.doc)
    if not written or any(
        mark in written for mark in ("Builder", "Has", "Belongs", "Morph", "Relation", "static", "self")
    ):
        return False
    return not any(isinstance(o, Query) for v in values for o in options(v))


def _anew(value: Value) -> Value:
    """A remembered answer, with builders of its own: they change in place."""
    if isinstance(value, Query):
        return Query(value.builder.clone())
    if isinstance(value, OneOf):
        return OneOf(tuple(_anew(o) for o in value.options))
    return value
