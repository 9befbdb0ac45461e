"""Which pictures of a case go on paper, and which never do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.evidence.case import CaseRecord, read_case
from harness.evidence.exhibits import point_of_interest
from harness.evidence.paper.pictures import MOST_DOTS, distribution, screen, signals
from harness.foundation.units import S
from harness.foundation.values import Verdict

LIMIT = {"low": None, "high": 0.25, "unit": "s", "text": "<= 250 ms"}


def check(value: float | None, verdict: str = "PASS", **more: Any) -> dict[str, Any]:
    return {"value": value, "verdict": verdict, "limit": LIMIT, "unit": "s", "window": [0, 2 * S + 5], **more}


@pytest.fixture
def case(run: Any) -> CaseRecord:
    return read_case(run.case("test_wakes", pictures=tuple(f"screen-000{n}.png" for n in range(1, 5))))


def name(found: tuple[Path, str] | None) -> str:
    assert found
    return found[0].name


def test_the_screen_is_the_one_that_stood_when_it_was_decided(case: CaseRecord) -> None:
    assert name(screen(case, check(0.1))) == "screen-0002.png"  # shown at 2 s, decided just after
    assert name(screen(case, None)) == "screen-0004.png"
    pointed = check(0.1, refs=[{"track": "screen", "t": 3 * S}, {"track": "can/body", "t": 4 * S}])
    assert screen(case, pointed) == (case.folder / "screen-0003.png", "3.000 s") if case.folder else False
    assert name(screen(case, check(0.1, window=[0, 10]))) == "screen-0001.png"  # none before: the first


def test_of_several_samples_it_is_the_worst_ones_screen(case: CaseRecord) -> None:
    worst = check(0.3, "FAIL", samples=59, refs=[{"track": "audio/amp", "t": 3 * S}], window=[0, 4 * S])
    assert name(screen(case, worst)) == "screen-0003.png"
    assert name(screen(case, {**worst, "samples": 1})) == "screen-0004.png"


def test_a_restricted_picture_is_never_shown(run: Any) -> None:
    folder = run.case("test_code", pictures=("screen-0001.png", "restricted/screen-0002.png"))
    assert name(screen(read_case(folder), None)) == "screen-0001.png"
    (folder / "screen-0001.png").unlink()
    os.symlink("restricted/screen-0002.png", folder / "screen-0001.png")
    assert screen(read_case(folder), None) is None


def test_a_picture_outside_the_case_is_never_shown(run: Any) -> None:
    other = run.case("test_other", pictures=("screen-0001.png",))
    folder = run.case("test_code", pictures=("screen-0001.png",))
    (folder / "screen-0001.png").unlink()
    os.symlink(other / "screen-0001.png", folder / "screen-0001.png")
    assert screen(read_case(folder), None) is None


def test_a_missing_picture_costs_nothing(case: CaseRecord) -> None:
    assert case.folder
    (case.folder / "screen-0004.png").unlink()
    assert name(screen(case, None)) == "screen-0003.png"


def test_signals_are_drawn_in_the_font_of_the_report(case: CaseRecord) -> None:
    drawn = signals(case, "Noto Sans CJK SC")
    ElementTree.fromstring(drawn)
    assert "system-ui" not in drawn
    assert "press messaging" in drawn
    assert case.folder
    (case.folder / "signals.json").write_text("{")
    assert signals(case, "Noto Sans CJK SC") == ""


def test_a_distribution_keeps_its_ends_and_what_failed() -> None:
    many = [check(0.1 + n / 100_000) for n in range(5000)] + [check(0.3, "FAIL")]
    drawn = distribution(many, "F")
    ElementTree.fromstring(drawn)
    assert drawn.count("<circle") <= MOST_DOTS + 3
    assert "class='v-FAIL'" in drawn
    one = distribution([check(0.1, values=[0.1 + n / 100_000 for n in range(5000)])], "F")
    assert one.count("<circle") <= MOST_DOTS + 3
    assert distribution([check(None)], "F") == ""


def test_a_long_recording_is_shown_round_what_was_missed_not_round_what_the_rig_lacks(run: Any) -> None:
    folder = run.case("test_wakes", Verdict.FAIL, latency=0.3, reason="late", also={"window": [100 * S, 101 * S]})
    case = read_case(folder)
    absent = {**case.checks[0], "verdict": "NOT_APPLICABLE", "window": [5 * S, 6 * S]}
    records = (*case.records[:1], absent, *case.records[1:])
    both = CaseRecord(**{**vars(case), "records": records})
    shown = point_of_interest(both, {"window": [0, 300 * S]})
    assert shown == (98 * S, 106 * S)
