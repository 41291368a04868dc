"""`trueup plan`, `run` and `tickets` on the example, as a script would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shop import state_of
from tests.tickets.projects import PLAN, REPORT, TICKET, example, one, run, run_whole, texts

WAITING = f"Waiting for review. Next: trueup run {TICKET} --approve "


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, all the way through; not to be changed."""
    project = example(tmp_path_factory.mktemp("written"))
    done = run(project, "run", TICKET, "--approve", "plan", "--approve", "tickets", "--write")
    assert (done.code, done.err) == (0, "")
    return project


@pytest.fixture
def project(written: Path, tmp_path: Path) -> Path:
    """A copy of that to change."""
    subprocess.run(["cp", "-a", str(written), str(tmp_path / "copy")], check=True)
    return tmp_path / "copy"


def test_each_step_waits_for_its_approval(tmp_path: Path) -> None:
    project = example(tmp_path)
    before = set(texts(project))
    planned = run(project, "plan", TICKET)
    assert planned.code == 0
    assert planned.out.splitlines()[-1] == f"Review it, then: trueup run {TICKET} --approve plan"
    assert set(texts(project)) - before == {PLAN}
    waiting = run(project, "run", TICKET)
    assert waiting.out.splitlines()[-1] == f"{WAITING}plan --no-remedies"
    assert set(texts(project)) - before == {PLAN}
    shown = run(project, "run", TICKET, "--approve", "plan")
    assert shown.out.splitlines()[-1] == f"{WAITING}tickets --no-remedies"
    assert set(texts(project)) - before == {PLAN, REPORT}
    assert "- approved 2025-01-01: plan " in (project / PLAN).read_text()
    done = run(project, "run", TICKET, "--approve", "tickets")
    assert (done.code, done.err) == (0, "")
    phases = {path.split("/")[2] for path in set(texts(project)) - before - {PLAN, REPORT}}
    assert phases == {"implementation", "cleanup", "test-implementation", "test-cleanup"}
    assert "- approved 2025-01-01: tickets " in (project / PLAN).read_text()
    assert "- [x]" not in (project / TICKET).read_text(), "boxes are ticked with --write only"


def test_a_second_run_changes_nothing(project: Path) -> None:
    before = state_of(project)
    again = run(project, "run", TICKET, "--write")
    assert (again.code, again.err) == (0, "")
    assert "Nothing to write: " in again.out
    assert state_of(project) == before


def test_with_remedies_a_second_run_changes_nothing_either(tmp_path: Path) -> None:
    """They are tried anew, give the order and stand in the tickets; a person's edit is kept, and what would be written comes
    beside it only when something has changed."""
    project = example(tmp_path)
    done = run_whole(project, "run", TICKET, "--approve", "plan", "--approve", "tickets", "--write")
    assert (done.code, done.err) == (0, "")
    ticket = one(project, "*-create-ai-budget-events.md")
    assert "**Remedy `create-table-ai_budget_events-" in ticket.read_text()
    ticket.write_text(ticket.read_text().replace("## Notes\n", "## Notes\n- Anna has begun.\n"))
    before = state_of(project)
    again = run_whole(project, "run", TICKET, "--write")
    assert (again.code, again.err) == (0, "")
    assert "Nothing to write: " in again.out
    assert state_of(project) == before


def test_the_boxes_of_what_is_met_are_ticked_and_only_these(written: Path, tmp_path: Path) -> None:
    now = (written / TICKET).read_text().split("\n")
    was = (example(tmp_path) / TICKET).read_text().split("\n")
    changed = [(old, new) for old, new in zip(was, now, strict=True) if old != new]
    assert all(new == old.replace("- [ ]", "- [x]", 1) for old, new in changed)
    still = [line for line in now[50:63] if line.startswith("- [ ]")]
    assert still == []


def test_a_persons_edit_is_kept(project: Path) -> None:
    ticket = one(project, "*-create-ai-budget-events.md")
    ticket.write_text(ticket.read_text().replace("## Notes\n", "## Notes\n- Anna has begun.\n"))
    before = state_of(project)
    assert run(project, "run", TICKET).code == 0
    assert state_of(project) == before


def test_changed_findings_update_propose_and_close(project: Path) -> None:
    mine = one(project, "*-create-ai-budget-events.md")
    mine.write_text(mine.read_text().replace("## Notes\n", "## Notes\n- Anna has begun.\n"))
    kept = mine.read_text()
    spec = project / "docs/COST_TRACKING_SPECIFICATION.md"
    lines = spec.read_text().split("\n")
    spec.write_text("\n".join([*lines[:1], "", "One line more.", *lines[1:]]))
    (project / "tests/Feature/RollUpTest.php").unlink()
    done = run(project, "tickets", TICKET, "--write")
    assert (done.code, done.err) == (0, "")
    assert mine.read_text() == kept
    proposal = one(project, "*-create-ai-budget-events.proposed.md").read_text()
    assert "docs/COST_TRACKING_SPECIFICATION.md:144" in proposal
    assert "Anna" not in proposal
    shadow = one(project, "*-test-the-real-schema.md").read_text()
    assert "**Status**: Closed\n" in shadow
    assert (
        "- Closed on 2025-01-01: the audit no longer has what Test ai_usage_rollups as the migrations build it was about."
        in shadow
    )
    names = one(project, "*-settle-names-of-ai-usage-log.md").read_text()
    assert "docs/COST_TRACKING_SPECIFICATION.md:76" in names


