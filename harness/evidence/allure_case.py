"""A case in Allure's words: steps, labels, links, description and status out of the case's records.

Pure: from a CaseRecord to the fields of an ``allure_commons.model2.TestResult``. Both runners and the cases that were
cut off go through here, so a report does not show who ran what. Steps are laid on bench time from the result's start,
so that their durations are the unit's and not the computer's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest
from typing import Any

from allure_commons.model2 import Label, Link, Parameter, Status, StatusDetails, TestResult, TestStepResult

from harness.evidence.case import CaseRecord, Record
from harness.evidence.wording import plain, show_check, show_limit, show_margin, show_measured
from harness.foundation.units import show_time
from harness.foundation.values import Verdict

CASE_LABEL = "hil_case"
"""The label that ties a result to its case folder, so that a second pass knows what is there."""

STATUS = {
    Verdict.PASS: Status.PASSED,
    Verdict.FAIL: Status.FAILED,
    Verdict.BLOCKED: Status.BROKEN,
    Verdict.ERROR: Status.BROKEN,
    Verdict.INCONCLUSIVE: Status.BROKEN,
    Verdict.NOT_APPLICABLE: Status.SKIPPED,
    Verdict.NOT_EXECUTED: Status.SKIPPED,
}
_SEVERITY = {"law": "blocker", "standard": "critical", "draft": "minor"}
_OURS = frozenset(("epic", "feature", "story", "severity", "tag", "parentSuite", "suite", "subSuite", CASE_LABEL))
_CELL = "padding:2px 10px 2px 0;text-align:left;vertical-align:top"


def fill(result: TestResult, case: CaseRecord) -> None:
    """Overwrite what the runner's own adapter guessed with what the journal knows; its start and stop stay."""
    result.name = title(case)
    result.fullName = case.nodeid
    result.historyId = _hash(case.runner, case.id)
    # with one id for all parameter sets, Allure 3 takes them for retries of one case and hides all but the last
    result.testCaseId = result.historyId
    result.status = STATUS[case.verdict]
    trace = result.statusDetails.trace if case.verdict is Verdict.ERROR and result.statusDetails else None
    result.statusDetails = StatusDetails(message=message(case), trace=trace)
    result.description = None
    result.descriptionHtml = description(case)
    result.steps = steps(case.records, int(result.start or 0))
    for parameter in result.parameters:
        parameter.excluded = True  # the id already holds what tells cases apart
    result.labels = [label for label in result.labels if label.name not in _OURS] + labels(case)
    result.links = [Link(type="tms", url=f"../summary.html#{r}", name=r) for r in case.requirements]


def title(case: CaseRecord) -> str:
    """The sentence of the case, with what tells it apart from its siblings."""
    _, bracket, rest = case.id.partition("[")
    return f"{case.title} [{rest.rstrip(']')}]" if bracket else case.title


def message(case: CaseRecord) -> str | None:
    """None for a PASS; otherwise the verdict's name first, so that Allure's categories can go by it."""
    if case.verdict is Verdict.PASS:
        return None
    return f"{plain(case.verdict)}: {case.reason or 'see the steps'}"


def labels(case: CaseRecord) -> list[Label]:
    """Behaviour, suites by behaviour, severity by who set the limits, a tag per requirement, verdict, vehicle."""
    pairs: list[tuple[str, str]] = list(zip(("epic", "feature", "story"), case.behaviour, strict=False))
    pairs += zip(("parentSuite", "suite"), case.behaviour, strict=False)
    statuses = {str(c["limit"].get("status", "")) for c in case.checks}
    pairs.append(("severity", next((s for status, s in _SEVERITY.items() if status in statuses), "normal")))
    pairs += [("tag", requirement) for requirement in case.requirements]
    pairs += [("verdict", str(case.verdict)), (CASE_LABEL, case.name)]
    if case.vehicle:
        pairs.append(("vehicle", case.vehicle))
    return [Label(name=name, value=value) for name, value in pairs]


