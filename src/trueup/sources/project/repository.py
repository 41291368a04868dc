"""The git repository that a project lies in, found without git."""

from __future__ import annotations

import os


def prefix_in_repository(root: str) -> str:
    """The project's folder within its repository, with a slash at the end; "" where it is the root of one or in none."""
    folder, parts = os.path.realpath(root), list[str]()
    while not os.path.exists(os.path.join(folder, ".git")):  # a file in worktrees and submodules
        parent, name = os.path.split(folder)
        if parent == folder:
            return ""
        parts.insert(0, name)
        folder = parent
    return "".join(f"{part}/" for part in parts)
