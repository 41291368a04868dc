"""The page in a real browser: what is clicked, what is seen, what a screen reader and the security policy find."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.page.exhibits import everything, large
from tests.report.samples import AUDIT
from trueup.page.render import page_html

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("TRUEUP_TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("page") / "audit.html"
    written.write_text(page_html(everything()), encoding="utf-8")
    return written


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, opened from disk; nothing may be asked of the network, and nothing may go wrong."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, offline=True)
    opened = context.new_page()
    trouble: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            trouble.append(message.text)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(file.as_uri())
    opened.wait_for_selector("html[data-ready=yes]", state="attached")
    yield opened
    assert trouble == []
    assert asked == [file.as_uri()]
    context.close()


def visible_findings(page: Page) -> list[str | None]:
    return [f.get_attribute("id") for f in page.locator("#finding-list > details").all() if f.is_visible()]


def test_the_hostile_text_ran_nothing_and_is_only_text(page: Page) -> None:
    assert page.locator("script").count() == 2
    assert page.evaluate("typeof x") == "undefined"
    assert page.get_by_text("<script>x</script>").count() > 3


def test_findings_are_filtered_by_severity_and_by_words(page: Page) -> None:
    every = [f"finding-{f.id}" for f in AUDIT.findings]
    assert visible_findings(page) == every
    page.get_by_label("Severity").select_option("error")
    errors = [f"finding-{f.id}" for f in AUDIT.findings if f.severity == "error"]
    assert visible_findings(page) == errors
    assert page.locator("#shown").inner_text() == f"{len(errors)} of {len(every)} shown"
    page.get_by_role("button", name="Show all").click()
    wanted = AUDIT.findings[0]
    page.get_by_label("Search").fill(f"{wanted.code} {wanted.column}")
    page.wait_for_function(
        "count => document.querySelectorAll('#finding-list > details:not([hidden])').length < count",
        arg=len(every),
    )
    assert f"finding-{wanted.id}" in visible_findings(page)


def test_the_phase_of_a_ticket_filters_too(page: Page) -> None:
    page.get_by_label("Phase").select_option("Implementation")
    assert visible_findings(page) == [f"finding-{AUDIT.findings[0].id}"]


def test_a_finding_unfolds_to_code_remedy_and_ticket(page: Page) -> None:
    finding = page.locator(f"#finding-{AUDIT.findings[0].id}")
    finding.locator("summary").first.click()
    assert finding.locator("mark").first.inner_text().strip() != ""
    assert finding.get_by_role("heading", name="Remedy:").is_visible()
    finding.get_by_role("link", name="1010-one").click()
    assert page.locator("#ticket-1010-one").get_attribute("open") == ""


def test_a_table_of_the_diagram_leads_to_its_comparison_by_mouse_and_by_key(page: Page) -> None:
    page.locator("#diagram").scroll_into_view_if_needed()
    page.wait_for_selector("#entity-canvas svg .box")
    boxes = page.locator("#entity-canvas .box")
    pairs = AUDIT.facts.comparison.pairs
    assert boxes.count() == len(pairs) + len(AUDIT.facts.comparison.extra)
    states = {box.get_attribute("class") for box in boxes.all()}
    assert "box missing" in states
    box = page.locator("#entity-canvas .box.missing").first
    name = box.locator(".title").text_content()
    box.focus()
    page.keyboard.press("Enter")
    opened = page.locator("details.table[open] > summary:focus")
    assert str(name) in opened.inner_text()
    before = page.locator("#entity-canvas svg").get_attribute("style")
    page.get_by_role("button", name="Zoom in").first.click()
    page.wait_for_function(
        "before => document.querySelector('#entity-canvas svg').getAttribute('style') !== before", arg=before
    )


def test_growth_is_drawn_and_told_in_figures(page: Page) -> None:
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart] canvas")
    page.get_by_text("Query and figures").click()
    assert page.locator("figure.chart details table").inner_text().split() == [
        *("Rows", "rows,", "before", "after"),
        *("1,000", "1,000", "10", "10,000", "10,000", "12", "100,000", "100,000", "14"),
    ]


def test_tickets_are_drawn_in_their_order(page: Page) -> None:
    page.locator("#ticket-canvas").scroll_into_view_if_needed()
    page.wait_for_selector("#ticket-canvas svg .edge", state="attached")
    assert page.locator("#ticket-canvas .box").count() == 2
    assert page.locator("#ticket-canvas .edge").count() == 1


def test_all_is_unfolded_for_printing(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 400])
def test_a_screen_reader_finds_nothing_serious(browser: Browser, file: Path, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]  # of two
    opened = context.new_page()
    opened.goto(file.as_uri())
    opened.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    opened.locator("#diagram").scroll_into_view_if_needed()
    opened.wait_for_selector("#entity-canvas svg .box")
    found = Axe().run(opened).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
    overflow = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert serious == []
    assert overflow == 0


def test_a_large_application_is_drawn_and_filtered(browser: Browser, tmp_path: Path) -> None:
    written = tmp_path / "large.html"
    written.write_text(page_html(large()), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1300, "height": 900})
    opened.goto(written.as_uri())
    opened.get_by_label("Severity").select_option("warning")
    assert opened.locator("#shown").inner_text() == "667 of 2,000 shown"
    opened.locator("#diagram").scroll_into_view_if_needed()
    opened.wait_for_selector("#entity-canvas svg .box", timeout=60_000)
    assert opened.locator("#entity-canvas .box").count() == 150
    assert opened.locator("#entity-canvas .edge").count() == 150
    opened.close()
