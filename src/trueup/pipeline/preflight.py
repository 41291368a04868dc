"""`trueup preflight`: the audit's findings, the constraints that they propose, and what the live rows say to them."""

from __future__ import annotations

from collections.abc import Callable

from trueup.config import Options
from trueup.errors import Mistake, UserError
from trueup.model.audit import Audit
from trueup.model.live import Live
from trueup.model.preflight import Answer, Preflight
from trueup.pipeline.attempts import Progress, silent
from trueup.pipeline.flow import audit
from trueup.pipeline.opening import open_target

SECONDS = 10.0


def preflight(
    target: str,
    options: Options,
    *,
    seconds: str | None = None,
    sample: str | None = None,
    progress: Progress = silent,
) -> Preflight:
    """Audits the project at `target` against the live database that the options name, and asks that database about each constraint
    that is proposed. `seconds` limits each question; `sample` is a percentage of rows. Only reads. Raises UserError."""
    mistakes: list[Mistake] = []
    limit = _number("--seconds", seconds, 0.01, 86_400, mistakes) or SECONDS
    percent = _number("--sample", sample, 0.01, 100, mistakes)
    if not options.database_url:
        mistakes.append(
            Mistake("--database-url", "is missing", "a URL, env:NAME, or the path of a .env file")
        )
    if mistakes:
        raise UserError(*options.mistakes, *mistakes)
    audited, _ = audit(target, options, progress)
    live = audited.facts.live
    if live is None:
        raise UserError(*(Mistake(c.what, c.problem) for c in audited.crashes))
    answers = _asked(audited, live, target, options, limit, percent, progress)
    return Preflight(
        audited.facts.project.name,
        live.at.file,
        live.schema.driver,
        live.schema.server_version,
        limit,
        percent,
        answers,
    )


def _asked(
    audited: Audit,
    live: Live,
    target: str,
    options: Options,
    seconds: float,
    percent: float | None,
    progress: Callable[[str], None],
) -> tuple[Answer, ...]:
    from trueup.preflight import Asked, ask, proposals
    from trueup.sources.database import address_of, connect

    wanted = proposals(audited.facts, audited.findings)
    if not wanted:
        return ()
    progress(f"asking about {len(wanted)} constraints")
    root = open_target(target, options).project.root
    session = connect(address_of(options.database_url or "", root))
    try:
        return ask(session, live, wanted, Asked(seconds, percent, audited.facts.config.chosen.prefix))
    finally:
        session.close()


def _number(
    option: str, text: str | None, least: float, most: float, mistakes: list[Mistake]
) -> float | None:
    """The number that an option gives; None where it was not given. "5%" is 5."""
    if text is None:
        return None
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        mistakes.append(Mistake(option, f"'{text}' is no number from {least:g} to {most:g}"))
        return None
    return number
