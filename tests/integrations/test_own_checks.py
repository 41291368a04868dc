"""Checks of the user's own: the worked example of the manual, mistakes in them, crashes, entry points, and the kept answers."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shop import Run, migration, shop, trueup
from trueup.checks import own
from trueup.checks.registry import catalogue, use_own
from trueup.config import Options
from trueup.model.findings import CannotTell, Finding
from trueup.pipeline.flow import audit

PAGE = Path(__file__).parents[2] / "docs" / "own-checks.md"
EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
HEAD = (
    "from trueup.plugins import *\n\n@check(code='ACME001', title='t', severity='info', category='table')\n"
)


@pytest.fixture(autouse=True)
def without_own() -> Iterator[None]:
    """Other tests of this process have no own checks."""
    use_own(())
    yield
    use_own(())


def invoices(root: Path) -> Path:
    """The manual's project, with the manual's check in it."""
    path = "database/migrations/2024_03_01_000000_create_invoices_table.php"
    shop(root, {path: migration("invoices", "decimal('total', 10, 2)"), "checks/currency.py": EXAMPLE})
    return root


def findings(run: Run) -> list[tuple[str, str]]:
    return [(f["code"], f["message"]) for f in json.loads(run.out)["findings"]]


FOUND = [("ACME001", "`invoices.total` is an amount, but `invoices` has no currency.")]


def test_the_worked_example_of_the_manual(tmp_path: Path) -> None:
    root = invoices(tmp_path)
    done = trueup("audit", "--check", "checks/currency.py", "--select", "ACME", cwd=root)
    assert done.code == 0, done.err
    shown = re.findall(r"the audit says:\n\n```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    assert [line for line in shown.splitlines() if line not in done.out.splitlines()] == []
    told = trueup("explain", "ACME001", "--check", "checks/currency.py", cwd=root)
    assert told.out.startswith("ACME001  Money without a currency\nwarning at most, about: column\n")
    assert findings(trueup("audit", "--format", "json", "--select", "TYP", cwd=root)) != FOUND


def test_the_configuration_names_it(tmp_path: Path) -> None:
    root = invoices(tmp_path)
    (root / "trueup.toml").write_text('select = ["ACME"]\nchecks = ["checks/currency.py"]\n')
    assert findings(trueup("audit", "--format", "json", "--own-checks", cwd=root)) == FOUND
    left_out = trueup("audit", cwd=root)
    assert (left_out.code, left_out.out) == (2, "")
    assert "trueup.toml:1: no check has the code 'ACME'" in left_out.err


def test_the_configuration_alone_runs_nothing(tmp_path: Path) -> None:
    """What a project names is its code: it is loaded where the user says so, and told of otherwise."""
    root = invoices(tmp_path)
    (root / "checks/currency.py").write_text("import os\nos.mkdir('ran')\n")
    (root / "trueup.toml").write_text('\nchecks = ["checks/currency.py"]\n')
    told = json.loads(trueup("audit", "--format", "json", cwd=root).out)
    assert not (root / "ran").exists()
    reason = "the checks that are named here were not run: --own-checks loads them"
    assert [g for g in told["gaps"] if g["kind"] == "own-check"] == [
        {"file": "trueup.toml", "line": 2, "reason": reason, "kind": "own-check"}
    ]


def test_a_check_whose_file_has_changed_is_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not told from what was kept of an earlier run, wherever the file is."""
    monkeypatch.setenv("TRUEUP_CACHE_DIR", str(tmp_path / "cache"))
    root, file = invoices(tmp_path / "project"), tmp_path / "elsewhere.py"
    file.write_text(EXAMPLE)
    command = ("audit", "--format", "json", "--select", "ACME", "--check", str(file))
    assert findings(trueup(*command, cwd=root)) == FOUND
    assert findings(trueup(*command, cwd=root)) == FOUND
    file.write_text(EXAMPLE.replace("has no currency", "lacks a currency"))
    assert findings(trueup(*command, cwd=root)) == [
        ("ACME001", "`invoices.total` is an amount, but `invoices` lacks a currency.")
    ]


BAD: tuple[tuple[str, str, str], ...] = (
    ("syntax", "x = 1\ndef f(:\n", ":2: SyntaxError: invalid syntax"),
    ("raises", "\n\nraise KeyError('x')\n", ":3: KeyError: 'x'"),
    ("import", "import nowhere_at_all\n", ":1: ModuleNotFoundError: No module named 'nowhere_at_all'"),
    ("exits", "import sys\nsys.exit(0)\n", ":2: SystemExit: 0"),
    ("none", "x = 1\n", ": holds no check (one function decorated with @check of trueup.plugins)"),
    (
        "two",
        HEAD + "def a(facts):\n    return ()\n" + HEAD.split("\n\n")[1] + "def b(facts):\n    return ()\n",
        ": holds 2 checks (one function decorated with @check of trueup.plugins)",
    ),
    ("code", HEAD.replace("ACME001", "acme") + "def a(facts): ...\n", ":3: 'acme' is no code like ACME001"),
    (
        "taken",
        HEAD.replace("ACME001", "TBL001") + "def a(facts): ...\n",
        ": the code TBL001 is taken by trueup.checks.table.missing (another code)",
    ),
)


