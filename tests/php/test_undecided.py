"""Unknown values travel, and end as gaps only where they decide something that matters."""

from __future__ import annotations

import pytest

from tests.php.oracle import Told, run, tell

TRAVELS = [
    ("return OF_SOME_EXTENSION;", "unknown the constant OF_SOME_EXTENSION"),
    ("return constant('OF_SOME_EXTENSION');", "unknown the constant OF_SOME_EXTENSION"),
    ("return unknown('u') . 'x';", "unknown u"),
    ("return unknown('u') + 1;", "unknown u"),
    ("return strtoupper(unknown('u'));", "unknown u"),
    ("return unknown('u')->foo['x']->bar(1);", "unknown u"),
    ("return \"a {${'x'}}\" ?? 1;", None),
    ("return ['a' => 1, unknown('u') => 2]['a'];", "unknown u"),
    ("return count([...unknown('u'), 1]);", "unknown u"),
    ("return [1, unknown('u')][0];", "int 1"),
    ("return implode(',', [1, unknown('u')]);", "unknown u"),
    ("return unknown('u') && false;", "false"),
    ("return unknown('u') || true;", "true"),
    ("return false && unknown('u');", "false"),
    ("return unknown('u') ?? 1;", "unknown u"),
    ("return unknown('u') ? 5 : 5;", "int 5"),
    ("return unknown('u') ? 5 : 6;", "unknown u"),
    ("return match(unknown('u')) { 1 => 'a', default => 'a' };", "string 61"),
    ("return match(1) { unknown('u') => 'a', 1 => 'b' };", "unknown u"),
    ("if (unknown('u')) { $x = 1; } else { $x = 1; } return $x;", "int 1"),
    ("$x = 0; if (unknown('u')) { $x = 1; } return $x;", "unknown u"),
    ("if (unknown('u')) { return 1; } return 1;", "int 1"),
    ("if (unknown('u')) { return 1; } return 2;", "unknown u"),
    ("if (unknown('u')) { return 1; } else { $y = 5; } if (unknown('v')) { return 1; } return 1;", "int 1"),
    ("$a = ['k' => 1]; if (unknown('u')) { $a['k'] = 2; $a['n'] = 3; } return is_array($a);", "unknown u"),
    (
        "$o = new stdClass; $o->p = 1; $o->q = 2; if (unknown('u')) { $o->p = 5; } return [$o->q, $o->p];",
        None,
    ),
    ("$n = 0; foreach (unknown('u') as $x) { $n++; } return $n;", "unknown u"),
    ("$n = 0; while (unknown('u')) { $n++; } return $n;", "unknown u"),
    ("switch (unknown('u')) { case 1: $x = 1; break; default: $x = 1; } return $x;", "int 1"),
    ("switch (unknown('u')) { case 1: return 'a'; default: return 'b'; }", "unknown u"),
    ("return array_filter([1, 2], fn($x) => unknown('u')) === [];", None),
    ("return isset(unknown('u')['x']);", "unknown u"),
    ("$x = unknown('u'); $x['a']['b'] = 1; return $x;", "unknown u"),
    ("$x = unknown('u'); $x->a = 1; return $x;", "unknown u"),
    ("return (fn(int $x) => $x)(unknown('u'));", "unknown u"),
    ("return usort_me(1) ?? 1;", None),
]


@pytest.mark.parametrize(("code", "answer"), TRAVELS)
def test_travels_without_a_gap(code: str, answer: Told | None) -> None:
    outcome, _ = run(code)
    assert outcome.gaps == ()
    if answer is not None:
        assert tell(outcome.value) == answer


