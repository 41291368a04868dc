"""The ticket's acceptance criteria: how the audit answered each, with figures, or that it did not.

An answer claims nothing but what was done: what `trueup audit` does not do (create tickets, measure queries on a server, run the
cost ledger) stands as not answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from trueup.model.audit import CriterionAnswer, Facts, InventoryRow
from trueup.model.findings import CannotTell, Finding
from trueup.model.locations import Gap
from trueup.model.names import SEVERITIES
from trueup.model.shapes import GRADES, NO_PERFORMANCE, Performance
from trueup.model.ticket import Criterion
from trueup.structs import Struct


class Outcome(Struct, frozen=True):
    """What the audit has come to, for the answers to draw on."""

    facts: Facts
    inventory: tuple[InventoryRow, ...]
    findings: tuple[Finding, ...]
    cannot_tell: tuple[CannotTell, ...]
    gaps: tuple[Gap, ...]
    dump: str = ""
    performance: Performance = NO_PERFORMANCE


Answer = tuple[str, str]
"""State ("answered", "partly", "not answered") and how."""

READ_ONLY = "`trueup audit` only reads: it creates no tickets"


def answer_criteria(outcome: Outcome) -> tuple[CriterionAnswer, ...]:
    """One answer a criterion of the ticket, in the ticket's order; none without a ticket."""
    ticket = outcome.facts.ticket
    return tuple(_answer(criterion, outcome) for criterion in ticket.criteria) if ticket else ()


def _answer(criterion: Criterion, outcome: Outcome) -> CriterionAnswer:
    by_topic = ANSWERS.get(criterion.topic)
    state, how = (
        by_topic(outcome)
        if by_topic
        else ("not answered", "what it asks about could not be told from its words")
    )
    return CriterionAnswer(criterion.text, criterion.at, state, how)


def _figures(*counted: tuple[int, str]) -> str:
    """ "3 required tables, 1 missing": the parts that are not zero, the first always; "_" is an s where there are several."""
    parts = [
        f"{number:,} {what.replace('_', '' if number == 1 else 's')}"
        for position, (number, what) in enumerate(counted)
        if number or position == 0
    ]
    return ", ".join(parts)


def _findings(outcome: Outcome, *categories: str) -> str:
    return _figures((sum(1 for f in outcome.findings if f.category in categories), "finding_"))


def _inventory(outcome: Outcome) -> Answer:
    status = Counter(row.status for row in outcome.inventory)
    required = sum(status.values()) - status["extra"]
    if not required:
        return (
            "partly",
            f"{_figures((status['extra'], 'table_'))} made by migrations; no specification was found that requires any",
        )
    figures = _figures(
        (required, "required table_"),
        (status["present"], "present"),
        (status["renamed"], "under another name"),
        (status["missing"], "missing"),
    )
    return "answered", f"{figures}; {_figures((status['extra'], 'further table_'))}"


def _compliance(outcome: Outcome) -> Answer:
    pairs = outcome.facts.comparison.pairs
    if not pairs:
        return "not answered", "no specification was found"
    there = [pair for pair in pairs if pair.existing is not None]
    columns = [column for pair in there for column in pair.columns]
    found = sum(1 for column in columns if column.existing is not None)
    figures = _figures(
        (sum(len(pair.required.columns) for pair in pairs), "required column_"),
        (found, "found"),
        (len(columns) - found, "missing from tables that exist"),
        (sum(len(p.required.columns) for p in pairs if p.existing is None), "in tables that do not exist"),
    )
    findings = _findings(outcome, "spec", "table", "column", "type", "key", "index")
    return _state(outcome), f"{figures}; {findings}{_untold(outcome)}"


def _migrations(outcome: Outcome) -> Answer:
    schema = outcome.facts.schema
    if not outcome.facts.migrations and not schema.tables:
        return "not answered", "no migrations were found"
    dump = f" after the squashed dump {outcome.dump}" if outcome.dump else ""
    figures = _figures(
        (len(outcome.facts.migrations), f"migration_ replayed for {schema.driver}{dump}"),
        (len(schema.failures), "would fail"),
        (len(schema.gaps), "statement_ not understood"),
    )
    return ("partly" if schema.gaps else "answered"), f"{figures}; {_findings(outcome, 'migration')}"


def _models(outcome: Outcome) -> Answer:
    models = [m for m in outcome.facts.eloquent.models if not m.abstract]
    without = [row.table for row in outcome.inventory if row.status != "extra" and not row.model]
    required = f"; required tables without a model: {', '.join(without)}" if without else ""
    figures = _figures((len(models), "model_ read"), (sum(len(m.relations) for m in models), "relation_"))
    unread = sum(1 for m in models if m.unknown)
    partly = f"; {unread} not read whole" if unread else ""
    return ("partly" if unread else "answered"), f"{figures}{partly}{required}; {_findings(outcome, 'model')}"


