"""The catalogue of checks: found by walking the folders of this package, registered loudly, run one by one.

Each folder is a thing checked; each module in it whose name does not begin with an underscore is one check. A duplicate code, a
module without a check, a module that cannot be imported, a check without a failing and a clean example: an error before work
starts. A check that crashes on a project is reported and the others still run."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import ModuleType

from trueup.checks.examples import Example
from trueup.errors import Mistake, TrueupError, UserError
from trueup.model.audit import Crash, Facts
from trueup.model.findings import Finding, Verdict
from trueup.model.names import Category, Severity
from trueup.redaction import redacted
from trueup.structs import Struct

CheckFunction = Callable[[Facts], Iterator[Verdict]]
CODE = re.compile(r"[A-Z]{3,5}\d{3}")


class RegistrationError(TrueupError):
    """The catalogue of checks is not in order: our mistake, told before any work starts."""


class Check(Struct, frozen=True):
    """`severity` is the gravest that the check gives. `why` says what happens if nothing is done, `fix` what to do. `module` is
    where it stands, for its page. `off`: a matter of taste, which runs only where `select` names it."""

    code: str
    title: str
    severity: Severity
    category: Category
    why: str
    fix: str
    examples: tuple[Example, ...]
    run: CheckFunction
    module: str
    off: bool = False


_registered: dict[str, Check] = {}
_own: tuple[Check, ...] = ()


def check(
    *,
    code: str,
    title: str,
    severity: Severity,
    category: Category,
    why: str,
    fix: str,
    examples: tuple[Example, ...],
    off: bool = False,
) -> Callable[[CheckFunction], CheckFunction]:
    """Registers a check; `off` makes it one that must be asked for.

    Raises RegistrationError for a malformed or taken code, or without a failing and a clean example."""

    def register(function: CheckFunction) -> CheckFunction:
        made = Check(
            code,
            title,
            severity,
            category,
            _flow(why),
            _flow(fix),
            examples,
            function,
            function.__module__,
            off,
        )
        _refuse_disorder(made)
        _registered[code] = made
        return function

    return register


def _refuse_disorder(made: Check) -> None:
    if not CODE.fullmatch(made.code):
        raise RegistrationError(f"{made.module}: {made.code!r} is no code like ABC123")
    other = _registered.get(made.code)
    if other is not None and other.module != made.module:
        raise RegistrationError(f"{made.module}: the code {made.code} is taken by {other.module}")
    if any(c.module == made.module and c.code != made.code for c in _registered.values()):
        raise RegistrationError(f"{made.module}: one file holds one check")
    if not any(e.findings for e in made.examples) or all(e.findings for e in made.examples):
        raise RegistrationError(f"{made.module}: {made.code} needs a failing and a clean example")


def _flow(text: str) -> str:
    return " ".join(text.split())


@cache
def catalogue() -> tuple[Check, ...]:
    """Every check, the user's own in use included, sorted by code. Raises RegistrationError when the folders are not in order."""
    package = importlib.import_module("trueup.checks")
    modules = tuple(_check_modules(package))
    for name in modules:
        _load(name)
    stray = sorted(set(modules) - {c.module for c in _registered.values()})
    if stray:
        raise RegistrationError(f"no check in {', '.join(stray)}: a helper's name begins with an underscore")
    if not _registered:
        raise RegistrationError("there is no check at all")
    return tuple(sorted((*_registered.values(), *_own), key=lambda c: c.code))


def use_own(checks: tuple[Check, ...]) -> None:
    """From now on the catalogue has these checks of the user's own besides, and no others: those of the audit that begins."""
    global _own
    if checks != _own:
        _own = checks
        catalogue.cache_clear()


def _check_modules(package: ModuleType) -> Iterator[str]:
    for folder in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if not folder.ispkg:
            continue
        path = f"{package.__name__}.{folder.name}"
        members = _load(path)
        for module in sorted(pkgutil.iter_modules(members.__path__), key=lambda m: m.name):
            if module.ispkg:
                raise RegistrationError(f"{path}.{module.name}: folders of checks are one level deep")
            if not module.name.startswith("_"):
                yield f"{path}.{module.name}"


def _load(name: str) -> ModuleType:
    try:
        return sys.modules.get(name) or importlib.import_module(name)
    except RegistrationError:
        raise
    except Exception as problem:
        raise RegistrationError(f"{name} cannot be imported: {problem}") from problem


def find_check(code: str) -> Check | None:
    return next((c for c in catalogue() if c.code == code.upper()), None)


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Check, ...]:
    """The checks whose code begins with an entry of `select` (all if empty) and with none of `ignore` ("COL", "COL001", "all").
    One that is off by default is chosen by its whole code only, or with all such by "optional". Raises UserError with every entry
    that fits no code, and for a selection that leaves nothing to run."""
    asked = tuple(map(_prefix, select))
    optional, wanted = OPTIONAL in asked, tuple(entry for entry in asked if entry != OPTIONAL)
    unwanted = tuple(map(_prefix, ignore))
    mistakes = [*_unknown("select", wanted), *_unknown("ignore", unwanted)]
    if mistakes:
        raise UserError(*mistakes)
    left = tuple(
        c
        for c in catalogue()
        if _is_asked_for(c, wanted, optional) and not (unwanted and c.code.startswith(unwanted))
    )
    if not left:
        raise UserError(Mistake("select and ignore", "they leave no check to run"))
    return left


OPTIONAL = "OPTIONAL"
"""The entry of `select` that stands for every check that is off by default."""


def _is_asked_for(one: Check, wanted: tuple[str, ...], optional: bool) -> bool:
    if one.off:
        return optional or one.code in wanted
    return one.code.startswith(wanted) if wanted else not optional


def _prefix(entry: str) -> str:
    return "" if entry.strip().lower() == "all" else entry.strip().upper()


def _unknown(option: str, prefixes: tuple[str, ...]) -> Iterator[Mistake]:
    codes = [c.code for c in catalogue()]
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in codes):
            near = difflib.get_close_matches(prefix, [*codes, *sorted({c[:-3] for c in codes})], 1, 0.5)
            yield Mistake(
                option, f"no check has the code {prefix!r}", f"did you mean {near[0]}?" if near else ""
            )


def run_checks(
    facts: Facts, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[tuple[Verdict, ...], tuple[Crash, ...]]:
    """Runs the chosen checks. Verdicts are sorted (findings by severity, code and subject, then what cannot be told); a check that
    raises gives a Crash and none of its verdicts, and the rest runs. For the options' mistakes see `chosen`."""
    checks = chosen(select, ignore)
    verdicts: list[Verdict] = []
    crashes: list[Crash] = []
    for one in checks:
        try:
            verdicts.extend(tuple(one.run(facts)))
        except Exception as problem:  # a check must not take the others down: exit code 3 tells of it
            crashes.append(Crash(one.code, redacted(f"{type(problem).__name__}: {problem}")))
    return _ordered(verdicts), tuple(crashes)


def _ordered(verdicts: list[Verdict]) -> tuple[Verdict, ...]:
    findings: dict[str, Finding] = {}
    for finding in sorted((v for v in verdicts if isinstance(v, Finding)), key=lambda f: f.sort_key):
        findings.setdefault(finding.id, finding)
    rest = sorted({v for v in verdicts if not isinstance(v, Finding)})
    return (*findings.values(), *rest)
