"""Where the units at the edge of a limit are put, and when their judgement is right."""

from __future__ import annotations

from typing import Any

import pytest

from harness.evidence.edges import INSIDE, OUTSIDE, Judged, all_right, outcome, pairs, places, summary, worst_of

LIMIT = {"low": None, "high": 0.25}
ROW: dict[str, Any] = {
    "id": "edge-A-01.latency=+0.1", "row": "A-01.latency", "what": "the answer", "limit": "A-01.latency",
    "requirement": "A-01", "quantity": "latency", "by": ["reaches"], "start": "measured", "side": "high",
    "where": OUTSIDE, "asked": 0.252, "room": 0.002, "unit": "s", "text": "<= 250 ms",
}  # fmt: skip


def judged(verdict: str, value: float | None, *, quantity: str = "latency", by: str = "reaches") -> dict[str, Any]:
    interval = None if value is None else (value, value)
    return Judged("case", quantity, by, verdict, value, interval, "s", LIMIT).to_json()


def shot(verdict: str, *found: dict[str, Any], failed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"case": "case", "verdict": verdict, "reason": "because", "failed": list(failed), "judged": list(found)}


def test_the_whole_interval_lies_inside_or_outside() -> None:
    inside, outside = places(None, 0.25, 0.002, least=(0.1, 0.09, 0.13), most=(0.1, 0.09, 0.13))
    assert (inside.where, outside.where) == (INSIDE, OUTSIDE)
    assert 0.13 + inside.amount == pytest.approx(0.248)
    assert 0.09 + outside.amount == pytest.approx(0.252)
    assert inside.asked == pytest.approx(0.1 + inside.amount)


def test_a_limit_with_two_sides_has_four_units() -> None:
    found = places(0.75, 0.85, 0.01, least=(0.8, 0.79, 0.8), most=(0.82, 0.82, 0.83))
    assert [(p.side, p.where) for p in found] == [
        ("low", INSIDE), ("low", OUTSIDE), ("high", INSIDE), ("high", OUTSIDE)
    ]  # fmt: skip
    assert [round(p.asked, 6) for p in found] == [0.77, 0.74, 0.83, 0.86]
    assert found[0].amount == pytest.approx(0.77 - 0.8)


def test_a_count_stands_on_its_limit_and_one_beyond() -> None:
    found = places(2, None, 0.002, whole=True, start=2.0)
    assert [(p.asked, p.amount) for p in found] == [(2, 0.0), (1.0, -1.0)]


def test_without_measurement_and_start_there_is_no_place() -> None:
    with pytest.raises(ValueError, match="measurement or a start"):
        places(1.0, None, 0.1)


def test_outside_one_failed_check_of_this_quantity_is_right() -> None:
    assert outcome(ROW, [shot("FAIL", judged("FAIL", 0.252))])[0] == "right"
    assert outcome(ROW, [shot("PASS", judged("PASS", 0.249))])[0] == "wrong_pass"
    other = judged("FAIL", 9.0, quantity="delivered")
    assert outcome(ROW, [shot("FAIL", judged("PASS", 0.25), other)])[0] == "wrong_pass"
    elsewhere = judged("FAIL", 0.3, by="plays")
    assert outcome(ROW, [shot("FAIL", judged("PASS", 0.25), elsewhere)])[0] == "wrong_pass"
    assert outcome(ROW, [shot("INCONCLUSIVE", judged("INCONCLUSIVE", 0.25))])[0] == "undecided"


def test_inside_every_check_of_this_quantity_has_to_pass() -> None:
    row = {**ROW, "where": INSIDE, "asked": 0.248}
    assert outcome(row, [shot("PASS", judged("PASS", 0.248))])[0] == "right"
    assert outcome(row, [shot("FAIL", judged("PASS", 0.248), judged("FAIL", 0.3, by="plays"))])[0] == "wrong_fail"
    assert outcome(row, [shot("FAIL", judged("FAIL", None))])[0] == "wrong_fail"
    assert outcome(row, [shot("INCONCLUSIVE", judged("INCONCLUSIVE", 0.248))])[0] == "undecided"
    assert outcome(row, [])[0] == "no_judgement"


def test_a_figure_that_did_not_move_shows_nothing() -> None:
    row = {**ROW, "where": INSIDE, "asked": 0.248}
    assert outcome(row, [shot("PASS", judged("PASS", 0.04))])[0] == "not_moved"
    assert outcome(ROW, [shot("PASS", judged("PASS", 0.04))])[0] == "not_moved"


@pytest.mark.parametrize("where", [INSIDE, OUTSIDE])
def test_a_crash_or_a_step_on_the_way_is_no_judgement(where: str) -> None:
    row = {**ROW, "where": where}
    for broken in (shot("BLOCKED"), shot("ERROR"), shot("FAIL")):
        assert outcome(row, [broken])[0] == "no_judgement"


def test_what_is_only_tried_and_not_measured_is_judged_by_the_requirement() -> None:
    row = {**ROW, "start": "figure", "by": []}
    assert outcome(row, [shot("FAIL", judged("FAIL", 1.0, quantity="watch"))])[0] == "right"
    assert outcome({**row, "where": INSIDE}, [shot("PASS", judged("PASS", 1.0, quantity="watch"))])[0] == "right"


def test_the_worst_is_that_of_its_side() -> None:
    found = [Judged.from_json(judged("PASS", v)) for v in (0.2, 0.1, None, 0.3)]
    low, high = worst_of(found, "low"), worst_of(found, "high")
    assert low is not None
    assert high is not None
    assert (low.value, high.value) == (0.1, 0.3)
    assert worst_of([found[2]], "high") is None


def test_a_campaign_tells_its_units_in_pairs_and_the_limits_without() -> None:
    inside = {**ROW, "id": "edge-A-01.latency=+0.09", "where": INSIDE, "asked": 0.248}
    limits = [{"limit": "A-01.latency", "text": "<= 250 ms", "reason": ""},
              {"limit": "A-02.found", "text": "= 0", "reason": "no row"}]  # fmt: skip
    campaign = {"edges": [ROW, inside], "limits": limits}
    done = {ROW["id"]: {"shots": [shot("FAIL", judged("FAIL", 0.252))]}}
    found = summary(campaign, done)
    assert found is not None
    assert (found["units"], found["right"], found["not_run"], found["limits_tried"]) == (2, 1, 1, 1)
    assert [entry["limit"] for entry in found["left_out"]] == ["A-02.found"]
    assert not all_right(found)
    (pair,) = pairs(found)
    assert (pair["inside"]["outcome"], pair["outside"]["outcome"]) == (None, "right")
    done[inside["id"]] = {"shots": [shot("PASS", judged("PASS", 0.248))]}
    assert all_right(summary(campaign, done))


def test_a_campaign_without_edges_has_none_to_be_wrong() -> None:
    assert summary({"defects": []}, {}) is None
    assert all_right(None)
