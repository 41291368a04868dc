"""docs/trueup.schema.json is made from the declaration of the settings, and takes what is read, and nothing else."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import jsonschema
import pytest

from trueup.config import SETTINGS, Options, Settings, read_settings
from trueup.config.json_schema import config_schema
from trueup.model.acceptance import IgnoreRule
from trueup.model.locations import Location
from trueup.model.roles import SetRoles

FILE = Path(__file__).parents[2] / "docs" / "trueup.schema.json"
CODES = ("TBL001", "COL001")

WHOLE = """
specs = ["SPEC.md"]
driver = "pgsql"
drivers = ["mysql"]
server_version = "15"
paths = ["migrations"]
select = ["TBL", "COL001"]
ignore = ["all"]
fail_on = "never"
baseline = "known.toml"

[severity]
COL001 = "info"

[ignore_paths]
"database/legacy/*" = ["COL", "tbl001"]

[ignore_tables]
"telescope_*" = "all"

[roles.record]
table = "usage"
amount = "cost_cents"
digits = 2
fill = { source = "trueup", version = 1 }

[roles.budget]
limits = { daily = "daily_limit" }
periods = { monthly = "month" }

[roles.alert]
kinds = { threshold = "near" }

[phases]
Implementation = "docs/tickets/do"
"Test Cleanup" = "docs/tickets/tidy"
"""


def test_the_file_is_in_step() -> None:
    if os.environ.get("TRUEUP_GOLDEN") == "write":
        FILE.write_text(config_schema(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == config_schema()


def test_every_setting_is_declared() -> None:
    evidence = {"evidence_rows", "evidence_minutes", "evidence_urls"}
    of_the_moment = {"origins", "format", "database_url", "checks_left_out", *evidence}
    names = set(Settings.__struct_fields__) - of_the_moment - {"ignore_rules"} | {
        "ignore_paths",
        "ignore_tables",
    }
    assert names == set(SETTINGS)


def test_what_is_read_is_what_the_schema_takes(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text(WHOLE)
    (tmp_path / "SPEC.md").write_text("# Spec")
    (tmp_path / "known.toml").write_text("")
    (tmp_path / "migrations").mkdir()
    jsonschema.Draft7Validator(json.loads(config_schema())).validate(tomllib.loads(WHOLE))
    settings, mistakes = read_settings(str(tmp_path), Options(), CODES)
    assert mistakes == []
    assert settings.ignore_rules == (
        IgnoreRule("path", "database/legacy/*", ("COL", "TBL001"), Location("trueup.toml", 16)),
        IgnoreRule("table", "telescope_*", ("ALL",), Location("trueup.toml", 19)),
    )
    assert settings.roles == (
        SetRoles(
            "record",
            "usage",
            (("amount", "cost_cents"),),
            fill=(("source", "trueup"), ("version", 1)),
            digits=2,
            where="trueup.toml:21",
        ),
        SetRoles(
            "budget",
            columns=(("limits.daily", "daily_limit"),),
            values=(("period.monthly", "month"),),
            where="trueup.toml:27",
        ),
        SetRoles("alert", values=(("kind.threshold", "near"),), where="trueup.toml:31"),
    )
    assert settings.phases == (("Implementation", "docs/tickets/do"), ("Test Cleanup", "docs/tickets/tidy"))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            '[roles.recrd]\ntable = "x"\n\n[roles.record]\namout = "a"\ndigits = 99\n',
            [
                "trueup.toml:1: there is no role 'recrd' (did you mean 'record'? known: record, budget, alert)",
                "trueup.toml:4: there is no role 'record.amout' (did you mean 'amount'? known: id, user, amount, time, currency, "
                "provider, model, input_tokens, output_tokens, conversation, metadata, request_id, status, table, fill, digits)",
                "trueup.toml:4: record.digits: 99 is no number of digits (0 to 18)",
            ],
        ),
        (
            '[phases]\nImplementaton = "a"\nCleanup = "../out"\n',
            [
                "trueup.toml:2: there is no phase 'Implementaton' (did you mean 'Implementation'? known: Implementation, Cleanup, "
                "Test Implementation, Test Cleanup)",
                "trueup.toml:3: '../out' is no folder inside the project (relative to its root)",
            ],
        ),
        (
            '[ignore_paths]\n"app/*" = ["TBLX"]\n\n[ignore_tables]\nusers = 3\n',
            [
                "trueup.toml:2: no check has the code 'TBLX' (did you mean 'TBL001'? known: TBL001, COL001)",
                'trueup.toml:5: 3 is no list of texts (a list such as ["a", "b"])',
            ],
        ),
        (
            '[roles.budget]\nlimits = { hourly = "h" }\n',
            [
                "trueup.toml:1: budget.limits: there is no 'hourly' (did you mean 'yearly'? known: "
                "per_request, daily, weekly, monthly, yearly, total)",
            ],
        ),
    ],
)
def test_mistakes_in_tables(text: str, messages: list[str], tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text(text)
    _, mistakes = read_settings(str(tmp_path), Options(), CODES)
    assert [str(m) for m in mistakes] == messages
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(json.loads(config_schema())).validate(tomllib.loads(text))
