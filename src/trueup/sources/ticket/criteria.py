"""Acceptance criteria and what each asks about."""

from __future__ import annotations

import re

from trueup.model.locations import Location
from trueup.model.ticket import Criterion
from trueup.sources.markdown.blocks import Item
from trueup.sources.markdown.words import plain
from trueup.sources.ticket.sections import Section

# The first that matches wins: what a criterion is for comes before the things that it mentions.
TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (topic, re.compile(pattern, re.IGNORECASE))
    for topic, pattern in (
        ("template", r"\btemplate\b"),
        ("numbering", r"\bnumber(?:ing|ed)\b|\b\d{2,}\+\s+for\b"),
        ("tickets", r"\bcreat(?:e|ion|ed)\b.*\btickets?\b|\btickets?\b.*\bcreated\b"),
        ("recommendations", r"\brecommend"),
        ("gap-analysis", r"\bgaps?\b"),
        (
            "inventory",
            r"\binventory\b|\bexisting (?:vs\.?|versus|and) required\b|\blist of (?:all )?tables\b",
        ),
        ("factories", r"\bfactor(?:y|ies)\b|\bseeders?\b"),
        ("migrations", r"\bmigrations?\b"),
        (
            "capability",
            r"\b(?:can|able to|ability to) (?:support|carry|handle)\b|\breal (?:cost|data|budget)|\benforcement\b",
        ),
        ("performance", r"\bperforman|\bindex(?:es|ing)?\b|\boptimi[sz]|\bslow\b"),
        ("models", r"\bmodels?\b|\beloquent\b|\brelationships?\b"),
        ("compliance", r"\bcomplian|\bconform|\bspecifications?\b|\bschema\b|\btable structure"),
        ("tests", r"\btests?\b|\bcoverage\b"),
    )
)


def topic_of(text: str) -> str:
    return next((topic for topic, pattern in TOPICS if pattern.search(text)), "")


def read_criteria(section: Section, file: str) -> tuple[Criterion, ...]:
    """Every list item of the section, those of sub-lists and sub-headings too, in order."""
    items = [b for b in section.blocks if isinstance(b, Item)]
    texts = [(re.sub(r"\s+", " ", plain(b.text)), b) for b in items]
    return tuple(
        Criterion(text, Location(file, b.line), bool(b.checked), topic_of(text)) for text, b in texts if text
    )
