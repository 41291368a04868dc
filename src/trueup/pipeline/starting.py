"""`trueup init`: the files that a project begins with, made from what is found in it. Nothing is written here but on request."""

from __future__ import annotations

import os

from trueup.config import FILES, Options
from trueup.pipeline.baseline_text import quoted
from trueup.pipeline.installing import Requirement, requirement
from trueup.pipeline.opening import choose_driver, open_target
from trueup.pipeline.writing import write_new_files
from trueup.sources.project.repository import prefix_in_repository
from trueup.structs import Struct

CONFIG, HOOKS, WORKFLOW = "trueup.toml", ".pre-commit-config.yaml", ".github/workflows/trueup.yml"


class Start(Struct, frozen=True):
    """A file that would be written: path relative to the folder it goes to, text, and why it is not written, or ""."""

    path: str
    text: str
    there: str = ""


class Beginning(Struct, frozen=True):
    """All of them. Configuration goes to the project's `root`, hooks and workflow to its `repository`."""

    root: str
    repository: str
    config: Start
    others: tuple[Start, ...]

    @property
    def files(self) -> tuple[tuple[str, Start], ...]:
        """Each file with the folder that it goes to."""
        return ((self.root, self.config), *((self.repository, one) for one in self.others))


def begin(target: str) -> Beginning:
    """What would be written for the project at `target`. Raises UserError."""
    from trueup.sources.spec.documents import find_documents

    opened = open_target(target, Options())
    project = opened.project
    driver, why = choose_driver(project, opened.settings)
    found = find_documents(project.root, project.documents, None, opened.settings.specs, project.migrations)
    documents = [d.path for d in found]
    prefix = prefix_in_repository(project.root)
    repository = project.root[: -len(prefix) - 1] if prefix else project.root
    folder = prefix.rstrip("/") or "."
    wanted = requirement()
    config = _config(documents, driver, why, assumed=project.driver_from == "assumed")
    others = (
        Start(HOOKS, hooks(folder, wanted), _there(repository, HOOKS)),
        Start(WORKFLOW, workflow(folder, wanted), _there(repository, WORKFLOW)),
    )
    return Beginning(project.root, repository, Start(CONFIG, config, _there_config(project.root)), others)


def write_beginning(beginning: Beginning) -> tuple[str, ...]:
    """Writes the files that are not there yet; answers their paths. Raises UserError."""
    written: list[str] = []
    for folder, one in beginning.files:
        if not one.there:
            write_new_files(folder, {one.path: one.text}, "--write")
            written.append(os.path.join(folder, one.path))
    return tuple(written)


def _there(folder: str, path: str) -> str:
    return "is there already" if os.path.lexists(os.path.join(folder, path)) else ""


def _there_config(root: str) -> str:
    if os.path.lexists(os.path.join(root, CONFIG)):
        return "is there already"
    for name in FILES[1:]:
        try:
            with open(os.path.join(root, name), encoding="utf-8") as file:
                if "[tool.trueup" in file.read():
                    return f"[tool.trueup] in {name} is there already"
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def _config(documents: list[str], driver: str, why: str, *, assumed: bool) -> str:
    specs = ", ".join(quoted(path) for path in documents)
    sign = "# " if assumed else ""
    return f"""# Settings of trueup: `trueup audit --help` and docs/commands.md say what each of them does.

# Documents that say what the database must be; without this, those that are found under docs/.
{"" if documents else "# "}specs = [{specs or '"docs/DATABASE.md"'}]

# {" ".join(why.split())}
{sign}driver = "{driver}"
# drivers = ["sqlite"]    # further servers to audit for

fail_on = "error"         # error, warning or never
"""


def hooks(folder: str, wanted: Requirement) -> str:
    """A pre-commit configuration with the audit of `folder` as its one hook."""
    return f"""repos:
  - repo: local
    hooks:
      - id: trueup
        name: trueup audit
        language: python
{wanted.comment(8)}        additional_dependencies: ["{wanted.text}"]
        entry: trueup audit {_shell(folder)} --quiet
        pass_filenames: false
        files: '(\\.php|\\.md|\\.sql|^trueup.*\\.toml)$'
"""


def workflow(folder: str, wanted: Requirement) -> str:
    """A GitHub workflow that annotates a change and shows findings under code scanning."""
    return f"""name: trueup

on:
  push:
    branches: [main, master]
  pull_request:

permissions:
  contents: read
  security-events: write

jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
{wanted.comment(6)}      - run: pip install "{wanted.text}"
      - run: trueup audit {_shell(folder)} --format sarif --output trueup.sarif --fail-on never
      - uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: trueup.sarif
          category: trueup
      - run: trueup audit {_shell(folder)} --format github
"""


def _shell(folder: str) -> str:
    import shlex

    return shlex.quote(folder)
