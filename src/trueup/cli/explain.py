"""Say what a check means, why it matters and how to mend it, with examples. Without CODE: list all checks."""

from __future__ import annotations

from trueup.cli.arguments import Arguments, Given
from trueup.cli.running import CLEAN, deliver
from trueup.errors import UserError


def declare(arguments: Arguments) -> None:
    arguments.argument("code", "", "a check's code, such as TBL001, or a proof's, such as PRF301")
    arguments.options(
        "check", "FILE", "a check of your own: a Python file or an entry point; may be given again"
    )
    arguments.option("output", "FILE", "write to this file instead of the screen")


def command(given: Given) -> int:
    from trueup.pipeline.explaining import explain

    if given.mistakes:
        raise UserError(*given.mistakes)
    deliver(explain(given.required("code"), given.texts("check")), given.text("output"))
    return CLEAN
