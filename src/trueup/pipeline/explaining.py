"""`trueup explain`: the catalogue of checks, told."""

from __future__ import annotations

from trueup.config import nearest
from trueup.errors import Mistake, UserError
from trueup.report.explain import explain_text, list_checks


def explain(code: str, own: tuple[str, ...] = ()) -> str:
    """What the check `code` means, or the list of all checks for "". `own` are the user's own besides: files or entry points.

    Raises UserError for an unknown code and for a check that can't be used."""
    from trueup.checks.registry import catalogue, find_check

    if own:
        from trueup.config import Options, read_settings
        from trueup.pipeline.opening import use_named

        settings, mistakes = read_settings(None, Options(checks=own), tuple(c.code for c in catalogue()))
        if mistakes:
            raise UserError(*mistakes)
        use_named(settings.checks)
    if not code:
        return list_checks(catalogue())
    check = find_check(code)
    if check is None:
        codes = [known.code for known in catalogue()]
        raise UserError(Mistake(code, "no check has this code", nearest(code.upper(), codes)))
    return explain_text(check)
