"""The texts of the example's tickets: golden files, no filler, every finding in one ticket, a remedy attached.

`TRUEUP_GOLDEN=write pytest tests/tickets/test_texts.py` writes the golden files anew; read what changed before committing."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.tickets.projects import EXAMPLE, THAT_DAY, TICKET
from trueup.checks.registry import catalogue
from trueup.config import Options
from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.model.locations import Location
from trueup.model.remedies import NewFile, Remedy, Trial
from trueup.model.tickets import Draft
from trueup.pipeline.ticketing import Prepared, plan_body, prepare
from trueup.structs import replace
from trueup.tickets.content import Setting, content_of
from trueup.tickets.demands import Demand, demands
from trueup.tickets.grouping import group
from trueup.tickets.kinds import KINDS, kind_of
from trueup.tickets.ordering import homes_of, in_order

GOLDEN = Path(__file__).parent / "golden"
KNOWN = (
    *(
        "TBL001",
        "TBL002",
        "COL001",
        "COL002",
        "COL003",
        "COL005",
        "COL006",
        "COL009",
        "TYP001",
        "TYP002",
        "TYP006",
    ),
    *(
        "KEY001",
        "KEY002",
        "KEY004",
        "KEY005",
        "IDX001",
        "MIG001",
        "MIG004",
        "MIG012",
        "MOD001",
        "MOD003",
        "MOD005",
    ),
    *("QRY001", "QRY002", "QRY003", "SPEC001", "TKT001", "TST001", "TST002"),
)
"""The golden files are about these checks, so that a new one does not change them."""
SHOWN = (
    "make-migrations-run-1059",
    "create-ai-budget-events",
    "settle-names-of-ai-usage-log",
    "correct-columns-of-ai-limit-alerts",
    "write-models",
    "correct-code-on-ai-notification-outbox",
    "decide-commented-out-constraints",
    "test-ai-limit-alerts",
    "test-the-real-schema",
)


@pytest.fixture(scope="module", autouse=True)
def that_day() -> None:
    os.environ["SOURCE_DATE_EPOCH"] = THAT_DAY


def prepared(*select: str) -> Prepared:
    return prepare(str(EXAMPLE / TICKET), Options(select=select), try_remedies=False)


@pytest.fixture(scope="module")
def whole(that_day: None) -> Prepared:
    return prepared()


def compare(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("TRUEUP_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"differs from {file}; see {__name__}"


def test_golden_plan_and_tickets() -> None:
    made = prepared(*KNOWN)
    compare("plan.md", plan_body(made, f"trueup run {TICKET} --approve plan"))
    by_slug = {draft.slug: draft for draft in made.drafts.drafts}
    for slug in SHOWN:
        compare(f"{slug}.md", by_slug[slug].text)
    indexes = [c for c in made.changes if c.path.endswith("/implementation/README.md")]
    assert indexes[0].after is not None
    compare("README.md", indexes[0].after)


def test_every_finding_is_in_exactly_one_ticket(whole: Prepared) -> None:
    found = Counter(finding for work in whole.works for finding in work.findings)
    assert found == Counter(whole.audit.findings)
    assert len({work.key for work in whole.works}) == len(whole.works)
    assert len({draft.path for draft in whole.drafts.drafts}) == len(whole.works)
    assert len({draft.number for draft in whole.drafts.drafts}) == len(whole.works)


def test_what_is_covered_is_mended_before(whole: Prepared) -> None:
    mending = {finding.id: work.key for work in whole.works for finding in work.findings}
    by_key = {work.key: work for work in whole.works}

    def before(key: str) -> set[str]:
        return set(by_key[key].needs) | {n for need in by_key[key].needs for n in before(need)}

    for work in whole.works:
        assert {mending[f.id] for f in work.covers} <= before(work.key), work.key


def test_the_order_does_not_hang_on_the_order_of_findings(whole: Prepared) -> None:
    turned = replace(whole.audit, findings=tuple(reversed(whole.audit.findings)))
    assert in_order(turned, group(turned)) == whole.works


# No filler


_ENTRY = re.compile(r"^\s*(?:[-*]|\d+\.)\s+(?:\[ \]\s+)?")
_TEMPLATE = "Read this ticket fully: "


def sentences(draft: Draft) -> set[str]:
    """Sentences and entries of lists, of four words at least; headings, labels in bold and the template's prompt left out."""
    found = set()
    for line in draft.text.split("\n"):
        if line.startswith(("#", "**", "```", "$table->", _TEMPLATE)):
            continue
        for sentence in re.split(r"(?<=[.!?])\s+", _ENTRY.sub("", line)):
            if len(sentence.split()) >= 4:
                found.add(sentence)
    return found


def test_no_sentence_would_stand_in_any_ticket(whole: Prepared) -> None:
    """None is shared by more than three tickets that are about different tables."""
    where: dict[str, list[Draft]] = {}
    for draft in whole.drafts.drafts:
        for sentence in sentences(draft):
            where.setdefault(sentence, []).append(draft)
    assert len(where) > 500
    shared = {
        sentence: [d.slug for d in drafts]
        for sentence, drafts in where.items()
        if len(drafts) > 3
        and not set.intersection(*({*d.work.tables} for d in drafts))
        and not _is_a_need(sentence, whole)
    }
    assert shared == {}


def _is_a_need(sentence: str, whole: Prepared) -> bool:
    """An entry under "Dependencies", or the size of the work: the template's own words."""
    return (
        any(sentence == f"{d.name} - {d.title}" for d in whole.drafts.drafts)
        or re.match(r"(Small|Medium|Large|XL) ", sentence) is not None
    )


