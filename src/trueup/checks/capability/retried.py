"""CAP005: counts that are raised again when the work around them is tried again."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.checks.capability._examples import MIGRATION, service
from trueup.checks.examples import Expected, clean, failing, given
from trueup.checks.registry import check
from trueup.checks.wording import code, places
from trueup.model.audit import Facts
from trueup.model.enforcement import RetriedWrite
from trueup.model.findings import Finding, Verdict

_JOB = """
        public $tries = 3;

        public function handle(): void
        {
            DB::table('budgets')->where('user_id', 1)->increment('calls');
            DB::table('costs')->insert(['user_id' => 1, 'reference' => 'r', 'cost' => '0.01']);
        }
"""
_SAFE = """
        public $tries = 3;

        public function handle(): void
        {
            DB::transaction(function () {
                DB::table('budgets')->where('user_id', 1)->increment('calls');
                DB::table('costs')->insert(['user_id' => 1, 'reference' => 'r', 'cost' => '0.01']);
            });
        }
"""
_CHARGED = """
        public function __construct(private Gateway $gateway)
        {
        }

        public function pay(string $cost): void
        {
            DB::transaction(function () use ($cost) {
                $this->gateway->charge($cost);
                DB::table('costs')->insert(['user_id' => 1, 'reference' => 'r', 'cost' => $cost]);
            }, 3);
        }
"""
_QUEUED = " implements \\Illuminate\\Contracts\\Queue\\ShouldQueue"

EXAMPLES = (
    failing(
        "A job that is tried three times counts before what can fail",
        given(migration=MIGRATION, files=service(_JOB, _QUEUED)),
        Expected(
            "warning",
            "`Spend::handle` is tried again as a whole: `increment()` of `budgets` happens once more whenever `insert()` after "
            "it fails.",
            table="budgets",
        ),
    ),
    failing(
        "A transaction that is tried again after a deadlock charges again",
        given(migration=MIGRATION, files=service(_CHARGED)),
        Expected(
            "warning",
            "`Spend::pay` is tried again as a whole: `charge()` of another service is called once more whenever `insert()` after "
            "it meets a deadlock.",
        ),
    ),
    clean(
        "The service knows the request by its key",
        given(
            migration=MIGRATION,
            files=service(_CHARGED.replace("charge($cost)", "charge($cost, ['idempotency_key' => 'r'])")),
        ),
    ),
    clean(
        "The transaction is tried once",
        given(migration=MIGRATION, files=service(_CHARGED.replace("}, 3);", "});"))),
    ),
    clean("A transaction undoes the first write", given(migration=MIGRATION, files=service(_SAFE, _QUEUED))),
    clean(
        "A job that is tried once",
        given(migration=MIGRATION, files=service(_JOB.replace("$tries = 3", "$tries = 1"), _QUEUED)),
    ),
)


@check(
    code="CAP005",
    title="A retry counts twice",
    severity="warning",
    category="capability",
    why="""The first attempt has raised the count and committed it before it fails; the second raises it again. Told where the class
        says that it is tried more than once (`$tries`, `tries()`, `retryUntil()`) or inside `retry()`, and where a write or a call
        of another service follows. What another service has done no transaction undoes: a charge inside a `DB::transaction` that is
        tried again after a deadlock is made twice.""",
    fix="""Put all writes into one `DB::transaction`, with calls of other services outside; or make the work repeatable: a unique
        key over the request's id, written first.""",
    examples=EXAMPLES,
)
def retry_counts_twice(facts: Facts) -> Iterator[Verdict]:
    for found in facts.enforcement.retried:
        yield _finding(found) if found.table else _outside(found)


def _finding(found: RetriedWrite) -> Finding:
    return Finding(
        "CAP005",
        "warning",
        "capability",
        f"{code(found.method)} is tried again as a whole: {code(found.write)} of {code(found.table)} happens once more "
        f"whenever {code(found.next)} after it fails.",
        table=found.table,
        expected="all writes in one transaction, or a key that lets the second attempt do nothing",
        found=f"the first attempt writes at {found.at} and fails at {found.next_at}; the second writes at {found.at} again "
        f"({found.how}, {found.retry_at})",
        locations=places(found.at, found.next_at, found.retry_at),
        recommendation="Put the writes into one `DB::transaction`, or write a unique key of the request first.",
        effort="M",
        key=f"{found.method} {found.write}",
    )


def _outside(found: RetriedWrite) -> Finding:
    """What another service has done stays done."""
    why = "meets a deadlock" if found.how == "transaction" else "fails"
    return Finding(
        "CAP005",
        "warning",
        "capability",
        f"{code(found.method)} is tried again as a whole: {code(found.write)} of another service is called once more whenever "
        f"{code(found.next)} after it {why}.",
        expected="the call outside of what is tried again, or with a key by which the service knows it",
        found=f"the first attempt calls at {found.at} and {why} at {found.next_at}; the second calls at {found.at} again "
        f"({found.how}, {found.retry_at})",
        locations=places(found.at, found.next_at, found.retry_at),
        recommendation="Call the service before or after what is tried again, or send an idempotency key along.",
        effort="M",
        key=f"{found.method} {found.write}",
    )
