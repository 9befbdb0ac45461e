"""Login codes as texts: where they lead, whether they differ, what they tell, whether chance drew them."""

from __future__ import annotations

import random

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit, Measurement
from harness.judging.login_codes import differ, even, lead_to, tell_of

BEGAN, ENDED = Stamp.exact(1 * S), Stamp.exact(9 * S)
PLACE = "weixin://"


def measured(tape, observation) -> Measurement:
    answer = tape.ask(observation, Limit("%", low=100.0), 0)
    assert isinstance(answer, Measurement)
    assert answer.quantity == observation.quantity
    assert answer.window == (1 * S, 9 * S)
    assert observation.arguments["value"] == answer.value.value
    return answer


def test_a_code_leads_to_the_service_when_something_follows_its_place(tape) -> None:
    found = measured(tape, lead_to([PLACE + "a", PLACE + "b", PLACE, "http://x/weixin://c"], PLACE, BEGAN, ENDED))
    assert (found.value.value, found.unit, found.quantity) == (50.0, "%", "place")
    assert "2 of 4" in found.detail


def test_a_repeated_code_is_seen(tape) -> None:
    assert measured(tape, differ(["a", "b", "c", "d"], BEGAN, ENDED)).value.value == 100.0
    found = measured(tape, differ(["a", "b", "a", "d"], BEGAN, ENDED))
    assert (found.value.value, found.unit, found.quantity) == (75.0, "%", "distinct")
    assert "3 different ones among 4" in found.detail


def test_what_is_known_of_the_user_is_found_once_however_often_it_is_told(tape) -> None:
    known = ("13800138000", "Zhang Wei")
    assert measured(tape, tell_of([PLACE + "abc"], known, BEGAN, ENDED)).value.value == 0
    found = measured(tape, tell_of(["x13800138000", "y13800138000"], known, BEGAN, ENDED))
    assert (found.value.value, found.unit, found.quantity) == (1, "1", "canaries")
    assert "1 of 2 things" in found.detail


def test_the_place_is_not_taken_for_chance(tape) -> None:
    rng = random.Random(3)
    texts = [PLACE + "".join(rng.choices("0123456789abcdef", k=32)) for _ in range(200)]
    bias, bits = even(texts, PLACE, BEGAN, ENDED)
    assert measured(tape, bias).value.value > 0.001
    assert measured(tape, bits).value.value == pytest.approx(126, abs=4)
    assert (bias.quantity, bits.quantity) == ("bias", "bits")
    counting = [f"{PLACE}{n:032x}" for n in range(200)]
    assert measured(tape, even(counting, PLACE, BEGAN, ENDED)[0]).value.high < 0.001
