"""What readers found file by file, kept for one project and this Trueup."""

from __future__ import annotations

from hashlib import blake2b

from trueup.cache.answers import own_version
from trueup.cache.store import Store, cache_folder


class ProjectMemory:
    """A `Memory` (see sources/laravel/memory.py) in the user's cache folder."""

    def __init__(self, root: str) -> None:
        self._store = Store(cache_folder())
        parts = "\0".join([root, *own_version()]).encode("utf-8", "surrogateescape")
        self._mark = blake2b(parts, digest_size=16).hexdigest()

    def get(self, name: str) -> bytes | None:
        return self._store.get(self._key(name))

    def put(self, name: str, payload: bytes) -> None:
        self._store.put(self._key(name), payload)

    def _key(self, name: str) -> str:
        return f"facts-{name}-{self._mark}"
