"""Asks a live database, one question after the other, each under its own time limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trueup.model.live import Live
from trueup.model.preflight import Answer, Proposal
from trueup.preflight.dialect import Dialect
from trueup.preflight.questions import Question, Unaskable, question
from trueup.sources.database.sessions import Session, Unanswered
from trueup.structs import Struct

_NULL_SHARE = (
    "SELECT null_frac FROM pg_stats WHERE schemaname = current_schema() AND tablename = %s AND attname = %s"
)
_SHOWN = 80


class Asked(Struct, frozen=True):
    """How questions are asked: seconds for each, percent of rows (None: all), the tables' prefix on the server."""

    seconds: float = 10
    percent: float | None = None
    prefix: str = ""


def ask(session: Session, live: Live, wanted: Iterable[Proposal], asked: Asked) -> tuple[Answer, ...]:
    """An answer for each proposal, in their order. What the server does not answer in time is "cannot tell", with its estimate."""
    dialect = Dialect(session.driver, session.version)
    return tuple(_answer(session, live, proposal, dialect, asked) for proposal in wanted)


def _answer(session: Session, live: Live, proposal: Proposal, dialect: Dialect, asked: Asked) -> Answer:
    rows = live.size(proposal.table).rows
    put = question(proposal, live.schema, dialect, asked.prefix, asked.percent)
    if isinstance(put, Unaskable):
        return Answer(proposal, "cannot tell", rows=rows, reason=put.reason)
    if not put.count:
        return Answer(proposal, "survives", 0, rows, reason=put.note)
    expected = _expected(session, proposal, rows, asked)
    try:
        found = int(session.rows(put.count, seconds=asked.seconds)[0][0])
    except Unanswered as problem:
        reason = problem.reason + (f", {asked.seconds:g} s" if problem.why == "timeout" else "")
        return Answer(proposal, "cannot tell", None, rows, expected, query=put.query, reason=reason)
    if found == 0 and asked.percent is not None:
        reason = f"none in a sample of {asked.percent:g} %"
        return Answer(
            proposal, "cannot tell", 0, rows, expected, query=put.query, reason=reason, sampled=asked.percent
        )
    if found == 0:
        return Answer(proposal, "survives", 0, rows, expected)
    examples, reason = _examples(session, put, asked)
    return Answer(
        proposal,
        "fails",
        found,
        rows,
        expected,
        put.key,
        examples,
        put.query,
        put.cleanup,
        reason,
        asked.percent,
    )


def _examples(session: Session, put: Question, asked: Asked) -> tuple[tuple[tuple[str, ...], ...], str]:
    try:
        rows = session.rows(put.examples, seconds=asked.seconds)
    except Unanswered as problem:
        return (), f"no examples: {problem.reason}"
    return tuple(tuple(map(_text, row)) for row in rows), ""


def _text(value: Any) -> str:  # whatever a driver makes of a key
    if isinstance(value, bytes):
        return "0x" + value.hex()[:_SHOWN]
    text = "NULL" if value is None else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _expected(session: Session, proposal: Proposal, rows: int | None, asked: Asked) -> int | None:
    """PostgreSQL's own estimate of NULLs; nothing else is kept that says how many rows violate a constraint."""
    if session.driver != "pgsql" or proposal.kind != "not null" or rows is None:
        return None
    try:
        found = session.rows(_NULL_SHARE, (asked.prefix + proposal.table, proposal.columns[0]))
    except Unanswered:
        return None
    return round(rows * float(found[0][0])) if found else None
