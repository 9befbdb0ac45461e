"""Every report of a run says how the rig's self-check stands; of a virtual rig none says anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.cli.verdict_table import show
from harness.evidence.finish import RunSummary, finish
from harness.foundation.journal import Journal
from harness.rig.run import Run
from harness.rig.run import Settings as CaseSettings

ROOT = Path(__file__).parents[2]
SAYS = "the rig's self-check of 2026-01-02 expired on 2026-02-01; run 'hil rig check bench'"


def run_folder(out: Path, **facts: Any) -> Path:
    case = out / "cases" / "press.1"
    case.mkdir(parents=True)
    identity = {"id": "press", "nodeid": "press", "runner": "pytest", "title": "Press", "vehicle": "gs4",
                "requirements": [], "attempt": 1, "behaviour": ["a", "b", "c"]}  # fmt: skip
    (case / "pending.json").write_text(json.dumps(identity))
    journal = Journal(case / "journal.jsonl")
    journal.write("case", 0, **identity, text="", rig="bench", clock="wall", seed=7)
    journal.write("verdict", 1, verdict="PASS", reason="", prerequisite=False)
    journal.close()
    (out / "meta.json").write_text(json.dumps({"rig": "rigs/bench.yaml", "clock": "wall", "vehicle": "gs4", **facts}))
    return out


def finished(out: Path, **facts: Any) -> RunSummary:
    return finish(run_folder(out, **facts), allure=False)


def everything(out: Path, summary: RunSummary, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    show(summary)
    return {
        "terminal": " ".join(capsys.readouterr().out.split()),
        "run.json": (out / "run.json").read_text(),
        "summary.html": (out / "summary.html").read_text().replace("&#39;", "'"),
        "junit.xml": (out / "junit.xml").read_text(),
        "allure": (out / "allure-results" / "environment.properties").read_text(),
    }


def test_a_stale_check_is_in_every_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    summary = finished(out, rig_check={"state": "stale", "says": SAYS})
    for name, text in everything(out, summary, capsys).items():
        assert SAYS in text, name
        assert "stale" in text, name
    assert json.loads((out / "run.json").read_text())["rig_check"] == {"state": "stale", "says": SAYS}
    (found,) = ElementTree.parse(out / "junit.xml").getroot().findall("testsuite/properties/property")
    assert found.get("name") == "rig_check"
    assert summary.exit_code == 0, "it says so, it changes no verdict"


def test_without_one_no_report_speaks_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    for name, text in everything(out, finished(out), capsys).items():
        assert "self-check" not in text.lower(), name
        assert "rig_check" not in text, name


@pytest.mark.parametrize("name", ["udp", "virtual"])
def test_a_runner_of_its_own_says_it_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text((ROOT / "rigs" / f"{name}.yaml").read_text("utf-8"), "utf-8")
    facts = Run(CaseSettings(str(path), (), 7, tmp_path / "out", ROOT)).facts()
    assert facts.get("rig_check", {}).get("state") == {"udp": "missing", "virtual": None}[name]
