"""Statements."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from trueup.sources.php.lower.kinds import (
    BODY,
    BY_REF,
    COLON_BLOCK,
    COMMENT,
    COMPOUND,
    CONDITION,
    EXTRAS,
    INITIALIZE,
    NAME,
    NAMES,
    TYPE,
    UPDATE,
    VALUE,
    VARIABLE,
    kinds,
)
from trueup.sources.php.lower.lowering import (
    STATEMENTS,
    Lowering,
    expression,
    inner,
    is_broken,
    significant,
)
from trueup.sources.php.lower.operands import class_ref
from trueup.sources.php.names import class_name
from trueup.sources.php.tree import (
    Block,
    Break,
    Catch,
    ConstStatement,
    Continue,
    DoWhile,
    Echo,
    Exit,
    Expr,
    ExpressionStatement,
    For,
    Foreach,
    Global,
    If,
    InlineHtml,
    Literal,
    Name,
    Return,
    StaticVariables,
    Stmt,
    Switch,
    SwitchCase,
    Try,
    Unset,
    UnsupportedStatement,
    While,
)

on = STATEMENTS.on

_SILENT = COMMENT | kinds(
    "php_tag",
    "php_end_tag",
    "empty_statement",
    "namespace_definition",
    "namespace_use_declaration",
    "named_label_statement",
)
"""Statements that do nothing here, or that parse.py has dealt with."""
_ELSE_IF = kinds("else_if_clause")
_SEQUENCE = kinds("sequence_expression")
_PAIR = kinds("pair")
_CASE = kinds("case_statement")
_DEFAULT_CASE = kinds("default_statement")
_CATCH = kinds("catch_clause")
_FINALLY = kinds("finally_clause")
_NAMED_TYPE = kinds("named_type")
_STATIC_VARIABLE = kinds("static_variable_declaration")
_CONST_ELEMENT = kinds("const_element")
_STRICT = kinds("declare_directive")


def statements(low: Lowering, nodes: Sequence[Node]) -> tuple[Stmt, ...]:
    """Lowers what among the nodes is a statement."""
    found: list[Stmt] = []
    for node in nodes:
        kind = node.kind_id
        if not node.is_named or kind in _SILENT:
            continue
        if kind in STATEMENTS or not low.broken:
            found.append(STATEMENTS[kind](low, node))
        elif not found or not isinstance(found[-1], UnsupportedStatement):
            found.append(unreadable(low, node))
    return tuple(found)


def unreadable(low: Lowering, node: Node) -> Stmt:
    """Pieces of a text that is no PHP: the file's syntax errors tell of them."""
    return UnsupportedStatement(node.start_point[0] + 1, low.excerpt(node), "not readable as PHP")


def block(low: Lowering, node: Node | None) -> tuple[Stmt, ...]:
    """The statements of a `{...}`, of a `: ... end`, or the one that stands for them."""
    if node is None:
        return ()
    if node.kind_id in COMPOUND or node.kind_id in COLON_BLOCK:
        return statements(low, node.children)
    return statements(low, (node,))


def _condition(low: Lowering, node: Node) -> Expr:
    return expression(low, node.child_by_field_id(CONDITION), node)


@on("expression_statement")
def _expression_statement(low: Lowering, node: Node) -> Stmt:
    child = inner(node)
    line = node.start_point[0] + 1
    if child is None or (is_broken(node) and any(c.is_error for c in node.children)):
        return unreadable(low, node)
    return ExpressionStatement(line, low.exprs[child.kind_id](low, child))


@on("compound_statement")
def _block(low: Lowering, node: Node) -> Stmt:
    return Block(node.start_point[0] + 1, statements(low, node.children))


@on("text_interpolation", "text")
def _html(low: Lowering, node: Node) -> Stmt:
    parts = [c for c in node.children if c.type == "text"] or [node]
    text = "".join(low.text(p) for p in parts) if node.type == "text" or node.children else ""
    return InlineHtml(node.start_point[0] + 1, text)


