"""Findings that somebody has accepted: they are counted, never told as findings and never silent. Nouns only."""

from __future__ import annotations

from typing import Literal, get_args

from trueup.model.findings import Finding
from trueup.model.locations import NOWHERE, Location
from trueup.structs import Struct

Origin = Literal["comment", "configuration", "baseline"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)


class Acceptance(Struct, frozen=True):
    """Why a finding is not told: a comment in the code, a rule of the configuration, an entry of the baseline. `expires` is the
    last day on which it holds, as in 2027-03-31, or "" for none; `at` is where it is written."""

    by: Origin
    reason: str = ""
    author: str = ""
    expires: str = ""
    at: Location = NOWHERE


class Suppressed(Struct, frozen=True):
    """A finding that holds and was accepted."""

    finding: Finding
    acceptance: Acceptance


class Accepted(Struct, frozen=True):
    """An entry of a baseline. `subject` and `message` are for people; the finding is known by `id`."""

    id: str
    code: str
    subject: str
    message: str
    acceptance: Acceptance


class Ignore(Struct, frozen=True, order=True):
    """A comment `trueup-ignore CODES reason`. `alone`: nothing but the comment is on its line, so that it speaks of `target`, the
    next line that is none of its kind. `unused` are those of its codes that no finding had, which is known only after the audit."""

    at: Location
    codes: tuple[str, ...]
    reason: str
    alone: bool = False
    target: int = 0
    unused: tuple[str, ...] = ()


class Change(Struct, frozen=True):
    """What separates two audits of one project: the findings that are gone, and how many stayed. `after` "": the work tree."""

    before: str
    after: str
    gone: tuple[Finding, ...] = ()
    stayed: int = 0


class IgnoreRule(Struct, frozen=True):
    """Findings of `codes` (whole or beginnings; "ALL": any) whose first place, or whose table, fits the pattern."""

    kind: Literal["path", "table"]
    pattern: str
    codes: tuple[str, ...]
    at: Location = NOWHERE