DECIDES = [
    ("if (unknown('u')) { effect('a'); }", [], 1),
    ("if (unknown('u')) { effect('a'); } else { effect('b'); } effect('c');", ["c"], 1),
    ("if (unknown('u')) { effect('a'); } else { effect('a'); } effect('c');", ["a", "c"], 0),
    ("if (unknown('u')) { return; } effect('a');", ["a"], 1),
    ("if (unknown('u')) { throw new Exception('x'); } effect('a');", ["a"], 1),
    ("if (unknown('u')) { $x = 'a'; } else { $x = 'a'; } effect($x);", ["a"], 0),
    ("if (unknown('u')) { $x = 1; return; }", [], 0),
    ("if (unknown('u')) { return; } if (unknown('v')) { return; } $x = 1;", [], 0),
    ("effect('a'); if (true) { if (unknown('u')) { return; } $x = 1; }", ["a"], 0),
    ("if (true) { if (unknown('u')) { return; } $x = 1; } effect('a');", ["a"], 1),
    ("foreach ([1, 2] as $n) { if (unknown('u')) { continue; } $x = $n; } effect('a');", ["a"], 0),
    (
        "foreach ([1, 2] as $n) { if ($n > 1) { if (unknown('u')) { continue; } $x = $n; } } effect('a');",
        ["a"],
        0,
    ),
    ("foreach ([1, 2] as $n) { if (unknown('u')) { continue; } effect($n); }", ["1", "2"], 1),
    (
        "foreach ([1, 2] as $n) { if (unknown('u')) { continue; } if (unknown('v')) { continue; } $x = $n; }",
        [],
        0,
    ),
    ("foreach ([1] as $n) { while (true) { if (unknown('u')) { continue 2; } $x = $n; break; } }", [], 1),
    ("$f = function () { if (unknown('u')) { return 1; } return 2; }; $f(); effect('a');", ["a"], 0),
    ("unknown('u') ? effect('a') : effect('b');", [], 1),
    ("unknown('u') && effect('a');", [], 1),
    ("unknown('u') || effect('a');", [], 1),
    ("unknown('u') ?? effect('a');", [], 1),
    ("match(unknown('u')) { 1 => effect('a'), default => effect('a') };", ["a"], 0),
    ("match(unknown('u')) { 1 => effect('a'), default => null };", [], 1),
    ("foreach (unknown('u') as $x) { effect('a'); } effect('b');", ["b"], 1),
    ("foreach ([1, ...unknown('u')] as $x) { effect($x); } effect('b');", ["1", "b"], 1),
    ("while (unknown('u')) { effect('a'); }", [], 1),
    ("do { effect('a'); } while (unknown('u'));", ["a"], 1),
    ("switch (unknown('u')) { case 1: effect('a'); break; case 2: effect('b'); }", [], 1),
    ("switch (unknown('u')) { case 1: case 2: effect('a'); break; default: effect('a'); }", ["a"], 0),
    ("unknown('u')->each(function () { effect('a'); });", [], 1),
    ("unknown('u')->each(function () { return 1; });", [], 0),
    ("array_map(function ($x) { effect($x); }, ['a', 'b']);", ["a", "b"], 0),
    ("vendor_call();", [], 1),
    ("$x = vendor_call();", [], 0),
    ("Vendor::run(fn() => effect('a'));", [], 2),
    ("new Vendor;", [], 1),
    (
        "try { if (unknown('u')) { throw new Exception; } } catch (Exception $e) { effect('c'); } effect('d');",
        ["d"],
        1,
    ),
    (
        "if (unknown('u')) { if (unknown('v')) { effect('a'); } else { effect('a'); } } else { effect('a'); }",
        ["a"],
        0,
    ),
    ("if (unknown('u')) { effect('a'); effect('b'); } else { effect('a'); effect('b'); }", ["a", "b"], 0),
    (
        "function g7($p) { if ($p) { return false; } return true; } if (g7(unknown('u'))) { effect('a'); }",
        [],
        1,
    ),
]


@pytest.mark.parametrize(("code", "effects", "gaps"), DECIDES)
def test_decides(code: str, effects: list[str], gaps: int) -> None:
    outcome, host = run(code)
    assert host.effects == effects
    assert len(outcome.gaps) == gaps, outcome.gaps
    assert all(g.kind in ("undecided", "unknown-call") and g.at.line == 1 for g in outcome.gaps)


def test_what_a_branch_wrote_is_taken_back() -> None:
    code = """class S9 { public static $n = 1; public $list = ['a']; }
    $s = new S9; $r = 1; $q = &$r; $arr = ['x' => ['y' => 1]];
    if (unknown('u')) { effect('e'); S9::$n = 2; $s->list[] = 'b'; $r = 5; $arr['x']['y'] = 2; $new = 1; }
    return [S9::$n, $s->list, $arr, $r, $q, isset($new)];"""
    outcome, host = run(code)
    assert host.effects == []
    assert tell(outcome.value) == ["array", [[f"int {i}", "unknown u"] for i in range(6)]]


def test_the_gap_says_why_and_where() -> None:
    outcome, _ = run("\n\nif (unknown('the result of DB::select()')) {\n effect('a'); }")
    assert [(g.reason, g.at.line, g.kind) for g in outcome.gaps] == [
        ("can't be decided: the result of DB::select()", 3, "undecided")
    ]
