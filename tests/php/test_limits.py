"""Nothing that code does makes the evaluator hang, crash or grow without bound."""

from __future__ import annotations

import pytest

from tests.php.oracle import run
from trueup.sources.php.evaluate import Budget

SMALL = Budget(statements=50_000, calls=60, string=100_000, array=20_000, elements=200_000, seconds=5)

HOSTILE = [
    "while (true) {}",
    "for (;;);",
    "do { $x = 1; } while (true);",
    "function f1($x) { return f1($x + 1); } f1(1);",
    "$f = function ($x) use (&$f) { return array_map(fn($y) => $f($y), [$x]); }; $f(1);",
    "$s = 'aaaaaaaaaa'; while (true) { $s .= $s; }",
    "$s = 'aaaaaaaaaa'; while (true) { $s = \"$s$s\"; }",
    "$a = [1]; while (true) { $a[] = $a; }",
    "$a = [1]; while (true) { $a = array_merge($a, $a); }",
    "$a = [1]; while (true) { $a = [...$a, ...$a]; }",
    "range(1, 1000000000);",
    "str_repeat(str_repeat('a', 10000), 10000);",
    "str_pad('a', 999999999);",
    "array_fill(0, 999999999, 1);",
    "array_pad([], 999999999, 1);",
    "str_replace('a', str_repeat('b', 50000), str_repeat('a', 50000));",
    "class A1 { function __toString() { return (string) $this; } } (string) new A1;",
    "class A2 { function __get($n) { return $this->{$n . $n}; } } (new A2)->a;",
    "class A3 { function __call($n, $a) { return $this->$n(); } } (new A3)->a();",
    "function g4() { while (true) { yield 1; } } foreach (g4() as $x) { break; }",
    "class A5 implements Iterator { function current() {} function key() {} function next() {} function rewind() {}"
    " function valid() { return true; } } foreach (new A5 as $x) {}",
    "$a = []; while (true) { $a = [$a]; }",
]


@pytest.mark.parametrize("code", HOSTILE)
def test_ends_with_a_limit(code: str) -> None:
    outcome, _ = run(code, budget=SMALL)
    assert outcome.limit is not None
    assert outcome.limit.kind == "limit"
    assert outcome.limit.at.line == 1
    assert outcome.gaps[-1] == outcome.limit


QUIET = [
    "class B1 extends B2 {} class B2 extends B1 {} return new B1;",
    "class B3 { const X = self::Y; const Y = self::X; } return B3::X;",
    "trait T4 { use T4; } class B4 { use T4; } return new B4;",
    "interface I5 extends J5 {} interface J5 extends I5 {} class B5 implements I5 {} return new B5 instanceof J5;",
    "$a = new stdClass; $a->x = $a; return json_encode($a);",
    "$a = new stdClass; $a->x = $a; $b = new stdClass; $b->x = $b; return $a == $b;",
    "$a = []; $a['x'] = &$a; return json_encode($a);",
    "$a = []; for ($i = 0; $i < 500; $i++) { $a = [$a]; } return [json_encode($a), serialize($a), var_export($a, true)];",
    "return 10 ** 10 ** 10;",
    "return sprintf('%99999d', 1);",
    "return preg_match('/(a|aa)+$/', str_repeat('a', 60) . 'b');",
    "return preg_match('/^(\\w+\\s?)*$/', str_repeat('aaa ', 100) . '!');",
    "return preg_replace('/(((((a*)*)*)*)*)*b/', '', str_repeat('a', 40));",
    "class B6 implements IteratorAggregate { function getIterator() { return $this; } } return iterator_to_array(new B6);",
]


@pytest.mark.parametrize("code", QUIET)
def test_ends_by_itself(code: str) -> None:
    run(code, budget=SMALL)


def test_a_limit_in_a_branch_that_is_tried_leaves_no_trace() -> None:
    outcome, host = run("effect('a'); if (unknown('u')) { effect('b'); while (true) {} }", budget=SMALL)
    assert host.effects == ["a"]
    assert outcome.limit is not None


def test_many_undecided_branches_do_not_multiply() -> None:
    nested = "if (unknown('u')) { " * 30 + "effect('a');" + " }" * 30
    in_a_row = "if (unknown('u')) { return 1; } " * 60 + "effect('z');"
    for code in (nested, in_a_row):
        outcome, _ = run(code)
        assert outcome.limit is None
        assert outcome.gaps != ()
