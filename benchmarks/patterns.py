"""Does any regular expression of Trueup take more than linear time on a text made for it?

    python benchmarks/patterns.py [--length N] [--growth F]

Every expression is looked for in texts made of what it itself repeats (tests/support/patterns.py). On a text of N characters it may
take F times as long as on a quarter of it: linear would be four, quadratic sixteen. Measured in the processor time of this thread.
What looks slow is measured once more before it is told. Exit code 1 if an expression is slow."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.patterns import Expression, expressions, texts, use

FLOOR = 0.003
"""Seconds below which nothing is measured: no text of that length matters then."""
LIMIT = 0.5
"""Seconds for one text."""


class Late(BaseException):
    """Raised out of an expression that has used up its time."""


@contextmanager
def _limited() -> Iterator[None]:
    def late(*_: object) -> None:
        raise Late

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(expression: Expression, text: Any) -> float:
    """Processor time of one use; infinite over LIMIT."""
    begun = time.thread_time()
    try:
        with _limited():
            use(expression, text)
    except Late:
        return float("inf")
    return time.thread_time() - begun


def slow(expression: Expression, length: int, growth: float) -> tuple[float, Any] | None:
    """By how much the time grows, and the text on which it does, if that is more than `growth`."""
    pairs = zip(texts(expression.pattern, length), texts(expression.pattern, length // 4), strict=True)
    for long, short in pairs:
        for _ in range(2):
            taken = seconds(expression, long)
            if taken <= FLOOR:
                break
            taken = min(taken, seconds(expression, long))
            base = max(min(seconds(expression, short) for _ in range(3)), FLOOR / growth)
            if base < float("inf") and taken <= growth * base:
                break
        else:
            return taken / base if base < float("inf") else base, long
    return None


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--length", type=int, default=4000)
    parser.add_argument("--growth", type=float, default=9)
    given = parser.parse_args()
    count, found = 0, 0
    for each in expressions():
        count += sum(1 for _ in texts(each.pattern, 4))
        if told := slow(each, given.length, given.growth):
            found += 1
            print(f"{each.place}: {each.pattern.pattern!r}", flush=True)
            print(f"    {told[0]:.0f} times as long: {told[1][:60]!r}", flush=True)
    print(f"{len(expressions()):,} expressions, {count:,} texts of {given.length:,} characters: {found} slow")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
