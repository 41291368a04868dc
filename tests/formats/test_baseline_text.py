"""The file of accepted findings as text: people's lines stay as they are."""

from __future__ import annotations

import pytest

from trueup.pipeline.baseline_text import joined, split


@pytest.mark.parametrize("text", ["\n", "# Nothing is accepted yet.\n", "# a\n\n# b\n"])
def test_a_file_may_have_no_entries(text: str) -> None:
    assert split(text) == (text.strip() + "\n", ())
    assert joined(*split(text)) == text.strip() + "\n"
