"""CAP001: limits that are checked in one step and used up in another."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.amounts import is_money
from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.enforcement import LimitCheck
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Severity

_SUM = """
        public function charge(int $user, string $cost): void
        {
            $spent = DB::table('costs')->where('user_id', $user)->sum('cost');
            $limit = DB::table('budgets')->where('user_id', $user)->value('limit_amount');
            if ($spent + $cost > $limit) {
                throw new \\RuntimeException('over the limit');
            }
            DB::table('costs')->insert(['user_id' => $user, 'reference' => 'r', 'cost' => $cost]);
        }
"""
_LOCKED = """
        public function charge(int $user, string $cost): void
        {
            DB::transaction(function () use ($user, $cost) {
                $limit = DB::table('budgets')->where('user_id', $user)->lockForUpdate()->value('limit_amount');
                $spent = DB::table('costs')->where('user_id', $user)->sum('cost');
                if ($spent + $cost > $limit) {
                    throw new \\RuntimeException('over the limit');
                }
                DB::table('costs')->insert(['user_id' => $user, 'reference' => 'r', 'cost' => $cost]);
            });
        }
"""
_TRANSACTION = _LOCKED.replace("->lockForUpdate()", "")
_BALANCE = """
        public function pay(Budget $budget, string $amount): void
        {
            if ($budget->balance < $amount) {
                throw new \\RuntimeException('not enough');
            }
            $budget->decrement('balance', $amount);
        }
"""
_ATOMIC = """
        public function pay(int $user, string $amount): void
        {
            $paid = DB::table('budgets')->where('user_id', $user)->where('balance', '>=', $amount)
                ->decrement('balance', $amount);
            if ($paid === 0) {
                throw new \\RuntimeException('not enough');
            }
        }
"""
_MESSAGE = (
    "`Spend::charge` compares `sum('cost')` of `costs` with a limit and writes `costs` afterwards without a lock: requests at the "
    "same time all pass the same check."
)

EXAMPLES = (
    failing(
        "The sum is read, compared, and then added to",
        given(migration=MIGRATION, files=service(_SUM)),
        Expected("error", _MESSAGE, table="costs", column="cost"),
    ),
    failing(
        "A transaction without a row lock does not help",
        given(migration=MIGRATION, files=service(_TRANSACTION)),
        Expected("error", _MESSAGE, table="costs", column="cost"),
    ),
    failing(
        "A balance is compared in PHP and lowered afterwards",
        given(migration=MIGRATION, files=service(_BALANCE)),
        Expected(
            "error",
            "`Spend::pay` compares `$budget->balance` of `budgets` with a limit and writes `budgets` afterwards without a lock: "
            "requests at the same time all pass the same check.",
            table="budgets",
            column="balance",
        ),
    ),
    clean(
        "The budget's row is locked in a transaction first",
        given(migration=MIGRATION, files=service(_LOCKED)),
    ),
    clean("One statement checks and writes", given(migration=MIGRATION, files=service(_ATOMIC))),
)


@check(
    code="CAP001",
    title="A limit is checked in one step and used up in another",
    severity="error",
    category="capability",
    why="""Between the check and the write another request makes the same check on the same numbers: each passes, and together they
        spend more than the limit. It is an error where an amount of money is overspent for certain, a warning where a number of
        rows is, or where a caller may hold a lock that is not seen. A transaction alone does not help: both read what was
        committed before.""",
    fix="""Lock a row that exists, the budget's, inside `DB::transaction` (`lockForUpdate()`) before the sum is read; or let one
        statement check and write: `where('balance', '>=', $amount)->decrement('balance', $amount)`, and look at the number of rows
        that it changed.""",
    examples=EXAMPLES,
)
def limit_not_atomic(facts: Facts) -> Iterator[Verdict]:
    for found in facts.enforcement.limits:
        if found.guard != "cache lock":
            yield _finding(facts, found)


def _finding(facts: Facts, found: LimitCheck) -> Finding:
    apart = found.write_at is None
    money = is_money(found.column)
    certain = money and (not apart or facts.enforcement.row_locks == 0)
    severity: Severity = "error" if certain else "warning"
    cached = ", out of the cache," if found.cached else ""
    who = f"{code(found.method)} compares {code(found.read)} of {code(found.table)}{cached} with a limit"
    writes = (
        f"and {code(found.table)} is written elsewhere, without a lock around both"
        if apart
        else f"and writes {code(found.table)} afterwards without a lock"
    )
    return Finding(
        "CAP001",
        severity,
        "capability",
        f"{who} {writes}: requests at the same time all pass the same check.",
        table=found.table,
        column=found.column,
        expected="check and write in one step, or under a row lock in a transaction",
        found=_interleaving(found),
        locations=places(found.at, found.compared_at, found.write_at, *found.elsewhere[:3]),
        recommendation="Lock the row that holds the limit with `lockForUpdate()` in a transaction around check and write, or make "
        "the write itself conditional.",
        effort="M",
        key=f"{found.method} {found.read}",
    )


def _interleaving(found: LimitCheck) -> str:
    write_at = found.write_at or (found.elsewhere[0] if found.elsewhere else found.compared_at)
    read = f"reads at {found.at}" if found.at != found.compared_at else "reads"
    return (
        f"A {read} and passes {found.compared_at}; B {read} the same number and passes too; A writes at {write_at}; "
        f"B writes at {write_at}" + ("; what the cache holds is older still" if found.cached else "")
    )
