"""What a campaign tells while it runs and at its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.cli.child import Child
from harness.evidence.case import CaseRecord
from harness.evidence.qualification import results
from harness.foundation.clock import pause, stopwatch
from harness.foundation.units import show_time

COUNTS = ("killed_own", "killed_other", "survived", "infra_error", "not_applicable", "not_run")


def wait(
    children: Sequence[Child], interrupted: Callable[[], bool], what: str, counted: tuple[Path, int] | None = None
) -> None:
    """Until all have ended; tells each defect that is done, with the time left as the pace so far promises."""
    watch, told, begun = stopwatch(), set[str](), len(results(counted[0])) if counted else 0
    while any(child.ended() is None for child in children):
        if interrupted():
            print(f"hil: stopping; go on with --resume {counted[0] if counted else ''}", file=sys.stderr)
            for child in children:
                child.stop()
            break
        if counted:
            _progress(counted, told, begun, watch())
        pause(0.1)
    if counted:
        _progress(counted, told, begun, watch())
    else:
        print(f"hil: {what}: {watch():.0f} s", file=sys.stderr, flush=True)


def _progress(counted: tuple[Path, int], told: set[str], begun: int, passed: float) -> None:
    folder, total = counted
    done = results(folder)
    for name in [name for name in done if name not in told]:
        told.add(name)
        now = len(done) - begun
        left = f"  {show_time(round(passed / now * (total - len(done)) * 1e9))} left" if now > 0 else ""
        print(f"{len(told):>5}/{total}  {done[name]['fate']:<14} {name}{left}", file=sys.stderr, flush=True)


def not_green(red: Sequence[CaseRecord], out: Path) -> int:
    print("hil: the right unit is not green, so nothing can be said about wrong ones:", file=sys.stderr)
    for case in red:
        print(f"  {case.verdict!s:<12} {case.id}  {case.reason}", file=sys.stderr)
    print(f"hil: its run: {out / 'baseline'}", file=sys.stderr)
    return 1


def _tell_edges(edges: Mapping[str, Any] | None) -> None:
    if edges is None:
        return
    for row in edges["rows"]:
        if row["outcome"] != "right":
            put = f"{row['asked']:.6g} {row['unit']} asked, {row['measured']} measured, {row['text']}"
            print(f"{row['outcome'] or 'not run':<14} {row['id']:<40} {row['where']}: {put} {row['reason']}")
    tried = f"{edges['limits_tried']} of {edges['limits']} limits"
    print(f"\n{edges['units']} units at the edges of {tried}: {edges['right']} judged right")


def tell(summary: Mapping[str, Any], out: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    for row in summary["defects"]:
        if row["fate"] != "killed_own" and row["fate"] != "not_applicable":
            print(f"{row['fate'] or 'not run':<14} {row['id']:<40} {row['reason']}")
    variants = summary["variants"]
    for shot in variants["red"]:
        unit = f"variant {shot['seed']}"
        print(f"{'right unit':<14} {unit:<40} {shot['verdict']} {shot['case']} {shot['reason']}")
    if variants["asked"]:
        red = len(variants["red"])
        print(f"\n{variants['ran']} right units, {variants['cases']} cases: {red} not green")
    _tell_edges(summary["edges"])
    counts = ", ".join(f"{summary[key]} {key.replace('_', ' ')}" for key in COUNTS)
    print(f"\n{len(summary['defects'])} defects: {counts}; {summary['wall_s']} s")
    print(f"report: {out / 'qualification.html'}")
