"""The documentation as a site: it is built without a warning, every page can be reached, and no page fetches anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trueup.checks.pages import group_of
from trueup.checks.registry import catalogue

ROOT = Path(__file__).parents[2]
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=\"((?:https?:)?//[^\"]+)\""
    r"|<link\b(?![^>]*\brel=\"canonical\")[^>]*\bhref=\"((?:https?:)?//[^\"]+)\""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with --strict: there each warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [Path(sys.executable).parent / "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


def test_every_page_is_built(site: Path) -> None:
    written = {p.relative_to(ROOT / "docs").with_suffix(".html") for p in (ROOT / "docs").rglob("*.md")}
    expected = {p.with_name("index.html") if p.name == "README.html" else p for p in written}
    assert {p.relative_to(site) for p in site.rglob("*.html")} == expected | {Path("404.html")}


def test_the_checks_stand_in_the_navigation_by_group(site: Path) -> None:
    for group in sorted({group_of(check) for check in catalogue()}):
        codes = {check.code for check in catalogue() if group_of(check) == group}
        for code in codes:
            links, names = navigation(site / f"checks/{code}.html")
            assert {f"{other}.html" for other in codes} <= links, code
            assert group in names, code


def navigation(page: Path) -> tuple[set[str], set[str]]:
    """Where the links of a page's navigation lead, and the names in it."""
    text = page.read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"]+)" class="md-nav__link', text))
    return links, {name.strip() for name in re.findall(r'<span class="md-ellipsis">([^<]*)<', text)}


def test_no_page_fetches_anything(site: Path) -> None:
    fetched = {
        (str(page.relative_to(site)), url)
        for page in site.rglob("*.html")
        for found in FETCHED.findall(page.read_text(encoding="utf-8"))
        for url in found
        if url
    }
    assert fetched == set()
    styles = [
        p for p in site.rglob("*.css") if re.search(r"url\(\"?(https?:)?//", p.read_text(encoding="utf-8"))
    ]
    assert styles == []
