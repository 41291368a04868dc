"""The catalogue of probes: each module of this package whose name does not begin with an underscore and that registers one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from trueup.model.proofs import PROBE_NAMES, ProbeName, Proof
from trueup.prove._answers import ProbeError
from trueup.prove.bench import Bench
from trueup.structs import Struct

ProbeFunction = Callable[[Bench], Iterator[Proof]]


class Probe(Struct, frozen=True):
    """`about` says in one sentence what the probe does; `seconds` how long it may take at most, other than seeding rows."""

    name: ProbeName
    about: str
    seconds: float
    run: ProbeFunction


_registered: dict[ProbeName, Probe] = {}


def probe(*, name: ProbeName, about: str, seconds: float) -> Callable[[ProbeFunction], ProbeFunction]:
    """Registers a probe. Raises ProbeError for a name that is taken."""

    def register(function: ProbeFunction) -> ProbeFunction:
        known = _registered.get(name)
        if known is not None and known.run.__module__ != function.__module__:
            raise ProbeError(f"{function.__module__}: the probe {name} is that of {known.run.__module__}")
        _registered[name] = Probe(name, about, seconds, function)
        return function

    return register


def probes() -> tuple[Probe, ...]:
    """Every probe in the order in which they run. Raises ProbeError where one has no module."""
    for name in PROBE_NAMES:
        importlib.import_module(f"trueup.prove.{name.replace('-', '_')}")
    missing = [name for name in PROBE_NAMES if name not in _registered]
    if missing:
        raise ProbeError(f"no probe is called {', '.join(missing)}")
    return tuple(_registered[name] for name in PROBE_NAMES)
