"""What a run came to, on the terminal: what did not pass and how to replay it, requirements with margins, where the
report is.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.cli.progress import STYLES
from harness.evidence.case import CaseRecord
from harness.evidence.finish import RunSummary
from harness.evidence.wording import plain, rig_check_line, show_limit, show_margin, show_value
from harness.foundation.values import Verdict, worst

WIDE = 120


def show(summary: RunSummary, *, total_s: float | None = None, as_json: bool = False) -> None:
    """Print it; with ``as_json`` run.json alone goes to standard output, and warnings to standard error."""
    for warning in summary.warnings:
        print(f"hil: warning: {warning}", file=sys.stderr)
    if as_json:
        print(json.dumps(summary.data, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    for case in summary.cases:
        if case.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            console.print(_failure(case, summary), soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("requirement", "verdict", "cases", "smallest margin", "measured", "limit", "in"):
        table.add_column(name, overflow="fold", justify="right" if name == "cases" else "left")
    for row in requirement_rows(summary.cases):
        verdict = Verdict(row[1])
        table.add_row(row[0], Text(plain(row[1]), STYLES[verdict]), *row[2:])
    console.print(table)
    console.print()
    totals = [Text(f"{n} {plain(v)}", STYLES[Verdict(v)]) for v, n in summary.data["totals"].items()]
    console.print(Text(", ").join(totals) if totals else Text("no case ran"))
    for applied in summary.applied:
        deviation = applied.deviation
        console.print(Text(f"deviation {deviation.ticket} ({applied.case.id}): {applied.standing}", "yellow"))
    if summary.data["crash"]:
        crash = summary.data["crash"]
        console.print(Text(f"the run broke down: {crash['what']}\n{crash['tail']}", "bold magenta"))
    data = summary.data
    if checked := rig_check_line(data):
        console.print(Text(checked, "" if data["rig_check"]["state"] == "fresh" else "bold yellow"), soft_wrap=True)
    simulated, wall = data["simulated_s"], data["wall_s"]
    ratio = f", {data['speed']:g} times as fast" if data["speed"] else ""
    all_in = f"; {total_s:.1f} s with the reports" if total_s is not None else ""
    console.print(Text(f"{simulated:.1f} s of bench time in {wall:.1f} s{ratio}{all_in}"))
    console.print(Text(f"report: {_near(summary.html or summary.out / 'summary.html')}", "bold"), soft_wrap=True)


def requirement_rows(cases: Sequence[CaseRecord]) -> list[tuple[str, str, str, str, str, str, str]]:
    """Per requirement: verdict, number of cases, and its tightest measurement."""
    rows = []
    for requirement in sorted({r for case in cases for r in case.requirements}):
        own = [case for case in cases if requirement in case.requirements]
        judged = [(case, c) for case in own for c in case.checks if c["requirement"] == requirement]
        verdict = str(worst(case.verdict_on(requirement) for case in own))
        if judged:
            case, check = min(judged, key=lambda pair: _tightness(pair[1]))
            unit = check["unit"]
            figures = (show_margin(check["margin"], unit), show_value(check["value"], unit), show_limit(check["limit"]))
            rows.append((requirement, verdict, str(len(own)), *figures, _short(case)))
        else:
            rows.append((requirement, verdict, str(len(own)), "-", "-", "-", ""))
    return rows


def _tightness(check: Mapping[str, Any]) -> tuple[int, float]:
    """What missed without a figure comes first, then by margin relative to the limit. A margin of exactly nothing on
    a PASS ("watched for 60 s") tells least and comes last.
    """
    margin = check["margin"]
    if check["verdict"] == Verdict.FAIL and (margin is None or check["value"] is None):
        return 0, 0.0
    if margin is None or (margin == 0 and check["verdict"] == Verdict.PASS):
        return 2, 0.0
    bounds = [abs(b) for b in (check["limit"].get("low"), check["limit"].get("high")) if b]
    return 1, margin / max(bounds, default=1.0)


def replay(case: CaseRecord, summary: RunSummary) -> str:
    """The line that runs this case again."""
    data = summary.data
    place = case.nodeid.partition("::")[0] if "::" in case.nodeid else ""
    words = ["./hil", "run", *([place] if place else []), "-k", _expression(case)]
    for flag, value in (("--rig", data["rig"]), ("--vehicle", case.vehicle), ("--seed", data["seed"])):
        if value not in (None, ""):
            words += [flag, str(value)]
    for defect in data["defect"] or ():
        words += ["--defect", defect]
    if data["variant_seed"] is not None:
        words += ["--variant-seed", str(data["variant_seed"])]
    return shlex.join(words)


def _failure(case: CaseRecord, summary: RunSummary) -> object:
    from rich.text import Text

    lines = Text.assemble((f"{plain(case.verdict):<13}", STYLES[case.verdict]), case.id, "  ")
    lines.append(" ".join(case.requirements), "bold")
    if case.reason:
        lines.append(f"\n             {case.reason}")
    if case.folder is not None:
        lines.append(f"\n             recordings: {_near(case.folder)}", "dim")
    if case.verdict is not Verdict.NOT_EXECUTED:
        lines.append(f"\n             again: {replay(case, summary)}", "dim")
    lines.append("\n")
    return lines


def _near(path: Path) -> Path:
    """As seen from here, where that is shorter."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _short(case: CaseRecord) -> str:
    return case.id.rpartition("::")[2]


def _expression(case: CaseRecord) -> str:
    function, _, bracket = _short(case).partition("[")
    if case.runner == "robot":  # the car is told by --vehicle; a space ends a name in an expression
        return function.strip().replace(" ", "_")
    parts = [p for p in bracket.rstrip("]").split("-") if p]
    return " and ".join([function, *parts]) if all(p.replace("_", "").isalnum() for p in parts) else function
