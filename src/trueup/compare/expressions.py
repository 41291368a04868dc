"""Expressions of generated columns and indexes by what they say: `lower(name)` is kept as `lower((name)::text)` by a server."""

from __future__ import annotations

from trueup.compare.constraints import said
from trueup.model.names import Driver
from trueup.model.schema import UNTOLD, Index
from trueup.structs import Struct


class Spelling(Struct, frozen=True):
    """In whose words the two sides are. `respelled`: one of them is told by a server in its own."""

    before: Driver
    after: Driver
    respelled: bool = False


def same_expression(old: str | None, new: str | None, spelling: Spelling) -> bool:
    """Whether both say the same (None: there is none)."""
    if old is None or new is None:
        return old is new
    if _squeezed(old) == _squeezed(new):
        return True
    return said(old, spelling.before).text == said(new, spelling.after).text


def may_be_same(old: str | None, new: str | None, spelling: Spelling) -> bool:
    """Whether both say the same, or one is respelled in a way that leaves it open. No server brings other columns in."""
    if same_expression(old, new, spelling):
        return True
    if old is None or new is None or not spelling.respelled:
        return False
    if UNTOLD in (old, new):
        return True
    one, other = said(old, spelling.before), said(new, spelling.after)
    if one.columns is None or other.columns is None:
        return True
    return one.columns == other.columns and not (one.certain and other.certain)


def same_index(old: Index, new: Index, spelling: Spelling) -> bool:
    """Whether both indexes do the same, whatever their names."""
    return _same_shape(old, new) and all(same_expression(a, b, spelling) for a, b in _texts(old, new))


def may_be_same_index(old: Index, new: Index, spelling: Spelling) -> bool:
    """Whether both do the same, or are alike but for expressions of which that can't be told."""
    return _same_shape(old, new) and all(may_be_same(a, b, spelling) for a, b in _texts(old, new))


def _same_shape(old: Index, new: Index) -> bool:
    return _shape(old) == _shape(new)


def _shape(index: Index) -> tuple[object, ...]:
    columns = tuple(c.lower() for c in index.columns)
    parts = (columns, len(index.expressions), index.where is None)
    return (*parts, index.unique, index.primary, index.kind, index.prefix_lengths)


def _texts(old: Index, new: Index) -> list[tuple[str | None, str | None]]:
    return [(old.where, new.where), *zip(old.expressions, new.expressions, strict=True)]


def _squeezed(text: str) -> str:
    return "".join(text.lower().split())
