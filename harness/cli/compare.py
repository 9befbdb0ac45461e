"""``hil compare RUN_A RUN_B``: do two runs of the same scenarios agree, and where not."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from harness.cli.progress import STYLES
from harness.cli.verdict_table import WIDE
from harness.evidence.compare import Comparison, Divergence, RequirementPair
from harness.evidence.compare import compare as held_together
from harness.evidence.compared_run import ComparedRun, read_run
from harness.evidence.distribution import Distribution
from harness.evidence.wording import number, plain, scale_of, show_limit
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict

MOST_TOLD = 10
_FIGURES = ("n", "min", "median", "max", "within")


def compare(a: Path, b: Path, *, percent: float, common: bool, as_json: bool, html: Path | None) -> int:
    """Returns 0 when the runs agree, 1 when they diverge. BadInput for a folder that holds no run."""
    if not 0 <= percent <= 100:
        raise BadInput("command line", None, f"--threshold {percent:g}", "is no share of a limit", "Write 0 to 100.")
    found = held_together(read_run(a), read_run(b), threshold=percent / 100, common=common)
    if html is not None:
        from harness.evidence.compare_html import write

        try:
            write(html, found)
        except OSError as why:
            raise BadInput(html, None, "", f"cannot be written: {why.strerror}", "Name a file you may write.") from why
    if as_json:
        from harness.evidence.compare_json import compare_json

        print(json.dumps(compare_json(found), ensure_ascii=False, indent=1))
    else:
        _show(found, common, html)
    return found.exit_code


def _show(found: Comparison, common: bool, html: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    for name, run in (("A", found.a), ("B", found.b)):
        console.print(Text.assemble((f"{name}  ", "bold"), _named(run)), soft_wrap=True)
        for warning in run.warnings:
            console.print(Text(f"   {warning}", "yellow"), soft_wrap=True)
    console.print()
    if found.requirements:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for column in ("requirement", "figure", "limit", "", "n", "min", "median", "max", "within"):
            table.add_column(column, overflow="fold", justify="right" if column in _FIGURES else "left")
        for row in found.requirements:
            if common and not (row.a.n and row.b.n):
                continue
            for line in _rows(row):
                table.add_row(*line)
        console.print(table)
        console.print()
    verdicts = Counter(pair.verdicts for pair in found.cases)
    same = sum(n for (a, b), n in verdicts.items() if a is b)
    console.print(f"{len(found.cases)} cases; the same verdict in {same}")
    for (a, b), n in sorted(verdicts.items()):
        if a is not b:
            told = Text.assemble("  ", (f"{plain(a)} in A", STYLES[Verdict(a)]), ", ")
            console.print(told.append(f"{plain(b)} in B", STYLES[Verdict(b)]).append(f": {n}"))
    _show_divergences(console, found)
    if html is not None:
        console.print(Text(f"page: {html}", "bold"), soft_wrap=True)


def _show_divergences(console: object, found: Comparison) -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    counted = [d for d in found.divergences if d.counts]
    told = [d for d in found.divergences if not d.counts]
    if counted:
        console.print(Text(f"\n{len(counted)} divergence{'s' if len(counted) != 1 else ''}", "bold red"))
    for divergence in counted:
        console.print(_line(divergence, "red"), soft_wrap=True)
    if told:
        console.print(Text(f"\nonly one run has or could judge these (not counted): {len(told)}", "bold"))
    for divergence in told[:MOST_TOLD]:
        console.print(_line(divergence, "dim"), soft_wrap=True)
    if len(told) > MOST_TOLD:
        console.print(f"... and {len(told) - MOST_TOLD} more: --json and --html have all")
    if not counted:
        console.print(Text("no divergence", "bold green"))


def _line(divergence: Divergence, style: str) -> object:
    from rich.text import Text

    head = Text.assemble((f"{divergence.kind:<9}", style), divergence.case, "  ", (divergence.requirement, "bold"))
    return head.append(f"{'  ' if divergence.kind == 'case' else chr(10) + ' ' * 9}{divergence.text}")


def _named(run: ComparedRun) -> str:
    facts = run.facts
    said = [str(run.path), f"rig {facts.get('rig') or '?'}", f"seed {facts.get('seed')}"]
    if facts.get("defect"):
        said.append(f"defects {', '.join(facts['defect'])}")
    if facts.get("variant_seed") is not None:
        said.append(f"variant {facts['variant_seed']}")
    totals = [f"{n} {plain(v)}" for v, n in (facts.get("totals") or {}).items()]
    said.append(" ".join(totals) or "no case")
    return ", ".join(said) + (f"; broke down: {run.crash}" if run.crash else "")


def _rows(row: RequirementPair) -> list[tuple[str, ...]]:
    figures = [f for d in (row.a, row.b) for f in (d.low, d.median, d.high)]
    unit, factor = scale_of(row.unit, *figures, row.limit.get("low"), row.limit.get("high"))
    head = (row.requirement, f"{row.quantity}, {row.observation}", show_limit(row.limit))
    return [(*head, *_figures("A", row.a, unit, factor)), ("", "", "", *_figures("B", row.b, unit, factor))]


def _figures(name: str, found: Distribution, unit: str, factor: float) -> tuple[str, ...]:
    if not found.n:
        return (name, "0", "-", "-", "-", "-")
    shown = [
        "never" if v is None else f"{number(v * factor, 2)} {unit}".rstrip()
        for v in (found.low, found.median, found.high)
    ]
    never = f" ({found.never} never)" if found.never else ""
    within = f"{number((found.within or 0.0) * 100, 1)} %{never}"
    return (name, str(found.n), *shown, within)
