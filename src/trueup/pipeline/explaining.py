"""`trueup explain`: the catalogue of checks, told."""

from __future__ import annotations

from trueup.config import nearest
from trueup.errors import Mistake, UserError
from trueup.report.explain import explain_capability, explain_text, list_capabilities, list_checks


def explain(code: str, own: tuple[str, ...] = ()) -> str:
    """What the check or proof `code` means, or the list of all for "". `own` are the user's own besides: files or entry points.

    Raises UserError for an unknown code and for a check that can't be used."""
    from trueup.checks.registry import catalogue, find_check
    from trueup.prove.capabilities import CAPABILITIES, find_capability

    if own:
        from trueup.config import Options, read_settings
        from trueup.pipeline.opening import use_named

        settings, mistakes = read_settings(None, Options(checks=own), tuple(c.code for c in catalogue()))
        if mistakes:
            raise UserError(*mistakes)
        use_named(settings.checks)
    if not code:
        return list_checks(catalogue()) + list_capabilities(CAPABILITIES)
    asked = find_capability(code)
    if asked is not None:
        return explain_capability(asked)
    check = find_check(code)
    if check is None:
        codes = [*(known.code for known in catalogue()), *(known.code for known in CAPABILITIES)]
        raise UserError(Mistake(code, "no check has this code", nearest(code.upper(), codes)))
    return explain_text(check)
