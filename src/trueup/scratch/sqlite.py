"""Scratch databases of SQLite: a folder of our own for each, in the system's temporary folder or beside the file that is named."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile

from trueup.model.names import Driver
from trueup.scratch.hosts import refused
from trueup.sources.database.url import Address

FILE = "scratch.sqlite"


class SqliteFolder:
    def __init__(self, address: Address) -> None:
        """The path is that of a database, which is not touched: the scratch folder is made beside it; or that of a folder."""
        path = os.path.abspath(address.database) if address.database else tempfile.gettempdir()
        self._at = address
        self.folder = path if os.path.isdir(path) else os.path.dirname(path)

    def version(self) -> str:
        return sqlite3.sqlite_version

    def driver(self, version: str) -> Driver:
        return "sqlite"

    def names(self) -> list[str]:
        try:
            with os.scandir(self.folder) as entries:
                return [e.name for e in entries if e.is_dir(follow_symlinks=False)]
        except OSError:
            return []

    def create(self, name: str) -> None:
        try:
            os.mkdir(os.path.join(self.folder, name), mode=0o700)
        except OSError as problem:
            raise refused(self._at, f"{self.folder}: {problem.strerror}") from None

    def drop(self, name: str) -> None:
        path = os.path.join(self.folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)

    def address(self, name: str) -> Address:
        path = os.path.join(self.folder, name, FILE)
        return Address("sqlite", f"sqlite://{path}", database=path)