@pytest.mark.parametrize(("source", "said"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_file_is_the_users_mistake(source: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "check.py"
    file.write_text(source)
    from trueup.errors import UserError

    with pytest.raises(UserError) as problem:
        audit(str(shop(tmp_path / "shop")), Options(checks=(str(file),)))
    assert str(problem.value) == f"{file}{said}"


def test_mistakes_end_in_exit_code_2_all_at_once(tmp_path: Path) -> None:
    root = invoices(tmp_path)
    done = trueup("audit", "--check", "checks/curency.py", "--check", "acme", "--driver", "x", cwd=root)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[:2] == [
        "trueup audit: --check: there is no file 'checks/curency.py' (did you mean 'checks/currency.py'?)",
        "trueup audit: --check: there is no check 'acme' (a file, or an entry point of the group trueup.checks)",
    ]
    assert len(done.err.splitlines()) == 3


CRASHES: tuple[tuple[str, str, str], ...] = (
    (
        "raises",
        "def a(facts):\n    print('noise')\n    yield 1 / 0\n",
        "ZeroDivisionError: division by zero ({file}:6)",
    ),
    (
        "text",
        "def a(facts):\n    yield 'x'\n",
        "it gave str, which is neither a Finding nor a CannotTell ({file})",
    ),
    (
        "code",
        "def a(facts):\n    yield Finding('TBL001', 'info', 'table', 'm')\n",
        "it gave a verdict with the code 'TBL001' instead of 'ACME001' ({file})",
    ),
    (
        "severity",
        "def a(facts):\n    yield Finding('ACME001', 'grave', 'table', 'm')\n",
        "it gave a finding of severity 'grave' and category 'table' ({file})",
    ),
    (
        "table",
        "def a(facts):\n    yield Finding('ACME001', 'info', 'table', 'm', table=None)\n",
        "it gave a verdict whose table is no text ({file})",
    ),
)


@pytest.mark.parametrize(("source", "said"), [c[1:] for c in CRASHES], ids=[c[0] for c in CRASHES])
def test_a_crash_in_it_is_told_and_the_others_are_heard(
    source: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "check.py"
    file.write_text(HEAD + source)
    audited, _ = audit(str(shop(tmp_path / "shop")), Options(checks=(str(file),)))
    assert [(c.what, c.problem) for c in audited.crashes] == [
        ("ACME001", f"OwnCheckFailed: {said.format(file=file)}")
    ]
    assert "TYP001" in [f.code for f in audited.findings]
    assert capsys.readouterr().out == ""


def test_it_is_gone_from_the_catalogue_in_the_next_audit(tmp_path: Path) -> None:
    root = invoices(tmp_path)
    named = Options(checks=(str(root / "checks/currency.py"),))
    before = [c.code for c in catalogue()]
    audited, settings = audit(str(root), named)
    assert [f.code for f in audited.findings if f.code.startswith("ACME")] == ["ACME001"]
    assert settings.checks == (str(root / "checks/currency.py"),)
    assert "ACME001" in [c.code for c in catalogue()]
    audited, _ = audit(str(root), Options())
    assert [f.code for f in audited.findings if f.code.startswith("ACME")] == []
    assert [c.code for c in catalogue()] == before


def test_an_entry_point_is_loaded_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is installed: its metadata and its module stand in a folder of the path."""
    site = tmp_path / "site"
    info = site / "acme_checks-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-checks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[trueup.checks]\nacme-currency = acme_currency:money_without_currency\nacme-module = acme_currency\n"
    )
    (site / "acme_currency.py").write_text(EXAMPLE)
    monkeypatch.syspath_prepend(str(site))
    root = invoices(tmp_path / "project")
    assert "acme_currency" not in sys.modules
    for name in ("acme-currency", "acme-module"):
        audited, settings = audit(str(root), Options(checks=(name,), select=("ACME",)))
        assert [f.message for f in audited.findings] == [FOUND[0][1]]
        assert settings.checks == (name,)
        del own._loaded[name, ""]
    _, mistakes = own.load("acme-curency", "--check")
    assert [str(m) for m in mistakes] == [
        "--check: there is no check 'acme-curency' (did you mean 'acme-currency'?)"
    ]
    del sys.modules["acme_currency"]


def test_what_is_offered_is_what_verdicts_are() -> None:
    import trueup.plugins as plugins

    assert sorted(plugins.__all__) == plugins.__all__ == [n for n in plugins.__all__ if hasattr(plugins, n)]
    assert (plugins.Finding, plugins.CannotTell) == (Finding, CannotTell)
