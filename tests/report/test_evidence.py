"""Evidence in each report, whole."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.report.golden import compare
from tests.report.samples import AUDIT
from trueup.model.evidence import (
    Evidence,
    GradeCheck,
    Growth,
    Hypothetical,
    Judged,
    Measure,
    Plan,
    ServerEvidence,
    Step,
    Trial,
    Work,
)
from trueup.model.locations import Location
from trueup.model.queries import TableRef
from trueup.model.shapes import Advice, Predicate, QueryShape
from trueup.report import audit_as
from trueup.report.evidence_markdown import evidence_markdown, growth_mermaid
from trueup.report.growth_chart import growth_svg
from trueup.structs import replace

SHAPE = QueryShape(
    "select",
    (TableRef("costs"),),
    (Predicate("costs", "user_id", "="),),
    sites=(Location("src/Costs.php", 12), Location("src/Costs.php", 40)),
)
BROKEN = QueryShape(
    "select", (TableRef("costs"),), (Predicate("costs", "x|y", "="),), sites=(Location("src/Bad.php", 3),)
)
SCAN = Plan((Step("costs", "scan"),), sorts=True)
SEEK = Plan((Step("costs", "seek", "costs_user_id_index", 12.0),))
SIZES = (1_000, 10_000, 100_000)
TRIAL = Trial(
    SHAPE,
    "select * from costs where user_id = 7",
    tuple(Measure(n, SCAN, Work(float(n), "rows", n * 1e-6, 3)) for n in SIZES),
    tuple(Measure(n, SEEK, Work(12.0, "rows", 0.0001, 3)) for n in SIZES),
    Growth(1.0, "linear", "rows"),
    Growth(0.0, "constant", "rows"),
)
ADD = Advice("costs", ("user_id",), "add", "costs_user_id_index", serves=(SHAPE,))
DROP = Advice("costs", ("day",), "drop", "costs_day_index")
REPLACE = Advice("costs", ("a", "b"), "replace", "costs_a_b_index", replaces=("costs_a_index",))
SERVER = ServerEvidence(
    "pgsql",
    "PostgreSQL 15.20 (Debian 15.20-0+deb12u1)",
    SIZES,
    (("costs", 100_000), ("users", 4_309)),
    50_000_000,
    61.4,
    (TRIAL, Trial(BROKEN, problem="there is no column costs.x|y")),
    (
        Judged(ADD, "confirmed", "1 of 1 queries take it", (SHAPE.id,), planned=True),
        Judged(DROP, "withdrawn", "without it the server reads the whole table", planned=False),
        Judged(REPLACE, "untested", "no query site of it is known"),
    ),
    (
        GradeCheck(SHAPE, "unserved", True, "reads the whole table"),
        GradeCheck(BROKEN, "served", False, "reads <all>"),
    ),
    (("points", "no values of type geometry can be made for at"),),
    (Hypothetical("costs", "costs_user_id_index", SHAPE.id, True, True),),
    "900 seconds were over before the tables of 10,000 rows",
)
EVIDENCE = Evidence((SERVER,))


def test_markdown() -> None:
    compare("evidence.md", "\n\n".join(evidence_markdown(EVIDENCE)) + "\n")


def test_terminal() -> None:
    whole = audit_as("terminal", replace(AUDIT, evidence=EVIDENCE))
    without = audit_as("terminal", AUDIT)
    begin = whole.index("Evidence: ")
    section = whole[begin : begin + len(whole) - len(without)]
    assert whole.replace(section, "", 1) == without
    compare("evidence.txt", section)


def test_json_has_the_key_only_where_evidence_was_asked_for() -> None:
    assert "evidence" not in json.loads(audit_as("json", AUDIT))
    found = json.loads(audit_as("json", replace(AUDIT, evidence=EVIDENCE)))["evidence"]
    compare("evidence.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def test_a_chart_is_svg_that_says_the_same_in_words() -> None:
    text = growth_svg((TRIAL,), "costs <on> PostgreSQL")
    compare("growth.svg", text)
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "costs <on> PostgreSQL"
    assert (
        root.findtext(f"{space}desc")
        == "src/Costs.php:12 and 1 more: linear (n^1) before, constant (n^0) after"
    )
    assert [len(line.attrib["points"].split()) for line in root.iter(f"{space}polyline")] == [3, 3]


def test_there_is_no_chart_of_one_size() -> None:
    assert growth_svg((replace(TRIAL, before=TRIAL.before[:1], after=TRIAL.after[:1]),), "x") == ""


def test_a_chart_in_markdown_has_the_powers_of_ten() -> None:
    assert growth_mermaid(TRIAL) == "\n".join(
        [
            "xychart-beta",
            '  title "src/Costs.php:12 and 1 more"',
            '  x-axis "rows of the table" ["1,000", "10,000", "100,000"]',
            '  y-axis "rows examined, power of ten" 0 --> 5',
            "  line [3.00, 4.00, 5.00]",
            "  line [1.08, 1.08, 1.08]",
        ]
    )
