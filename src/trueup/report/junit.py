"""An audit as JUnit XML, in the form that Jenkins, GitLab and most others read: https://github.com/testmoapp/junitxml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from trueup.model.audit import Audit
from trueup.model.findings import Finding
from trueup.report.places import first_place
from trueup.report.sarif import message_of
from trueup.report.showing import Showing

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (section 2.2, Char)."""


def audit_junit(audit: Audit, showing: Showing) -> str:
    """A test case a finding, failed where its severity makes the command fail; a passed one a check without findings; accepted
    findings and undecided questions are skipped ones; a crash of ours is an error."""
    root = Element("testsuites", name="trueup")
    suite = SubElement(root, "testsuite", name="trueup audit")
    for finding in audit.findings:
        _finding(suite, audit, finding, showing)
    for accepted in audit.suppressed:
        reason = f"accepted ({accepted.acceptance.by}): {accepted.acceptance.reason}"
        case = _case(suite, accepted.finding.code, accepted.finding.message)
        SubElement(case, "skipped", message=_clean(reason))
    for question in sorted(audit.cannot_tell):
        case = _case(suite, question.code, question.subject)
        SubElement(case, "skipped", message=_clean(f"cannot tell: {question.reason}"))
    for crash in audit.crashes:
        case = _case(suite, "crash", crash.what)
        SubElement(case, "error", type="crash", message=_clean(crash.problem))
    for code in _silent(audit):
        _case(suite, code, _title(code))
    _count(root, suite)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _finding(suite: Element, audit: Audit, finding: Finding, showing: Showing) -> None:
    place = first_place(audit, finding, showing.prefix)
    case = _case(suite, finding.code, finding.message)
    case.set("file", _clean(place.file))
    case.set("line", str(place.line))
    told = "\n".join(_told(finding))
    if finding.severity in showing.failing:
        failure = SubElement(case, "failure", type=finding.severity, message=_clean(finding.message))
        failure.text = _clean(told)
    else:
        SubElement(case, "system-out").text = _clean(f"{finding.severity}\n{told}")


def _told(finding: Finding) -> Iterator[str]:
    yield message_of(finding)
    if finding.expected or finding.found:
        yield f"expected: {finding.expected or 'nothing'}"
        yield f"found: {finding.found or 'nothing'}"
    yield from (str(place) for place in finding.locations if place.file)
    if finding.drivers:
        yield f"on {', '.join(finding.drivers)}"


def _silent(audit: Audit) -> Sequence[str]:
    spoken = {f.code for f in audit.findings}
    spoken |= {s.finding.code for s in audit.suppressed} | {c.code for c in audit.cannot_tell}
    return sorted(set(audit.checked) - spoken - {c.what for c in audit.crashes})


def _title(code: str) -> str:
    from trueup.checks.registry import find_check

    check = find_check(code)
    return check.title if check else code


def _case(suite: Element, code: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=f"trueup.{code}", name=_clean(f"{code}: {name}"))


def _count(root: Element, suite: Element) -> None:
    for element in (suite, root):
        element.set("tests", str(len(list(suite.iter("testcase")))))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.set(name, str(len(list(suite.iter(tag)))))


def _clean(text: str) -> str:
    """Text that XML can carry; what it can't is left out."""
    return _FORBIDDEN.sub("", text)
