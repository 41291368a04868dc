"""Names as PostgreSQL cuts them and makes them up (`makeObjectName`, `ChooseRelationName`, `ChooseConstraintName`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

LIMIT = 63


def cut(name: str) -> str:
    """An identifier as the parser takes it: at most 63 bytes of UTF-8."""
    if len(name) <= 15:
        return name
    return _clip(name, LIMIT)


def _clip(name: str, size: int) -> str:
    data = name.encode("utf-8", "surrogatepass")
    return name if len(data) <= size else data[:size].decode(errors="ignore")


def made(first: str, second: str | None, label: str) -> str:
    """first_second_label within 63 bytes: the longer of the two names gives way."""
    room = LIMIT - len(label.encode("utf-8", "surrogatepass")) - 1 - (1 if second is not None else 0)
    one, two = (
        len(first.encode("utf-8", "surrogatepass")),
        len((second or "").encode("utf-8", "surrogatepass")),
    )
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [_clip(first, one), *([_clip(second, two)] if second is not None else []), label]
    return "_".join(parts)


def chosen(first: str, second: str | None, label: str, taken: Callable[[str], bool]) -> str:
    """The first of first_second_label, ..._label1, ..._label2 that is not taken."""
    name, number = made(first, second, label), 0
    while taken(name):
        number += 1
        name = made(first, second, f"{label}{number}")
    return name


def joined(columns: Iterable[str]) -> str:
    """The middle part of a name: the columns, as many as fit; a second one of the same name gets a number."""
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names:
            number += 1
            name = f"{column}{number}"
        names.append(name)
    text = ""
    for name in names:
        text = f"{text}_{name}" if text else name
        if len(text.encode("utf-8", "surrogatepass")) >= LIMIT + 1:
            break
    return text
