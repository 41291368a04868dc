"""Every Blueprint method and modifier, every index, key, rename and drop, guards, branches, raw statements and faults: what Trueup
replays is what the real framework builds, fact by fact, on every server."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.oracle.cases import Case, changes, columns, faults, files, flow, keys, modifiers, newer
from tests.support.oracle import Oracle
from tests.support.random_migrations import show_steps
from tests.support.witness import compare
from trueup.model.names import Driver

SERVERS: tuple[Driver, ...] = ("sqlite", "mysql", "pgsql")
# A checkout of a newer framework may stand in for Debian's: then its own methods are asked for too.
NEWER = os.environ.get("TRUEUP_ORACLE_FRAMEWORK")
SUBJECTS = {
    "columns": columns,
    "modifiers": modifiers,
    "keys": keys,
    "changes": changes,
    "flow": flow,
    "faults": faults,
} | ({"newer": newer} if NEWER else {})
CASES = {
    f"{subject}: {name}": case for subject, module in SUBJECTS.items() for name, case in module.CASES.items()
}

FRAMEWORK = Path("/usr/share/php/Illuminate/Database/Schema")
# Public methods of the Blueprint that build nothing: they are asked by the framework itself.
INTERNAL = {
    "__construct",
    "addFluentCommands",
    "autoIncrementingStartingValues",
    "build",
    "create",
    "creating",
    "getAddedColumns",
    "getChangedColumns",
    "getColumns",
    "getCommands",
    "getTable",
    "hasAutoIncrementColumn",
    "toSql",
}


@pytest.mark.parametrize("driver", SERVERS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_replay_builds_what_the_framework_builds(oracle: Oracle, case: Case, driver: Driver) -> None:
    verdict = compare(oracle, driver, files(case))
    assert verdict.agrees, f"\n{verdict}\n{show_steps(case)}"


def test_no_method_of_the_blueprint_is_left_out() -> None:
    methods = set(re.findall(r"public function (\w+)", (FRAMEWORK / "Blueprint.php").read_text())) - INTERNAL
    methods |= set(re.findall(r"public function (\w+)", (FRAMEWORK / "ForeignKeyDefinition.php").read_text()))
    for definition in ("ColumnDefinition.php", "ForeignKeyDefinition.php"):
        methods |= set(re.findall(r"@method \S+ (\w+)\(", (FRAMEWORK / definition).read_text()))
    called = set(re.findall(r"(?:->|\b)(\w+)\(", "\n".join(map(show_steps, CASES.values()))))
    assert sorted(methods - called) == []
