"""An example, written to disk and audited as any project is."""

from __future__ import annotations

from pathlib import Path

from trueup.checks.examples import Example
from trueup.checks.registry import Check
from trueup.config import Options
from trueup.model.audit import Audit
from trueup.pipeline.flow import audit


def audited(example: Example, check: Check, folder: Path) -> Audit:
    """The audit of the example's files by this check alone."""
    given = example.given
    for path, text in given.files:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if given.others:
        (folder / "trueup.toml").write_text(f"drivers = {list(given.others)!r}\n")
    target = folder / given.ticket if given.ticket else folder
    options = Options(
        specs=tuple(str(folder / path) for path in given.specifications if not given.ticket),
        driver=given.driver,
        select=(check.code,),
    )
    return audit(str(target), options)[0]
