"""Trueup in other people's places: the GitHub Action, the pre-commit hooks, `trueup init`, the file of accepted findings,
and what a change brings in."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml  # type: ignore[import-untyped]  # it comes without types, and only tests read YAML

from tests.cli.shop import SCRIPT, migration, shop, state_of, trueup
from tests.formats.test_tools import SCHEMA

ROOT = Path(__file__).parents[2]
ORDERS = "database/migrations/2024_01_01_000001_create_orders_table.php"


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ann Author", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


def committed(root: Path) -> Path:
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Ann Author")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def ids(*arguments: str, cwd: Path) -> dict[str, str]:
    """Findings by id, with their codes."""
    run = trueup("audit", *arguments, "--format", "json", cwd=cwd)
    return {f["id"]: f["code"] for f in json.loads(run.out)["findings"]}


# What a change brings in


def test_only_what_a_change_brings_in(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "repo" / "shop"))
    before = ids(cwd=root)
    (root / ORDERS).write_text(migration("orders", "decimal('total', 8, 2)", "string('currency', 2)"))
    git(root, "commit", "-qam", "second")
    after = ids(cwd=root)
    state = state_of(root)
    run = trueup("audit", "--rev", "HEAD~1..HEAD", "--format", "json", cwd=root)
    document = json.loads(run.out)
    assert {f["id"]: f["code"] for f in document["findings"]} == {
        i: c for i, c in after.items() if i not in before
    }
    assert set(after) - set(before)
    assert document["change"]["before"] == "HEAD~1"
    assert document["change"]["stayed"] == len(set(after) & set(before))
    assert {f["id"] for f in document["change"]["gone"]} == set(before) - set(after)
    assert run.code == 1
    assert state_of(root) == state


def test_a_change_that_brings_nothing_in_is_clean(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "shop"))
    (root / "trueup.toml").write_text('fail_on = "warning"\n')
    run = trueup("audit", "--rev", "main", cwd=root)
    assert run.code == 0
    assert "Only what main..the work tree brings in is told" in run.out


def test_revisions_that_there_are_not(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "shop"))
    run = trueup("audit", "--rev", "nope..HEAD", cwd=root)
    assert (run.code, run.err) == (2, f"trueup audit: --rev: there is no revision 'nope' in {root}\n")


# Accepted findings


def test_a_baseline_from_first_to_last(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "shop"))
    file = root / "trueup-baseline.toml"
    found = ids(cwd=root)
    missing = trueup("baseline", "--expires", "tomorrow", cwd=root)
    assert (missing.code, missing.err.splitlines()) == (
        2,
        [
            "trueup baseline: --expires: 'tomorrow' is no day (a date such as 2027-03-31, a number of days such as 90d, or never)"
        ],
    )
    missing = trueup("baseline", cwd=root)
    assert (missing.code, missing.err) == (
        2,
        "trueup baseline: --reason: new findings are accepted only for a reason (one sentence)\n",
    )
    shown = trueup("baseline", "--reason", "as it was", cwd=root)
    assert (shown.code, file.exists()) == (0, False)
    assert shown.out.endswith("Nothing was written: --write does.\n")
    assert (
        trueup("baseline", "--reason", "as it was", "--expires", "2999-01-01", "--write", cwd=root).code == 0
    )
    text = file.read_text()
    assert text.count("[[accepted]]") == len(found)
    assert text.count('author = "Ann Author"') == len(found)
    assert text.count("expires = 2999-01-01") == len(found)

    clean = trueup("audit", cwd=root)
    assert clean.code == 0
    assert f"{len(found)} accepted findings not told: {len(found)} in the baseline." in clean.out

    # A person writes; nothing of it is lost, and the same command changes nothing.
    written = "# ask Ben before\n" + text[text.index("[[accepted]]") :].replace(
        'reason = "as it was"', 'reason = "Ben: \\"the importer\\" needs it"  # since 2019', 1
    )
    file.write_text(text[: text.index("[[accepted]]")] + written)
    kept = file.read_text()
    assert trueup("baseline", "--write", cwd=root).code == 0
    assert file.read_text() == kept

    # One expires and comes back; it is renewed for the same reason.
    lapsed = kept.replace("expires = 2999-01-01", "expires = 2020-01-01", 1)
    file.write_text(lapsed)
    again = trueup("audit", "--fail-on", "never", cwd=root)
    assert "No longer accepted: " in again.out
    assert 'accepted by Ann Author until 2020-01-01: Ben: "the importer" needs it' in again.out
    assert len(ids(cwd=root)) == 1
    assert trueup("baseline", "--write", cwd=root).code == 0
    assert file.read_text() == lapsed
    assert trueup("baseline", "--renew", "--expires", "10d", "--write", cwd=root).code == 0
    day = (datetime.date.today() + datetime.timedelta(days=10)).isoformat()
    assert file.read_text() == kept.replace("expires = 2999-01-01", f"expires = {day}", 1)


def test_what_is_mended_can_be_taken_out(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "shop"))
    assert trueup("baseline", "--reason", "as it was", "--expires", "never", "--write", cwd=root).code == 0
    (root / ORDERS).write_text(migration("orders", "decimal('total', 10, 4)", "char('currency', 3)"))
    assert "no finding any more: trueup baseline --prune --write" in trueup("audit", cwd=root).out
    before = (root / "trueup-baseline.toml").read_text()
    assert trueup("baseline", "--reason", "new", "--prune", "--write", cwd=root).code == 0
    after = (root / "trueup-baseline.toml").read_text()
    assert 0 < after.count("[[accepted]]") < before.count("[[accepted]]") + 1
    assert "no finding any more" not in trueup("audit", cwd=root).out


def test_mistakes_in_a_baseline_come_all_at_once(tmp_path: Path) -> None:
    root = shop(tmp_path)
    (root / "known.toml").write_text(
        'format = "trueup.baseline/1"\n[[accepted]]\nid = "1"\nreason = ""\nauthr = "x"\n'
        '[[accepted]]\nid = "2"\nreason = "r"\nauthor = "a"\nexpires = "soon"\n'
    )
    run = trueup("audit", "--baseline", "known.toml", cwd=root)
    day = '(a date such as 2027-03-31, or "never")'
    assert (run.code, run.out, run.err.splitlines()) == (
        2,
        "",
        [
            "trueup audit: known.toml:2: an entry has no 'authr' (known: "
            "id, code, subject, message, reason, author, since, expires)",
            "trueup audit: known.toml:2: an entry needs 'reason' (why it is accepted)",
            "trueup audit: known.toml:2: an entry needs 'author' (who accepts it)",
            f"trueup audit: known.toml:2: an entry needs 'expires' {day}",
            f"trueup audit: known.toml:6: an entry needs 'expires' {day}",
        ],
    )


def test_an_earlier_report_still_is_a_baseline(tmp_path: Path) -> None:
    root = shop(tmp_path)
    report = trueup("audit", "--format", "json", "--output", "report.json", cwd=root)
    assert report.code == 1
    run = trueup("audit", "--baseline", "report.json", cwd=root)
    assert run.code == 0
    assert "accepted findings not told" in run.out


# Beginning


def test_init_shows_then_writes_and_never_overwrites(tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "repo"))
    shown = trueup("init", cwd=root)
    assert shown.code == 0
    assert shown.out.endswith("Nothing was written: --write does.\n")
    assert not (root / "trueup.toml").exists()
    (root / ".pre-commit-config.yaml").write_text("repos: []\n")
    written = trueup("init", "--write", cwd=root)
    assert written.out.splitlines()[-2:] == [
        "written: trueup.toml",
        "written: .github/workflows/trueup.yml",
    ]
    assert "── .pre-commit-config.yaml: is there already, and is left as it is" in written.out
    assert (root / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    workflow = yaml.safe_load((root / ".github/workflows/trueup.yml").read_text())
    assert [next(iter(step)) for step in workflow["jobs"]["audit"]["steps"]] == [
        "uses",
        "uses",
        "run",
        "run",
        "uses",
        "run",
    ]
    hooks = yaml.safe_load(shown.out[shown.out.index("repos:") : shown.out.index("── .github")])
    assert hooks["repos"][0]["hooks"][0]["entry"] == "trueup audit . --quiet"
    state = state_of(root)
    assert trueup("init", "--write", cwd=root).out.endswith("All of it is there already.\n")
    assert state_of(root) == state
    audited = trueup("audit", "--format", "json", cwd=root)
    assert json.loads(audited.out)["inputs"]["specs"] == ["docs/SPEC.md"]


# The Action and the hooks


def action() -> Mapping[str, object]:
    read = yaml.safe_load((ROOT / "action.yml").read_text())
    assert isinstance(read, dict)
    return read


@pytest.mark.parametrize(("rev", "code"), [("", 1), ("main..main", 0)])
def test_the_script_of_the_action(rev: str, code: int, tmp_path: Path) -> None:
    root = committed(shop(tmp_path / "shop"))
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "audit")
    assert "${{" not in script
    environment = {
        **os.environ,
        "PATH": f"{SCRIPT.parent}:{os.environ['PATH']}",
        "TARGET": ".",
        "SPEC": "docs/SPEC.md\n",
        "DRIVER": "mysql,sqlite",
        "REV": rev,
        "BASELINE": "",
        "FAIL_ON": "warning",
        "SARIF": "out/report.sarif",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    (root / "out").mkdir()
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "output").read_text() == f"sarif=out/report.sarif\nexit-code={code}\n"
    assert (tmp_path / "summary").read_text().startswith("## Database audit: ")
    sarif = json.loads((root / "out" / "report.sarif").read_text())
    jsonschema.Draft4Validator(SCHEMA).validate(sarif)
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert len(commands) == len(sarif["runs"][0]["results"])
    assert bool(commands) is bool(code)


def test_inputs_of_the_action_are_all_used() -> None:
    read = action()
    text = (ROOT / "action.yml").read_text()
    assert isinstance(read["inputs"], dict)
    assert [name for name in read["inputs"] if f"inputs.{name} " not in text] == []


def test_the_hook_is_a_command() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["entry"], hook["language"], hook["pass_filenames"]) == (
        "trueup audit --quiet",
        "python",
        False,
    )


def test_several_drivers_in_every_report(tmp_path: Path) -> None:
    long = "index(['total', 'currency'], 'a_name_of_an_index_that_has_more_letters_than_the_sixty_four_of_mysql')"
    root = shop(
        tmp_path, {ORDERS: migration("orders", "decimal('total', 10, 4)", "char('currency', 3)", long)}
    )
    run = trueup("audit", "--driver", "mysql,sqlite", "--format", "json", cwd=root)
    document = json.loads(run.out)
    failing = next(f for f in document["findings"] if f["code"] == "MIG001")
    assert failing["drivers"] == ["mysql"]
    assert list(document["summary"]["drivers"]) == ["mysql", "sqlite"]
    assert (
        document["summary"]["drivers"]["sqlite"]["error"] < document["summary"]["drivers"]["mysql"]["error"]
    )
    terminal = trueup("audit", "--driver", "mysql,sqlite", cwd=root).out
    assert "only on mysql" in terminal
    assert "Findings by driver" in terminal
    assert (
        "### By driver" in trueup("audit", "--driver", "mysql,sqlite", "--format", "markdown", cwd=root).out
    )
