"""``hil compare`` as people call it: exit codes, what it prints, what it says of a folder that is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main


def case(id_: str, verdict: str, value: float) -> dict[str, Any]:
    limit = {"low": None, "high": 0.25, "unit": "s", "text": "<= 250 ms", "source": "maker's value"}
    figure = {
        "requirement": "BTN-01", "quantity": "latency", "observation": "reaches", "unit": "s", "value": value,
        "interval": [value, value], "limit": limit, "margin": 0.25 - value, "samples": 1, "verdict": verdict,
        "reason": f"head_unit.app reaches listening: {value} s, limit <= 250 ms", "prerequisite": False,
    }  # fmt: skip
    return {
        "id": id_, "runner": "pytest", "title": id_, "verdict": verdict, "reason": figure["reason"], "folder": None,
        "requirements": ["BTN-01"], "measurements": [figure],
    }  # fmt: skip


def run(folder: Path, rig: str, *cases: dict[str, Any]) -> str:
    folder.mkdir()
    totals = {v: sum(c["verdict"] == v for c in cases) for v in {c["verdict"] for c in cases}}
    data = {"schema": 1, "rig": rig, "seed": 7, "totals": totals, "crash": None, "ended": "2026-03-01T10:00:04+00:00"}
    (folder / "run.json").write_text(json.dumps({**data, "cases": cases}))
    return str(folder)


def test_two_runs_that_agree_exit_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = run(tmp_path / "a", "rigs/virtual.yaml", case("test_press[gs4]", "PASS", 0.04))
    b = run(tmp_path / "b", "rigs/vcan.yaml", case("test_press[gs4]", "PASS", 0.05))
    assert main(["compare", a, b]) == 0
    out = capsys.readouterr().out
    assert "no divergence" in out
    assert "rig rigs/vcan.yaml" in out
    assert "<= 250 ms" in out


def test_a_divergence_exits_with_1_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = run(tmp_path / "a", "rigs/virtual.yaml", case("test_press[gs4]", "PASS", 0.04))
    b = run(tmp_path / "b", "rigs/vcan.yaml", case("test_press[gs4]", "FAIL", 0.34))
    page = tmp_path / "page.html"
    assert main(["compare", a, b, "--html", str(page)]) == 1
    out = capsys.readouterr().out
    assert "2 divergences" in out
    assert "PASS in A, FAIL in B" in out
    assert "40 ms in A, 340 ms in B" in out
    assert page.read_text().startswith("<!doctype html>")


def test_json_alone_goes_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = run(tmp_path / "a", "rigs/virtual.yaml", case("test_press[gs4]", "PASS", 0.04), case("x", "PASS", 0.04))
    b = run(tmp_path / "b", "rigs/vcan.yaml", case("test_press[gs4]", "PASS", 0.04))
    assert main(["compare", a, b, "--json"]) == 1
    assert [d["kind"] for d in json.loads(capsys.readouterr().out)["divergences"]] == ["case"]
    assert main(["compare", a, b, "--json", "--common"]) == 0
    assert [d["counts"] for d in json.loads(capsys.readouterr().out)["divergences"]] == [False]


def test_the_threshold_is_a_share_of_the_limit(tmp_path: Path) -> None:
    a = run(tmp_path / "a", "rigs/virtual.yaml", case("test_press[gs4]", "PASS", 0.04))
    b = run(tmp_path / "b", "rigs/vcan.yaml", case("test_press[gs4]", "PASS", 0.05))
    assert main(["compare", a, b, "--threshold", "3"]) == 1
    assert main(["compare", a, b, "--threshold", "5"]) == 0
    assert main(["compare", a, b, "--threshold", "-1"]) == 2


def test_what_is_no_run_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = run(tmp_path / "a", "rigs/virtual.yaml", case("test_press[gs4]", "PASS", 0.04))
    assert main(["compare", a, str(tmp_path / "b")]) == 2
    assert "no such run folder" in capsys.readouterr().err
    shutil.copytree(a, tmp_path / "c")
    (tmp_path / "c" / "run.json").write_text("{")
    assert main(["compare", a, str(tmp_path / "c")]) == 2
    assert "hil report" in capsys.readouterr().err
    assert main(["compare", a, a, "--html", str(tmp_path)]) == 2
