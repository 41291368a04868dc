"""Small walks over a method's statements: what it returns, what it assigns, which calls it makes on `$this`."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.sources.php import tree


def statements(body: tuple[tree.Stmt, ...]) -> Iterator[tree.Stmt]:
    """All statements of a body, nested blocks included, functions within not."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        waiting.extend(reversed(_within(statement)))


def _within(statement: tree.Stmt) -> tuple[tree.Stmt, ...]:
    match statement:
        case tree.Block() | tree.While() | tree.DoWhile() | tree.For() | tree.Foreach():
            return statement.body
        case tree.If():
            return (*statement.then, *statement.otherwise)
        case tree.Switch():
            return tuple(inner for case in statement.cases for inner in case.body)
        case tree.Try():
            caught = (inner for catch in statement.catches for inner in catch.body)
            return (*statement.body, *caught, *statement.last)
        case _:
            return ()


def returned(function: tree.FunctionDecl) -> Iterator[tree.Expr]:
    """The expressions after `return`, in order."""
    for statement in statements(function.body):
        if isinstance(statement, tree.Return) and statement.value is not None:
            yield statement.value


def expressions(function: tree.FunctionDecl) -> Iterator[tree.Expr]:
    """The expressions that stand as statements, and those returned."""
    for statement in statements(function.body):
        if isinstance(statement, tree.ExpressionStatement) or (
            isinstance(statement, tree.Return) and statement.value is not None
        ):
            assert statement.value is not None
            yield statement.value


def assigned(function: tree.FunctionDecl, name: str) -> tree.Expr | None:
    """The first value that the local variable gets."""
    for expr in expressions(function):
        if (
            isinstance(expr, tree.Assign)
            and isinstance(expr.target, tree.Variable)
            and expr.target.name == name
        ):
            return expr.value
    return None


def assigned_once(function: tree.FunctionDecl, name: str) -> tree.Expr | None:
    """The value of a local variable that gets one as a statement of its own, or as the condition of an `if`, and only there; None
    for any other."""
    conditions = (s.condition for s in statements(function.body) if isinstance(s, tree.If))
    found = [
        expr
        for expr in (*expressions(function), *conditions)
        if isinstance(expr, tree.Assign | tree.AssignOp)
        and isinstance(expr.target, tree.Variable)
        and expr.target.name == name
    ]
    only = found[0] if len(found) == 1 else None
    return only.value if isinstance(only, tree.Assign) else None


def is_this(expr: tree.Expr) -> bool:
    return isinstance(expr, tree.Variable) and expr.name == "this"


def chain_of(expr: tree.Expr) -> tuple[tree.Expr, list[tree.MethodCall]]:
    """`a->b()->c()` as its root `a` and the calls b, c in order."""
    calls: list[tree.MethodCall] = []
    while isinstance(expr, tree.MethodCall):
        calls.append(expr)
        expr = expr.base
    calls.reverse()
    return expr, calls
