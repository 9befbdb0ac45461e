"""Campaigns of seeded defects as people run them, on a project with a few scenarios."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
LEAVING = ROOT / "scenarios" / "logout" / "test_leaving.py"


@pytest.fixture
def leaving(project: Any) -> Any:
    """A project with the scenarios of leaving."""
    shutil.copy(LEAVING, project.root / "scenarios" / "test_leaving.py")
    return project


def test_each_defect_is_killed_or_named(leaving: Any) -> None:
    out = leaving.root / "campaign"
    words = ("--defects", "out-01-slow,out-01-service-not-told,qr-04-second-code", "--variants", "1")
    done = leaving.hil("qualify", *words, "--out", str(out), "--json")
    summary = json.loads(done.stdout)
    fates = {d["id"]: d["fate"] for d in summary["defects"]}
    assert fates.pop("qr-04-second-code") in ("survived", "killed_other")  # no scenario of QR-04 is here
    assert set(fates.values()) == {"killed_own"}
    assert summary["variants"]["ran"] == 1
    assert summary["variants"]["red"] == []
    assert done.returncode == 1
    page = (out / "qualification.html").read_text(encoding="utf-8")
    assert "not every defect found" in page
    assert "out-01-slow" in page


def test_a_campaign_goes_on_where_it_was_stopped(leaving: Any) -> None:
    folder = leaving.root / "campaign"
    done = leaving.hil("qualify", "--out", str(folder), "--defects", "out-01-slow,out-01-service-not-told")
    assert done.returncode == 0, done.stderr
    torn, kept = folder / "defects" / "out-01-slow.json", folder / "defects" / "out-01-service-not-told.json"
    torn.write_text("{", "utf-8")
    before = kept.stat().st_mtime_ns
    done = leaving.hil("qualify", "--resume", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    assert [d["fate"] for d in json.loads(done.stdout)["defects"]] == ["killed_own", "killed_own"]
    assert kept.stat().st_mtime_ns == before


def test_a_suite_that_is_red_on_the_right_unit_says_nothing_of_wrong_ones(project: Any) -> None:
    project.scenario()
    done = project.hil("qualify", "--defects", "btn-01-*", "--out", str(project.root / "campaign"))
    assert done.returncode == 1
    assert "the right unit is not green" in done.stderr
    assert "test_broken" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--defects", "btn-99"), "means no defect"),
        (("--resume", "nowhere"), "holds no campaign"),
        (("--rig", "udp"), "is no virtual rig"),
        (("--vehicle", "nosuchcar"), "nosuchcar"),
        (("--variants", "-1"), "is negative"),
    ],
)
def test_wrong_use_is_told(leaving: Any, words: tuple[str, ...], said: str) -> None:
    done = leaving.hil("qualify", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
