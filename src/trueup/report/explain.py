"""What a check means, for `trueup explain`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from trueup.checks.examples import Example
from trueup.checks.registry import Check
from trueup.prove.capabilities import AskedCapability

WIDTH = 100


def explain_text(check: Check) -> str:
    """Title, why, how to mend it, and the check's own examples, failing and clean."""
    blocks = [
        f"{check.code}  {check.title}\n{check.severity} at most, about: {check.category}{_off(check)}",
        "Why\n" + _paragraph(check.why),
        "How to mend it\n" + _paragraph(check.fix),
        *("\n".join(_example(example)) for example in check.examples),
    ]
    return "\n\n".join(blocks) + "\n"


def explain_capability(asked: AskedCapability) -> str:
    """What a probe of `trueup prove` does for a capability, why, and what carries it."""
    blocks = [
        f"{asked.code}  {asked.title}\nasked by: trueup prove --only {asked.probe}",
        "What is done\n" + _paragraph(asked.asked),
        "Why\n" + _paragraph(asked.why),
        "What carries it\n" + _paragraph(asked.fix),
    ]
    return "\n\n".join(blocks) + "\n"


def list_capabilities(asked: tuple[AskedCapability, ...]) -> str:
    """One line a capability."""
    return "".join(f"{one.code}  {'proof':<7}  {one.title}\n" for one in asked)


def list_checks(checks: tuple[Check, ...]) -> str:
    """One line a check."""
    return "".join(
        f"{check.code}  {check.severity:<7}  {check.title}{' (off by default)' if check.off else ''}\n"
        for check in checks
    )


def _off(check: Check) -> str:
    return f"; off by default: --select {check.code} runs it" if check.off else ""


def _paragraph(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _example(example: Example) -> Iterator[str]:
    kind = "Failing" if example.findings else "Cannot tell" if example.cannot_tell else "Clean"
    yield f"{kind}: {example.title}"
    for caption, _, text in example.given.shown:
        yield f"  {caption}"
        yield textwrap.indent(text.rstrip("\n"), "    ")
    for finding in example.findings:
        yield _paragraph(f"→ {finding.severity}: {finding.message}")
