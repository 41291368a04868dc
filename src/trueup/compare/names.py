"""Names as words: how near two table or column names are, and how much a shared word is worth."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# One spelling for words that the field writes in several ways. Not synonyms of a domain: those would be guesses.
_SPELLINGS: Mapping[str, str] = {
    "addr": "address",
    "amt": "amount",
    "avg": "average",
    "cat": "category",
    "cfg": "config",
    "configuration": "config",
    "conf": "config",
    "desc": "description",
    "descr": "description",
    "dob": "birthdate",
    "img": "image",
    "msg": "message",
    "max": "maximum",
    "min": "minimum",
    "modified": "updated",
    "no": "number",
    "nr": "number",
    "num": "number",
    "org": "organization",
    "organisation": "organization",
    "perc": "percentage",
    "percent": "percentage",
    "pct": "percentage",
    "pwd": "password",
    "qty": "quantity",
    "ref": "reference",
    "tel": "phone",
    "telephone": "phone",
    "ts": "timestamp",
    "txt": "text",
    "usr": "user",
}

# The two vocabularies of token accounting: prompt and completion are the input and the output of a model.
_SYNONYMS: Mapping[str, str] = {"prompt": "input", "completion": "output", "spent": "spend"}

# Words that many unrelated columns end in: two names that share nothing else have nothing in common.
GENERIC = frozenset({
    "id", "type", "name", "status", "state", "date", "time", "at", "by", "on", "code", "key", "count", "data", "value", "total",
    "amount", "number", "is", "has", "url", "text", "level", "index", "order", "flag", "created", "updated", "timestamp", "average",
    "maximum", "minimum", "current", "last", "first", "new", "old", "per", "of", "to", "from", "for", "and",
})  # fmt: skip

# Words that seldom tell one column from another: `cost` is more likely `total_cost` than `input_cost`.
_NEUTRAL = frozenset(
    {"total", "current", "overall", "value", "amount", "the", "of", "in", "is", "has", "number"}
)
_NEUTRAL_SHARE = 0.3

# Columns that nearly every table has; sharing them says nothing about what a table is.
BOILERPLATE = frozenset({"id", "created_at", "updated_at", "deleted_at"})


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """English singular by rules that are safe on identifiers ("alerts" → "alert", "status" stays)."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier in order, lower case, singular, in one spelling."""
    found = (part.lower() for part in _WORD.findall(name))
    return tuple(_SPELLINGS.get(singular(w), singular(w)) for w in found)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The word without the endings of verbs ("spending", "spends", "spent" is left alone)."""
    for ending in ("ing", "ed"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def same_name(a: str, b: str) -> bool:
    """Whether two names are the same words: singular or plural, camel or snake case."""
    return words(a) == words(b)


class Rarity:
    """How much a name or word is worth, by the number of tables or columns that have it (inverse document frequency)."""

    def __init__(self, documents: Iterable[Iterable[str]]) -> None:
        self._seen: Counter[str] = Counter()
        self._documents = 0
        for document in documents:
            self._documents += 1
            self._seen.update({item.lower() for item in document})

    def weight(self, item: str) -> float:
        """1 for what is met once or never, towards 0 for what is met everywhere."""
        lowered = item.lower()
        seen = max(self._seen[lowered], 1)
        return math.log1p(self._documents / seen) / math.log1p(max(self._documents, 1))

    def column_weight(self, name: str) -> float:
        """`weight`, with next to nothing for the columns that nearly every table has."""
        return 0.05 if name.lower() in BOILERPLATE else self.weight(name)


def word_similarity(a: str, b: str, rarity: Rarity, ignored: frozenset[str] = frozenset()) -> float:
    """Weighted share of words (0..1) of two names. Words that set them apart count little if they are neutral or in `ignored` (the
    words of the table's own name, say). Names that share only words which many columns have, or the table's, are alike only if
    one adds nothing but such little words to the other."""
    left, right = stems(a), stems(b)
    if left == right:
        return 1.0 if left else 0.0
    shared, apart = left & right, left ^ right
    little = _NEUTRAL | ignored
    added = apart <= little and (left <= right or right <= left)
    if not shared or (shared <= GENERIC | ignored and not added):
        return 0.0
    common = sum(rarity.weight(w) for w in sorted(shared))
    differing = sum(rarity.weight(w) * (_NEUTRAL_SHARE if w in little else 1.0) for w in sorted(apart))
    return common / (common + differing) if common else 0.0


@lru_cache(maxsize=4096)
def stems(name: str) -> frozenset[str]:
    """The words of a name without endings, one for each synonym."""
    return frozenset(_SYNONYMS.get(stem(w), stem(w)) for w in words(name))
