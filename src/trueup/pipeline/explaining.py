"""`trueup explain`: the catalogue of checks, told."""

from __future__ import annotations

from trueup.config import nearest
from trueup.errors import Mistake, UserError
from trueup.report.explain import explain_text, list_checks


def explain(code: str) -> str:
    """What the check `code` means, or the list of all checks for "". Raises UserError for an unknown code."""
    from trueup.checks.registry import catalogue, find_check

    if not code:
        return list_checks(catalogue())
    check = find_check(code)
    if check is None:
        codes = [known.code for known in catalogue()]
        raise UserError(Mistake(code, "no check has this code", nearest(code.upper(), codes)))
    return explain_text(check)
