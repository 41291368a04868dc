"""Secrets that this process was given, kept out of whatever it says when something goes wrong.

Reports hold no secret by construction: they show an address without user and password. Tracebacks and the messages of drivers are
not ours to write, so they pass through `redacted` before anybody sees them."""

from __future__ import annotations

import re

_secrets: set[str] = set()
_RUN = re.compile(r"[^\s'\"]++")
_SCHEME = re.compile(r"\b[a-z][a-z0-9+.-]{0,60}://(?!user:password@host)", re.IGNORECASE)
_SHORT = 4
HIDDEN = "•••"


def remember_secret(secret: str) -> None:
    """From now on `redacted` hides this text, also percent-encoded."""
    from urllib.parse import quote

    if secret:
        _secrets.update((secret, quote(secret, safe=""), repr(secret)[1:-1]))


def redacted(text: str) -> str:
    """The text without any secret remembered and without user and password of any URL in it. Secrets of three signs or fewer are
    hidden where they stand alone."""
    for secret in sorted(_secrets, key=lambda s: (-len(s), s)):
        pattern = re.escape(secret)
        text = re.sub(pattern if len(secret) >= _SHORT else rf"(?<!\w){pattern}(?!\w)", HIDDEN, text)
    return _RUN.sub(_without_userinfo, text)


def _without_userinfo(run: re.Match[str]) -> str:
    """All up to the last "@": passwords that were not percent-encoded may hold any other sign. The example in our advice stays."""
    text = run.group()
    last = text.rfind("@")
    scheme = _SCHEME.search(text) if last >= 0 else None
    return f"{text[: scheme.end()]}{HIDDEN}{text[last:]}" if scheme and scheme.end() <= last else text
