"""Makes a differing sequence of migrations small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.support.random_migrations import Steps


def reduce_steps(steps: Steps, still_differs: Callable[[Steps], bool]) -> Steps:
    """The steps without those migrations and statements that can be left out while `still_differs`."""
    smaller = True
    while smaller:
        candidate = next((less for less in _without_one(steps) if still_differs(less)), None)
        smaller = candidate is not None
        steps = candidate or steps
    return steps


def _without_one(steps: Steps) -> Iterator[Steps]:
    for number in reversed(range(len(steps))):
        yield steps[:number] + steps[number + 1 :]
    for number, statements in enumerate(steps):
        for place in range(len(statements) if len(statements) > 1 else 0):
            yield (*steps[:number], statements[:place] + statements[place + 1 :], *steps[number + 1 :])
    for number, statements in enumerate(steps):
        for place, statement in enumerate(statements):
            for less in _without_a_line(statement):
                yield (
                    *steps[:number],
                    (*statements[:place], less, *statements[place + 1 :]),
                    *steps[number + 1 :],
                )


def _without_a_line(statement: str) -> Iterator[str]:
    """The statement without one of its Blueprint calls, or with one modifier less."""
    lines = statement.split("\n")
    calls = [place for place, line in enumerate(lines) if line.lstrip().startswith("$table->")]
    for place in calls if len(calls) > 1 else ():
        yield "\n".join(lines[:place] + lines[place + 1 :])
    for place in calls:
        parts = lines[place].rstrip(";").split("->")
        for part in range(2, len(parts)):
            yield "\n".join(
                [*lines[:place], "->".join(parts[:part] + parts[part + 1 :]) + ";", *lines[place + 1 :]]
            )
