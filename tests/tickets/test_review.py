"""Approvals: for exactly what was shown, with date, in the plan's file."""

from __future__ import annotations

from trueup.model.tickets import Change
from trueup.tickets.marks import digest
from trueup.tickets.review import PlanFile, Record, of_changes, plan_text, read_plan

BODY = "# Plan: x\n\n## Review of nothing\n\nText.\n"
PLAN = PlanFile(BODY, digest(BODY))


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = PLAN.adding("shown", "plan", PLAN.digest, "2025-01-01").adding(
        "approved", "plan", PLAN.digest, "2025-01-02"
    )
    text = plan_text(plan, "docs/7-audit.md")
    assert text == (
        f"{BODY}\n## Review\n\n"
        "What was shown and approved, with the first 16 digits of its SHA-256. An approval holds for exactly that text.\n\n"
        f"- shown 2025-01-01: plan {PLAN.digest}\n- approved 2025-01-02: plan {PLAN.digest}\n\n"
        f"<!-- trueup plan: docs/7-audit.md; text {PLAN.digest} -->\n"
    )
    assert read_plan(text) == plan


def test_an_edit_ends_the_approval() -> None:
    approved = PLAN.adding("approved", "plan", PLAN.digest, "2025-01-01")
    edited = read_plan(plan_text(approved, "t.md").replace("Text.", "Other text."))
    assert edited is not None
    assert edited.edited
    assert edited.approved("plan", edited.digest) is None
    assert edited.approved("plan", PLAN.digest) == Record("approved", "2025-01-01", "plan", PLAN.digest)


def test_what_was_shown_last_counts_and_is_kept_once() -> None:
    plan = PLAN.adding("shown", "tickets", "a" * 16, "2025-01-01").adding(
        "shown", "tickets", "b" * 16, "2025-01-02"
    )
    assert plan.records == (Record("shown", "2025-01-02", "tickets", "b" * 16),)
    assert plan.adding("shown", "tickets", "b" * 16, "2025-01-03") == plan
    approved = plan.adding("approved", "tickets", "b" * 16, "2025-01-04")
    assert approved.adding("approved", "tickets", "b" * 16, "2025-01-05") == approved


def test_other_files_are_no_plan() -> None:
    assert read_plan("# Something\n\n## Review\n\nBy Anna.\n") is None
    assert read_plan("") is None


def test_the_hash_of_tickets_is_that_of_all_that_would_be_written() -> None:
    one, other = Change("create", "a.md", None, "x"), Change("create", "b.md", None, "y")
    assert of_changes([one, other]) == of_changes([other, one])
    assert of_changes([one]) != of_changes([Change("create", "a.md", None, "z")])
    assert of_changes([one]) != of_changes([Change("create", "c.md", None, "x")])
    assert of_changes([one]) != of_changes([one, other])
