"""Keys and indexes in lists under a table's heading: "`idx_user` on `(user_id, created_at)`", "**Unique**: `email`"."""

from __future__ import annotations

import re

from trueup.model.locations import Location
from trueup.model.spec import RequiredForeignKey, RequiredIndex
from trueup.sources.markdown.blocks import Item
from trueup.sources.markdown.words import label, plain
from trueup.sources.spec.setting import Setting

_HEADING = re.compile(
    r"(?:database |required |table )?(?:index(?:es)?|indices|(?:primary |foreign |unique )?keys?|(?:unique )?constraints?)"
    r"(?: (?:and|&) (?:index(?:es)?|keys|constraints|foreign keys))?"
)
_COLUMN = r"[a-z_][a-z0-9_]*"
_LIST = rf"{_COLUMN}(?:\s*+[,+]\s*+{_COLUMN}){{0,8}}"
_KIND = (
    r"(?P<kind>(?:primary key|unique(?: index| key| constraint)?|(?:composite |compound |covering )?(?:index|key)"
    r"|fulltext(?: index| key)?))"
)
_NAMED = rf"(?:\s++(?:named|called|as)\s++(?P<name>{_COLUMN}))?"
_END = r"\s*+(?:$|[-–—:(;.].*)"
_PATTERNS = (
    re.compile(
        rf"(?:{_KIND}\s*+(?::\s*+)?)?(?P<name>{_COLUMN})\s++on\s++(?:\w++\s*+)?\((?P<columns>{_LIST})\){_END}",
        re.I,
    ),
    re.compile(rf"(?:{_KIND}\s*+(?::\s*+)?)?(?P<name>{_COLUMN})\s++on\s++(?P<columns>{_LIST}){_END}", re.I),
    re.compile(rf"{_KIND}\s++on\s++\(?(?P<columns>{_LIST})\)?{_NAMED}{_END}", re.I),
    re.compile(rf"{_KIND}\s*+(?::\s*+)?\((?P<columns>{_LIST})\){_NAMED}{_END}", re.I),
    re.compile(
        rf"(?P<columns>{_LIST})\s*+\((?P<kind>unique|index|indexed|composite|primary key|fulltext)\b[^()]*+\){_END}",
        re.I,
    ),
    re.compile(rf"(?:{_KIND}\s*+(?::\s*+)?)?(?P<name>{_COLUMN})\s*+\((?P<columns>{_LIST})\){_END}", re.I),
    re.compile(rf"{_KIND}\s*+:\s*+(?P<columns>{_LIST}){_END}", re.I),
)
_REFERS = re.compile(
    rf"(?:(?:foreign key|fk)\s*+(?::\s*+)?)?\(?(?P<columns>{_LIST})\)?\s*+(?:references|refers to|→|->|=>)\s*+(?P<table>{_COLUMN})"
    rf"\s*+(?:\(\s*+(?P<inner>{_LIST})\s*+\)|\.\s*+(?P<dotted>{_COLUMN}))(?P<rest>.*)",
    re.I,
)
_ACTION = re.compile(r"\bon\s+delete\s+(cascade|set\s+null|restrict|no\s+action)", re.I)


def is_key_list(caption: str) -> bool:
    """Whether a caption or heading says nothing but that keys or indexes follow."""
    return _HEADING.fullmatch(label(caption)) is not None


def listed_key(item: Item, setting: Setting) -> RequiredIndex | RequiredForeignKey | None:
    """The index or foreign key that a list's entry states; None for anything else."""
    return key_written(re.sub(r"\s+", " ", plain(item.text)), setting.at(item.line))


def key_written(text: str, at: Location) -> RequiredIndex | RequiredForeignKey | None:
    """ "UNIQUE (a, b)", "idx_a on (a, b)", "a → t(id)": a key in plain words; None for anything else."""
    refers = _REFERS.match(text)
    if refers:
        foreign = refers["inner"] or refers["dotted"]
        action = _ACTION.search(refers["rest"])
        on_delete = re.sub(r"\s+", " ", action[1].lower()) if action else None
        return RequiredForeignKey(
            _names(refers["columns"]), refers["table"], _names(foreign), on_delete, None, None, at
        )
    match = next((m for p in _PATTERNS if (m := p.fullmatch(text))), None)
    if match is None:
        return None
    kind = (match["kind"] or "").lower()
    name = match.groupdict().get("name")
    primary = "primary" in kind
    named = name if name and name.lower() not in ("index", "key", "unique", "constraint") else None
    return RequiredIndex(
        _names(match["columns"]),
        None if primary else named,
        primary or "unique" in kind,
        primary,
        at,
        kind="fulltext" if "fulltext" in kind else "btree",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text))
