"""Settings: what the options say, else trueup.toml, else [tool.trueup] of pyproject.toml.

Every mistake in either is gathered and told at once, with the file and line and the nearest right name. What the file may say is
declared once, in `declared`: the reader, the JSON Schema for editors and the documentation follow from it."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.config.declared import SETTINGS as SETTINGS
from trueup.config.file import FILES as FILES
from trueup.config.file import from_file
from trueup.config.gathering import ALIASES as ALIASES
from trueup.config.gathering import EVIDENCE_ROWS as EVIDENCE_ROWS
from trueup.config.gathering import Gathering
from trueup.config.gathering import nearest as nearest
from trueup.config.options import from_options
from trueup.config.settings import FAIL_ON as FAIL_ON
from trueup.config.settings import FailOn as FailOn
from trueup.config.settings import Options as Options
from trueup.config.settings import Settings as Settings
from trueup.config.settings import with_setting
from trueup.errors import Mistake
from trueup.structs import replace


def read_settings(
    root: str | None, options: Options, codes: Sequence[str] | None = None
) -> tuple[Settings, list[Mistake]]:
    """The settings and every mistake in the options and in the project's own file. `root` None: no project, options only.
    `codes` are those of the checks; None: codes are not checked."""
    gathering = Gathering(root, codes, may_lack_baseline=options.writes_baseline)
    gathering.mistakes.extend(options.mistakes)
    settings = Settings()
    gathering.project_checks = options.own_checks
    if options.checks:  # before all else: what is selected may be theirs
        settings = with_setting(settings, "checks", gathering.own(options.checks, "--check", "."), "--check")
    if root is not None:
        settings = from_file(root, settings, gathering)
    settings = from_options(settings, options, gathering)
    settings = replace(settings, checks_left_out=tuple(gathering.left_out))
    return settings, gathering.mistakes
