"""Which verdict decides, and what a run exits with."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Interval
from harness.foundation.values import Check, Limit, Measurement, Verdict, exit_code, worst

V = Verdict


@pytest.mark.parametrize(
    ("verdicts", "decides"),
    [
        ((V.PASS, V.FAIL), V.FAIL),
        ((V.ERROR, V.FAIL, V.BLOCKED), V.ERROR),
        ((V.BLOCKED, V.INCONCLUSIVE, V.PASS), V.BLOCKED),
        ((V.INCONCLUSIVE, V.NOT_EXECUTED, V.PASS), V.INCONCLUSIVE),
        ((V.NOT_EXECUTED, V.PASS), V.NOT_EXECUTED),
        ((V.PASS, V.NOT_APPLICABLE), V.PASS),
        ((V.NOT_APPLICABLE,), V.NOT_APPLICABLE),
        ((), V.NOT_APPLICABLE),
    ],
)
def test_the_worst_verdict_decides_in_any_order(verdicts: tuple[Verdict, ...], decides: Verdict) -> None:
    assert {worst(order) for order in permutations(verdicts)} == {decides}


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (V.PASS, 0),
        (V.NOT_APPLICABLE, 0),
        (V.FAIL, 1),
        (V.BLOCKED, 3),
        (V.NOT_EXECUTED, 3),
        (V.ERROR, 4),
        (V.INCONCLUSIVE, 5),
    ],
)
def test_each_verdict_has_its_exit_code(verdict: Verdict, code: int) -> None:
    assert exit_code([verdict]) == code
    assert exit_code([V.PASS, verdict]) == code


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(list(Verdict)), max_size=8))
def test_of_several_exit_codes_4_1_3_5_wins(verdicts: list[Verdict]) -> None:
    codes = {exit_code([v]) for v in verdicts}
    assert exit_code(verdicts) == next((c for c in (4, 1, 3, 5) if c in codes), 0)


def test_a_check_is_written_with_all_that_recomputes_it() -> None:
    measurement = Measurement(
        "latency", "s", Interval(0.2, 0.1, 0.3), "seen", ({"track": "can/body", "t": 5},), (1, 9), 3
    )
    limit = Limit("s", high=0.25, source="a clause", status="standard", text="<= 250 ms")
    check = Check(
        "BTN-01",
        "reaches",
        {"state": "listening"},
        measurement,
        limit,
        V.INCONCLUSIVE,
        -0.05,
        "why",
        also={"values": [1]},
    )
    row = check.to_json()
    assert json.loads(json.dumps(row)) == row
    assert row["interval"] == [0.1, 0.3]
    assert row["window"] == [1, 9]
    assert row["limit"]["source"] == "a clause"
    assert (row["samples"], row["values"], row["verdict"], row["prerequisite"]) == (3, [1], "INCONCLUSIVE", False)


def test_what_never_happened_is_written_as_none() -> None:
    check = Check("A-1", "reaches", {}, Measurement("latency", "s", None), Limit("s", high=1), V.FAIL, None, "")
    assert (check.to_json()["value"], check.to_json()["interval"]) == (None, None)
