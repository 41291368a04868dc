"""Hooks of mkdocs: the pages of the checks, group by group, at the end of the navigation, so that a new check is still one file."""

from __future__ import annotations

from itertools import groupby

from trueup.checks.pages import group_of
from trueup.checks.registry import Check, catalogue

INDEX = "checks/README.md"


def on_config(config):  # type: ignore[no-untyped-def]  # mkdocs is not typed
    """Adds "Checks" to the navigation of mkdocs.yml."""
    config.nav.append({"Checks": [INDEX, *_groups()]})
    return config


def _groups() -> list[dict[str, list[dict[str, str]]]]:
    checks = sorted(catalogue(), key=lambda check: (group_of(check), check.code))
    return [{name: [_entry(check) for check in group]} for name, group in groupby(checks, group_of)]


def _entry(check: Check) -> dict[str, str]:
    return {check.code: f"checks/{check.code}.md"}
