"""The search for a voltage, walked again on the readings of the time."""

from __future__ import annotations

import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.thresholds import LARGEST, OFF, Tried, halve, reached, reading, threshold
from harness.supply.port import Reading

AT = Stamp.exact(30 * S)
LIMIT = Limit("V", low=6.2, high=6.8)


def tries(true: float, low: float = 6.0, high: float = 7.0) -> list[Tried]:
    """The voltages that the search comes to, one each second."""
    found: list[float] = []

    def reached(volts: float) -> bool:
        found.append(volts)
        return volts >= true

    halve(low, high, reached)
    return [Tried(volts, n * S, n * S) for n, volts in enumerate(found, 1)]


@pytest.mark.parametrize(("true", "between"), [(6.41, (6.375, 6.438)), (5.0, (0.0, 6.0)), (8.0, (7.0, LARGEST))])
def test_halving_ends_with_the_last_without_and_the_first_with_it(true: float, between: tuple[float, float]) -> None:
    assert halve(6.0, 7.0, lambda volts: volts >= true) == pytest.approx(between, abs=1e-3)


def test_the_current_of_the_time_decides_which_way_the_search_goes_on(tape) -> None:
    done = tries(6.41)
    for tried in done:
        tape.draws(0.5 if tried.volts >= 6.41 else 0.001, tried.settled - 50 * MS)
    tape.clock.run_until(40 * S)
    found = tape.ask(threshold(OFF, None, 6.0, 7.0, done, AT), LIMIT, 0)
    assert isinstance(found, Measurement)
    assert found.detail.startswith("otherwise at 13.50 V")  # as the supply read it


def test_a_search_that_leads_elsewhere_than_anybody_went_is_an_error(tape) -> None:
    done = tries(6.41)
    for tried in done:
        tape.draws(0.5, tried.settled) if tried.volts != 6.0 else tape.draws(0.001, tried.settled)
    tape.clock.run_until(40 * S)
    with pytest.raises(HarnessError, match="never tried"):
        tape.ask(threshold(OFF, None, 6.0, 7.0, done, AT), LIMIT, 0)


def test_a_supply_that_nobody_read_decides_nothing(tape) -> None:
    tape.clock.run_until(40 * S)
    with pytest.raises(HarnessError, match="not read"):
        tape.ask(threshold(OFF, None, 6.0, 7.0, tries(6.41), AT), LIMIT, 0)


def test_it_is_not_decided_before_the_last_try(tape) -> None:
    done = tries(6.41)
    tape.clock.run_until(2 * S)
    assert tape.ask(threshold(OFF, None, 6.0, 7.0, done, AT), LIMIT, 0) == Undecided(done[-1].asked)


CODES = {"voltage_low": 0x911616, "voltage_high": 0x911617}
FAILED = 0x2F


@pytest.fixture
def told(tape, gs4):
    """Put a list of failed codes on the recorded bus, asked for at ``t``."""
    d = gs4.diagnostics

    def put(t: int, *failed: int) -> None:
        tape.bytes_on(d.bus, (d.request, False), b"\x03\x19\x02\xff\xaa\xaa\xaa\xaa", t)
        answer = b"\x59\x02\x7f" + b"".join(code.to_bytes(3, "big") + bytes((FAILED,)) for code in failed)
        tape.bytes_on(d.bus, (d.response, False), bytes((len(answer),)) + answer, t + 20 * MS)

    return put


@pytest.mark.parametrize("quantity", CODES)
def test_a_code_of_the_time_decides_which_way_the_search_goes_on(tape, told, quantity: str) -> None:
    """Undervoltage is there below its threshold and gone above it, overvoltage the other way round."""
    code, true = CODES[quantity], 6.41
    done = [tried._replace(asked=tried.settled + 200 * MS) for tried in tries(true)]
    for tried in done:
        tape._supply.append(Reading(tried.volts + 0.01, 1.0, Stamp.exact(tried.settled - 50 * MS), 0.02))
        above = tried.volts >= true
        told(tried.settled + 10 * MS, code) if above is (quantity == "voltage_high") else told(tried.settled + 10 * MS)
    tape.clock.run_until(40 * S)
    found = tape.ask(threshold(quantity, code, 6.0, 7.0, done, AT), LIMIT, 0)
    assert tuple(found.value) == pytest.approx((6.4165, 6.365, 6.468))
    assert found.detail == "otherwise at 6.37 V than at 6.47 V"
    assert found.window == (done[0].settled, done[-1].asked)


def test_a_code_that_nobody_told_decides_nothing(tape, told) -> None:
    done = tries(6.41)
    for tried in done:
        tape.draws(0.5, tried.settled)
    told(done[0].settled - 100 * MS)
    tape.clock.run_until(40 * S)
    with pytest.raises(HarnessError, match=r"were told from 1\.000 s to 1\.000 s"):
        tape.ask(threshold("voltage_low", CODES["voltage_low"], 6.0, 7.0, done, AT), LIMIT, 0)


@pytest.mark.parametrize(
    ("true", "value", "said"),
    [(5.0, (6.03, 0.0, 6.03), "already at 6.03 V"), (8.0, (6.99, 6.99, 60.0), "not yet at 6.99 V")],
)
def test_a_threshold_beyond_the_ends_is_told_as_that(tape, true: float, value, said: str) -> None:
    done = tries(true)
    for tried in done:
        amperes = 0.5 if tried.volts >= true else 0.001
        tape._supply.append(Reading(tried.volts + 0.01, amperes, Stamp.exact(tried.settled), 0.02))
    tape.clock.run_until(40 * S)
    found = tape.ask(threshold(OFF, None, 6.0, 7.0, done, AT), LIMIT, 0)
    assert tuple(found.value) == pytest.approx(value)
    assert found.detail == said


@pytest.mark.parametrize(("amperes", "runs"), [(0.05, False), (0.051, True)])
def test_what_draws_more_than_50_ma_runs(tape, amperes: float, runs: bool) -> None:
    tape.draws(amperes, 5 * S)
    tape.clock.run_until(9 * S)
    assert reached(tape, OFF, None, Tried(6.0, 5 * S, 5 * S)) is runs


@pytest.mark.parametrize(("t", "counts"), [(3 * S - 1, False), (3 * S, True), (5 * S, True), (5 * S + 1, False)])
def test_a_reading_of_the_last_two_seconds_counts_and_the_last_one_of_them(tape, t: int, counts: bool) -> None:
    tape.draws(1.5, t)
    tape.clock.run_until(9 * S)
    if not counts:
        with pytest.raises(HarnessError, match=r"not read in the 2\.000 s up to 5\.000 s"):
            reading(tape, Tried(6.0, 5 * S, 6 * S))
        return
    assert reading(tape, Tried(6.0, 5 * S, 6 * S)).stamp.t == t
    tape.draws(1.7, 5 * S)
    assert reading(tape, Tried(6.0, 5 * S, 6 * S)).amperes == 1.7
