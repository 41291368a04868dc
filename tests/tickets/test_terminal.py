"""The gates, with a person (of ours) at a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import time
from pathlib import Path

import pytest

from tests.cli.shop import SCRIPT
from tests.tickets.projects import PLAN, REPORT, TICKET, environment, example, one, texts


class Person:
    """Runs Trueup on a pseudo-terminal, waits for a question and answers it."""

    def __init__(self, project: Path, *arguments: str, **more: str) -> None:
        self.seen = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:  # the child: only exec may follow
            os.chdir(project)
            os.execve(SCRIPT, [str(SCRIPT), *arguments], environment(TERM="dumb", **more))

    def waits_for(self, text: str) -> None:
        """Reads until the text has come since the last answer."""
        end = time.monotonic() + 60
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} never came; seen: {self.seen[-2000:]}"
            try:
                read = os.read(self.terminal, 65536)
            except OSError:  # what Linux says at the end of a terminal
                read = b""
            assert read, f"{text!r} never came; it ended with: {self.seen[-2000:]}"
            self.seen += read.decode(errors="replace")

    def answers(self, text: str) -> None:
        self.seen = ""
        os.write(self.terminal, text.encode())

    def ends(self) -> int:
        """The exit code; what is left to read is read."""
        while True:
            try:
                read = os.read(self.terminal, 65536)
            except OSError:
                break
            if not read:
                break
            self.seen += read.decode(errors="replace")
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return example(tmp_path)


def editor(folder: Path, *commands: str) -> str:
    """An editor that carries out sed commands."""
    script = folder / "editor.sh"
    script.write_text("#!/bin/sh\n" + "".join(f'sed -i {command} "$1"\n' for command in commands))
    script.chmod(0o755)
    return str(script)


def test_both_gates_approved(project: Path) -> None:
    before = set(texts(project))
    person = Person(project, "run", TICKET, "--no-remedies")
    person.waits_for("plan: [a]pprove, [e]dit, [s]top? ")
    assert set(texts(project)) - before == {PLAN}
    person.answers("what?\n")
    person.waits_for("Please answer a, e or s.")
    person.answers("a\n")
    person.waits_for("tickets: [a]pprove, [e]dit, [s]top, or a ticket's number to read it? ")
    assert set(texts(project)) - before == {PLAN, REPORT}
    person.answers("1013\n")
    person.waits_for("# Create the table ai_budget_events")
    person.waits_for("to read it? ")
    person.answers("approve\n")
    assert person.ends() == 0
    assert "files written." in person.seen
    assert one(project, "1013-create-ai-budget-events.md").exists()
    records = (project / PLAN).read_text()
    assert "- approved 2025-01-01: plan " in records
    assert "- approved 2025-01-01: tickets " in records


def test_stop_at_the_plan(project: Path) -> None:
    before = set(texts(project))
    person = Person(project, "run", TICKET, "--no-remedies")
    person.waits_for("[s]top? ")
    person.answers("s\n")
    assert person.ends() == 0
    assert (
        f"Stopped; nothing more was written. Next: trueup run {TICKET} --approve plan --no-remedies"
        in person.seen
    )
    assert set(texts(project)) - before == {PLAN}


def test_the_end_of_the_input_stops(project: Path) -> None:
    person = Person(project, "run", TICKET, "--no-remedies")
    person.waits_for("[s]top? ")
    person.answers("\x04")
    assert person.ends() == 0
    assert "Stopped; nothing more was written." in person.seen


def test_edit_the_plan_then_leave_out_a_ticket(project: Path, tmp_path: Path) -> None:
    commands = (
        "'s/Judge 10 models/Judge all 10 models/'",
        "'s/^write 1013 /skip 1013 /'",
        "'/^write 1014 /d'",
    )
    person = Person(project, "run", TICKET, "--no-remedies", EDITOR=editor(tmp_path, *commands))
    person.waits_for("[s]top? ")
    person.answers("e\n")
    person.waits_for("Judge all 10 models")
    person.waits_for("[s]top? ")
    person.answers("a\n")
    person.waits_for("to read it? ")
    person.answers("e\n")
    person.waits_for("left out 1013 Create the table ai_budget_events")
    person.waits_for("to read it? ")
    person.answers("a\n")
    assert person.ends() == 0
    assert "Judge all 10 models" in (project / PLAN).read_text()
    names = [path.rsplit("/", 1)[-1] for path in texts(project)]
    assert not [name for name in names if name.startswith(("1013-", "1014-"))]
    assert [name for name in names if name.startswith("1015-")]
    assert "1013-create" not in (project / "docs/tickets/implementation/README.md").read_text().split(
        "<!-- trueup keys"
    )[0].replace("`", "")


def test_without_an_editor(project: Path) -> None:
    person = Person(project, "run", TICKET, "--no-remedies")
    person.waits_for("[s]top? ")
    person.answers("e\n")
    person.waits_for("Neither VISUAL nor EDITOR names an editor")
    person.waits_for("[s]top? ")
    person.answers("q\n")
    assert person.ends() == 0
