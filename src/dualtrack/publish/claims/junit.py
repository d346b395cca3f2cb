"""Judged claims as JUnit XML, which every build server reads: a claim is a test case, a changed verdict a failure.

The form is that of Ant's ``junit`` task as Jenkins reads it (testsuites, testsuite, testcase, failure, skipped).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from dualtrack.claims.checking import Checked
from dualtrack.publish.claims.words import ranged

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""


def as_junit(found: Sequence[Checked]) -> bytes:
    """The report; a claim that no analysis can carry is a skipped test."""
    suites = ElementTree.Element("testsuites", name="dualtrack")
    topics = sorted({one.claim.topic for one in found})
    for topic in topics:
        some = [one for one in found if one.claim.topic == topic]
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=f"claims.{topic}",
            tests=str(len(some)),
            failures=str(sum(bool(one.changed) for one in some)),
            skipped=str(sum(one.asked is None for one in some)),
            errors="0",
        )
        for one in some:
            _case(suite, one)
    ElementTree.indent(suites)
    text: str = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _case(suite: ElementTree.Element, one: Checked) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"claims.{one.claim.topic}", name=one.claim.id, file=_text(str(one.claim.path))
    )
    if one.asked is None:
        ElementTree.SubElement(case, "skipped", message=_text(one.claim.not_computed))
        return
    if one.changed:
        failure = ElementTree.SubElement(case, "failure", message=_text("; ".join(one.changed)), type="changed")
        failure.text = _text(one.claim.statement)
    said = ElementTree.SubElement(case, "system-out")
    said.text = _text(f"{one.asked.verdict.value}: {one.asked.value} · {ranged(one.asked)}".rstrip(" ·"))


def _text(text: str) -> str:
    return _NOT_XML.sub("�", text)
