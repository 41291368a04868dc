"""The evaluator answers as php-cli does."""

from __future__ import annotations

import pytest

from tests.php.cases import bodies, expressions
from tests.php.oracle import Told, by_php, by_us

SNIPPETS = [*expressions(), *bodies()]


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    return dict(zip(SNIPPETS, by_php(SNIPPETS), strict=True))


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_answers_as_php_does(snippet: str, told: dict[str, Told]) -> None:
    assert by_us(snippet) == told[snippet]