def _performance(outcome: Outcome) -> Answer:
    required = sum(len(p.required.indexes) for p in outcome.facts.comparison.pairs)
    figures = _figures((required, "required index" if required == 1 else "required indexes"))
    found = _findings(outcome, "index", "query")
    analysed = outcome.performance
    if not analysed.served:
        return (
            "partly",
            f"{figures} compared with those that the migrations make; {found}; no query of the code was found",
        )
    grades = Counter(s.grade for s in analysed.served)
    shapes = _figures(
        (len(analysed.served), "query shape_ judged"), *((grades[g], g) for g in GRADES if g != "served")
    )
    actions = Counter(a.action for a in analysed.advice)
    advice = _figures(
        (actions["add"], "index advised" if actions["add"] == 1 else "indexes advised"),
        (actions["replace"], "in place of shorter ones"),
        (actions["drop"], "redundant"),
    )
    untold = grades["cannot tell"] or outcome.facts.queries.unresolved
    return (
        "partly" if untold else "answered",
        f"{shapes}; {advice}; {figures} compared with those that the migrations make; {found}",
    )


def _gap_analysis(outcome: Outcome) -> Answer:
    severities = Counter(finding.severity for finding in outcome.findings)
    figures = ", ".join(f"{severities[s]} {s}" for s in SEVERITIES)
    located = sum(1 for finding in outcome.findings if finding.locations)
    total = _figures((len(outcome.findings), "finding_"))
    return _state(outcome), f"{total} ({figures}), {located} with file and line{_untold(outcome)}"


def _recommendations(outcome: Outcome) -> Answer:
    advised = sum(1 for finding in outcome.findings if finding.recommendation)
    efforts = Counter(finding.effort for finding in outcome.findings if finding.recommendation)
    sizes = ", ".join(f"{efforts[e]} {e}" for e in ("S", "M", "L", "XL") if efforts[e])
    note = f" (effort: {sizes})" if sizes else ""
    return (
        "partly",
        f"{advised} of {len(outcome.findings)} findings carry a recommendation{note}; not grouped into tickets",
    )


def _tickets(outcome: Outcome) -> Answer:  # every answer is given the outcome
    return "not answered", READ_ONLY


def _template(outcome: Outcome) -> Answer:
    template = outcome.facts.ticket.template if outcome.facts.ticket else None
    if template is None or template.path is None:
        return "not answered", f"{READ_ONLY}; the ticket names no template"
    there = "exists" if template.exists else "does not exist"
    return "not answered", f"{READ_ONLY}; the template {template.path} {there}"


def _numbering(outcome: Outcome) -> Answer:
    phases = outcome.facts.ticket.phases if outcome.facts.ticket else ()
    numbers = ", ".join(f"{p.name} from {p.first_number}" for p in phases if p.first_number is not None)
    return "not answered", f"{READ_ONLY}; the ticket's rules: {numbers}" if numbers else READ_ONLY


def _factories(outcome: Outcome) -> Answer:
    models = [m for m in outcome.facts.eloquent.models if not m.abstract]
    made = {factory.model for factory in outcome.facts.eloquent.factories}
    having = sum(1 for m in models if m.name in made)
    return (
        "answered",
        f"{having} of {_figures((len(models), 'model_'))} with a factory; {_findings(outcome, 'factory')}",
    )


def _tests(outcome: Outcome) -> Answer:
    tests = outcome.facts.eloquent.tests
    rows = [row for row in outcome.inventory if row.status != "extra"]
    named = sum(1 for row in rows if row.tests)
    read, required = _figures((len(tests), "test file_")), _figures((len(rows), "required table_"))
    return "partly", f"{read} read, {named} of {required} named in one; no test was run"


def _capability(outcome: Outcome) -> Answer:
    missing = sum(1 for row in outcome.inventory if row.status == "missing")
    known = f": {_figures((missing, 'required table_'))} missing" if missing else ""
    return "not answered", f"no work was tried on a database; the schema alone was judged{known}"


def _state(outcome: Outcome) -> str:
    return "partly" if outcome.cannot_tell or outcome.gaps else "answered"


def _untold(outcome: Outcome) -> str:
    unsure, unread = len(outcome.cannot_tell), len(outcome.gaps)
    told = _figures((unsure, "question_ could not be told"), (unread, "place_ could not be read"))
    return f"; {told}" if unsure else f"; {_figures((unread, 'place_ could not be read'))}" if unread else ""


ANSWERS: Mapping[str, Callable[[Outcome], Answer]] = {
    "inventory": _inventory,
    "compliance": _compliance,
    "migrations": _migrations,
    "models": _models,
    "performance": _performance,
    "gap-analysis": _gap_analysis,
    "recommendations": _recommendations,
    "tickets": _tickets,
    "template": _template,
    "numbering": _numbering,
    "factories": _factories,
    "tests": _tests,
    "capability": _capability,
}
"""How each topic of `Criterion.topic` is answered."""
