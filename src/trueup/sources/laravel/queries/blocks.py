"""Statements: branches are walked on copies of the variables that are joined behind them, loops once or entry by entry."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from trueup.sources.laravel.queries.program import Program
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Const,
    Frame,
    Obj,
    Query,
    Unknown,
    Value,
    element,
    join,
    options,
    rows_of,
    text,
    turn_of,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

MAX_UNROLLED = 40


class Statements:
    """The third of the walker that goes through statements; the others follow calls and expressions."""

    program: Program

    @abstractmethod
    def expr(self, node: php.Expr, frame: Frame) -> Value:
        """What an expression can be."""

    @abstractmethod
    def assign(self, target: php.Expr, value: Value, frame: Frame) -> None:
        """Lets a variable, property or item hold a value."""

    # ── statements: each answers whether the code behind it can still be reached ─────────────────────────────────────────────────

    def block(self, statements: Sequence[php.Stmt], frame: Frame) -> bool:
        for statement in statements:
            walk = _STATEMENTS.get(type(statement))
            if walk is not None and not walk(self, statement, frame):
                return False
        return True

    def _expression_statement(self, statement: php.ExpressionStatement, frame: Frame) -> bool:
        self.expr(statement.value, frame)
        return not isinstance(statement.value, php.Throw | php.Exit)

    def _echo(self, statement: php.Echo, frame: Frame) -> bool:
        for value in statement.values:
            self.expr(value, frame)
        return True

    def _return(self, statement: php.Return, frame: Frame) -> bool:
        value = self.expr(statement.value, frame) if statement.value is not None else Const(None)
        for option in options(value):
            if isinstance(option, Query):
                option.builder.escaped = True
        frame.returns.append(value)
        return False

    def _static_variables(self, statement: php.StaticVariables, frame: Frame) -> bool:
        for name, default in statement.variables:
            frame.variables[name] = self.expr(default, frame) if default is not None else UNKNOWN
        return True

    def _unset(self, statement: php.Unset, frame: Frame) -> bool:
        """`unset($row['key'])`: what is written then has it no more."""
        for target in statement.targets:
            if not isinstance(target, php.Index) or not isinstance(target.base, php.Variable):
                continue
            name = target.base.name
            rows = frame.variables.get(name)
            key = self.expr(target.index, frame) if target.index is not None else UNKNOWN
            if isinstance(rows, Arr) and isinstance(key, Const):
                frame.variables[name] = Arr(tuple(i for i in rows.items if i.key != key.value), rows.complete)
            elif isinstance(rows, Arr):
                frame.variables[name] = UNKNOWN
        return True

    def branches(self, frame: Frame, bodies: Sequence[Callable[[Frame], bool]], *, exhaustive: bool) -> bool:
        """Walks alternatives on copies of the variables and joins them; without `exhaustive` none of them may be taken."""
        states = [] if exhaustive else [dict(frame.variables)]
        before = dict(frame.variables)
        for body in bodies:
            inner = replace(frame, variables=dict(before), depth=frame.depth + 1)
            inner.returns = frame.returns
            if body(inner):
                states.append(inner.variables)
        if not states:
            return False
        joined = dict(states[0])
        for state in states[1:]:
            for name in {**joined, **state}:
                left, right = joined.get(name), state.get(name)
                joined[name] = (
                    join(left, right)
                    if left is not None and right is not None
                    else (left or right or UNKNOWN)
                )
        frame.variables.clear()
        frame.variables.update(joined)
        return True

    def _if(self, statement: php.If, frame: Frame) -> bool:
        condition = self.expr(statement.condition, frame)
        if isinstance(condition, Const) and isinstance(condition.value, bool):
            return self.block(statement.then if condition.value else statement.otherwise, frame)
        bodies: list[Callable[[Frame], bool]] = [lambda f: self._narrowed(statement, f)]
        if statement.otherwise:
            bodies.append(lambda f: self.block(statement.otherwise, f))
        return self.branches(frame, bodies, exhaustive=bool(statement.otherwise))

    def _narrowed(self, statement: php.If, frame: Frame) -> bool:
        condition = statement.condition
        if (
            isinstance(condition, php.InstanceOf)
            and isinstance(condition.value, php.Variable)
            and isinstance(condition.cls, php.Name)
        ):
            frame.variables[condition.value.name] = Obj(condition.cls.full)
        for name in _not_null(condition):
            left = [o for o in options(frame.variables.get(name, UNKNOWN)) if o != Const(None)]
            frame.variables[name] = reduce(join, left) if left else UNKNOWN
        if _is_null(condition):
            frame.decided = frame.depth
        return self.block(statement.then, frame)

    def _switch(self, statement: php.Switch, frame: Frame) -> bool:
        subject = self.expr(statement.subject, frame)
        chosen = self._chosen(subject, statement, frame)
        if chosen is not None:
            return self.block(chosen, frame) or _breaks(chosen)
        bodies = [self._arm(case.body) for case in statement.cases]
        has_default = any(case.test is None for case in statement.cases)
        return self.branches(frame, bodies, exhaustive=has_default)

    def _chosen(self, subject: Value, statement: php.Switch, frame: Frame) -> tuple[php.Stmt, ...] | None:
        """The statements that run where the subject and all tests are known strings, up to the first break."""
        wanted = text(subject)
        tests = [text(self.expr(c.test, frame)) if c.test is not None else "" for c in statement.cases]
        if wanted is None or any(t is None for t in tests):
            return None
        matching = [i for i, c in enumerate(statement.cases) if c.test is not None and tests[i] == wanted]
        matching = matching or [i for i, c in enumerate(statement.cases) if c.test is None]
        body: list[php.Stmt] = []
        for case in statement.cases[matching[0] :] if matching else ():
            body.extend(case.body)
            if _leaves(case.body):
                break
        return tuple(body)

    def _arm(self, body: Sequence[php.Stmt]) -> Callable[[Frame], bool]:
        return lambda frame: self.block(body, frame) or _breaks(body)

    def _loop(self, statement: php.While | php.DoWhile, frame: Frame) -> bool:
        self.expr(statement.condition, frame)
        self._body(statement.body, frame)
        return True

    def _for(self, statement: php.For, frame: Frame) -> bool:
        for expression in (*statement.init, *statement.conditions):
            self.expr(expression, frame)
            if isinstance(expression, php.Assign) and isinstance(expression.target, php.Variable):
                frame.variables[expression.target.name] = Unknown("int")
        self._body(statement.body, frame)
        for expression in statement.updates:
            self.expr(expression, frame)
        return True

    def _body(self, body: Sequence[php.Stmt], frame: Frame) -> None:
        frame.loops += 1
        self.branches(frame, [lambda f: self.block(body, f) or True], exhaustive=False)
        frame.loops -= 1

    def _foreach(self, statement: php.Foreach, frame: Frame) -> bool:
        subject = self.expr(statement.subject, frame)
        unrolled = (
            isinstance(subject, Arr)
            and subject.complete
            and 0 < len(subject.items) <= MAX_UNROLLED
            and not statement.by_ref
        )
        if isinstance(subject, Arr) and unrolled:
            for item in subject.items:
                key: Value = Const(item.key) if item.known and item.key is not None else Unknown("int")
                self.program.ambiguous += not item.certain
                self._turn(statement, frame, key, item.value)
                self.program.ambiguous -= not item.certain
            return True
        over_rows = rows_of(subject)
        frame.row_loops += over_rows
        self._turn(statement, frame, UNKNOWN, turn_of(element(subject)))
        frame.row_loops -= over_rows
        if statement.by_ref:
            self.assign(statement.subject, UNKNOWN, frame)
        return True

    def _turn(self, statement: php.Foreach, frame: Frame, key: Value, value: Value) -> None:
        self.assign(statement.value, value, frame)
        if statement.key is not None:
            self.assign(statement.key, key, frame)
        self._body(statement.body, frame)

    def _try(self, statement: php.Try, frame: Frame) -> bool:
        """The try block counts as always taken: its depth stays, so its predicates are certain."""
        goes_on = self.block(statement.body, frame)
        caught = self.branches(
            frame, [self._later(c.body) for c in statement.catches], exhaustive=not goes_on
        )
        return self.block(statement.last, frame) and (goes_on or caught)

    def _later(self, body: Sequence[php.Stmt]) -> Callable[[Frame], bool]:
        return lambda frame: self.block(body, frame)


def _not_null(condition: php.Expr) -> Iterator[str]:
    """Variables that are not null where a condition holds: `! is_null($a) && $b !== null && $c`."""
    match condition:
        case php.Logical(op="&&", left=left, right=right):
            yield from _not_null(left)
            yield from _not_null(right)
        case php.Variable(name=name):
            yield name
        case php.Isset(targets=targets):
            yield from (t.name for t in targets if isinstance(t, php.Variable))
        case php.Unary(op="!", operand=php.Empty(target=php.Variable(name=name))):
            yield name
        case php.Unary(op="!", operand=php.Call(function=php.Name(text=called), args=args)):
            if called.lower() in {"is_null", "blank"} and args and isinstance(args[0].value, php.Variable):
                yield args[0].value.name
        case php.Call(function=php.Name(text=called), args=args):
            if called.lower() == "filled" and args and isinstance(args[0].value, php.Variable):
                yield args[0].value.name
        case php.Binary(op="!==" | "!=", left=left, right=right):
            sides = (left, right)
            if any(isinstance(e, php.Literal) and e.value is None for e in sides):
                yield from (e.name for e in sides if isinstance(e, php.Variable))
        case _:
            pass


def _is_null(condition: php.Expr) -> bool:
    """Whether it asks whether a variable is null, and nothing else: `is_null($a)`, `$a === null`."""
    match condition:
        case php.Call(function=php.Name(text=called), args=args):
            return called.lower() == "is_null" and bool(args) and isinstance(args[0].value, php.Variable)
        case php.Binary(op="===" | "==", left=left, right=right):
            sides = (left, right)
            return any(isinstance(e, php.Literal) and e.value is None for e in sides) and any(
                isinstance(e, php.Variable) for e in sides
            )
        case _:
            return False


def _leaves(body: Sequence[php.Stmt]) -> bool:
    last = body[-1] if body else None
    return isinstance(last, php.Break | php.Continue | php.Return) or (
        isinstance(last, php.ExpressionStatement) and isinstance(last.value, php.Throw | php.Exit)
    )


def _breaks(body: Sequence[php.Stmt]) -> bool:
    """Whether a switch arm ends by leaving the switch rather than the function."""
    return bool(body) and isinstance(body[-1], php.Break | php.Continue)


_STATEMENTS: dict[type, Callable[..., bool]] = {
    php.ExpressionStatement: Statements._expression_statement,
    php.Echo: Statements._echo,
    php.Block: lambda w, s, f: w.block(s.body, f),
    php.If: Statements._if,
    php.Switch: Statements._switch,
    php.While: Statements._loop,
    php.DoWhile: Statements._loop,
    php.For: Statements._for,
    php.Foreach: Statements._foreach,
    php.Return: Statements._return,
    php.Try: Statements._try,
    php.Break: lambda _w, _s, _f: False,
    php.Continue: lambda _w, _s, _f: False,
    php.StaticVariables: Statements._static_variables,
    php.Unset: Statements._unset,
}