@on("echo_statement")
def _echo(low: Lowering, node: Node) -> Stmt:
    return Echo(node.start_point[0] + 1, _sequence(low, inner(node)))


def _sequence(low: Lowering, node: Node | None) -> tuple[Expr, ...]:
    """`a, b, c`, or one expression, or nothing."""
    if node is None:
        return ()
    if node.kind_id not in _SEQUENCE:
        return (low.exprs[node.kind_id](low, node),)
    found: list[Expr] = []
    for child in node.children:
        if child.is_named and child.kind_id not in EXTRAS:
            found.extend(_sequence(low, child))
    return tuple(found)


@on("if_statement")
def _if(low: Lowering, node: Node) -> Stmt:
    clauses = [c for c in node.children if c.type in ("else_if_clause", "else_clause")]
    otherwise: tuple[Stmt, ...] = ()
    for clause in reversed(clauses):
        body = block(low, clause.child_by_field_id(BODY))
        if clause.kind_id in _ELSE_IF:
            otherwise = (If(clause.start_point[0] + 1, _condition(low, clause), body, otherwise),)
        else:
            otherwise = body
    return If(
        node.start_point[0] + 1, _condition(low, node), block(low, node.child_by_field_id(BODY)), otherwise
    )


@on("switch_statement")
def _switch(low: Lowering, node: Node) -> Stmt:
    body = node.child_by_field_id(BODY)
    cases = []
    for child in body.children if body is not None else ():
        if child.kind_id in _CASE:
            value = child.child_by_field_id(VALUE)
            rest = [c for c in child.children if value is None or c.start_byte >= value.end_byte]
            cases.append(
                SwitchCase(child.start_point[0] + 1, expression(low, value, child), statements(low, rest))
            )
        elif child.kind_id in _DEFAULT_CASE:
            cases.append(SwitchCase(child.start_point[0] + 1, None, statements(low, child.children)))
    return Switch(node.start_point[0] + 1, _condition(low, node), tuple(cases))


@on("while_statement")
def _while(low: Lowering, node: Node) -> Stmt:
    return While(node.start_point[0] + 1, _condition(low, node), block(low, node.child_by_field_id(BODY)))


@on("do_statement")
def _do(low: Lowering, node: Node) -> Stmt:
    return DoWhile(node.start_point[0] + 1, block(low, node.child_by_field_id(BODY)), _condition(low, node))


@on("for_statement")
def _for(low: Lowering, node: Node) -> Stmt:
    return For(
        node.start_point[0] + 1,
        _sequence(low, node.child_by_field_id(INITIALIZE)),
        _sequence(low, node.child_by_field_id(CONDITION)),
        _sequence(low, node.child_by_field_id(UPDATE)),
        _bodies(low, node),
    )


def _bodies(low: Lowering, node: Node) -> tuple[Stmt, ...]:
    """The statements after the closing parenthesis of a loop's head."""
    body = node.child_by_field_id(BODY)
    if body is not None:
        return block(low, body)
    children = node.children
    closed = max((i for i, c in enumerate(children) if c.type == ")"), default=len(children))
    return statements(low, children[closed + 1 :])


@on("foreach_statement")
def _foreach(low: Lowering, node: Node) -> Stmt:
    head = [c for c in significant(node.children) if c.is_named or c.type in ("as", ")")]
    split = next((i for i, c in enumerate(head) if c.type == "as"), -1)
    line = node.start_point[0] + 1
    if split != 1 or len(head) < 3 or not head[2].is_named:
        return unreadable(low, node)
    target, key = head[2], None
    if target.kind_id in _PAIR:
        parts = [c for c in significant(target.children) if c.is_named]
        key, target = parts[0], parts[-1]
    return Foreach(
        line,
        low.exprs[head[0].kind_id](low, head[0]),
        low.exprs[target.kind_id](low, target),
        block(low, node.child_by_field_id(BODY)),
        None if key is None else low.exprs[key.kind_id](low, key),
        target.kind_id in BY_REF,
    )


