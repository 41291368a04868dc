"""The table [roles] of trueup.toml: read, and every mistake in it told at once, with the line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

from trueup.config import Options, read_settings
from trueup.model.roles import SetRoles

RIGHT = """
[roles.record]
table = "calls"
amount = "micros"
digits = 6
fill = { project_id = 1 }

[roles.budget]
limits = { daily = "per_day" }
periods = { monthly = "month" }

[roles.alert]
kinds = { limit_exceeded = "blocked" }
"""

WRONG = """
[roles.record]
amout = "cost"
digits = "two"

[roles.budgets]
table = "limits"

[roles.alert]
kinds = { exceeded = "x" }
time = 3
"""


def test_roles_are_read(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text(RIGHT)
    settings, mistakes = read_settings(str(tmp_path), Options())
    assert mistakes == []
    assert settings.roles == (
        SetRoles("record", "calls", (("amount", "micros"),), (), (("project_id", 1),), 6, "trueup.toml:2"),
        SetRoles(
            "budget",
            "",
            (("limits.daily", "per_day"),),
            (("period.monthly", "month"),),
            (),
            None,
            "trueup.toml:8",
        ),
        SetRoles("alert", "", (), (("kind.limit_exceeded", "blocked"),), (), None, "trueup.toml:12"),
    )


def test_every_mistake_is_told(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text(WRONG)
    _, mistakes = read_settings(str(tmp_path), Options())
    assert [(m.where, m.problem) for m in mistakes] == [
        ("trueup.toml:2", "there is no role 'record.amout'"),
        ("trueup.toml:2", "record.digits: 'two' is no number of digits"),
        ("trueup.toml:6", "there is no role 'budgets'"),
        ("trueup.toml:9", "alert.kinds: there is no 'exceeded'"),
        ("trueup.toml:9", "alert.time: 3 is no text"),
    ]
    assert mistakes[0].expected.startswith("did you mean 'amount'?")
    assert mistakes[2].expected.startswith("did you mean 'budget'?")
