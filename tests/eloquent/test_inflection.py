"""The inflector against the framework's own, on every rule and on tens of thousands of words."""

# ruff: noqa: SIM905  # word lists read better as text

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path

import pytest

from trueup.sources.laravel.inflection import camel, plural, plural_studly, singular, snake, studly, table_of

SCRIPT = Path(__file__).with_name("inflection.php")

# Doctrine's inflector changed these after the release that Debian packages: the framework's newer majors get the newer answers.
NEWER = {"axis", "cave", "brownie", "epoch"}

ONSETS = ("b", "st", "qu", "m", "ind", "vert", "child", "alumn", "analys", "h", "l", "t")
VOWELS = ("", "a", "e", "i", "o", "u", "ou", "ea")
CODAS = [
    "",
    *"""
s ss sh ch x z y f fe ve ves um us is on o oes ies ices ice ix ex man men ouse ia ta ti ware media data eau
sis ses lf rf ff xes d n r t g ing ed er ty ey ive atus atuses erson eople oot eet ews a i
""".split(),
]
WORDS = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split()
STUDLY = """
User AIModel APIKey SMSLog UserData UserMedia SocialMedia PersonalAccessToken AiBudgetStatus OAuthClient
Page2 MP3 A ÉcoleUser UserNews HomeWork MetaData BlogPostCategory UserFeedback SeaBass XMLNews AISoftware
DatumType LoveLetter userPerson
""".split()


def vocabulary() -> list[str]:
    made = ["".join(parts) for parts in itertools.product(ONSETS, VOWELS, CODAS)]
    words = [*made, *WORDS, *(w.capitalize() for w in WORDS), *(w.upper() for w in WORDS), *STUDLY]
    words += [f"Ai{w.capitalize()}" for w in WORDS] + [f"user_{w}" for w in WORDS]
    return sorted({w for w in words if w and w.lower().removeprefix("ai").removeprefix("user_") not in NEWER})


@pytest.fixture(scope="module")
def answers() -> dict[str, list[str]]:
    words = vocabulary()
    done = subprocess.run(
        ["php", "-d", "error_reporting=0", str(SCRIPT)],
        input="\n".join(words) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(zip(words, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(
    ("number", "function"),
    [(0, plural), (1, singular), (2, table_of), (3, snake), (4, studly), (5, camel)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_word_as_the_framework_has_it(
    answers: dict[str, list[str]], number: int, function: object
) -> None:
    assert callable(function)
    assert len(answers) > 5_000
    wrong = {w: (function(w), a[number]) for w, a in answers.items() if function(w) != a[number]}
    assert wrong == {}


@pytest.mark.parametrize(
    ("one", "many"), [("axis", "axes"), ("cave", "caves"), ("brownie", "brownies"), ("epoch", "epochs")]
)
def test_words_that_newer_inflectors_know(one: str, many: str) -> None:
    assert (plural(one), singular(many)) == (many, one)


def test_only_the_last_word_of_a_class_is_inflected() -> None:
    assert plural_studly("PersonPhoto") == "PersonPhotos"
    assert plural_studly("PhotoPerson") == "PhotoPeople"
