"""Orders of columns that several demands can share: equality before range before sort, prefixes merged.

A chain is a growing index: sets of columns whose order among themselves is still open, one after the other. `{a, b} {c}` may become
(a, b, c) or (b, a, c); a demand for `b` alone splits the first set, and (b, a, c) serves both."""

from __future__ import annotations

from collections.abc import Iterable

from trueup.structs import Struct

Blocks = tuple[frozenset[str], ...]


class Wanted(Struct, frozen=True, order=True):
    """An index that would serve a demand: columns found by equality in any order, then `tail` in this one."""

    equality: tuple[str, ...]
    tail: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.equality) + len(self.tail)


def fitted(blocks: Blocks, wanted: Wanted) -> Blocks | None:
    """The chain, split or made longer so that it serves the demand as well; None where the two want different orders."""
    done, rest = _lead(blocks, frozenset(wanted.equality))
    if done is None:
        return None
    for column in wanted.tail:
        if not rest:
            done = (*done, frozenset({column}))
            continue
        first, rest = rest[0], rest[1:]
        if column not in first:
            return None
        done = (*done, frozenset({column}))
        if len(first) > 1:
            rest = (first - {column}, *rest)
    return (*done, *rest)


def _lead(blocks: Blocks, columns: frozenset[str]) -> tuple[Blocks | None, Blocks]:
    """(the blocks that hold exactly `columns`, split if need be; what follows), or (None, ...) where others come between."""
    done: Blocks = ()
    left = columns
    rest = blocks
    while left:
        if not rest:
            return (*done, left), ()
        first = rest[0]
        if first <= left:
            done, left, rest = (*done, first), left - first, rest[1:]
        elif left < first:
            return (*done, left), (first - left, *rest[1:])
        else:
            return None, blocks
    return done, rest


def merged(
    wanted: Iterable[Wanted], preferred: Iterable[tuple[str, ...]] = ()
) -> tuple[tuple[str, ...], ...]:
    """The fewest chains found that serve all demands, as column lists. The widest demands go first, since the narrower fit into
    them; of several chains that take a demand the one that grows least. Columns whose order is free stand as in one of the
    `preferred` lists (indexes that exist), else by name."""
    chains: list[Blocks] = []
    for one in sorted(set(wanted), key=lambda w: (-w.size, w)):
        options = [
            (sum(map(len, f)) - sum(map(len, c)), n, f) for n, c in enumerate(chains) if (f := fitted(c, one))
        ]
        if options:
            _, position, grown = min(options, key=lambda o: (o[0], o[1]))
            chains[position] = grown
        else:
            made: Blocks = (frozenset(one.equality),) if one.equality else ()
            chains.append((*made, *(frozenset({c}) for c in one.tail)))
    orders = [tuple(p) for p in preferred]
    return tuple(_ordered(chain, orders) for chain in chains)


def _ordered(chain: Blocks, preferred: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The chain as a list: of the existing indexes the longest that agrees with it gives the order."""
    best = max((p for p in preferred if _agrees(p, chain)), key=len, default=())
    columns: list[str] = []
    for block in chain:
        columns.extend(sorted(block, key=lambda c: (best.index(c) if c in best else len(best), c)))
    return tuple(columns)


def _agrees(order: tuple[str, ...], chain: Blocks) -> bool:
    """Whether an order is a possible beginning of the chain."""
    position = 0
    for block in chain:
        part = order[position : position + len(block)]
        if not set(part) <= block:
            return False
        position += len(part)
        if len(part) < len(block):
            break
    return position == len(order)
