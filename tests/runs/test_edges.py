"""``hil qualify --edges``: units on both sides of a limit, worked out from the car's own figure, tried and told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASE = "scenarios/buttons/test_press.py::test_just_enough_frames_are_a_press"


def hil(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "harness", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_two_limits_are_tried_on_both_sides(tmp_path: Path) -> None:
    out = tmp_path / "edges"
    edges = "BTN-04.debounce_frames,BTN-04.latency.bus"
    ended = hil("qualify", "--defects", "none", "--edges", edges, "--out", str(out), "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)["edges"]
    assert (found["units"], found["right"], found["limits_tried"]) == (4, 4, 2)
    assert found["limits"] == found["limits_tried"] + len(found["left_out"])
    assert all(entry["reason"] for entry in found["left_out"])
    late = {row["where"]: row for row in found["rows"] if row["row"] == "BTN-04.latency.bus"}
    assert 0.24 < late["inside"]["measured"] <= 0.25 < late["outside"]["measured"] < 0.26
    assert (late["inside"]["verdict"], late["outside"]["verdict"]) == ("PASS", "FAIL")
    assert "Units at the edges of the limits" in (out / "qualification.html").read_text("utf-8")

    replayed = hil("run", CASE, "--defect", late["outside"]["id"], "--out", str(tmp_path / "replayed"))
    assert replayed.returncode == 1, replayed.stderr


@pytest.mark.parametrize("words", [("qualify", "--edges", "BTN-99.latency"), ("run", CASE, "--defect", "edge-BTN=+1")])
def test_an_edge_that_there_is_not_is_told(words: tuple[str, ...]) -> None:
    ended = hil(*words)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
