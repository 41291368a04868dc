"""Settings from the options of a command."""

from __future__ import annotations

import re

from trueup.config.gathering import EVIDENCE_MINUTES, EVIDENCE_ROWS, Gathering
from trueup.config.settings import FAIL_ON, Options, Settings, with_setting
from trueup.model.names import DRIVERS
from trueup.structs import replace


def from_options(settings: Settings, options: Options, gathering: Gathering) -> Settings:
    """`settings` with what the options set."""
    if options.specs:
        settings = with_setting(
            settings,
            "specs",
            gathering.existing(options.specs, "--spec", ".", gathering.root or "."),
            "--spec",
        )
    if options.driver is not None:
        settings = _drivers(settings, options.driver, options.several, gathering)
    if options.fail_on is not None:
        settings = with_setting(
            settings, "fail_on", gathering.choice(options.fail_on, "--fail-on", FAIL_ON), "--fail-on"
        )
    if options.format is not None:
        settings = with_setting(
            settings, "format", gathering.choice(options.format, "--format", options.formats), "--format"
        )
    if options.output not in (None, "-"):
        gathering.writable(str(options.output))
    if options.baseline is not None:
        if not options.writes_baseline:
            gathering.existing((options.baseline,), "--baseline", ".")
        settings = with_setting(settings, "baseline", options.baseline, "--baseline")
    for name, values in (("select", options.select), ("ignore", options.ignore)):
        if values:
            split = tuple(code for value in values for code in re.split(r"[\s,]+", value) if code)
            settings = with_setting(settings, name, gathering.check_codes(split, f"--{name}"), f"--{name}")
    for name, text in (("server_version", options.server_version), ("database_url", options.database_url)):
        if text:
            settings = with_setting(settings, name, text, f"--{name.replace('_', '-')}")
    return _evidence(settings, options, gathering)


def _evidence(settings: Settings, options: Options, gathering: Gathering) -> Settings:
    """Each of the options asks for evidence."""
    if not (options.evidence or options.evidence_rows or options.evidence_minutes or options.evidence_urls):
        return settings
    rows = gathering.number(options.evidence_rows, "--evidence-rows", "rows", EVIDENCE_ROWS)
    minutes = gathering.number(options.evidence_minutes, "--evidence-minutes", "minutes", EVIDENCE_MINUTES)
    return replace(
        settings, evidence_rows=rows, evidence_minutes=minutes, evidence_urls=options.evidence_urls
    )


def _drivers(settings: Settings, given: str, several: bool, gathering: Gathering) -> Settings:
    """One driver, or where the command takes several, a list with commas, which replaces that of the file."""
    names = [name.strip() for name in given.split(",")] if several else [given]
    chosen = [gathering.choice(name, "--driver", DRIVERS) for name in names]
    settings = with_setting(settings, "driver", chosen[0], "--driver")
    if len(chosen) > 1 and all(chosen):
        settings = with_setting(settings, "drivers", tuple(dict.fromkeys(chosen[1:])), "--driver")
    return settings
