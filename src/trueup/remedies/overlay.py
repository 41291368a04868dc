"""A project with some files changed, for readers: a scratch folder of links to the real one, in which only these files are real.
Nothing of the project is copied or touched."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping

from trueup.model.project import Project
from trueup.structs import replace


@contextlib.contextmanager
def overlaid(project: Project, texts: Mapping[str, str]) -> Iterator[Project]:
    """The project with `texts` (path relative to the root → whole text) in place of, or beside, what is on disk. The folder is gone
    when the context ends."""
    with tempfile.TemporaryDirectory(prefix="trueup-overlay-") as folder:
        _link(project.root, folder, set(texts))
        for path, text in texts.items():
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write(text)
        files = tuple(sorted({*project.files, *(p for p in texts if p.endswith(".php"))}))
        yield replace(project, root=folder, files=files)


def _link(root: str, folder: str, changed: set[str]) -> None:
    """Links to all entries of `root`; a folder on the way to a changed file is made anew, and its entries linked."""
    first = {path.split("/", 1)[0] for path in changed}
    for name in os.listdir(root):
        source, target = os.path.join(root, name), os.path.join(folder, name)
        if name not in first:
            os.symlink(source, target)
        elif os.path.isdir(source):
            os.mkdir(target)
            _link(source, target, {p.split("/", 1)[1] for p in changed if p.startswith(f"{name}/")})
