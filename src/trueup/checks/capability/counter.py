"""CAP002: counters that are changed in PHP."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.enforcement import CounterUpdate
from trueup.model.findings import Finding, Verdict


def _method(body: str) -> str:
    return f"        public function add(Budget $budget): void\n        {{\n{body}        }}\n"


_SAVED = _method("            $budget->calls += 1;\n            $budget->save();\n")
_ARRAY = _method("            $budget->update(['calls' => $budget->calls + 1]);\n")
_RIGHT = _method("            $budget->increment('calls');\n")
_LOCKED = """
        public function add(int $id): void
        {
            DB::transaction(function () use ($id) {
                $budget = Budget::whereKey($id)->lockForUpdate()->first();
                $budget->calls += 1;
                $budget->save();
            });
        }
"""
_SET = _method(
    "            $budget->calls = 0;\n            $budget->calls += 2;\n            $budget->save();\n"
)

EXAMPLES = (
    failing(
        "Read, raised and saved",
        given(migration=MIGRATION, files=service(_SAVED)),
        Expected(
            "warning",
            "`Spend::add` changes `budgets.calls` in PHP (`$budget->calls += …`) and saves it: of two requests at once one "
            "is lost.",
            table="budgets",
            column="calls",
        ),
    ),
    failing(
        "The same in the array of an update",
        given(migration=MIGRATION, files=service(_ARRAY)),
        Expected(
            "warning",
            "`Spend::add` changes `budgets.calls` in PHP (`'calls' => $budget->calls + …`) and saves it: of two requests at once "
            "one is lost.",
            table="budgets",
            column="calls",
        ),
    ),
    clean("The server adds", given(migration=MIGRATION, files=service(_RIGHT))),
    clean("The row is locked in a transaction", given(migration=MIGRATION, files=service(_LOCKED))),
    clean(
        "The number starts here, nothing of the stored one is left in it",
        given(migration=MIGRATION, files=service(_SET)),
    ),
)


@check(
    code="CAP002",
    title="A counter is changed in PHP and written back",
    severity="warning",
    category="capability",
    why="""Two requests read 10, both write 11. Nothing fails and nothing is logged; sums and balances are wrong from then on, and
        more so the busier the application is.""",
    fix="""`increment()` or `decrement()`, which let the server add; or read the row with `lockForUpdate()` in a transaction where
        more hangs on it.""",
    examples=EXAMPLES,
)
def counter_in_php(facts: Facts) -> Iterator[Verdict]:
    for found in facts.enforcement.counters:
        if found.guard != "cache lock":
            yield _finding(found)


def _finding(found: CounterUpdate) -> Finding:
    increment = f"->increment('{found.column}', …)"
    return Finding(
        "CAP002",
        "warning",
        "capability",
        f"{code(found.method)} changes {code(f'{found.table}.{found.column}')} in PHP ({code(found.text)}) and saves it: "
        "of two requests at once one is lost.",
        table=found.table,
        column=found.column,
        expected="the server adds, or the row is locked",
        found=f"A reads n; B reads n; A saves its n ± a at {found.saved_at}; B saves its n ± b over it",
        locations=places(found.at, found.saved_at),
        recommendation=f"Use {code(increment)} or `decrement()`, or lock the row in a transaction.",
        key=f"{found.method} {found.text}",
    )