def test_every_section_is_filled(whole: Prepared) -> None:
    for draft in whole.drafts.drafts:
        assert not re.search(
            r"\[(?:path|Phase|Number|short-name|Something|Decisions|Ticket ID)\b", draft.text
        ), draft.path
        sections = dict(re.findall(r"(?m)^## ([^\n]+)\n((?:(?!## ).*\n)*)", draft.text))
        assert list(sections) == [
            *(
                "Title",
                "Description",
                "Related Documentation",
                "Related Files",
                "Related Tests",
                "Acceptance Criteria",
            ),
            *("AI Prompt", "Notes", "Estimated Effort", "Dependencies"),
        ]
        assert [name for name, body in sections.items() if not body.strip()] == []
        assert "`" in sections["Acceptance Criteria"], draft.path


# Kinds, demands, remedies


def test_every_check_has_a_kind() -> None:
    for check in catalogue():
        for severity in ("error", "warning", "info"):
            finding = Finding(
                check.code, severity, check.category, "x", locations=(Location("src/a.php", 1),)
            )
            assert kind_of(finding).name in KINDS


@pytest.mark.parametrize(
    ("code", "category", "severity", "file", "expected"),
    [
        ("QRY003", "query", "error", "src/A.php", "code"),
        ("QRY003", "query", "error", "tests/Feature/ATest.php", "test code"),
        ("IDX099", "index", "warning", "", "keys"),
        ("IDX099", "index", "info", "", "index habits"),
        ("MOD003", "test", "info", "", "table tests"),
        ("LIV001", "live", "error", "", "live data"),
    ],
)
def test_kinds(code: str, category: str, severity: str, file: str, expected: str) -> None:
    finding = Finding(code, severity, category, "x", locations=(Location(file, 1),) if file else ())  # type: ignore[arg-type]  # a table of words
    assert kind_of(finding).name == expected


def test_demands_of_the_reference_ticket() -> None:
    prompt = """Based on this ticket:
1. Create a comprehensive task list for auditing the database schema
2. Include specific steps for comparing current schema against SPEC.md
3. Plan how to assess migration files and model implementations
4. Design evaluation approach for database performance and indexing
5. Plan the gap analysis approach and documentation format
6. Plan the creation of ALL FOUR PHASES of tickets based on audit findings
7. Each phase ticket must be as comprehensive as this audit ticket with full details
8. Pause and wait for my review before proceeding with the audit
9. Sing
"""
    assert [(d.number, d.topics) for d in demands(prompt)] == [
        (1, ("tasks",)),
        (2, ("comparing",)),
        (3, ("migrations", "models")),
        (4, ("performance",)),
        (5, ("gaps",)),
        (6, ("tickets",)),
        (7, ("depth",)),
        (8, ("pause",)),
        (9, ()),
    ]
    assert demands("no numbers") == ()
    assert demands("2) Compare") == (Demand(2, "Compare", ("comparing",)),)


def test_a_remedy_is_attached(whole: Prepared) -> None:
    work = next(w for w in whole.works if w.key == "create table ai_budget_events")
    remedy = Remedy(
        id="create-ai_budget_events-1a2b",
        title="Create ai_budget_events",
        concern="create table",
        finding_ids=(work.findings[0].id,),
        codes=("TBL001",),
        steps=("Run the migration",),
        files=(NewFile("database/migrations/2025_01_01_000001_create.php", "<?php\n"),),
        risks=("None known",),
        rollback="Roll back one step",
        trial=(Trial("mysql", True, True, ("x",)), Trial("sqlite", skipped="no table there")),
    )
    withheld = replace(remedy, id="other", title="Other", files=(), withheld="rows would be lost.")
    setting = setting_of(whole.audit, whole, (remedy, withheld))
    made = content_of(setting, work)
    assert made.files[0].path == "database/migrations/2025_01_01_000001_create.php"
    assert made.rollback == ("- `create-ai_budget_events-1a2b`: Roll back one step",)
    assert "- No remedy is attached for Other: rows would be lost." in made.notes[0]
    assert made.notes[1:] == (
        "**Remedy `create-ai_budget_events-1a2b`: Create ai_budget_events** "
        "(MySQL: up and down, 1 gone, none new; SQLite: not tried, no table there)",
        "`database/migrations/2025_01_01_000001_create.php`:",
        "```php\n<?php\n```",
    )


def test_what_the_remedy_of_another_ticket_mends_is_told(whole: Prepared) -> None:
    home = next(w for w in whole.works if w.key == "create table ai_budget_events")
    other = next(w for w in whole.works if w.key == "columns ai_limit_alerts")
    by_the_way = other.findings[0]
    ids = (home.findings[0].id, by_the_way.id)
    remedy = Remedy("one-1a2b", "One", "create table", ids, ("TBL001",), steps=("Run it",))
    setting = setting_of(whole.audit, whole, (remedy,))
    assert [r.id for r in setting.remedies_of(home)] == ["one-1a2b"]
    assert setting.remedies_of(other) == ()
    assert setting.mended_elsewhere(other) == {by_the_way.id: (remedy, home.key)}
    text = "\n".join(content_of(setting, other).description)
    assert f"({by_the_way.code}): `one-1a2b` in `{home.key}` mends it too; look whether it is gone." in text


def setting_of(audit: Audit, whole: Prepared, remedies: tuple[Remedy, ...]) -> Setting:
    homes = homes_of(whole.works, remedies)
    return Setting(audit, whole.command, {}, {}, {w.key: w for w in whole.works}, remedies, homes=homes)
