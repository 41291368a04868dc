"""How large a page of 150 tables and 2,000 findings is, and how long it takes to answer a filter, in Chromium.

    python benchmarks/page.py [--tables 150] [--findings 2000] [--rounds 5]

The page is that of a made audit, each finding with two code excerpts. Timed by the page's own clock: from the event that the
form sends until the handler is done, and, beside it, until the browser has laid the page out again. The first search is told
apart, since it reads the findings' texts where the browser had no time to before. The limit is held against each filter's median.
Needs Chromium (TRUEUP_TEST_CHROMIUM, else /usr/bin/chromium). Exit code 1 where a limit is passed."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.page.exhibits import large
from trueup.page.render import page_html

MEGABYTES, MILLISECONDS = 5.0, 100.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FILTERS = (
    ("severity", "severity", "error"),
    ("severity, all again", "severity", ""),
    ("table", "table", "table_007"),
    ("table, all again", "table", ""),
    ("search, first", "text", "column_19"),
    ("search, two words", "text", "qry002 table_01"),
    ("search, all again", "text", ""),
    ("search, finds nothing", "text", "nowhere"),
)
TIMED = """([name, value]) => {
  const form = document.getElementById("filters");
  form.elements.namedItem(name).value = value;
  const began = performance.now();
  form.dispatchEvent(new Event("input", { bubbles: true }));
  const handled = performance.now();
  document.body.getBoundingClientRect();
  return [handled - began, performance.now() - began, document.getElementById("shown").textContent];
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=150)
    parser.add_argument("--findings", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    html = page_html(large(options.tables, options.findings))
    size = len(html.encode()) / 1_000_000
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "audit.html"
        file.write_text(html, encoding="utf-8")
        path = os.environ.get("TRUEUP_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        rounds = [_answers(_opened(browser.new_page(), file)) for _ in range(options.rounds)]
        browser.close()
    told = list(zip(FILTERS, *rounds, strict=True))
    slowest = max(median(laid for _, laid, _ in answers) for _, *answers in told)
    print(f"{options.tables} tables, {options.findings} findings, {options.rounds} times opened\n")
    print("| filter | handler, ms | with layout, ms | slowest of all | shown |")
    print("| --- | --- | --- | --- | --- |")
    for (name, _, _), *answers in told:
        handler, laid = median(a[0] for a in answers), median(a[1] for a in answers)
        worst = max(a[1] for a in answers)
        print(f"| {name} | {handler:.1f} | {laid:.1f} | {worst:.1f} | {answers[0][2]} |")
    print(f"\nsize {size:.2f} MB of at most {MEGABYTES:.0f}")
    print(
        f"slowest answer, the median of its {options.rounds}: {slowest:.1f} ms of at most {MILLISECONDS:.0f}"
    )
    return int(size >= MEGABYTES or slowest > MILLISECONDS)


def _opened(page: Page, file: Path) -> Page:
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.evaluate("document.getElementById('findings').scrollIntoView({behavior: 'instant'})")
    return page


def _answers(page: Page) -> list[tuple[float, float, str]]:
    """Milliseconds of the handler alone, of it with the layout, and what is said to be shown; in the order of FILTERS."""
    told: list[tuple[float, float, str]] = []
    for _, name, value in FILTERS:
        handled, laid, shown = page.evaluate(TIMED, [name, value])
        told.append((float(handled), float(laid), str(shown)))
    page.close()
    return told


if __name__ == "__main__":
    sys.exit(main())
