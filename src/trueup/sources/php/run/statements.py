"""Statements."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trueup.sources.php.run import branches, classes, places, traversal
from trueup.sources.php.run.convert import type_name
from trueup.sources.php.run.dispatch import EVAL, EXEC, evaluate, executes
from trueup.sources.php.run.frame import Frame
from trueup.sources.php.run.signals import Flow
from trueup.sources.php.run.unknowns import UnknownCall
from trueup.sources.php.throwables import PhpThrow
from trueup.sources.php.tree import (
    Assign,
    Block,
    Break,
    ClassStatement,
    ConstStatement,
    Continue,
    DoWhile,
    Echo,
    ExpressionStatement,
    For,
    Foreach,
    FunctionStatement,
    Global,
    If,
    InlineHtml,
    Return,
    StaticVariables,
    Stmt,
    Switch,
    Try,
    Unset,
    UnsupportedStatement,
    While,
)
from trueup.sources.php.values import PhpArray, Ref, Unknown, Value

if TYPE_CHECKING:
    from trueup.sources.php.run.runner import Runner

UNDECIDED = "undecided"


def execute(run: Runner, frame: Frame, body: tuple[Stmt, ...]) -> Flow | None:
    """Carries out statements in order; None: to their end."""
    for statement in body:
        frame.line = statement.line
        run.left -= 1
        if run.left < 0:
            run.checkpoint()
        flow = EXEC[type(statement)](run, frame, statement)
        if flow is None:
            continue
        if flow.kind != UNDECIDED:
            return flow
        done, flow = _decide(run, frame, statement, flow, body)
        if done or flow is not None:
            return flow
    return None


def _decide(
    run: Runner, frame: Frame, statement: Stmt, flow: Flow, body: tuple[Stmt, ...]
) -> tuple[bool, Flow | None]:
    assert isinstance(statement, If)
    assert isinstance(flow.value, Unknown)
    rest = body[body.index(statement) + 1 :]
    last = "return" if _ends(frame.body, body) else "continue" if _ends(frame.round, body) else ""
    return branches.decide_if(run, frame, statement, flow.value, rest, last)


def _ends(whole: tuple[Stmt, ...], body: tuple[Stmt, ...]) -> bool:
    """Whether nothing of `whole` is carried out behind the end of `body`."""
    if whole is body:
        return True
    tail = whole[-1] if whole else None
    if isinstance(tail, If):
        return _ends(tail.then, body) or _ends(tail.otherwise, body)
    return isinstance(tail, Block) and _ends(tail.body, body)


@executes(ExpressionStatement)
def _expression(run: Runner, frame: Frame, node: ExpressionStatement) -> Flow | None:
    value = EVAL[type(node.value)](run, frame, node.value)
    if type(value) is UnknownCall and not isinstance(node.value, Assign):
        run.gap(f"{value.reason} is not known, nor what else it does", "unknown-call", value.at)
    return None


@executes(Echo)
def _echo(run: Runner, frame: Frame, node: Echo) -> Flow | None:
    for value in node.values:
        run.to_string(evaluate(run, frame, value))
    return None


@executes(InlineHtml)
def _html(_run: Runner, _frame: Frame, _node: InlineHtml) -> Flow | None:
    return None


@executes(Block)
def _block(run: Runner, frame: Frame, node: Block) -> Flow | None:
    return execute(run, frame, node.body)


@executes(Return)
def _return(run: Runner, frame: Frame, node: Return) -> Flow | None:
    return Flow("return", None if node.value is None else EVAL[type(node.value)](run, frame, node.value))


@executes(If)
def _if(run: Runner, frame: Frame, node: If) -> Flow | None:
    truth = run.to_bool(EVAL[type(node.condition)](run, frame, node.condition))
    if isinstance(truth, Unknown):
        return Flow(UNDECIDED, truth)
    return execute(run, frame, node.then if truth else node.otherwise)


@executes(Switch)
def _switch(run: Runner, frame: Frame, node: Switch) -> Flow | None:
    subject = evaluate(run, frame, node.subject)
    start = next((i for i, case in enumerate(node.cases) if case.test is None), -1)
    for index, case in enumerate(node.cases):
        if case.test is None:
            continue
        same = run.loose_equal(subject, evaluate(run, frame, case.test))
        if isinstance(same, Unknown):
            return _undecided_switch(run, frame, node, same)
        if same:
            start = index
            break
    return _run_cases(run, frame, node, start)


def _run_cases(run: Runner, frame: Frame, node: Switch, start: int) -> Flow | None:
    for case in node.cases[start:] if start >= 0 else ():
        flow = execute(run, frame, case.body)
        if flow is not None:
            return _out_of_loop(flow)
    return None


def _out_of_loop(flow: Flow) -> Flow | None:
    """What is left of a break, continue or return once the switch or loop that it was in has ended."""
    if flow.kind == "return":
        return flow
    return Flow(flow.kind, None, flow.levels - 1) if flow.levels > 1 else None


def _undecided_switch(run: Runner, frame: Frame, node: Switch, unknown: Unknown) -> Flow | None:
    """Any of the cases may be the one."""
    if run.trials >= run.budget.trials:
        run.undecided(unknown.reason)
        return None
    starts = list(range(len(node.cases)))
    if all(case.test is not None for case in node.cases):
        starts.append(-1)
    attempts = [branches.attempt(run, frame, partial(_run_cases, run, frame, node, s)) for s in starts]
    if branches.agree(run, attempts):
        return branches.put(run, frame, unknown, attempts)
    run.undecided(unknown.reason)
    branches.forget_differences(run, frame, unknown, attempts)
    return None


# ── loops ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _round(run: Runner, frame: Frame, body: tuple[Stmt, ...]) -> Flow | None:
    outer, frame.round = frame.round, body
    try:
        return execute(run, frame, body)
    finally:
        frame.round = outer


@executes(While)
def _while(run: Runner, frame: Frame, node: While) -> Flow | None:
    while True:
        frame.line = node.line
        truth = run.to_bool(evaluate(run, frame, node.condition))
        if isinstance(truth, Unknown):
            return _undecided_loop(run, frame, node.body, truth)
        if not truth:
            return None
        run.spend(1)
        flow = _round(run, frame, node.body)
        if flow is not None and (flow.kind != "continue" or flow.levels > 1):
            return _out_of_loop(flow)


@executes(DoWhile)
def _do(run: Runner, frame: Frame, node: DoWhile) -> Flow | None:
    while True:
        run.spend(1)
        flow = _round(run, frame, node.body)
        if flow is not None and (flow.kind != "continue" or flow.levels > 1):
            return _out_of_loop(flow)
        truth = run.to_bool(evaluate(run, frame, node.condition))
        if isinstance(truth, Unknown):
            return _undecided_loop(run, frame, node.body, truth)
        if not truth:
            return None


@executes(For)
def _for(run: Runner, frame: Frame, node: For) -> Flow | None:
    for start in node.init:
        evaluate(run, frame, start)
    while True:
        frame.line = node.line
        truth: bool | Unknown = True
        for condition in node.conditions:
            truth = run.to_bool(evaluate(run, frame, condition))
        if isinstance(truth, Unknown):
            return _undecided_loop(run, frame, node.body, truth)
        if not truth:
            return None
        run.spend(1)
        flow = _round(run, frame, node.body)
        if flow is not None and (flow.kind != "continue" or flow.levels > 1):
            return _out_of_loop(flow)
        for update in node.updates:
            evaluate(run, frame, update)


@executes(Foreach)
def _foreach(run: Runner, frame: Frame, node: Foreach) -> Flow | None:
    if node.by_ref:
        return _foreach_reference(run, frame, node)
    subject = evaluate(run, frame, node.subject)
    if isinstance(subject, PhpArray):
        subject.shared = True
    pairs = traversal.pairs(run, subject)
    if pairs is None:
        return _foreach_nothing(run, frame, node, subject)
    for key, value in pairs:
        run.spend(1)
        if type(value) is PhpArray:
            value.shared = True
        places.store(run, frame, node.value, value)
        if node.key is not None:
            places.store(run, frame, node.key, key)
        flow = _round(run, frame, node.body)
        if flow is not None and (flow.kind != "continue" or flow.levels > 1):
            return _out_of_loop(flow)
    if isinstance(subject, PhpArray) and subject.unknown is not None:
        return _undecided_foreach(run, frame, node, subject.unknown)
    return None


def _foreach_nothing(run: Runner, frame: Frame, node: Foreach, subject: Value) -> Flow | None:
    if isinstance(subject, Unknown):
        return _undecided_foreach(run, frame, node, subject)
    if not isinstance(subject, PhpArray) and run.base_of(subject) is not None:
        return _undecided_foreach(run, frame, node, run.unknown(f"the elements of a {type_name(subject)}"))
    run.warn(f"foreach() argument must be of type array|object, {type_name(subject)} given")
    return None


def _foreach_reference(run: Runner, frame: Frame, node: Foreach) -> Flow | None:
    subject = places.writable(run, frame, node.subject)
    if not isinstance(subject, PhpArray):
        return _foreach_nothing(run, frame, node, subject)
    for key in list(subject.data):
        if key not in subject:
            continue
        run.spend(1)
        places.bind_reference(run, frame, node.value, places.cell(subject, key))
        if node.key is not None:
            places.store(run, frame, node.key, key)
        flow = _round(run, frame, node.body)
        if flow is not None and (flow.kind != "continue" or flow.levels > 1):
            return _out_of_loop(flow)
    return None


def _undecided_foreach(run: Runner, frame: Frame, node: Foreach, unknown: Unknown) -> Flow | None:
    """The body may run any number of times with elements that are not known."""

    def once() -> Flow | None:
        places.store(run, frame, node.value, unknown)
        if node.key is not None:
            places.store(run, frame, node.key, unknown)
        return execute(run, frame, node.body)

    return _maybe(run, frame, once, unknown)


def _undecided_loop(run: Runner, frame: Frame, body: tuple[Stmt, ...], unknown: Unknown) -> Flow | None:
    return _maybe(run, frame, lambda: execute(run, frame, body), unknown)


def _maybe(run: Runner, frame: Frame, once: branches.Work, unknown: Unknown) -> Flow | None:
    """A loop's body that may run or not: a gap, if once is not the same as not at all."""
    if run.trials >= run.budget.trials:
        run.undecided(unknown.reason)
        return None
    tried = branches.attempt(run, frame, once)
    idle: branches.Attempt[Flow | None] = branches.attempt(run, frame, _nothing)
    fits = tried.thrown is None and (tried.answer is None or tried.answer.kind != "return")
    if not fits or not branches.same_effects(run, [tried, idle]):
        run.undecided(unknown.reason)
    branches.forget_differences(run, frame, unknown, [tried, idle])
    return None


