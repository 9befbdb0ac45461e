"""What a late callback, or a late simulated unit, says about a verdict."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S
from harness.foundation.values import Check, Interval, Limit, Measurement, Verdict
from harness.rig.lateness import explains, only_reads


def failed(unit: str, value: float | None, high: float | None, verdict: Verdict = Verdict.FAIL) -> Check:
    interval = None if value is None else Interval(value, value, value)
    measurement = Measurement("latency", unit, interval, window=(0, 10 * S))
    return Check("QR-02", "reaches", {}, measurement, Limit(unit, high=high), verdict, -1.0, "missed")


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("can body delivery", True),
        ("supply TCPIP::1", True),
        ("can vcan0 0x3B2 phase", True),
        ("rest-bus BCM_Doors repetition", True),
        ("rest-bus SWC_Buttons set", True),
        ("supply step 6 V", False),
        ("rest-bus BCM_Doors", False),
        ("can body cyclic 0x3B2", False),
    ],
)
def test_only_what_acts_on_the_unit_can_be_too_late(name: str, harmless: bool) -> None:
    assert only_reads(name) is harmless


def test_a_miss_no_larger_than_the_units_own_lateness_may_be_its_computers() -> None:
    assert explains(failed("s", 2.3, 2.0), 300 * MS)
    assert not explains(failed("s", 2.4, 2.0), 300 * MS)


def test_what_never_came_is_the_units_fault_unless_it_stood_still_all_the_while() -> None:
    assert not explains(failed("s", None, 2.0), 9 * S)
    assert explains(failed("s", None, 2.0), 10 * S)


def test_a_wrong_figure_is_no_matter_of_milliseconds() -> None:
    assert not explains(failed("1", 2, 1), 900 * MS)
    assert explains(failed("1", 2, 1), 1 * S)


def test_what_did_not_last_long_enough_is_no_matter_of_lateness() -> None:
    stays = Check(
        "BTN-08", "stays", {}, Measurement("watch", "s", Interval(0.1, 0.1, 0.1), window=(0, 100 * MS)),
        Limit("s", low=3.0), Verdict.FAIL, -2.9, "left at once",
    )  # fmt: skip
    assert not explains(stays, 200 * MS)
    assert explains(stays, 1 * S)


def test_only_a_fail_needs_an_explanation() -> None:
    assert not explains(failed("s", 2.1, 2.0, Verdict.PASS), 1 * S)
