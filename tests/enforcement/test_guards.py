"""Which guards hold: the same counter under every kind of lock, transaction and detour."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.running import audited
from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import clean, given
from trueup.checks.registry import find_check
from trueup.model.enforcement import CounterUpdate, LimitCheck

_ADD = "$budget->calls += 1; $budget->save();"
_LOAD = "$budget = Budget::whereKey($id)->lockForUpdate()->first();"


def _method(body: str, name: str = "add", parameters: str = "int $id") -> str:
    return f"        public function {name}({parameters}): void\n        {{\n            {body}\n        }}\n"


def _enforcement(
    tmp_path: Path, body: str, *, controller: bool = False
) -> tuple[list[CounterUpdate], list[LimitCheck]]:
    files = dict(service(body))
    if controller:
        files["app/Services/SpendController.php"] = files.pop("app/Services/Spend.php").replace(
            "class Spend", "class SpendController"
        )
    check = find_check("CAP002")
    assert check is not None
    found = audited(clean("x", given(migration=MIGRATION, files=files)), check, tmp_path).facts.enforcement
    return list(found.counters), list(found.limits)


@pytest.mark.parametrize(
    "body",
    [
        _method(f"DB::transaction(function () use ($id) {{ {_LOAD} {_ADD} }});"),
        _method(f"DB::beginTransaction(); {_LOAD} {_ADD} DB::commit();"),
        _method(f"DB::connection('x')->transaction(function () use ($id) {{ {_LOAD} {_ADD} }}, 3);"),
        # The lock is on a parent's row, taken first by everybody.
        _method(
            "DB::transaction(function () use ($id) { DB::table('costs')->where('id', 1)->lockForUpdate()->first(); "
            f"$budget = Budget::find($id); {_ADD} }});"
        ),
        # The caller holds the lock.
        _method(f"DB::transaction(function () use ($id) {{ {_LOAD} $this->raise($budget); }});")
        + _method(_ADD, "raise", "Budget $budget"),
        _method(f"$budget = new Budget(); {_ADD}"),
        _method(f"$budget = Budget::create(['user_id' => $id]); {_ADD}"),
        _method(f"DB::transaction(function () use ($id) {{ {_LOAD} ++$budget->calls; $budget->save(); }});"),
        _method("$budget = Budget::find($id); $budget->calls = 1; " + _ADD),
        _method("$budget = Budget::find($id); $budget->calls += 1; $other = 2;"),  # never saved
        _method("Budget::whereKey($id)->update(['calls' => DB::raw('calls + 1')]);"),
    ],
)
def test_a_lock_that_holds_is_not_told(body: str, tmp_path: Path) -> None:
    assert _enforcement(tmp_path, body) == ([], [])


@pytest.mark.parametrize(
    ("body", "guard"),
    [
        (_method(f"$budget = Budget::find($id); {_ADD}"), ""),
        (
            _method(f"DB::transaction(function () use ($id) {{ $budget = Budget::find($id); {_ADD} }});"),
            "transaction",
        ),
        (_method(f"DB::beginTransaction(); {_LOAD} DB::commit(); $budget = Budget::find($id); {_ADD}"), ""),
        (
            _method(
                f"Cache::lock('x', 5)->get(function () use ($id) {{ $budget = Budget::find($id); {_ADD} }});"
            ),
            "cache lock",
        ),
        (
            _method(
                "$budget = Budget::find($id); $budget->calls = ($budget->calls ?? 0) + 1; $budget->save();"
            ),
            "",
        ),
        (_method("$budget = Budget::find($id); ++$budget->calls; $budget->save();"), ""),
        (_method("$budget = Budget::findOrFail($id); $budget->calls++; $budget->save();"), ""),
        (
            _method(
                "$budget = Budget::find($id); $new = $budget->calls + 1; $budget->calls = $new; $budget->save();"
            ),
            "",
        ),
        (_method("$this->raise(Budget::find($id));") + _method(_ADD, "raise", "Budget $budget"), ""),
    ],
)
def test_what_does_not_hold_is_told(body: str, guard: str, tmp_path: Path) -> None:
    counters, _ = _enforcement(tmp_path, body)
    assert [(c.table, c.column, c.guard) for c in counters] == [("budgets", "calls", guard)]


def test_a_row_lock_without_a_transaction_is_gone_at_once(tmp_path: Path) -> None:
    """In a controller nobody has opened one; elsewhere a caller may have, so that nothing is said."""
    counters, _ = _enforcement(tmp_path / "a", _method(f"{_LOAD} {_ADD}"), controller=True)
    assert [c.method for c in counters] == ["SpendController::add"]
    assert _enforcement(tmp_path / "b", _method(f"{_LOAD} {_ADD}")) == ([], [])


def test_a_limit_is_followed_through_helpers(tmp_path: Path) -> None:
    """The sum is in one method, behind the cache; the comparison in another; the write in a third."""
    spent = (
        "        private function spent(int $user): float\n        {\n            return Cache::remember('s', 60, fn () => "
        "(float) DB::table('costs')->where('user_id', $user)->sum('cost'));\n        }\n"
    )
    guard = _method(
        "$spent = $this->spent($id); if ($spent > $limit) { throw new \\RuntimeException('over budget'); }",
        "guard",
        "int $id, float $limit",
    )
    record = _method(
        "DB::table('costs')->insert(['user_id' => $id, 'reference' => 'r', 'cost' => 1]);", "record"
    )
    _, limits = _enforcement(tmp_path, spent + guard + record)
    assert [(x.method, x.table, x.column, x.cached, x.write_at) for x in limits] == [
        ("Spend::guard", "costs", "cost", True, None)
    ]
    assert len(limits[0].elsewhere) == 1


ASKED = _method(
    "if (!$this->fits($id, $cost)) { return; } DB::table('costs')->insert(['user_id' => $id, 'cost' => $cost]);",
    "add",
    "int $id, float $cost",
)
FITS = (
    "        private function fits(int $id, float $cost): bool\n        {\n            "
    "return DB::table('costs')->where('user_id', $id)->sum('cost') + $cost <= $this->limit;\n        }\n"
)


def test_a_limit_that_a_method_of_its_own_asks_for(tmp_path: Path) -> None:
    _, limits = _enforcement(tmp_path / "a", ASKED + FITS)
    assert [(x.method, x.table, x.column) for x in limits] == [("Spend::add", "costs", "cost")]
    locked = ASKED.replace(
        "if (!$this", "DB::beginTransaction(); Budget::whereKey($id)->lockForUpdate()->first(); if (!$this"
    )
    assert _enforcement(tmp_path / "b", locked + FITS) == ([], [])
