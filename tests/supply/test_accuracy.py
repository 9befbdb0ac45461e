"""What a reading of an instrument is worth."""

from __future__ import annotations

from typing import Any

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.stamps import Interval
from harness.foundation.units import S
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.decision import decide
from harness.supply.accuracy import Accuracy, step_of
from harness.supply.scpi import ScpiSupply


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        ("12.34", 0.01),
        ("12.340 V", 0.001),
        ("+1.2345E-02", 1e-6),
        ("5E-03", 1e-3),
        ("12", 0.0),
        ("", 0.0),
        ("-0.5", 0.1),
    ],
)
def test_the_last_digit_tells_the_resolution(answer: str, step: float) -> None:
    assert step_of(answer) == pytest.approx(step)


def test_share_constant_and_half_a_digit_add_up() -> None:
    assert Accuracy(of_reading=0.001, plus=0.002).half_width(-10.0, 0.01) == pytest.approx(0.01 + 0.002 + 0.005)


def test_a_reading_carries_the_accuracy_of_the_rig_file(clock: VirtualClock, instrument: Any, served: Any) -> None:
    port = ScpiSupply(
        clock,
        served.resource,
        "generic",
        current_limit=10.0,
        over_voltage=20.0,
        volts_accuracy=Accuracy(of_reading=0.001, plus=0.005),
        amperes_accuracy=Accuracy(plus=0.02),
    )
    port.set_voltage(12.0)
    port.output(True)
    clock.run_until(1 * S)
    reading = port.read()
    port.close()
    assert reading.volts_within == pytest.approx(0.012 + 0.005, abs=1e-3)
    assert 0.02 <= reading.amperes_within < 0.025


@pytest.mark.parametrize(("side", "way"), [("high", 1), ("low", -1)])
def test_a_voltage_within_the_band_is_not_decided(side: str, way: int) -> None:
    within = Accuracy(of_reading=0.001, plus=0.005).half_width(16.0, 0.01)
    limit = Limit("V", **{side: 16.0})

    def verdict(volts: float) -> Verdict:
        return decide(Measurement("voltage", "V", Interval(volts, volts - within, volts + within)), limit)[0]

    assert verdict(16.0 - way * 1.01 * within) is Verdict.PASS
    assert verdict(16.0 - way * within / 2) is Verdict.INCONCLUSIVE
    assert verdict(16.0 + way * within / 2) is Verdict.INCONCLUSIVE
    assert verdict(16.0 + way * 1.01 * within) is Verdict.FAIL
