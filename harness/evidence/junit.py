"""``junit.xml`` for CI servers and requirement tools (sphinx-test-reports links by the ``requirements`` property).

JUnit knows three ways not to pass: a FAIL is a ``failure`` (the unit's), BLOCKED, ERROR and INCONCLUSIVE are an
``error`` whose type is the verdict, and what did not run or does not apply is ``skipped``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from harness.evidence.case import CaseRecord
from harness.evidence.deviations import Applied
from harness.evidence.wording import rig_check_line, show_check
from harness.foundation.values import Verdict

_TAGS = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.BLOCKED: "error",
    Verdict.INCONCLUSIVE: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_EXECUTED: "skipped",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path, cases: Sequence[CaseRecord], facts: Mapping[str, Any], applied: Sequence[Applied]) -> None:
    """One suite per runner, in the order of the run."""
    root = Element("testsuites", name="headunit-hil")
    deviations = {a.case.name: a for a in applied}
    for runner, group in groupby(cases, key=lambda c: c.runner):
        found = list(group)
        suite = SubElement(root, "testsuite", _counts(runner, found, facts))
        if checked := rig_check_line(facts):
            properties = SubElement(suite, "properties")
            SubElement(properties, "property", name="rig_check", value=_clean(checked))
        for case in found:
            _case(suite, case, deviations.get(case.name))
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _counts(runner: str, cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> dict[str, str]:
    tags = [_TAGS.get(case.verdict) for case in cases]
    counts = {
        "name": runner,
        "tests": str(len(cases)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": f"{sum(c.wall_s for c in cases):.3f}",
    }
    started = facts.get("started")
    return {**counts, "timestamp": str(started)} if started else counts


def _case(suite: Element, case: CaseRecord, deviation: Applied | None) -> None:
    place, _, name = case.nodeid.partition("::")
    classname = place.removesuffix(".py").replace("/", ".") if name else case.runner
    attributes = {"classname": classname, "name": name or case.nodeid, "time": f"{case.wall_s:.3f}"}
    element = SubElement(suite, "testcase", {k: _clean(v) for k, v in attributes.items()})
    properties = SubElement(element, "properties")
    pairs = [("requirement", r) for r in case.requirements]
    # readers that keep properties in a table have one value by name: all of them once more, in one
    pairs.append(("requirements", ", ".join(case.requirements)))
    pairs += [("verdict", str(case.verdict)), ("vehicle", case.vehicle), ("attempt", str(case.attempt))]
    pairs.append(("nodeid", case.nodeid))
    if deviation:
        pairs.append(("deviation", f"{deviation.deviation.ticket}: {deviation.standing}"))
    for key, value in pairs:
        SubElement(properties, "property", name=key, value=_clean(value))
    tag = _TAGS.get(case.verdict)
    if tag:
        result = SubElement(element, tag, message=_clean(case.reason), type=str(case.verdict))
        result.text = _clean("\n".join(f"{c['verdict']}  {show_check(c)}" for c in case.checks))


def _clean(text: str) -> str:
    """XML cannot hold control characters, not even escaped."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
