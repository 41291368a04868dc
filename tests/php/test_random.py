"""Whatever the bytes, the reader answers; whatever the expression, it answers as php-cli."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.php.cases import bodies
from tests.php.oracle import PlainHost, Told, by_php, by_us
from tests.php.strategies import expressions, shuffled_php
from trueup.sources.php.evaluate import Budget, Interpreter
from trueup.sources.php.names import all_classes, constant_value
from trueup.sources.php.parse import parse
from trueup.sources.php.tree.node import Node
from trueup.sources.php.walk import walk

BUDGET = Budget(statements=20_000, calls=40, string=50_000, array=10_000, elements=100_000, seconds=5)
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def survives(source: bytes) -> None:
    """Parsing, lowering everything, walking, folding and running: none of it raises."""
    file = parse(source, "r.php")
    lines = source.count(b"\n") + 1
    for cls in all_classes(file):
        assert cls.name
        for prop in cls.properties.values():
            if prop.default is not None:
                constant_value(prop.default, file, file.class_named, cls)
    for node in walk(*file.statements):
        assert not isinstance(node, Node) or 0 <= node.line <= lines
    assert all(0 <= g.at.line <= lines for g in file.gaps)
    assert file.comments is not None
    interpreter = Interpreter(PlainHost(), BUDGET)
    interpreter.run(file)
    for decl in file.classes:
        made = interpreter.run_new(decl.name)
        if made.thrown is None and made.value is not None:
            for method in decl.methods:
                interpreter.run_method(made.value, method)


@given(st.binary(max_size=300))
@settings(RELAXED, max_examples=80)
def test_random_bytes(source: bytes) -> None:
    survives(b"<?php " + source)
    survives(source)


@given(shuffled_php)
@settings(RELAXED, max_examples=120)
def test_shuffled_php(source: str) -> None:
    survives(b"<?php " + source.encode("latin-1"))


@given(st.data())
@settings(RELAXED, max_examples=120)
def test_mutated_php(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(bodies()))
    source = bytearray(f"<?php class M {{ function up() {{ {body} }} }} {body}".encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source)))
        size = data.draw(st.integers(0, 12))
        source[at : at + size] = data.draw(
            st.sampled_from([b"", b"(", b"}", b"'", b"$", b"[", b";", b"\n", b"->", b"<<<A\n", b"\xc3"])
        )
    survives(bytes(source))


@pytest.mark.parametrize("count", [40])
@given(st.data())
@settings(RELAXED, max_examples=12)
def test_random_expressions(count: int, data: st.DataObject) -> None:
    snippets = [f"return {e};" for e in data.draw(st.lists(expressions, min_size=count, max_size=count))]
    answers = by_php(snippets)
    for snippet, answer in zip(snippets, answers, strict=True):
        ours = by_us(snippet)
        if not (isinstance(ours, str) and ours.startswith("unknown ")):
            assert alike(ours) == alike(answer), snippet


def alike(told: Told) -> Told:
    """Of what is thrown, the class: the wording of PHP's complaints about random nonsense is not held to."""
    return told.split(":")[0] if isinstance(told, str) and told.startswith("throw ") else told
