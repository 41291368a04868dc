"""Photographs the page for the documentation: `.venv/bin/python scripts/screenshots.py [TARGET NAME [FOLDER]]`.

Of the example without arguments: page-light.png, page-dark.png, page-diagram.png and page-findings.png. Of a project of yours, or
of an audit ticket in one: page-NAME-… of the sections, in a dark window and in a narrow one too. Needs Chromium
(TRUEUP_TEST_CHROMIUM, else /usr/bin/chromium). Nothing is asked of the network."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from trueup.cli import run

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "ai-budget"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
WIDE, NARROW = (1280, 860), (420, 860)
OF_EXAMPLE = ("diagram", "findings")
OF_PROJECT = (
    "diagram",
    "findings",
    "untold",
    "comparison",
    "migrations",
    "queries",
    "tickets",
    "criteria",
)


def main(target: str = str(EXAMPLE), name: str = "", folder: str = str(IMAGES)) -> None:
    """Writes the pictures, and says where a window is too narrow for its page."""
    start = Path(folder) / (f"page-{name}" if name else "page")
    start.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        html = Path(made) / "audit.html"
        run(["audit", target, "--format", "html", "--output", str(html), "--quiet"])
        path = os.environ.get("TRUEUP_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for scheme in ("light", "dark"):
            opened(browser, html, scheme).screenshot(path=f"{start}-{scheme}.png")
        photograph(opened(browser, html, "light"), OF_PROJECT if name else OF_EXAMPLE, str(start))
        if name:
            photograph(opened(browser, html, "dark"), OF_PROJECT, f"{start}-dark")
            photograph(opened(browser, html, "light", NARROW), OF_PROJECT, f"{start}-narrow")
        browser.close()


def opened(
    browser: Browser, html: Path, scheme: Literal["light", "dark"], window: tuple[int, int] = WIDE
) -> Page:
    """The page, its script done."""
    context = browser.new_context(
        viewport={"width": window[0], "height": window[1]}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    page.goto(html.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > window[0]:
        print(f"wider than its window of {window[0]}: {width}", file=sys.stderr)
    return page


def photograph(page: Page, parts: tuple[str, ...], start: str) -> None:
    """Each section that there is, from its heading on, its first entry unfolded."""
    for part in parts:
        if not page.locator(f"#{part}").count():
            continue
        page.evaluate(
            f"for (const one of [document.querySelector('#{part} details')]) if (one) one.open = true"
        )
        for _ in range(2):  # what is drawn when it comes into view moves what is below it
            page.evaluate(f"document.getElementById('{part}').scrollIntoView({{behavior: 'instant'}})")
            page.wait_for_timeout(700)
        page.screenshot(path=f"{start}-{part}.png")


if __name__ == "__main__":
    main(*sys.argv[1:4])
