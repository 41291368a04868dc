"""One set of remedies for all tests of this folder: they take a while to be tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.remedying import copied, offered
from trueup.model.remedies import Fix

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai-budget"


@dataclass(frozen=True, slots=True)
class Case:
    project: Path
    made: Fix


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The example, locked to the framework that Debian has, with its remedies."""
    project = copied(EXAMPLE, tmp_path_factory.mktemp("fix"))
    return Case(project, offered(project))


@pytest.fixture(scope="session")
def destroying(case: Case) -> Case:
    """The same with leave to destroy."""
    return Case(case.project, offered(case.project, allow_destructive=True))
