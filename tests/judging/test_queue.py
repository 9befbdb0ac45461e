"""Messages said one after another are held against the order in which they arrive."""

from __future__ import annotations

import numpy as np

from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit
from harness.judging.observation import Undecided
from harness.judging.queue import arrive_in_order
from harness.judging.voice import JUDGED_RATE

AFTER, WATCH = Stamp.exact(1 * S), 20 * S
NONE = Limit("1", low=0.0, high=0.0)
ACCOUNT = "contact"


def sentence(seed: int):
    return (np.random.default_rng(seed).standard_normal(JUDGED_RATE) * 3000).astype(np.int16)


SAID = {"first": sentence(1), "second": sentence(2)}


def arrived(tape, *names: str) -> object:
    for place, name in enumerate(names):
        tape.delivers(ACCOUNT, (2 + place) * S, samples=SAID[name], rate=JUDGED_RATE)
    tape.clock.run_until(30 * S)
    return tape.ask(arrive_in_order(SAID, ACCOUNT, AFTER, WATCH), NONE, 0)


def test_in_the_order_in_which_they_were_said(tape) -> None:
    assert arrived(tape, "first", "second").value.value == 0.0


def test_one_that_overtakes_is_counted(tape) -> None:
    found = arrived(tape, "second", "first")
    assert found.value.value == 1.0
    assert found.detail == "arrived: second at 2.000 s, first at 3.000 s"


def test_a_copy_that_comes_later_changes_no_order(tape) -> None:
    assert arrived(tape, "first", "second", "first").value.value == 0.0


def test_one_that_never_arrives_is_no_measurement(tape) -> None:
    found = arrived(tape, "second")
    assert found.value is None
    assert found.detail.startswith("first never reached contact")


def test_it_waits_for_the_end_of_its_window(tape) -> None:
    tape.clock.run_until(AFTER.t + WATCH - 1)
    assert isinstance(tape.ask(arrive_in_order(SAID, ACCOUNT, AFTER, WATCH), NONE, 0), Undecided)
