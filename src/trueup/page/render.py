"""One self-contained HTML file from an exhibit. Nothing in it is loaded from elsewhere, and its security policy says so.

All text of the project is escaped: by Jinja2 in the markup, and as JSON without `<`, `>`, `&` and `'` in the scripts' data."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from trueup.page.views.comparison import comparisons
from trueup.page.views.diagram import Diagram, diagram
from trueup.page.views.findings import filters, finding_views
from trueup.page.views.growth import Chart, charts
from trueup.page.views.readiness import readiness
from trueup.page.views.tickets import Grouped, ticket_views
from trueup.page.visible import visible
from trueup.report.verdict import verdict
from trueup.structs import as_dict

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from trueup.page.exhibit import Exhibit

_HERE = Path(__file__).parent
_SCRIPTS = (
    "vendor/dagre-3.1.3.min.js",
    "vendor/panzoom-4.6.2.min.js",
    "vendor/uplot-1.6.32.min.js",
    "page.js",
)
_STYLES = ("vendor/uplot-1.6.32.min.css", "page.css")


def page_html(exhibit: Exhibit) -> str:
    """The whole file. Same exhibit, same bytes."""
    views = finding_views(exhibit)
    drawn = diagram(exhibit.audit)
    grown = charts(exhibit)
    tickets = ticket_views(exhibit.drafts)
    scripts, styles = _joined(_SCRIPTS, ";\n"), _joined(_STYLES, "\n")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            exhibit=exhibit,
            audit=exhibit.audit,
            facts=exhibit.audit.facts,
            verdict=verdict(exhibit.audit),
            readiness=readiness(exhibit.audit),
            diagram=drawn,
            comparisons=comparisons(exhibit.audit),
            findings=views,
            filters=filters(views),
            charts=grown,
            tickets=tickets,
            data=_data(drawn, grown, tickets),
            policy=_policy(scripts, styles),
            scripts=scripts,
            styles=styles,
        )
    )


def _data(drawn: Diagram, grown: tuple[Chart, ...], tickets: Grouped) -> object:
    """What the scripts draw, for JSON."""
    listed = [[v.name, str(v.number), v.title, v.phase, v.after] for _, of_phase in tickets for v in of_phase]
    return visible(
        {"diagram": as_dict(drawn), "charts": [as_dict(chart) for chart in grown], "tickets": listed}
    )


def _shown(value: object) -> object:
    """Every value that a template prints; what is markup already is our own."""
    return value if hasattr(value, "__html__") else visible(value)


def _breakable(value: object) -> Markup:
    """A path that may be broken behind `/` and `_`."""
    from markupsafe import Markup, escape

    text = str(escape(visible(str(value))))
    return Markup(text.replace("/", "/<wbr>").replace("_", "_<wbr>"))


def _coded(text: str) -> Markup:
    """A sentence of ours as markup: what stands between backticks is code, and all of it is escaped."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`]+)`", str(visible(text)))
    pieces = (Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(parts))
    return Markup("").join(pieces)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    made.filters["thousands"] = lambda number: f"{number:,}"
    made.filters["urlencode"] = lambda text: quote(str(text), errors="surrogatepass")  # names may be no UTF-8
    made.filters["coded"] = _coded
    made.filters["breakable"] = _breakable
    return made


@cache
def _joined(names: tuple[str, ...], between: str) -> str:
    return between.join((_HERE / "assets" / name).read_text(encoding="utf-8") for name in names)


def _policy(scripts: str, styles: str) -> str:
    """Only this script and this style sheet, by their digests; no network at all."""
    return (
        f"default-src 'none'; script-src {_digest(scripts)}; style-src {_digest(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8', 'replace')).digest()).decode()}'"
