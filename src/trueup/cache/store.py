"""Bytes by key in the user's cache folder: bounded, safe under runs at the same time, and never believed when damaged.

The folder is $TRUEUP_CACHE_DIR, else $XDG_CACHE_HOME/trueup, else ~/.cache/trueup. Where it can't be written nothing is kept, and
nobody is bothered."""

from __future__ import annotations

import os
from hashlib import blake2b

MAX_BYTES = 256_000_000
"""Beyond that the entries that were used longest ago go, down to three quarters of it."""
MAX_ENTRY_BYTES = 64_000_000

_MAGIC = b"trueup-cache-1\n"
_DIGEST = 32


def cache_folder() -> str | None:
    """Absolute; None where the system tells of none."""
    named = os.environ.get("TRUEUP_CACHE_DIR")
    if named:
        return os.path.abspath(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "trueup") if os.path.isabs(base) else None


class Store:
    """Entries are files whose name is their key. Each bears a digest of itself: one that is cut off, mixed or altered counts as
    absent and is removed."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept under the key, or None."""
        if self.folder is None:
            return None
        path = os.path.join(self.folder, key)
        try:
            with open(path, "rb") as file:
                kept = file.read(MAX_ENTRY_BYTES + 1)
            payload = _payload(kept)
            if payload is None:
                os.unlink(path)
            else:
                os.utime(path)  # used just now: what is used longest ago goes first
        except OSError:
            return None
        return payload

    def put(self, key: str, payload: bytes) -> None:
        """Keeps the bytes, whole or not at all."""
        if self.folder is None or len(payload) > MAX_ENTRY_BYTES - 100:
            return
        from trueup.interrupts import held_back  # most runs keep nothing new

        temporary = os.path.join(self.folder, f".{key}.{os.getpid()}")
        try:
            with held_back():
                self._put(temporary, key, payload)
                self._keep_within(MAX_BYTES)
        except OSError:
            return  # a full or read-only disk costs time in the next run, nothing else

    def _put(self, temporary: str, key: str, payload: bytes) -> None:
        assert self.folder is not None
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(_MAGIC + _digest(payload) + payload)
            os.replace(temporary, os.path.join(self.folder, key))
        except OSError:
            os.unlink(temporary)
            raise

    def _keep_within(self, limit: int) -> None:
        """Removes the entries that were used longest ago, and what a killed run left half-written."""
        assert self.folder is not None
        with os.scandir(self.folder) as scan:
            entries = sorted((_used(e), e.path) for e in scan if e.is_file(follow_symlinks=False))
        total = sum(size for (_, size), _ in entries)
        if total <= limit:
            return
        for (_, size), path in entries:
            os.unlink(path)
            total -= size
            if total <= limit * 3 // 4:
                break


def _used(entry: os.DirEntry[str]) -> tuple[int, int]:
    """When it was used last, in nanoseconds, and its size in bytes."""
    found = entry.stat(follow_symlinks=False)
    return found.st_mtime_ns, found.st_size


def _digest(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=_DIGEST).digest()


def _payload(kept: bytes) -> bytes | None:
    start = len(_MAGIC) + _DIGEST
    payload = kept[start:]
    return payload if kept[:start] == _MAGIC + _digest(payload) else None
