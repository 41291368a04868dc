"""Arguments of a command, by argparse: it costs a tenth of what larger command-line libraries cost to import, which is more
than the replay of a whole project. Values stay texts here; what is wrong with them is told all at once, by `config`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from trueup.errors import Mistake, UserError


class Given:
    """The arguments that were given, by name. `mistakes` are options that do not exist and arguments too many."""

    def __init__(self, values: dict[str, object], mistakes: tuple[Mistake, ...] = ()) -> None:
        self._values = values
        self.mistakes = mistakes

    def as_typed(self) -> tuple[str, ...]:
        """All that was given, in a fixed order: two commands that are alike in it ask the same."""
        return tuple(f"{name}={value!r}" for name, value in sorted(self._values.items()))

    def text(self, name: str) -> str | None:
        """The value of an option, or None where it was not given."""
        value = self._values[name]
        return value if isinstance(value, str) else None

    def required(self, name: str) -> str:
        """The value of an argument or option that has a default."""
        value = self._values[name]
        assert isinstance(value, str), name
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of an option that may be given again."""
        value = self._values[name]
        return tuple(str(item) for item in value) if isinstance(value, list) else ()

    def flag(self, name: str) -> bool:
        return self._values[name] is True


class _Wide(argparse.RawDescriptionHelpFormatter):
    """Help that puts each option on one line."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=110)


class Arguments(argparse.ArgumentParser):
    """The arguments that a command takes. Mistakes are raised, never printed."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            prog=f"trueup {name}",
            description=description.strip(),
            formatter_class=_Wide,
            usage=f"trueup {name} [OPTIONS] [ARGUMENTS]",
            allow_abbrev=False,
        )

    def argument(self, name: str, default: str, about: str) -> None:
        """A positional argument that may be left out."""
        self.add_argument(name, nargs="?", default=default, metavar=name.upper(), help=about)

    def option(self, name: str, metavar: str, about: str, default: str | None = None) -> None:
        """`--name VALUE`."""
        self.add_argument(f"--{name}", metavar=metavar, help=about, default=default)

    def options(self, name: str, metavar: str, about: str) -> None:
        """`--name VALUE`, which may be given again."""
        self.add_argument(f"--{name}", metavar=metavar, help=about, action="append", default=None)

    def switch(self, name: str, about: str) -> None:
        """`--name`."""
        self.add_argument(f"--{name}", action="store_true", help=about)

    def read(self, arguments: Sequence[str]) -> Given:
        """Raises UserError for an option without its value."""
        known, mistakes = self._without_unknown(arguments)
        values, left = self.parse_known_args(known)
        mistakes.extend(
            Mistake("", f"'{argument}' is one argument too many", f"see {self.prog} --help")
            for argument in left
        )
        return Given(vars(values), tuple(mistakes))

    def error(self, message: str) -> NoReturn:
        raise UserError(Mistake("", message.removeprefix("argument "), f"see {self.prog} --help"))

    def _without_unknown(self, arguments: Sequence[str]) -> tuple[list[str], list[Mistake]]:
        """The arguments without options that do not exist (and what looks like their values), and these as mistakes."""
        options = [option for action in self._actions for option in action.option_strings]
        kept: list[str] = []
        mistakes: list[Mistake] = []
        unknown = False
        for argument in arguments:
            name = argument.split("=", 1)[0]
            if name.startswith("-") and name not in options and name not in ("-", "--"):
                mistakes.append(self._unknown(name, options))
                unknown = "=" not in argument
            elif unknown and not name.startswith("-"):
                unknown = False
            else:
                kept.append(argument)
                unknown = False
        return kept, mistakes

    def _unknown(self, name: str, options: list[str]) -> Mistake:
        from difflib import get_close_matches

        near = get_close_matches(name, options, n=1, cutoff=0.7)
        return Mistake(
            "",
            f"there is no option '{name}'",
            f"did you mean '{near[0]}'?" if near else f"see {self.prog} --help",
        )