def _nothing() -> Flow | None:
    return None


@executes(Break)
def _break(_run: Runner, _frame: Frame, node: Break) -> Flow | None:
    return Flow("break", None, node.levels)


@executes(Continue)
def _continue(_run: Runner, _frame: Frame, node: Continue) -> Flow | None:
    return Flow("continue", None, node.levels)


# ── exceptions ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@executes(Try)
def _try(run: Runner, frame: Frame, node: Try) -> Flow | None:
    if not node.last:
        return _caught(run, frame, node)
    try:
        flow = _caught(run, frame, node)
    except PhpThrow:
        run.frame = frame
        last = execute(run, frame, node.last)
        if last is not None:
            return last
        raise
    last = execute(run, frame, node.last)
    return last if last is not None else flow


def _caught(run: Runner, frame: Frame, node: Try) -> Flow | None:
    depth, silence = run.depth, run.silence
    try:
        return execute(run, frame, node.body)
    except PhpThrow as thrown:
        run.frame, run.depth, run.silence = frame, depth, silence
        for clause in node.catches:
            if _catches(run, thrown, [name.full for name in clause.types]):
                if clause.variable:
                    places.set_variable(run, frame, clause.variable, thrown.value)
                return execute(run, frame, clause.body)
        raise


def _catches(run: Runner, thrown: PhpThrow, names: list[str]) -> bool:
    """Whether a catch clause takes the exception. One whose class has parents that are not known is taken by none but the
    roots."""
    return any(name.lower() == "throwable" or classes.instance_of(run, thrown.value, name) for name in names)