def description(case: CaseRecord) -> str:
    """The text of the scenario and the table of what was measured."""
    parts = [f"<p>{escape(paragraph)}</p>" for paragraph in case.text.split("\n\n") if paragraph.strip()]
    if case.checks:
        head = "".join(
            f"<th style='{_CELL}'>{name}</th>"
            for name in ("Requirement", "Quantity", "Value", "Limit", "Margin", "Verdict", "Source")
        )
        rows = "".join(_row(check) for check in case.checks)
        parts.append(
            f"<table style='border-collapse:collapse'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    about = f"{case.simulated_s:.3f} s of bench time; the times of the steps are bench time."
    parts.append(f"<p><small>{escape(about)} Case {escape(case.id)}.</small></p>")
    return "".join(parts)


def _row(check: Record) -> str:
    limit = check["limit"]
    source = str(limit.get("source", ""))
    if limit.get("status") and str(limit["status"]) not in source:
        source = f"{source} ({limit['status']})"
    requirement = check["requirement"] or "step on the way"
    cells = (
        requirement,
        f"{check['quantity']} ({check['observation']})",
        show_measured(check) + (f" (worst of {check['samples']})" if check["samples"] > 1 else ""),
        show_limit(limit),
        show_margin(check["margin"], check["unit"]),
        plain(check["verdict"]),
        source,
    )
    return "<tr>" + "".join(f"<td style='{_CELL}'>{escape(str(c))}</td>" for c in cells) + "</tr>"


def steps(records: Iterable[Record], start_ms: int) -> list[TestStepResult]:
    """The tree of steps. A step holds what follows until one of the same depth or above; the worst within it shows."""
    top: list[TestStepResult] = []
    stack: list[tuple[int, TestStepResult]] = []
    verdict: Verdict | None = None
    last = start_ms
    for record in records:
        t = record.get("t")
        at = start_ms + int(t) // 1_000_000 if isinstance(t, int) else last
        last = max(last, at)
        if record["kind"] == "step":
            depth = int(record.get("depth", 0))
            while stack and stack[-1][0] >= depth:
                stack.pop()
            step = TestStepResult(name=str(record["name"]), status=Status.PASSED, start=at, stop=at)
            (stack[-1][1].steps if stack else top).append(step)
            stack.append((depth, step))
        elif (leaf := _leaf(record, start_ms, at)) is not None:
            (stack[-1][1].steps if stack else top).append(leaf)
        elif record["kind"] == "verdict":
            verdict = Verdict(record["verdict"])
    _close(top, last)
    if verdict is None and top:
        _mark_cut(top)
    return top


def _leaf(record: Record, start_ms: int, at: int) -> TestStepResult | None:
    kind = record["kind"]
    if kind == "stimulus":
        arguments = {k: v for k, v in dict(record.get("arguments", {})).items() if v is not None}
        began, ended = record.get("began"), record.get("ended")
        parameters = [Parameter(name=k, value=str(v)) for k, v in arguments.items()]
        parameters += [Parameter(name=n, value=_stamp(s)) for n, s in (("began", began), ("ended", ended)) if s]
        first = start_ms + int(began[0]) // 1_000_000 if began else at
        final = start_ms + int(ended[0]) // 1_000_000 if ended else at
        return TestStepResult(
            name=" ".join([str(record["what"]), *map(str, arguments.values())]),
            status=Status.PASSED,
            start=first,
            stop=max(first, final),
            parameters=parameters,
        )
    if kind == "check":
        details = None
        if record["verdict"] != Verdict.PASS:
            details = StatusDetails(
                message=f"{plain(record['verdict'])}: {record['reason']}", trace=record.get("detail")
            )
        shown = (
            ("value", show_measured(record)),
            ("limit", show_limit(record["limit"])),
            ("margin", show_margin(record["margin"], record["unit"])),
            ("source", str(record["limit"].get("source", ""))),
        )
        name = show_check(record) if record["requirement"] else f"on the way: {record['observation']}"
        return TestStepResult(
            name=name,
            status=STATUS[Verdict(record["verdict"])],
            statusDetails=details,
            start=at,
            stop=at,
            parameters=[Parameter(name=k, value=v) for k, v in shown],
        )
    if kind == "note":
        return TestStepResult(name=str(record["text"]), status=Status.PASSED, start=at, stop=at)
    if kind == "restore":
        return TestStepResult(
            name=f"restore: {record['reason']}", status=STATUS[Verdict(record["verdict"])], start=at, stop=at
        )
    return None


def _close(steps_: Sequence[TestStepResult], end: int) -> None:
    """End each step where its next sibling begins, and give it the worst status within it."""
    order = (Status.FAILED, Status.BROKEN, Status.SKIPPED, Status.PASSED)
    for step, following in zip_longest(steps_, steps_[1:]):
        if step.steps:
            _close(step.steps, following.start if following else end)
            step.status = min((s.status for s in step.steps), key=order.index)
        inner = max([step.stop, *(s.stop for s in step.steps)])
        step.stop = max(inner, following.start if following and step.steps else inner)


def _mark_cut(top: Sequence[TestStepResult]) -> None:
    """The last step was under way when the case was cut off."""
    step: Any = top[-1]
    while True:
        step.status = Status.BROKEN
        if not step.steps:
            step.statusDetails = StatusDetails(message="the case was cut off here")
            return
        step = step.steps[-1]


def _stamp(stamp: Sequence[int]) -> str:
    t, early, late = stamp
    spread = f" (-{show_time(t - early)} / +{show_time(late - t)})" if early != t or late != t else ""
    return show_time(t) + spread


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
