"""Settings: the options, else trueup.toml, else pyproject.toml; every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.config import Options, Settings, read_settings

CODES = ("TBL001", "TBL002", "COL001")


def messages(root: Path, options: Options | None = None) -> list[str]:
    _, mistakes = read_settings(str(root), options or Options(), CODES)
    return [str(mistake) for mistake in mistakes]


def settings(root: Path, options: Options | None = None) -> Settings:
    read, mistakes = read_settings(str(root), options or Options(), CODES)
    assert mistakes == []
    return read


def test_nothing_said_is_the_default(tmp_path: Path) -> None:
    assert settings(tmp_path) == Settings()


def test_everything_that_the_file_may_say(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "SPEC.md").write_text("# Spec")
    (tmp_path / "trueup.toml").write_text(
        'specs = ["docs/SPEC.md"]\n'
        'driver = "pgsql"\n'
        'drivers = ["mysql", "sqlite"]\n'
        'paths = ["docs"]\n'
        'select = ["TBL"]\n'
        'ignore = ["tbl002"]\n'
        'fail-on = "warning"\n'
        'server_version = "15.4"\n'
        "[severity]\n"
        'COL001 = "info"\n'
    )
    read = settings(tmp_path)
    assert (read.specs, read.driver, read.drivers) == (
        (f"{tmp_path}/docs/SPEC.md",),
        "pgsql",
        ("mysql", "sqlite"),
    )
    assert (read.paths, read.select, read.ignore) == (("docs",), ("TBL",), ("TBL002",))
    assert (read.fail_on, read.server_version, read.severity) == ("warning", "15.4", (("COL001", "info"),))
    assert (read.origin("driver"), read.origin("fail_on"), read.origin("baseline")) == (
        "trueup.toml:2",
        "trueup.toml:7",
        "",
    )


def test_an_option_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text('driver = "pgsql"\nfail_on = "never"\n')
    read = settings(tmp_path, Options(driver="sqlite", select=("TBL001,COL", "TBL002")))
    assert (read.driver, read.origin("driver"), read.fail_on) == ("sqlite", "--driver", "never")
    assert read.select == ("TBL001", "COL", "TBL002")


def test_pyproject_counts_where_there_is_no_file_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.trueup]\ndriver = "mariadb"\n')
    assert (settings(tmp_path).driver, settings(tmp_path).origin("driver")) == ("mariadb", "pyproject.toml:5")
    (tmp_path / "trueup.toml").write_text("")
    assert settings(tmp_path).driver is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'drivr = "mysql"\n\nfail_on = "eror"\nselect = ["TBL1"]\n',
            [
                "trueup.toml:1: there is no setting 'drivr' (did you mean 'driver'? known: specs, driver, drivers, server_version, "
                "paths, select, ignore, checks, ignore_paths, ignore_tables, severity, fail_on, baseline, roles, phases)",
                "trueup.toml:3: there is no 'eror' (did you mean 'error'? known: error, warning, never)",
                "trueup.toml:4: no check has the code 'TBL1' (did you mean 'TBL001'? known: TBL001, TBL002, COL001)",
            ],
        ),
        (
            "driver = 3\nspecs = 4\nseverity = 5\n",
            [
                'trueup.toml:1: 3 is no text (a text in quotes, such as "mysql")',
                'trueup.toml:2: 4 is no list of texts (a list such as ["a", "b"])',
                'trueup.toml:3: 5 is no table of severities (such as { TBL001 = "warning" })',
            ],
        ),
        (
            '[severity]\nTBL001 = "bad"\n',
            ["trueup.toml:2: there is no 'bad' (known: error, warning, info)"],
        ),
        (
            'specs = ["docs/NONE.md"]\n',
            ["trueup.toml:1: there is no file or folder 'docs/NONE.md'"],
        ),
        (
            "driver = \n",
            ["trueup.toml: is no valid TOML: Invalid value (at line 1, column 10)"],
        ),
    ],
)
def test_mistakes_in_the_file_come_all_at_once(text: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text(text)
    assert messages(tmp_path) == expected


def test_mistakes_in_options_and_file_come_together(tmp_path: Path) -> None:
    (tmp_path / "trueup.toml").write_text('driver = "oracle"\n')
    options = Options(
        driver="mysq", fail_on="always", baseline="none.json", format="xml", formats=("json", "markdown")
    )
    assert messages(tmp_path, options) == [
        "trueup.toml:1: there is no 'oracle' (known: mysql, mariadb, pgsql, sqlite)",
        "--driver: there is no 'mysq' (did you mean 'mysql'? known: mysql, mariadb, pgsql, sqlite)",
        "--fail-on: there is no 'always' (known: error, warning, never)",
        "--format: there is no 'xml' (known: json, markdown)",
        "--baseline: there is no file or folder 'none.json'",
    ]
