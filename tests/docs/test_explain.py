"""`trueup explain CODE` tells what the page of the check tells: the same words, laid out for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trueup.checks.pages import page
from trueup.checks.registry import Check, catalogue
from trueup.report.explain import explain_text


def told(check: Check) -> Iterator[str]:
    """All that a check says of itself."""
    yield from (check.title, check.severity, check.category, check.why, check.fix)
    for example in check.examples:
        yield from (text for _, _, text in example.given.shown)
        yield from (f"{finding.severity}: {finding.message}" for finding in example.findings)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("check", catalogue(), ids=lambda c: str(c.code))
def test_the_terminal_tells_what_the_page_tells(check: Check) -> None:
    on_page, in_terminal = words(page(check)), words(explain_text(check))
    assert [part for part in map(words, told(check)) if part not in on_page] == []
    assert [part for part in map(words, told(check)) if part not in in_terminal] == []