def test_writing_at_once_is_an_approval_and_recorded_as_one(tmp_path: Path) -> None:
    project = example(tmp_path)
    done = run(project, "tickets", TICKET, "--write")
    assert (done.code, done.err) == (0, "")
    records = re.findall(
        r"^- (\w+) (\S+): tickets ([0-9a-f]{16})$", (project / PLAN).read_text(), re.MULTILINE
    )
    assert [(deed, date) for deed, date, _ in records] == [
        ("shown", "2025-01-01"),
        ("approved", "2025-01-01"),
    ]
    assert records[0][2] == records[1][2]
    assert records[0][2] in done.out
    before = state_of(project)
    assert run(project, "tickets", TICKET, "--write").code == 0
    assert state_of(project) == before


def test_an_approval_holds_for_what_was_shown_only(tmp_path: Path) -> None:
    project = example(tmp_path)
    run(project, "plan", TICKET)
    (project / "database/factories/ProjectFactory.php").unlink()
    refused = run(project, "run", TICKET, "--approve", "plan")
    assert "Not approved: the plan has changed since it was shown (" in refused.out
    assert refused.out.splitlines()[-1] == f"{WAITING}plan --no-remedies"
    assert not (project / REPORT).exists()
    shown = run(project, "run", TICKET, "--approve", "plan")
    assert shown.out.splitlines()[-1] == f"{WAITING}tickets --no-remedies"
    template = project / "docs/tickets/template.md"
    template.write_text(template.read_text().replace("## Notes", "## Remarks"))
    before = set(texts(project))
    stopped = run(project, "run", TICKET, "--approve", "tickets")
    assert "Not approved: the " in stopped.out
    assert set(texts(project)) == before


def test_an_edited_plan_is_kept_and_approved_as_it_is(tmp_path: Path) -> None:
    project = example(tmp_path)
    run(project, "plan", TICKET)
    plan = project / PLAN
    plan.write_text(plan.read_text().replace("- [ ] Judge 10 models", "- [ ] (Anna) Judge 10 models"))
    again = run(project, "plan", TICKET)
    assert "It has been edited by hand and was left as it is." in again.out
    assert "(Anna)" in plan.read_text()
    approved = run(project, "run", TICKET, "--approve", "plan")
    assert approved.out.splitlines()[-1] == f"{WAITING}tickets --no-remedies"
    assert "(Anna)" in plan.read_text()


def test_criteria_can_be_checked_by_their_commands(written: Path) -> None:
    """What each ticket's criteria say of now is what the commands print now."""
    script = Path(__file__).parents[2] / ".venv/bin"
    for ticket in (
        one(written, "*-create-ai-budget-events.md"),
        one(written, "*-make-migrations-run-1059.md"),
    ):
        checked = re.findall(r"`(trueup [^`]*\| grep [^`]*)` prints \d+ \(now (\d+)\)", ticket.read_text())
        assert len(checked) >= 2
        for command, now in checked:
            done = subprocess.run(
                ["bash", "-c", f'PATH="{script}:$PATH"; {command}'],
                cwd=written,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.stdout.strip() == now, command


def test_tickets_of_a_folder_are_shown_and_exported_only(written: Path) -> None:
    before = state_of(written)
    shown = run(written, "tickets")
    assert shown.out.splitlines()[0].endswith(
        "tickets would follow; only an audit ticket says into which folders they go."
    )
    exported = json.loads(run(written, "tickets", ".", "--format", "json").out)
    assert exported["format"] == "trueup.tickets/1"
    refused = run(written, "tickets", ".", "--write")
    assert (refused.code, refused.err) == (
        2,
        "trueup tickets: --write: writes only into the folders that an audit ticket names "
        "(give the ticket instead of the folder)\n",
    )
    assert state_of(written) == before


# Bad input


def broken(tmp_path: Path, old: str, new: str) -> Path:
    project = example(tmp_path)
    ticket = project / TICKET
    ticket.write_text(ticket.read_text().replace(old, new))
    return project


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "docs/tickets/cleanup/",
            "../../cleanup/",
            "trueup run: docs/tickets/audit/1004-audit-database-schema.md:74: the folder '../../cleanup/' of phase Cleanup is not "
            "inside the project (a folder below the project's root)\n",
        ),
        (
            "docs/tickets/template.md",
            "../../../../template.md",
            "trueup run: docs/tickets/audit/1004-audit-database-schema.md:62: the template '../../../../template.md' is not "
            "inside the project (a file of the project)\n",
        ),
    ],
    ids=["folder", "template"],
)
def test_paths_that_leave_the_project(tmp_path: Path, old: str, new: str, message: str) -> None:
    project = broken(tmp_path, old, new)
    before = state_of(tmp_path)
    done = run(project, "run", TICKET, "--approve", "plan", "--approve", "tickets")
    assert (done.code, done.err) == (2, message)
    assert state_of(tmp_path) == before


