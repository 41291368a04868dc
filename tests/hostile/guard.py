"""Work that may hang, done in a process of its own whose processor time is bounded: nothing is measured."""

from __future__ import annotations

import os
import resource
import traceback
from collections.abc import Callable, Iterable


def hung(steps: Iterable[tuple[str, Callable[[], object]]], cpu_seconds: int = 10) -> str:
    """The name of the step that took more than so many seconds of processor time or failed, and how; "" if none did."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _carry_out(steps, cpu_seconds, writing)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    return f"{said.rpartition(chr(0))[2]}: ended with {code}" if code else ""


def _carry_out(steps: Iterable[tuple[str, Callable[[], object]]], cpu_seconds: int, pipe: int) -> None:
    """In the child. Each step has the whole time; SIGXCPU ends the process, also from within C code."""
    code = 1
    try:
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        for name, step in steps:
            os.write(pipe, b"\0" + name.encode("utf-8", "replace"))
            used = os.times()
            resource.setrlimit(resource.RLIMIT_CPU, (int(used.user + used.system) + cpu_seconds, most))
            step()
        code = 0
    except BaseException:
        os.write(pipe, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(code)
