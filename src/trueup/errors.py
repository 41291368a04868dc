"""Every error that Trueup raises on purpose.

TrueupError
├── UserError           the user's mistake: exit code 2, all of them at once
│   ├── ConfigError     trueup.toml, [tool.trueup] or an option is wrong
│   └── TargetError     the path is no project, no ticket, or can't be read
├── RegistrationMistake  a check of the user's own is declared wrongly; told as a UserError when it is loaded
└── ReaderCrash         a reader or check of ours failed on one input: exit code 3, the rest is still reported
"""

from __future__ import annotations

from trueup.structs import Struct


class TrueupError(Exception):
    """Base of all errors raised on purpose."""


class Mistake(Struct, frozen=True):
    """One thing that the user must mend: where, what is wrong, what was expected."""

    where: str
    problem: str
    expected: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{text} ({self.expected})" if self.expected else text


class UserError(TrueupError):
    """One or more mistakes of the user, gathered so that all are told at once."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("\n".join(str(m) for m in mistakes))
        self.mistakes = mistakes


class ConfigError(UserError):
    """A setting is wrong: unknown name, unknown value, wrong type."""


class TargetError(UserError):
    """The target of a command is missing, unreadable, or not what the command works on."""


class RegistrationMistake(TrueupError):
    """A check of the user's own is declared wrongly."""


class ReaderCrash(TrueupError):
    """A reader or check failed on one input. `what` names it; the cause is chained."""

    def __init__(self, what: str, problem: str) -> None:
        super().__init__(f"{what}: {problem}")
        self.what = what
        self.problem = problem
