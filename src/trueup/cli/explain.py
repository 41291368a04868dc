"""Say what a check means, why it matters and how to mend it, with examples. Without CODE: list all checks."""

from __future__ import annotations

from typing import Annotated

import typer

from trueup.cli.options import Output
from trueup.cli.running import deliver


def command(
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)] = "",
    output: Output = None,
) -> int:
    from trueup.pipeline.explaining import explain

    deliver(explain(code), output)
    return 0
