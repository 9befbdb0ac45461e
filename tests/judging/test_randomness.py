"""Codes that chance drew pass; what can be guessed does not."""

from __future__ import annotations

import base64
import random

import pytest

from harness.foundation.errors import HarnessError
from harness.judging.randomness import evenness
from harness.phone.codes import draw_secret

SIGNIFICANCE = 0.001


def drawn(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [draw_secret(rng) for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [20, 1000])
def test_drawn_codes_are_even(count: int, seed: int) -> None:
    found = evenness(drawn(count, seed))
    assert found.p >= SIGNIFICANCE
    assert found.bits == 125.0


def counter(n: int) -> str:
    return base64.b32encode((10**20 + n).to_bytes(16, "big")).decode().rstrip("=")


GUESSABLE = {
    "a counter": lambda n, code: counter(n),
    "a fixed part": lambda n, code: "SERIAL" + code[6:],
    "one place of two symbols": lambda n, code: "AB"[n % 2] + code[1:],
    "a preferred symbol": lambda n, code: code.replace("B", "A").replace("C", "A").replace("D", "A"),
}


@pytest.mark.parametrize("how", GUESSABLE)
@pytest.mark.parametrize("count", [20, 1000])
def test_what_can_be_guessed_is_found(how: str, count: int) -> None:
    codes = [GUESSABLE[how](n, code) for n, code in enumerate(drawn(count))]
    assert evenness(codes).p < SIGNIFICANCE


@pytest.mark.parametrize("count", [20, 1000])
def test_half_of_the_code_before_is_found(count: int) -> None:
    codes = drawn(count)
    for n in range(1, count):
        codes[n] = codes[n - 1][13:] + codes[n][:13] if n % 2 == 0 else codes[n - 1][:13] + codes[n][13:]
    found = evenness(codes)
    assert found.p < SIGNIFICANCE


def test_the_figure_repeats() -> None:
    assert evenness(drawn(20)) == evenness(drawn(20))


def test_the_same_code_again_and_again_is_no_chance() -> None:
    assert evenness(["AAAA"] * 5).p < 1e-30


def test_one_code_tells_nothing() -> None:
    with pytest.raises(HarnessError):
        evenness(["ABC"])
