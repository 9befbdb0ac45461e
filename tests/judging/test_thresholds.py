"""The search for a voltage, walked again on the readings of the time."""

from __future__ import annotations

import pytest

from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.thresholds import LARGEST, OFF, Tried, halve, threshold

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
