"""The page of the capabilities, `trueup explain PRF…`, and that no probe answers under a code that neither knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.pipeline.explaining import explain
from trueup.prove._answers import Answer, ProbeError
from trueup.prove.capabilities import CAPABILITIES, AskedCapability
from trueup.prove.pages import proofs_page

PAGE = Path(__file__).parents[2] / "docs" / "proofs.md"


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == proofs_page(), "run: python -m trueup.prove.pages"


@pytest.mark.parametrize("asked", CAPABILITIES, ids=lambda c: str(c.code))
def test_the_terminal_tells_what_the_page_tells(asked: AskedCapability) -> None:
    parts = (asked.code, asked.title, asked.asked, asked.why, asked.fix)
    on_page, in_terminal = words(proofs_page()), words(explain(asked.code.lower()))
    assert [part for part in parts if part not in on_page] == []
    assert [part for part in parts if part not in in_terminal] == []
    assert f"{asked.code}  proof    {asked.title}" in explain("").splitlines()


def test_codes_are_in_order_and_each_is_one_capability() -> None:
    codes = [asked.code for asked in CAPABILITIES]
    assert codes == sorted(set(codes))
    assert len({asked.title for asked in CAPABILITIES}) == len(codes)


def test_an_answer_under_an_unknown_code_is_our_mistake() -> None:
    with pytest.raises(ProbeError, match="PRF301 is not known as 'send each alert once' of alert"):
        Answer("alert", "PRF301", "send each alert once")
