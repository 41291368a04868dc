"""A method as the steps that it takes, one after the other, with what stands around each.

Branches follow each other; which step is reached after which test is answered by `Test`. Methods of the same class are followed,
closures are entered where they stand. Nothing is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from trueup.model.locations import Gap, Location
from trueup.model.queries import QuerySite
from trueup.sources.laravel.classes import Classes
from trueup.sources.php import tree as php
from trueup.sources.php.tree.node import Shown
from trueup.sources.php.walk import children
from trueup.structs import Struct, field

MAX_DEPTH = 3
"""How deep methods of the same class are followed."""
MAX_STEPS = 4000
Sites = dict[tuple[str, int, str], list[QuerySite]]
Paths = dict[Shown, tuple[str, ...]]
Node = php.MethodCall | php.StaticCall | php.Call | php.AssignOp | php.Assign | php.IncDec | php.Cast
_LOOPING = frozenset({"each", "map", "chunk", "chunkbyid", "cursor", "transform", "reduce", "filter"})
_LOCKS = frozenset({"lockforupdate", "sharedlock"})
_CACHES = ("cache", "redis", "ratelimiter")


class Step(Struct, eq=False):
    """`sites` are the queries that run here. `locked`: a row lock is held in the transaction around (number `transaction`, 0 for
    none). `cached`: inside a closure whose answer the cache keeps. `owner` is the number of the function."""

    index: int
    node: Node
    at: Location
    sites: tuple[QuerySite, ...]
    transaction: int
    attempts: int
    locked: bool
    cache_lock: bool
    cached: bool
    loops: int
    owner: int
    retry: Location | None = None


class Test(Struct, eq=False):
    """An `if`. The condition's steps are `start` to `condition`, the branches `condition` to `end`. `exits`: "throw" or "return"
    where the first branch leaves, else "". `until`: the first step that it does not decide about. `thrown` is the class."""

    node: php.If
    at: Location
    start: int
    condition: int
    end: int
    exits: str
    until: int
    owner: int
    reads: tuple[Step, ...] = ()
    thrown: str = ""

    def decides(self, step: Step) -> bool:
        return self.condition <= step.index < self.until


class _State(Struct):
    transaction: int = 0
    attempts: int = 1
    locked: bool = False
    cache_lock: bool = False
    cached: bool = False
    loops: int = 0
    retry: Location | None = None


class Trace(Struct):
    """The steps of one method. `calls_locked`: methods called while a row lock is held; `names`: "Class::method" by the number of a
    function. `entry`: nobody of the project calls the method, so that no transaction is open when it begins, and a row lock outside
    of one is gone at once. `loaded`: the step that gave a path its value. `returns`: what is returned, with the number
    of steps until then; `transactions`: where each begins, by its number. `paths`: what each expression reads; the traces of
    a file share it. `_taints`: the reads that a path's value comes from."""

    classes: Classes
    sites: Sites
    this: str
    entry: bool = False
    steps: list[Step] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    calls_locked: set[str] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    loaded: dict[tuple[int, str], Step] = field(default_factory=dict)
    returns: list[tuple[int, php.Expr]] = field(default_factory=list)
    transactions: dict[int, Location] = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)
    _taints: dict[tuple[int, str], tuple[Step, ...]] = field(default_factory=dict)
    _state: _State = field(default_factory=_State)
    _stack: list[php.FunctionDecl] = field(default_factory=list)
    _functions: int = 0
    _transactions: int = 0
    _owner: int = 0
    file: str = ""
    cut: Gap | None = None
    """Where the steps became too many."""

    def function(
        self, function: php.FunctionDecl, file: str, name: str, given: Sequence[tuple[Step, ...]] = ()
    ) -> None:
        """Adds the steps of a function's body; `given` are the reads that its arguments come from."""
        outer_file, outer_owner = self.file, self._owner
        self._functions += 1
        self.file, self._owner = file, self._functions
        self.names[self._owner] = name
        for param, reads in zip(function.params, given, strict=False):
            self._taints[self.key(param.name)] = reads
        self._stack.append(function)
        first = len(self.tests)
        try:
            self.block(function.body)
        finally:
            self._stack.pop()
            for test in self.tests[first:]:
                if test.owner == self._owner and test.exits == "return":
                    test.until = len(self.steps)
            self.file, self._owner = outer_file, outer_owner

    def finish(self) -> None:
        for test in self.tests:
            if test.exits == "throw":
                test.until = len(self.steps)

    def key(self, path: str) -> tuple[int, str]:
        """Variables belong to their function, what `$this` holds to all."""
        return (0 if path.startswith("this->") else self._owner, path)

    def at(self, node: php.Node) -> Location:
        return Location(self.file, node.line)

    # ── statements ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def block(self, body: Sequence[php.Stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, statement: php.Stmt) -> None:
        if len(self.steps) > MAX_STEPS:
            if self.cut is None:
                reason = f"the method leads to more than {MAX_STEPS:,} steps: what follows is not looked at for limits and counts"
                self.cut = Gap(self.at(statement), reason, "limit")
            return
        if isinstance(statement, php.If):
            self._if(statement)
        elif isinstance(statement, php.Foreach | php.While | php.For | php.DoWhile):
            self._state.loops += 1
            self.visit(*children(statement))
            self._state.loops -= 1
        elif not isinstance(statement, php.FunctionStatement | php.ClassStatement):
            self.visit(*children(statement))
            if isinstance(statement, php.Return) and statement.value is not None:
                self.returns.append((len(self.steps), statement.value))

    def _if(self, statement: php.If) -> None:
        start = len(self.steps)
        self.visit(statement.condition)
        condition = len(self.steps)
        test = Test(statement, self.at(statement), start, condition, condition, "", condition, self._owner)
        test.reads = self.reads_of(statement.condition, start)
        test.exits, test.thrown = _exit(statement.then)
        self.tests.append(test)
        self.block(statement.then)
        self.block(statement.otherwise)
        test.end = test.until = len(self.steps)

    # ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def visit(self, *nodes: Shown) -> None:
        for node in nodes:
            act = _ACTS.get(node.__class__)
            if act is not None:
                act(self, node)
            else:
                self.visit(*children(node))

    def _changed(self, node: php.AssignOp | php.IncDec | php.Cast) -> None:
        self.visit(*children(node))
        self._step(node)

    def _assign(self, node: php.Assign) -> None:
        start = len(self.steps)
        self.visit(node.value)
        path = path_of(node.target)
        if path:
            self._taints[self.key(path)] = self.reads_of(node.value, start)
        step = self._step(node)
        if path:
            self.loaded[self.key(path)] = step

    def _step(self, node: Node, sites: Sequence[QuerySite] = ()) -> Step:
        s = self._state
        step = Step(
            len(self.steps), node, self.at(node), tuple(sites), s.transaction, s.attempts, s.locked, s.cache_lock,
            s.cached, s.loops, self._owner, s.retry,
        )  # fmt: skip
        self.steps.append(step)
        return step

    def _call(self, node: php.MethodCall | php.StaticCall | php.Call) -> None:
        name = name_of(node)
        if isinstance(node, php.MethodCall):
            self.visit(node.base)
        closures = [a.value for a in node.args if isinstance(a.value, php.ClosureExpr)]
        given = []
        for argument in node.args:
            start = len(self.steps)
            if not isinstance(argument.value, php.ClosureExpr):
                self.visit(argument.value)
            given.append(self.reads_of(argument.value, start))
        self._enter(node, name, closures)
        if name in _LOCKS:
            self._state.locked = self._state.locked or self._state.transaction > 0 or not self.entry
        sites = self.sites.get((self.file, node.line, name), [])
        self._step(node, sites)
        if self._state.locked:
            self.calls_locked.add(name)
        if is_connection(node) and name == "begintransaction":
            self._begin(self.at(node))
        elif is_connection(node) and name in ("commit", "rollback"):
            self._state.transaction, self._state.locked = 0, False
        self._follow(node, name, given)

    def _begin(self, at: Location, attempts: int = 1) -> None:
        self._transactions += 1
        self.transactions[self._transactions] = at
        self._state.transaction, self._state.attempts = self._transactions, attempts

    def _enter(
        self, node: php.MethodCall | php.StaticCall | php.Call, name: str, closures: Iterable[php.ClosureExpr]
    ) -> None:
        """Closures that are arguments, each under what the call puts around it."""
        saved = self._state
        for closure in closures:
            self._state = _State(
                saved.transaction,
                saved.attempts,
                saved.locked,
                saved.cache_lock,
                saved.cached,
                saved.loops,
                saved.retry,
            )
            if name == "transaction" and is_connection(node):
                if not saved.transaction:
                    self._begin(self.at(node), _attempts(node))
            elif name in ("block", "get") and _is_cache_lock(node):
                self._state.cache_lock = True
            elif name in ("remember", "rememberforever", "flexible", "sear"):
                self._state.cached = True
            elif name == "retry" and isinstance(node, php.Call):
                self._state.retry = self.at(node)
            elif name in _LOOPING:
                self._state.loops += 1
            self._closure(closure)
        self._state = saved

    def _closure(self, closure: php.ClosureExpr) -> None:
        function = closure.function
        if function in self._stack:
            return
        self._stack.append(function)
        self.block(function.body)
        self._stack.pop()

    def _follow(
        self, node: php.MethodCall | php.StaticCall | php.Call, name: str, given: Sequence[tuple[Step, ...]]
    ) -> None:
        own = (
            isinstance(node, php.MethodCall)
            and isinstance(node.base, php.Variable)
            and node.base.name == "this"
        )
        static = (
            isinstance(node, php.StaticCall)
            and isinstance(node.cls, php.Name)
            and node.cls.full in ("self", "static")
        )
        if not (own or static) or len(self._stack) > MAX_DEPTH or not name or not self.this:
            return
        found = self.classes.method(self.this, name)
        if found is not None and found[1] not in self._stack:
            self.function(found[1], found[0].file, f"{found[0].short}::{found[1].name}", given)

    # ── where values come from ───────────────────────────────────────────────────────────────────────────────────────────────────

    def reads_of(self, node: Shown, start: int) -> tuple[Step, ...]:
        """The queries that an expression's value comes from: those made while it was evaluated (from step `start` on), and those of
        its variables."""
        found = [s for s in self.steps[start:] if s.sites]
        for path in self._paths(node):
            found.extend(self._taints.get(self.key(path), ()))
        return tuple(dict.fromkeys(found))

    def _paths(self, node: Shown) -> tuple[str, ...]:
        """The paths that an expression reads, closures left out; each expression is gone through once, though the reads of what it
        is part of are asked for too."""
        known = self.paths.get(node)
        if known is not None:
            return known
        own = path_of(node)
        found = [own] if own else []
        if not isinstance(node, php.ClosureExpr):
            for child in reversed(children(node)):
                found.extend(self._paths(child))
        self.paths[node] = paths = tuple(dict.fromkeys(found))
        return paths