def _levels(low: Lowering, node: Node) -> int:
    child = inner(node)
    lowered = low.exprs[child.kind_id](low, child) if child is not None else None
    value = lowered.value if isinstance(lowered, Literal) else 1
    return value if isinstance(value, int) and value > 0 else 1


@on("break_statement")
def _break(low: Lowering, node: Node) -> Stmt:
    return Break(node.start_point[0] + 1, _levels(low, node))


@on("continue_statement")
def _continue(low: Lowering, node: Node) -> Stmt:
    return Continue(node.start_point[0] + 1, _levels(low, node))


@on("return_statement")
def _return(low: Lowering, node: Node) -> Stmt:
    child = inner(node)
    return Return(node.start_point[0] + 1, None if child is None else low.exprs[child.kind_id](low, child))


@on("exit_statement")
def _exit(low: Lowering, node: Node) -> Stmt:
    line = node.start_point[0] + 1
    child = inner(node)
    return ExpressionStatement(
        line, Exit(line, None if child is None else low.exprs[child.kind_id](low, child))
    )


@on("try_statement")
def _try(low: Lowering, node: Node) -> Stmt:
    catches = [_catch(low, c) for c in node.children if c.kind_id in _CATCH]
    last = next((c for c in node.children if c.kind_id in _FINALLY), None)
    return Try(
        node.start_point[0] + 1,
        block(low, node.child_by_field_id(BODY)),
        tuple(catches),
        block(low, last.child_by_field_id(BODY)) if last is not None else (),
    )


def _catch(low: Lowering, node: Node) -> Catch:
    listed = node.child_by_field_id(TYPE)
    types: list[Name] = []
    for child in listed.children if listed is not None else ():
        named = inner(child) if child.kind_id in _NAMED_TYPE else child
        if named is not None and named.kind_id in NAMES:
            types.append(class_ref(low, named))
    named = node.child_by_field_id(NAME)
    variable = low.text(named)[1:] if named is not None else ""
    return Catch(node.start_point[0] + 1, tuple(types), variable, block(low, node.child_by_field_id(BODY)))


@on("unset_statement")
def _unset(low: Lowering, node: Node) -> Stmt:
    targets = [low.exprs[c.kind_id](low, c) for c in significant(node.children) if c.is_named]
    return Unset(node.start_point[0] + 1, tuple(targets))


@on("global_declaration")
def _global(low: Lowering, node: Node) -> Stmt:
    return Global(
        node.start_point[0] + 1, tuple([low.text(c)[1:] for c in node.children if c.kind_id in VARIABLE])
    )


@on("function_static_declaration")
def _static_variables(low: Lowering, node: Node) -> Stmt:
    found: list[tuple[str, Expr | None]] = []
    for child in node.children:
        if child.kind_id not in _STATIC_VARIABLE:
            continue
        named, value = child.child_by_field_id(NAME), child.child_by_field_id(VALUE)
        name = low.text(named)[1:] if named is not None else ""
        found.append((name, None if value is None else low.exprs[value.kind_id](low, value)))
    return StaticVariables(node.start_point[0] + 1, tuple(found))


@on("const_declaration")
def _const(low: Lowering, node: Node) -> Stmt:
    found = []
    for child in node.children:
        if child.kind_id in _CONST_ELEMENT:
            named = inner(child)
            name = low.text(named) if named is not None else ""
            full = class_name(f"namespace\\{name}", low.uses)
            found.append((full, expression(low, inner(child, 1), child)))
    return ConstStatement(node.start_point[0] + 1, tuple(found))


@on("declare_statement")
def _declare(low: Lowering, node: Node) -> Stmt:
    rest = [c for c in node.children if c.kind_id not in _STRICT]
    return Block(node.start_point[0] + 1, statements(low, rest))
