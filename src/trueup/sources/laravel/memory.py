"""What earlier runs found out, file by file, and what each finding hangs on.

A fact is believed while everything that it hangs on is as it was: the files that were read for it, by content, and whatever else
its reader names. Facts are kept as pickles; they are read back as data of our own classes and nothing else."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Generic, Protocol, TypeVar

from trueup.parallel import share_out
from trueup.structs import Struct

T = TypeVar("T")
On = tuple[str, str, str]
"""A kind of thing ("file"), which one, and a digest of its state."""
StateOf = Callable[[str, str], str]
_SHAPE = "facts 1"
_OURS = ("trueup.model.", "trueup.sources.laravel.")
_BUILTIN = frozenset({"set", "frozenset"})


class Memory(Protocol):
    """Bytes by name. What is damaged, or was kept by another version or for another project, counts as absent."""

    def get(self, name: str) -> bytes | None: ...

    def put(self, name: str, payload: bytes) -> None: ...


class Fact(Struct, Generic[T], frozen=True):
    """What was found in one file."""

    found: T
    hangs_on: tuple[On, ...]

    def holds(self, state_of: StateOf) -> bool:
        return all(state_of(kind, name) == state for kind, name, state in self.hangs_on)


class Facts(Struct, Generic[T], frozen=True):
    """The facts of one reader. `name` names it in the memory; `whole` is a digest of what every fact hangs on."""

    memory: Memory | None
    name: str
    whole: str

    def of(
        self,
        files: Sequence[str],
        state_of: StateOf,
        work: Callable[[str], Fact[T]],
        processes: Callable[[Sequence[str]], int],
    ) -> list[T]:
        """What `work` finds in each file, or has found before; by as many processes as the files to be worked on are worth."""
        kept = self._kept()
        facts = {f: kept[f] for f in files if f in kept and kept[f].holds(state_of)}
        stale = [f for f in files if f not in facts]
        if stale:
            facts.update(zip(stale, share_out(stale, work, processes(stale)), strict=True))
        if self.memory is not None and (stale or len(kept) != len(files)):
            self.memory.put(self.name, pickle.dumps((_SHAPE, self.whole, facts), pickle.HIGHEST_PROTOCOL))
        return [facts[f].found for f in files]

    def _kept(self) -> dict[str, Fact[T]]:
        payload = self.memory.get(self.name) if self.memory is not None else None
        if payload is None:
            return {}
        try:
            shape, whole, facts = _Own(io.BytesIO(payload)).load()
        except (
            pickle.UnpicklingError,
            AttributeError,
            ImportError,
            LookupError,
            ValueError,
            TypeError,
            EOFError,
        ):
            return {}
        return facts if (shape, whole) == (_SHAPE, self.whole) else {}


class _Own(pickle.Unpickler):
    """Makes nothing but what readers find: whoever could write to the cache could otherwise have anything called."""

    def find_class(self, module: str, name: str) -> type:
        if module.startswith(_OURS) or (module == "builtins" and name in _BUILTIN):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a reader finds")


def digest(*parts: object) -> str:
    """Of the texts of values: of the same values it is the same in every run."""
    return digest_of(repr(parts).encode("utf-8", "surrogateescape"))


def digest_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def on_files(files: Iterable[str], state_of: StateOf) -> tuple[On, ...]:
    """That a fact hangs on the contents of these files."""
    return tuple(("file", file, state_of("file", file)) for file in sorted(files))