# ── declarations, odds and ends ──────────────────────────────────────────────────────────────────────────────────────────────────


@executes(Unset)
def _unset(run: Runner, frame: Frame, node: Unset) -> Flow | None:
    for target in node.targets:
        places.unset(run, frame, target)
    return None


@executes(Global)
def _global(run: Runner, frame: Frame, node: Global) -> Flow | None:
    for name in node.names:
        held = run.globals.get(name)
        if not isinstance(held, Ref):
            held = run.globals[name] = Ref(held)
        frame.vars[name] = held
    return None


@executes(StaticVariables)
def _static_variables(run: Runner, frame: Frame, node: StaticVariables) -> Flow | None:
    for name, start in node.variables:
        if name not in frame.statics:
            frame.statics[name] = Ref(None if start is None else evaluate(run, frame, start))
        frame.vars[name] = frame.statics[name]
    return None


@executes(ConstStatement)
def _const(run: Runner, frame: Frame, node: ConstStatement) -> Flow | None:
    for name, value in node.constants:
        run.constants[name] = evaluate(run, frame, value)
    return None


@executes(FunctionStatement)
def _function(run: Runner, frame: Frame, node: FunctionStatement) -> Flow | None:
    run.functions[node.function.name.lower()] = (node.function, frame.file)
    return None


@executes(ClassStatement)
def _class(run: Runner, frame: Frame, node: ClassStatement) -> Flow | None:
    classes.declare_class(run, node.cls, frame.file)
    return None


@executes(UnsupportedStatement)
def _unsupported(run: Runner, _frame: Frame, node: UnsupportedStatement) -> Flow | None:
    run.gap(node.why, "unsupported" if node.why.endswith("not supported") else "syntax")
    return None
