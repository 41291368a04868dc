"""What trueup.toml may say: one declaration, from which it is read, and from which its JSON Schema is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from trueup.config.settings import FAIL_ON
from trueup.model.names import DRIVERS
from trueup.structs import Struct

Shape = Literal[
    "text",
    "choice",
    "choices",
    "files",
    "folders",
    "file",
    "codes",
    "checks",
    "ignores",
    "severities",
    "roles",
    "phases",
]


class Declared(Struct, frozen=True):
    """A setting: its name in the file, the shape of its value, what it is for in one sentence. `choices` are the values that a
    choice may have."""

    name: str
    shape: Shape
    about: str
    choices: Sequence[str] = ()


DECLARED = (
    Declared("specs", "files", "Specification documents, relative to the project's root."),
    Declared("driver", "choice", "The server that is audited for, as Laravel names it.", DRIVERS),
    Declared(
        "drivers", "choices", "Further servers to audit for: each finding tells on which it holds.", DRIVERS
    ),
    Declared("server_version", "text", "The server's version, such as 8.0.36, where it matters."),
    Declared("paths", "folders", "Folders of migrations, in place of those that are found."),
    Declared("select", "codes", "Only checks whose code begins with one of these."),
    Declared("ignore", "codes", "No checks whose code begins with one of these."),
    Declared("checks", "checks", "Checks of your own: Python files, or names of entry points."),
    Declared(
        "ignore_paths",
        "ignores",
        "Findings that are accepted in files of a pattern: pattern to beginnings of codes, or all.",
    ),
    Declared(
        "ignore_tables",
        "ignores",
        "Findings that are accepted for tables of a pattern: pattern to beginnings of codes, or all.",
    ),
    Declared("severity", "severities", "Severities in place of a check's own, by code."),
    Declared("fail_on", "choice", "The mildest severity that makes the command end with 1.", FAIL_ON),
    Declared("baseline", "file", "The file of accepted findings, which trueup baseline keeps."),
    Declared("roles", "roles", "Which table and columns play which part in cost tracking, for trueup prove."),
    Declared(
        "phases",
        "phases",
        "Folders for the tickets of a phase, in place of those that the audit ticket names.",
    ),
)

SETTINGS = tuple(one.name for one in DECLARED)
"""What the file may set: not the format and what else is a matter of the moment, nor a URL, which holds a password."""


def declared(name: str) -> Declared:
    """The declaration of a setting that there is."""
    return next(one for one in DECLARED if one.name == name)
