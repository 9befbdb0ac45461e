"""Tests that bite: a seeded defect turns a scenario of its own requirement red, and a right unit stays green.

The campaign is the program's own (``hil qualify``), with one defect of each requirement and one right unit of another
make. All of them, on each car, are a campaign of minutes that a person starts: docs/reference/qualification.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def qualify(*words: str) -> tuple[int, dict[str, Any] | None, str]:
    """(exit code, qualification.json, what it told) of one campaign."""
    command = [sys.executable, "-P", "-m", "harness", "qualify", *words, "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    return ended.returncode, json.loads(ended.stdout) if ended.stdout else None, ended.stderr


def test_a_defect_of_each_requirement_is_killed_by_it_and_a_right_unit_of_another_make_passes(tmp_path: Path) -> None:
    code, summary, told = qualify("--defects", "slice", "--variants", "1", "--out", str(tmp_path / "campaign"))
    assert summary is not None, told
    red = [f"{d['id']}: {d['fate']}: {d['reason']}" for d in summary["defects"] if d["fate"] != "killed_own"]
    assert red == []
    assert summary["variants"]["red"] == []
    assert summary["variants"]["ran"] == 1
    assert code == 0
    assert all(row["defects"] for row in summary["requirements"]), "a requirement without a defect"


def test_a_campaign_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    code, first, told = qualify("--out", str(folder), "--defects", "out-01-*")
    assert code == 0, told
    assert first is not None
    gone = first["defects"][0]["id"]
    kept = (folder / "defects" / f"{first['defects'][1]['id']}.json").stat().st_mtime_ns
    (folder / "defects" / f"{gone}.json").write_text("{", "utf-8")
    code, second, told = qualify("--resume", str(folder), "--defects", "out-01-*")
    assert code == 0, told
    assert second is not None
    assert [d["fate"] for d in second["defects"]] == ["killed_own"] * len(second["defects"])
    assert (folder / "defects" / f"{first['defects'][1]['id']}.json").stat().st_mtime_ns == kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--defects", "btn-99"), "means no defect"),
        (("--resume", "nowhere"), "holds no campaign"),
        (("--rig", "udp"), "is no virtual rig"),
        (("--vehicle", "nosuchcar"), "nosuchcar"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], said: str) -> None:
    code, summary, told = qualify(*words)
    assert code == 2
    assert summary is None
    assert said in told
    assert "Traceback" not in told