def test_a_template_without_the_expected_headings(tmp_path: Path) -> None:
    project = example(tmp_path)
    (project / "docs/tickets/template.md").write_text(
        "# Template\n\n## What\n[x]\n\n## Acceptance Criteria\n- [ ] [x]\n"
    )
    before = state_of(tmp_path)
    done = run(project, "tickets", TICKET, "--write")
    assert (done.code, done.err) == (
        2,
        "trueup tickets: docs/tickets/template.md: the template has no section 'Description' "
        "(expected headings such as ## Title, ## Description, ## Acceptance Criteria)\n",
    )
    assert state_of(tmp_path) == before


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Path]:
    """The example on a disk with 64 KB to spare."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.fail("mounting a small file system needs root, as in CI")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True, timeout=30)
    project = example(disk)
    spare = os.statvfs(disk)
    filling = spare.f_bavail * spare.f_frsize - 64 * 1024
    (disk / "filling").write_bytes(bytes(filling))
    yield project
    subprocess.run(["umount", disk], check=True, timeout=30)


def test_a_disk_that_is_full_in_the_middle(crowded: Path) -> None:
    before = state_of(crowded)
    refused = run(crowded, "tickets", TICKET, "--write")
    assert refused.code == 2
    assert refused.err.endswith("can't be written: No space left on device (nothing was changed)\n")
    after = state_of(crowded)
    assert after.keys() == before.keys()
    assert [path for path, state in after.items() if state[1] and state != before[path]] == []


def test_a_disk_that_is_read_only(crowded: Path) -> None:
    before = state_of(crowded)
    subprocess.run(["mount", "-o", "remount,ro", crowded.parent], check=True, timeout=30)
    refused = run(crowded, "tickets", TICKET, "--write")
    assert refused.code == 2
    assert refused.err.endswith("can't be written: Read-only file system (nothing was changed)\n")
    assert state_of(crowded) == before


def test_a_missing_template(tmp_path: Path) -> None:
    project = example(tmp_path)
    (project / "docs/tickets/template.md").unlink()
    shown = run(project, "tickets", TICKET)
    assert (
        "Note: the template docs/tickets/template.md is not there, so the built-in one is used.\n"
        in shown.out
    )


def test_two_tickets_with_one_number(tmp_path: Path) -> None:
    project = example(tmp_path)
    for name in ("implementation/1012-one.md", "cleanup/1012-two.md"):
        (project / "docs/tickets" / name).write_text("# Somebody's\n")
    before = texts(project)
    done = run(project, "tickets", TICKET, "--write")
    assert (
        "Note: two tickets bear the number 1012: docs/tickets/cleanup/1012-two.md, docs/tickets/implementation/1012-one.md; "
        "a new one gets neither.\n"
    ) in done.out
    after = texts(project)
    assert {path: after[path] for path in before if path != TICKET} == {
        p: t for p, t in before.items() if p != TICKET
    }
    assert sorted(path for path in after if "/1012-" in path) == sorted(
        path for path in before if "/1012-" in path
    )


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_folder_or_nothing_in_place_of_a_ticket(written: Path, command: str) -> None:
    folder = run(written, command, "docs")
    assert (folder.code, folder.err) == (
        2,
        f"trueup {command}: docs: is a folder, not an audit ticket (a Markdown ticket that names its phases' folders)\n",
    )
    nothing = run(written, command)
    assert (nothing.code, nothing.err) == (
        2,
        f"trueup {command}: an audit ticket is needed (trueup {command} TICKET)\n",
    )


def test_unknown_gates_and_formats(written: Path) -> None:
    gate = run(written, "run", TICKET, "--approve", "everything")
    assert (gate.code, gate.err) == (
        2,
        "trueup run: --approve: there is no gate 'everything' (plan or tickets)\n",
    )
    form = run(written, "tickets", TICKET, "--format", "jira")
    assert form.code == 2
    assert form.err.startswith("trueup tickets: --format: there is no 'jira'")


def test_a_file_in_the_plans_place_is_not_overwritten(tmp_path: Path) -> None:
    project = example(tmp_path)
    (project / PLAN).write_text("my own plan\n")
    done = run(project, "plan", TICKET)
    assert (done.code, done.err) == (
        2,
        f"trueup plan: {PLAN}: is there and no plan of Trueup's (rename it, or give another file)\n",
    )
    elsewhere = run(project, "plan", TICKET, "--output", "plan.md")
    assert (
        elsewhere.out.splitlines()[-1]
        == f"Review it, then: trueup run {TICKET} --approve plan --plan plan.md"
    )
    assert run(project, "run", TICKET, "--approve", "plan", "--plan", "plan.md").out.splitlines()[-1] == (
        f"{WAITING}tickets --plan plan.md --no-remedies"
    )
