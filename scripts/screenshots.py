"""Photographs the page of the example for the documentation: `.venv/bin/python scripts/screenshots.py [FOLDER]`.

Needs Chromium (TRUEUP_TEST_CHROMIUM, else /usr/bin/chromium). Nothing is asked of the network."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from trueup.cli import run

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
WIDTH, HEIGHT = 1280, 860


def main(folder: Path = ROOT / "docs" / "images") -> None:
    """Writes page-light.png, page-dark.png, page-diagram.png and page-findings.png."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        html = Path(made) / "audit.html"
        run(
            [
                "audit",
                str(ROOT / "examples" / "ai-budget"),
                "--format",
                "html",
                "--output",
                str(html),
                "--quiet",
            ]
        )
        path = os.environ.get("TRUEUP_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for scheme in ("light", "dark"):
            opened(browser, html, scheme).screenshot(path=folder / f"page-{scheme}.png")
        page = opened(browser, html, "light")
        for part in ("diagram", "findings"):
            page.locator(f"#{part}").scroll_into_view_if_needed()
            page.evaluate(f"document.getElementById('{part}').scrollIntoView()")
            page.wait_for_timeout(1000)  # the diagram is drawn when it comes into view
            page.screenshot(path=folder / f"page-{part}.png")
        browser.close()


def opened(browser: Browser, html: Path, scheme: str) -> Page:
    """The page, its script done."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme, offline=True
    )  # type: ignore[arg-type]  # "light" or "dark"
    page = context.new_page()
    page.goto(html.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
