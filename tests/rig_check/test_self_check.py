"""The kept self-check: fresh, stale, failing, missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput
from harness.rig.probing.findings import Findings, Value
from harness.rig.self_check import beside, fact, save, standing

GOOD = Findings((), (Value("can/body", "cycle error, p99", "s", 0.001),), ())
BAD = Findings((), (Value("audio", "loop gain", "dB", -6.0, wrong="the gain has changed"),), ())


@pytest.fixture
def rig(tmp_path: Path) -> Path:
    path = tmp_path / "rigs" / "bench.yaml"
    path.parent.mkdir()
    path.write_text("schema: 1\n")
    return path


def kept(rig: Path, findings: Findings = GOOD) -> Path:
    return save(rig, "gs4", findings, "2026-03-01T10:00:00+00:00", "2026-03-31")


def test_a_kept_check_is_fresh_up_to_its_last_day(rig: Path) -> None:
    assert kept(rig) == rig.with_name("bench.check.json")
    found = standing(rig, "2026-03-31T23:59:59+00:00")
    assert found.state == "fresh"
    assert found.says == "the rig passed its self-check of 2026-03-01, which holds until 2026-03-31"


def test_a_day_later_it_is_stale(rig: Path) -> None:
    kept(rig)
    found = standing(rig, "2026-04-01")
    assert found.state == "stale"
    assert "expired on 2026-03-31" in found.says
    assert "hil rig check bench" in found.says


def test_a_rig_elsewhere_is_named_by_its_path(tmp_path: Path) -> None:
    assert f"hil rig check {tmp_path / 'mine.yaml'}'" in standing(tmp_path / "mine.yaml", "2026-03-02").says


def test_a_changed_rig_file_makes_it_stale(rig: Path) -> None:
    kept(rig)
    rig.write_text("schema: 1\ntitle: another\n")
    assert standing(rig, "2026-03-02").state == "stale"


def test_a_failing_check_says_the_first_thing(rig: Path) -> None:
    kept(rig, BAD)
    found = standing(rig, "2026-03-02")
    assert found.state == "failing"
    assert "the gain has changed" in found.says


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"schema": 2}', '{"schema": 1, "measured": 3}', "\x00"])
def test_what_is_no_self_check_is_missing(rig: Path, text: str | None) -> None:
    if text is not None:
        beside(rig).write_text(text)
    found = standing(rig, "2026-03-02")
    assert found.state == "missing"
    assert "hil rig check bench" in found.says


def test_every_standing_is_one_line(rig: Path) -> None:
    kept(rig, Findings((), (Value("a", "b", "", None, wrong="one\ntwo"),), ()))
    assert "\n" not in standing(rig, "2026-03-02").says


def test_a_virtual_rig_needs_none_and_says_nothing(rig: Path) -> None:
    assert fact(rig, "virtual", "2026-03-02") is None
    assert fact(rig, "wall", "2026-03-02") == {
        "state": "missing",
        "says": "this rig was never checked by itself; run 'hil rig check bench'",
    }


def test_the_file_holds_date_expiry_values_and_what_was_wrong(rig: Path) -> None:
    document = json.loads(kept(rig, BAD).read_text())
    assert (document["measured"][:10], document["expires"], document["good"]) == ("2026-03-01", "2026-03-31", False)
    assert document["wrong"] == ["audio: the gain has changed"]
    assert document["values"][0]["quantity"] == "loop gain"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    rig = tmp_path / "bench.yaml"
    rig.write_text("schema: 1\n")
    beside(rig).mkdir()
    with pytest.raises(BadInput, match="cannot be kept"):
        kept(rig)