_ACTS: dict[type[Shown], Callable[[Trace, Any], None]] = {
    **dict.fromkeys((php.MethodCall, php.StaticCall, php.Call), Trace._call),
    **dict.fromkeys((php.AssignOp, php.IncDec, php.Cast), Trace._changed),
    **dict.fromkeys((php.If, php.Foreach, php.While, php.For, php.DoWhile), Trace.statement),
    **dict.fromkeys((php.FunctionDecl, php.ClassDecl), lambda *_: None),
    php.Assign: Trace._assign,
    php.ClosureExpr: Trace._closure,
}
"""What a node asks for; the nodes below any other are visited."""


def path_of(node: Shown) -> str:
    """ "order" for `$order`, "this->client" for `$this->client`, "order->total"; "" for anything else."""
    if isinstance(node, php.Variable):
        return node.name
    if isinstance(node, php.Property) and isinstance(node.name, str):
        base = path_of(node.base)
        return f"{base}->{node.name}" if base else ""
    return ""


def name_of(node: php.MethodCall | php.StaticCall | php.Call) -> str:
    """The called name in lower case, "" where it is an expression."""
    if isinstance(node, php.Call):
        return node.function.full.lower() if isinstance(node.function, php.Name) else ""
    return node.name.lower() if isinstance(node.name, str) else ""


