"""What is slow to import is imported by those who need it: a reader of a schema does not wait for SQL parsers or colours."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.migrations import create, migration

HEAVY = ("sqlglot", "sqlalchemy", "rich", "jinja2", "markdown_it", "psycopg", "pymysql", "mcp")

LIST_MODULES = """
import sys
sys.argv = ["trueup", *{arguments!r}]
from trueup.cli import main
try:
    code = main()
except SystemExit as leaving:
    code = leaving.code
print("\\nCODE", code or 0)
print("\\nLOADED", *sorted({{name.split(".")[0] for name in sys.modules}}))
"""


def loaded_by(arguments: list[str], folder: str) -> set[str]:
    """The top-level modules that `trueup ARGUMENTS`, run in `folder` with its output piped, has imported when it ends."""
    code = LIST_MODULES.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "\nCODE 0\n" in done.stdout, done.stdout + done.stderr
    line = next((line for line in done.stdout.splitlines() if line.startswith("LOADED ")), None)
    assert line is not None
    return set(line.split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["schema"],
        ["schema", "--format", "json", "--driver", "pgsql"],
        ["schema", "--help"],
    ],
    ids=" ".join,
)
def test_heavy_libraries_stay_out(arguments: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("project")
    (folder / "composer.json").write_text('{"require": {"laravel/framework": "^12.0"}}')
    migrations = folder / "database" / "migrations"
    migrations.mkdir(parents=True)
    text = migration(
        create("users", "id()", "string('email')->unique()", "enum('kind', ['a', 'b'])", "timestamps()")
    )
    (migrations / "2024_01_01_000001_users.php").write_text(text)
    loaded = loaded_by(arguments, str(folder))
    assert "trueup" in loaded
    assert sorted(loaded & set(HEAVY)) == []
