"""Codes that chance drew pass; what can be guessed does not."""

from __future__ import annotations

import base64
import math
import random
from itertools import pairwise

import pytest
from scipy.stats import beta, binomtest, chi2

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


@pytest.mark.parametrize(
    ("symbols", "size"),
    [("#$%&", 4), ("01234567", 10), ("0123abcf", 16), ("0123ABCF", 16), ("ABCX2467", 32), ("abcx2467", 32),
     ("0189axyz", 36), ("0189AXYZ", 36), ("09azAZ", 62), ("09azAZ-_", 64), ("09azAZ-_.", 9)],
)  # fmt: skip
def test_the_alphabet_is_the_first_that_holds_all_symbols(symbols: str, size: int) -> None:
    rng = random.Random(4)
    texts = ["".join(rng.choices(symbols, k=len(symbols) + 1)) for _ in range(20)]
    texts[0] = symbols + symbols[0]
    found = evenness(texts)
    assert found.bits == pytest.approx(len(symbols) * math.log2(size))
    assert f"20 codes of {len(symbols) + 1} symbols out of {size}; p = " in found.said


def test_with_five_codes_per_symbol_the_distribution_is_known_and_nothing_is_simulated() -> None:
    rng = random.Random(4)
    texts = ["".join(rng.choices("0123456789", k=2)) + "7" + "".join(rng.choices("0123456789", k=9)) for _ in range(50)]
    found = evenness(texts)
    assert "by places" in found.said
    assert found.low == found.high == found.p < 1e-30


def test_the_bounds_of_a_simulated_chance_are_those_of_its_draws() -> None:
    """Clopper and Pearson, by the beta distribution."""
    compared = 0
    for seed in range(12):
        found = evenness(drawn(20, seed))
        if "by places" not in found.said or found.p >= 1.0:
            continue
        beaten, drawn_in_all = round(found.p / 3 * 20_000) - 1, 19_999
        assert found.low == pytest.approx(3 * beta.ppf(0.025, beaten, drawn_in_all - beaten + 1), rel=1e-6)
        high = 3 * beta.ppf(0.975, beaten + 1, drawn_in_all - beaten)
        assert found.high <= high * (1 + 1e-9)
        compared += found.high == pytest.approx(high, rel=1e-6)
    assert compared


@pytest.mark.parametrize("texts", [["A", "B", "C"], ["", ""], ["%%%"] * 2])
def test_codes_without_a_part_that_differs_are_no_chance(texts: list[str]) -> None:
    assert evenness(texts) == (0.0, 0.0, "the codes have no part that differs", 0.0, 0.0)


def test_one_code_tells_nothing() -> None:
    with pytest.raises(HarnessError):
        evenness(["ABC"])


LEAST = {
    "symbols": lambda n, code: code.replace("B", "A").replace("C", "A").replace("D", "A"),
    "places": lambda n, code: "AB"[n % 2] + code[1:],
}


@pytest.mark.parametrize("name", LEAST)
def test_the_test_that_is_the_least_even_is_named(name: str, keeps) -> None:
    codes = [LEAST[name](n, code) for n, code in enumerate(drawn(1000))]
    found = evenness(codes)
    assert f"the least even by {name}" in found.said
    keeps(f"{found.said}; {found.bits:g} bits")


@pytest.mark.parametrize("seed", [0, 3])
def test_figures_of_few_codes_and_of_many(seed: int, keeps) -> None:
    """The simulation is always the same one: so are the figures."""
    for count in (20, 159, 160, 1000):
        found = evenness(drawn(count, seed))
        keeps(f"{found.said}; {found.low:.6g} <= {found.p:.6g} <= {found.high:.6g}")
        assert 0.0 <= found.low <= found.p <= found.high <= 1.0


def test_the_last_place_is_left_out() -> None:
    even = drawn(1000)
    assert evenness([code[:-1] + "A" for code in even]).p == evenness(even).p


def test_codes_of_unlike_length_are_compared_as_far_as_the_shortest_goes() -> None:
    even = drawn(100)
    longer = [code + "A" * (n % 3) for n, code in enumerate(even)]
    assert evenness(longer).bits == evenness(even).bits == 125.0


def test_the_chance_of_the_worst_place_takes_the_number_of_places_into_account() -> None:
    """Of 10 even places and one that always says the same, by the distribution: 1 - (1 - p) ** places."""
    rng = random.Random(7)
    texts = ["".join(rng.choices("0123456789", k=8)) for _ in range(200)]
    counts = [[sum(text[place] == digit for text in texts) for digit in "0123456789"] for place in range(7)]
    worst = max(sum((n - 20) ** 2 for n in column) / 20 for column in counts)
    single = float(chi2.sf(worst, 9))
    places = 1 - (1 - single) ** 7
    everything = [sum(column[digit] for column in counts) for digit in range(10)]
    symbols = float(chi2.sf(sum((n - 140) ** 2 for n in everything) / 140, 9))
    same = sum(a == b for one, other in pairwise(texts) for a, b in zip(one[:7], other[:7], strict=True))
    steps = float(binomtest(same, 7 * 199, 0.1).pvalue)
    found = evenness(texts)
    assert found.p == pytest.approx(min(1.0, 3 * min(places, symbols, steps)))
