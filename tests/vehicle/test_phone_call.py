"""The table of what a telephone call does to messaging."""

from __future__ import annotations

import pytest

from harness.foundation.config import suggest
from harness.vehicle.phone_call import misfit

OWN = "presence:\n"


def test_a_right_table_is_taken(spoiled) -> None:
    assert spoiled(OWN, "phone_call: {playing: pause, call: end, sending: discard}\n" + OWN) == []


@pytest.mark.parametrize(("table", "problem", "remedy"), [
    ("{listening: send}", "listening cannot be 'send' under a telephone call", "discard"),
    ("{playng: stop}", "no such state of messaging", "playing"),
])  # fmt: skip
def test_a_word_that_is_not_in_the_table_is_told_with_its_line(spoiled, table, problem, remedy) -> None:
    (why,) = spoiled(OWN, f"phone_call: {table}\n" + OWN)
    assert why.problem == problem
    assert remedy in why.remedy
    assert why.line is not None


@pytest.mark.parametrize(("state", "words"), [
    ("prompt", ["keep", "drop"]), ("listening", ["discard"]), ("sending", ["finish", "discard"]),
    ("playing", ["stop", "pause"]), ("ringing", ["reject"]), ("call", ["hold", "end"]),
])  # fmt: skip
def test_each_state_has_its_words_and_no_others(spoiled, state: str, words: list[str]) -> None:
    every = ["keep", "drop", "discard", "finish", "stop", "pause", "reject", "hold", "end"]
    text = OWN
    for word in every:
        table = f"phone_call: {{{state}: {word}}}\n" + OWN
        why, text = spoiled(text, table), table
        assert (why == []) is (word in words), word


def test_what_is_wrong_is_told_with_what_there_is() -> None:
    assert misfit("playing", "pause") is None
    assert misfit("playing", "hold") == (
        f"playing cannot be 'hold' under a telephone call. {suggest('hold', ('stop', 'pause'))}")  # fmt: skip
    states = ("prompt", "listening", "sending", "playing", "ringing", "call")
    assert misfit("warning", "stop") == f"no such state of messaging. {suggest('warning', states)}"
