"""What a walk may cost: counted in expressions, never in seconds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trueup.model.queries import Queries
from trueup.sources.laravel.queries.following import MAX_STEPS
from trueup.sources.laravel.queries.walker import Walker
from trueup.sources.php import tree as php

Read = Callable[[str], Queries]


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each expression that is walked."""
    count = [0]
    real = Walker.expr

    def expr(self: Walker, node: php.Expr, frame: object) -> object:
        count[0] += 1
        return real(self, node, frame)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Walker, "expr", expr)
    return count


def test_a_table_of_data_is_not_walked(read: Read, walked: list[int]) -> None:
    entries = ", ".join(f"'k{number}' => {number}" for number in range(30_000))
    found = read(
        f"private static $data = [{entries}];\n"
        "public function go() { foreach (self::$data as $key => $n) { DB::table('logs')->where('level', $n)->get(); } }"
    )
    assert "logs" in {site.table for site in found.sites}
    assert walked[0] < 200


def test_calls_that_multiply_are_followed_to_a_bound(read: Read, walked: list[int]) -> None:
    """Each method calls the next ten times with other arguments: 10^6 calls, were all of them followed."""
    methods = [
        f"public function step{level}($a) {{ "
        + " ".join(f"$this->step{level + 1}($a . '{n}');" for n in range(10))
        + " return DB::table('logs')->get(); }"
        for level in range(6)
    ]
    found = read("\n".join([*methods, "public function step6($a) { return DB::table('posts')->get(); }"]))
    assert {"logs", "posts"} <= {site.table for site in found.sites}
    assert walked[0] < 12 * MAX_STEPS
