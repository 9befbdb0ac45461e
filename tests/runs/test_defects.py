"""Tests that bite: each seeded defect turns a scenario of its own requirement red.

The campaign is the program's own (``hil qualify``): the right unit first, then one defect after the other.
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


def test_every_defect_is_killed_by_its_own_requirement(tmp_path: Path) -> None:
    code, summary, told = qualify("--out", str(tmp_path / "campaign"))
    assert summary is not None, told
    red = [f"{d['id']}: {d['fate']}: {d['reason']}" for d in summary["defects"] if d["fate"] != "killed_own"]
    assert red == []
    assert code == 0


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
