"""What a report is shown with: excerpts of the code, the project's place in its repository, what makes the command fail."""

from __future__ import annotations

from trueup.config import FailOn, Settings
from trueup.model.audit import Audit
from trueup.model.names import Severity
from trueup.report.showing import Showing
from trueup.sources.project.excerpts import read_excerpts
from trueup.sources.project.repository import prefix_in_repository
from trueup.structs import replace

FAILING: dict[FailOn, tuple[Severity, ...]] = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "never": (),
}
"""The severities that make a command fail, by `fail_on`."""

IN_REPOSITORY = ("sarif", "github", "gitlab", "junit")
"""Formats whose paths are relative to the repository."""


def showing_of(
    audited: Audit, settings: Settings, form: str, screen: Showing, repository_of: str = ""
) -> Showing:
    """`screen` with what the format needs beside it, as long as the project's files are there. `repository_of` is the project's own
    folder where a copy of it was audited."""
    root = audited.facts.project.root
    showing = replace(screen, failing=FAILING[settings.fail_on])
    if form in IN_REPOSITORY:
        from trueup import __version__

        return replace(showing, prefix=prefix_in_repository(repository_of or root), version=__version__)
    if form == "terminal":
        places = [f.locations[0] for f in audited.findings if f.locations and f.severity != "info"]
        return replace(showing, excerpts=read_excerpts(root, places, around=0))
    return showing
