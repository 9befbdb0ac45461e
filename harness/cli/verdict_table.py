"""What a run came to, on the terminal: what did not pass and how to replay it, requirements with margins, where the
report is.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.progress import STYLES
from harness.evidence.case import CaseRecord
from harness.evidence.finish import RunSummary
from harness.evidence.shrinking import told
from harness.evidence.verdicts import Row, cars_of, notes_of, verdict_rows
from harness.evidence.wording import plain, rig_check_line
from harness.foundation.values import Verdict

if TYPE_CHECKING:
    from rich.table import Table

WIDE = 120
ROOMY = 100


def show(summary: RunSummary, *, total_s: float | None = None, as_json: bool = False) -> None:
    """Print it; with ``as_json`` run.json alone goes to standard output, and warnings to standard error."""
    for warning in summary.warnings:
        print(f"hil: warning: {warning}", file=sys.stderr)
    if as_json:
        print(json.dumps(summary.data, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.text import Text

    known = sys.stdout.isatty() or "COLUMNS" in os.environ  # how wide it is
    console = Console(width=None if known else WIDE, highlight=False)
    for case in summary.cases:
        if case.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE):
            console.print(_failure(case, summary), soft_wrap=True)
    rows = verdict_rows(summary.cases, summary.facts)
    cars = cars_of(summary.cases, summary.facts)
    console.print(side_by_side(rows, list(cars)) if len(cars) > 1 else one_car(rows, console.width))
    for line in left_out(rows, list(cars)):
        console.print(Text(line, "dim"), soft_wrap=True)
    for car, name in cars.items() if len(cars) > 1 else ():
        note = notes_of(summary.facts).get(car, "")
        console.print(Text(f"{car}: {name}" + (f" ({note})" if note else ""), "dim"))
    console.print()
    totals = [Text(f"{n} {plain(v)}", STYLES[Verdict(v)]) for v, n in summary.data["totals"].items()]
    console.print(Text(", ").join(totals) if totals else Text("no case ran"))
    for flagged in summary.data.get("shrinking", ()):
        what = f"{flagged['requirement']} {flagged['quantity']} on {flagged['vehicle']}"
        console.print(Text(f"margin shrinks: {what}: {told(flagged)}", "yellow"), soft_wrap=True)
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


def one_car(rows: Sequence[Row], width: int = WIDE) -> Table:
    """Per requirement: verdict, number of cases, and its tightest measurement; a line each, however few columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2 if width >= ROOMY else 1, 0, 0))
    for name in ("requirement", "verdict", "cases", "margin", "measured", "limit"):
        table.add_column(name, no_wrap=True, justify="right" if name == "cases" else "left")
    table.add_column("tightest in")  # the only one that gives way
    for row in rows:
        for car, cell in row.cells.items():
            if cell.cases:
                worst = cell.worst
                where = Text(_without_car(worst.case, car), no_wrap=True, overflow="ellipsis") if worst else ""
                figures = (*worst.shown, where) if worst else ("-",) * 3
                shown = Text(plain(cell.verdict), STYLES[cell.verdict])
                table.add_row(row.id, shown, str(cell.cases), *figures)
    return table


def side_by_side(rows: Sequence[Row], cars: Sequence[str]) -> Table:
    """A line per requirement, a column per car: verdict and smallest margin."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("requirement", *cars):
        table.add_column(name, overflow="fold")
    for row in rows:
        if row.executed:
            cells = []
            for car in cars:
                cell = row.cells[car]
                room = f" {cell.worst.shown[0]}" if cell.worst and cell.worst.margin else ""
                cells.append(Text.assemble((plain(cell.verdict), STYLES[cell.verdict]), (room, "dim")))
            table.add_row(row.id, *cells)
    return table


def left_out(rows: Sequence[Row], cars: Sequence[str]) -> list[str]:
    """What no case was about, and what does not apply to which car and why."""
    never = [row.id for row in rows if not row.executed]
    lines = [f"NOT EXECUTED, no case about it was run: {', '.join(never)}"] if never else []
    for car in cars:
        cells = [(row.id, row.cells[car]) for row in rows if row.executed]
        reasons: dict[str, list[str]] = {}
        for id_, cell in cells:
            if cell.verdict is Verdict.NOT_APPLICABLE or (cell.verdict is Verdict.NOT_EXECUTED and not cell.cases):
                said = cell.reason.removeprefix(f"{id_} ")
                reasons.setdefault(f"{plain(cell.verdict)} on {car}, {said}", []).append(id_)
        lines += [f"{why}: {', '.join(ids)}" for why, ids in reasons.items()]
    return lines


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
    for disturbance in data.get("disturbances") or ():
        words += ["--disturb", disturbance]
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


def _without_car(id_: str, car: str) -> str:
    """A case's name where every case is of the same car: ``test_press[invalid]``, not ``test_press[gs4-invalid]``."""
    name = id_.rpartition("::")[2]
    return name.removesuffix(f"[{car}]").replace(f"[{car}-", "[")


def _short(case: CaseRecord) -> str:
    return case.id.rpartition("::")[2]


def _expression(case: CaseRecord) -> str:
    function, _, bracket = _short(case).partition("[")
    if case.runner == "robot":  # the car is told by --vehicle; a space ends a name in an expression
        return function.strip().replace(" ", "_")
    parts = [p for p in bracket.rstrip("]").split("-") if p]
    return " and ".join([function, *parts]) if all(p.replace("_", "").isalnum() for p in parts) else function
