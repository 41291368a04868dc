"""The file as text: whole, small, self-contained, and never markup of the project's."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.page.exhibits import everything, large
from tests.report.samples import AUDIT
from trueup.page.exhibit import Exhibit
from trueup.page.render import page_html
from trueup.page.views.readiness import Part, Readiness
from trueup.page.visible import visible


class _Reader(HTMLParser):
    """Notes the elements, and whether each that was opened is closed in its turn."""

    VOID = frozenset({"meta", "link", "input", "br", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.wrong.append(tag)


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


@pytest.fixture(scope="module")
def page() -> str:
    return page_html(everything())


def test_it_is_well_formed_and_has_no_element_of_the_projects(page: str) -> None:
    reader = read(page)
    assert (reader.wrong, reader.opened) == ([], [])
    assert [attrs for tag, attrs in reader.elements if tag == "script"] == [
        {"type": "application/json", "id": "data"},
        {},
    ]
    ids = [attrs["id"] for _, attrs in reader.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_or_styled_in_place(page: str) -> None:
    for _, attrs in read(page).elements:
        assert not {"src", "style", "onclick", "onload"} & set(attrs), attrs
        assert not str(attrs.get("href") or "").startswith(("http", "//", "javascript")), attrs


def test_the_policy_forbids_everything_but_its_own_script_and_style(page: str) -> None:
    policy = next(
        a["content"] for t, a in read(page).elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; "
        r"img-src data:; base-uri 'none'; form-action 'none'",
        str(policy),
    )


def test_unseen_characters_are_seen(page: str) -> None:
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\\u202e$HOME" in page


def test_same_exhibit_same_bytes(page: str) -> None:
    assert page_html(everything()) == page


def test_an_audit_alone_is_enough() -> None:
    assert read(page_html(Exhibit(AUDIT))).wrong == []


def test_a_large_application_stays_below_five_megabytes() -> None:
    text = page_html(large())
    assert text.count('<details class="finding') == 2000
    assert len(text.encode()) < 5_000_000


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31m", "\\u001b[31m"),
        (["\u202e", {"a": "\u200b"}, 3, None], ["\\u202e", {"a": "\\u200b"}, 3, None]),
    ],
)
def test_visible(given: object, shown: object) -> None:
    assert visible(given) == shown


def test_the_score_is_the_mean_of_the_shares_rounded_down() -> None:
    parts = (Part("a", 1, 2, ""), Part("b", 999, 1000, ""), Part("c", 3, 3, ""))
    assert Readiness(parts).score == 83
    assert [part.percent for part in parts] == [50, 99, 100]
    assert Readiness(()).score is None


def test_what_stands_between_backticks_is_code(page: str) -> None:
    shown = re.findall(r'<span class="message">(.*?)</span>', page, re.DOTALL)
    assert "The required table <code>alerts</code> does not exist." in shown
    assert "No document requires <code>users</code>." in shown