def is_connection(node: Shown) -> bool:
    """A call on `DB`, a connection, or `DB::connection(...)`."""
    if isinstance(node, php.StaticCall):
        return isinstance(node.cls, php.Name) and node.cls.full.rsplit("\\", 1)[-1].lower() == "db"
    if isinstance(node, php.MethodCall):
        path = path_of(node.base).lower()
        last = path.rsplit("->", 1)[-1]
        named = last in ("db", "connection", "conn", "database", "databasemanager", "dbmanager")
        return named or is_connection(node.base) or _ends_with_connection(node.base)
    return False


def _ends_with_connection(node: Shown) -> bool:
    return isinstance(node, php.MethodCall) and name_of(node) in ("getconnection", "connection")


def _is_cache_lock(node: Shown) -> bool:
    """`Cache::lock(...)->block(...)`: a lock of the cache somewhere in the chain."""
    while isinstance(node, php.MethodCall):
        if name_of(node) in ("lock", "restorelock"):
            return True
        node = node.base
    return (
        isinstance(node, php.StaticCall)
        and name_of(node) in ("lock", "restorelock")
        and isinstance(node.cls, php.Name)
        and node.cls.full.rsplit("\\", 1)[-1].lower() in _CACHES
    )


def _attempts(node: php.MethodCall | php.StaticCall | php.Call) -> int:
    given = next((a.value for a in node.args[1:] if a.name in ("", "attempts")), None)
    return given.value if isinstance(given, php.Literal) and isinstance(given.value, int) else 1


def _exit(body: Sequence[php.Stmt]) -> tuple[str, str]:
    """How a branch leaves at its end ("throw", "return" or ""), and the class that it throws."""
    last = body[-1] if body else None
    if isinstance(last, php.Return | php.Continue | php.Break):
        return "return", ""
    if not isinstance(last, php.ExpressionStatement):
        return "", ""
    value = last.value
    if isinstance(value, php.Throw):
        made = value.value
        while isinstance(made, php.MethodCall):
            made = made.base
        cls = made.cls if isinstance(made, php.New | php.StaticCall) else None
        return "throw", cls.full if isinstance(cls, php.Name) else ""
    if isinstance(value, php.Exit) or (isinstance(value, php.Call) and name_of(value) in ("abort", "dd")):
        return "throw", ""
    return "", ""
