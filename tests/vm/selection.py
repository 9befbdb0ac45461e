"""Scenarios on the kernel's CAN with the unit as another process: the right unit, then one defect after the other.

Run by tests/vm/test_selection.py, in a process of its own: ``python -P tests/vm/selection.py FOLDER [SECONDS]``. One
keeper and one plant serve all; pytest runs in this process, so what it has loaded it loads once (loading takes longest
where the kernel is emulated). Each part leaves a run folder below FOLDER; the table is printed and written to
``table.json``. The exit code is ``exit_code``'s.

The rig is rigs/vcan.yaml without sound. What is BLOCKED (an emulated kernel keeps the beats, but Python runs some
fifteen times slower there, and the bench says by itself when it was too slow) is tried again, twice at most; every
attempt is kept and listed. Scenarios that make frames wrong are left out: their beats are the keeper's.
"""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from harness.foundation.clock import stopwatch
from harness.rig.keeper.child import KeeperChild

ROOT = Path(__file__).parents[2]
RIG = ROOT / "rigs" / os.environ.get("HIL_SELECTION_RIG", "vcan.yaml")
ATTEMPTS = 3
WRONG = 10
"""Exit code: a wrong verdict. A program that breaks down has 1."""
LOGIN = "scenarios/login/"
RIGHT = (
    LOGIN + "test_code.py::test_cold_start_shows_a_code[gs4]",
    LOGIN + "test_code.py::test_driving_off_takes_the_code_away[gs4-drive_off]",
    LOGIN + "test_login.py::test_refusing_leaves_the_unit_logged_out[gs4]",
    "scenarios/logout/test_leaving.py::test_leaving_logs_out[gs4]",
    LOGIN + "test_login.py::test_scan_and_confirm_log_in[gs4]",
)
DEFECTS = (
    ("qr-01-slow-cold-start", RIGHT[0]),
    ("qr-08-code-stays-moving", RIGHT[1]),
    ("qr-08-code-while-moving", RIGHT[1]),
    ("qr-05-refusal-ignored", RIGHT[2]),
    ("qr-05-refusal-unsaid", RIGHT[2]),
    ("qr-02-slow-login", RIGHT[4]),
    ("out-01-slow", RIGHT[3]),
    ("out-01-service-not-told", RIGHT[3]),
    ("out-01-screen-behind", RIGHT[3]),
    ("out-01-bus-behind", RIGHT[3]),
)
"""(defect, the scenario of its own requirement that must turn red)."""


def verdicts(out: Path) -> dict[str, tuple[str, str]]:
    """(verdict, reason) of each case of a run, from the journals."""
    found = {}
    for path in sorted(out.glob("cases/*/journal.jsonl")):
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        verdict = next((r for r in records if r["kind"] == "verdict"), {"verdict": "none", "reason": "cut off"})
        found[records[0]["id"]] = (verdict["verdict"], verdict["reason"])
    return found


def rig_file(folder: Path) -> Path:
    path = folder / RIG.name
    text = re.sub(r"(?m)^audio:.*$", "audio: {driver: none}", RIG.read_text("utf-8"))
    # reading a code off a picture takes a second on an emulated processor, and no picture comes meanwhile
    path.write_text(text.replace('url: "plant:screen"', 'url: "plant:screen", stall: 4 s'), "utf-8")
    return path


def run(rig: Path, out: Path, cases: tuple[str, ...], *words: str) -> dict[str, tuple[str, str]]:
    """The cases, in this process."""
    settings = ["--rig", str(rig), "--hil-out", str(out), "-p", "no:cacheprovider", "-p", "no:randomly"]
    pytest.main([*cases, "-q", "--no-header", "--no-summary", *settings, *words])
    return verdicts(out)


def main(folder: Path, budget: float = float("inf")) -> int:
    """Nothing is begun after ``budget`` seconds; the exit code says that something is missing then."""
    os.chdir(ROOT)
    watch, rows = stopwatch(), []
    rig = rig_file(folder)
    keeper = KeeperChild(rig, folder)
    wanted = [("right", case) for case in RIGHT] + list(DEFECTS)
    try:
        os.environ.update(keeper.address.to_environment())
        for attempt in range(1, ATTEMPTS + 1):
            again = []
            for unit, group in groupby(wanted, key=lambda one: one[0]):
                if watch() > budget:
                    break
                cases = tuple(case for _, case in group)
                words = () if unit == "right" else ("--defect", unit)
                for case, (verdict, reason) in run(rig, folder / f"{unit}.{attempt}", cases, *words).items():
                    row = {"unit": unit, "case": case, "verdict": verdict, "reason": reason, "attempt": attempt}
                    rows.append({**row, "at_s": round(watch(), 1)})
                    if verdict == "BLOCKED":
                        again.append((unit, case))
            wanted = again
    finally:
        keeper.close()
        for row in rows:
            print(f"{row['at_s']:7.1f} s  {row['unit']:26} {row['verdict']:12} {row['case']}")
            if (row["verdict"] == "PASS") != (row["unit"] == "right"):
                print(f"            {row['reason']}")
        (folder / "table.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return exit_code(rows)


def exit_code(rows: list[dict[str, Any]]) -> int:
    """Of the last attempts: 10 when a right unit is red or a wrong one is green, 3 when something is BLOCKED or
    missing, else 0."""
    last = {(row["unit"], row["case"]): str(row["verdict"]) for row in rows}
    if any(verdict == ("FAIL" if unit == "right" else "PASS") for (unit, _), verdict in last.items()):
        return WRONG
    whole = len(last) == len(RIGHT) + len(DEFECTS) and set(last.values()) <= {"PASS", "FAIL"}
    return 0 if whole else 3


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(float, sys.argv[2:])))
