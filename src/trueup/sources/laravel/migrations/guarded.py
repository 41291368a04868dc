"""Which statements stand under a test of the schema, told from the migration's tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trueup.model.locations import Location
from trueup.model.migrations import Change, Guard
from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile
from trueup.structs import Struct, replace


class _Branch(Struct, frozen=True):
    """Lines `first` to `last` run only if the condition on `line` says so. `creates` are the `Schema::create` there:
    the line and the table, "" where its name is no literal."""

    line: int
    end_of_condition: int
    first: int
    last: int
    creates: tuple[tuple[int, str], ...]


class Guarded:
    """The guards of one migration's run and the branches they decide."""

    def __init__(self, file: PhpFile, guards: Iterable[Guard], changes: Iterable[Change]) -> None:
        self.file = file.file
        self.asked = [g for g in guards if g.at.file == file.file]
        self.created = {c.at.line for c in changes if c.kind == "create table"}
        self.branches = list(_branches(file)) if self.asked else []

    def guard_of(self, at: Location) -> Location | None:
        """The nearest test that a line stands under."""
        if at.file != self.file:
            return None
        best: tuple[int, Guard] | None = None
        for branch in self.branches:
            if branch.first <= at.line <= branch.last:
                guard = self._deciding(branch)
                if guard is not None and (best is None or branch.last - branch.first < best[0]):
                    best = (branch.last - branch.first, guard)
        return None if best is None else best[1].at

    def _deciding(self, branch: _Branch) -> Guard | None:
        return next((g for g in self.asked if branch.line <= g.at.line <= branch.end_of_condition), None)

    def guards(self) -> tuple[Guard, ...]:
        found: dict[tuple[object, ...], Guard] = {}
        for guard in self.asked:
            found.setdefault(
                (guard.at, guard.asks, guard.table, guard.column),
                replace(guard, skipped_create=self._skipped(guard)),
            )
        return tuple(found.values())

    def _skipped(self, guard: Guard) -> Location | None:
        for branch in self.branches:
            if branch.line <= guard.at.line <= branch.end_of_condition:
                for line, table in branch.creates:
                    asked_for = table in ("", guard.table.lower())
                    if asked_for and line not in self.created:
                        return Location(self.file, line)
        return None


def _branches(file: PhpFile) -> Iterator[_Branch]:
    """Of every method of every class, that of `return new class` included."""
    classes = [*file.classes, *([file.anonymous] if file.anonymous is not None else [])]
    for cls in classes:
        for method in cls.methods.values():
            yield from _in_statements(method.body, method.end_line)


def _in_statements(statements: tuple[tree.Stmt, ...], end: int) -> Iterator[_Branch]:
    for index, statement in enumerate(statements):
        following = statements[index + 1].line - 1 if index + 1 < len(statements) else end
        if isinstance(statement, tree.If):
            yield from _of_if(statement, following, end)
        else:
            for block in _blocks(statement):
                yield from _in_statements(block, following)


def _of_if(statement: tree.If, following: int, end: int) -> Iterator[_Branch]:
    first = statement.then[0].line if statement.then else following
    middle = statement.otherwise[0].line - 1 if statement.otherwise else following
    condition = max(statement.line, first - 1)
    yield _Branch(statement.line, condition, first, middle, tuple(_creates(statement.then)))
    if statement.otherwise:
        yield _Branch(
            statement.line,
            condition,
            statement.otherwise[0].line,
            following,
            tuple(_creates(statement.otherwise)),
        )
    elif statement.then and isinstance(statement.then[-1], tree.Return):
        # An early return: all that follows runs only if the condition does not hold.
        yield _Branch(statement.line, condition, following + 1, end, ())
    yield from _in_statements(statement.then, middle)
    yield from _in_statements(statement.otherwise, following)


def _blocks(statement: tree.Stmt) -> Iterator[tuple[tree.Stmt, ...]]:
    if isinstance(statement, tree.Block | tree.Foreach | tree.While | tree.For | tree.DoWhile):
        yield statement.body
    elif isinstance(statement, tree.Try):
        yield statement.body
        for each in statement.catches:
            yield each.body
        yield statement.last
    elif isinstance(statement, tree.ExpressionStatement):
        # Closures given to Schema::table() and kin hold guards of single columns.
        call = statement.value
        if isinstance(call, tree.StaticCall | tree.MethodCall | tree.Call):
            for argument in call.args:
                if isinstance(argument.value, tree.ClosureExpr):
                    yield argument.value.function.body


def _creates(statements: tuple[tree.Stmt, ...]) -> Iterator[tuple[int, str]]:
    for statement in statements:
        if isinstance(statement, tree.ExpressionStatement):
            call = statement.value
            if isinstance(call, tree.StaticCall | tree.MethodCall) and call.name == "create":
                yield call.line, _literal(call.args[0].value) if call.args else ""
        for block in _blocks(statement):
            yield from _creates(block)


def _literal(expression: tree.Expr) -> str:
    """A literal string, in lower case; "" for anything else."""
    if isinstance(expression, tree.Literal) and isinstance(expression.value, str):
        return expression.value.lower()
    return ""
