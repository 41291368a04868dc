"""Text of a project made visible: characters that show nothing, or turn what follows around, stand as their code."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control characters but tab and line breaks, zero-width ones, and those that change the direction of writing."""


def visible(value: object) -> object:
    """A text with such characters written as `\\u202e`; in lists and mappings too. Anything else as it is."""
    if isinstance(value, str):
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    if isinstance(value, dict):
        return {key: visible(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [visible(inner) for inner in value]
    return value
