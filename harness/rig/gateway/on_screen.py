"""What can be wrong with the pictures between unit and bench, and with the finger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.foundation.units import MS, Ns
from harness.foundation.values import Verdict
from harness.rig.gateway.disturbance import Disturbance, Place
from harness.rig.gateway.screen import ScreenGate, coarse, covered, dark

PRESS = "scenarios/buttons/test_press.py::test_press_wakes_messaging"
COLD = "scenarios/login/test_code.py::test_cold_start_shows_a_code"
LOGIN = "scenarios/login/test_login.py::test_scan_and_confirm_log_in"
GONE = "scenarios/distraction/test_while_driving.py::test_no_login_unless_parked"
TOUR = "scenarios/distraction/test_reachable.py::test_nothing_distracting_can_be_reached[parked]"
BOOTING: Ns = 1_000 * MS
AMID: Ns = 3_600 * MS
"""The code is in front, and the driver has not logged in yet."""


def _put(
    id_: str, says: str, requirement: str, scenario: str, answer: Verdict = Verdict.FAIL, **how: Any
) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"screen": ScreenGate(place.ports["screen"], **how)}

    return Disturbance(id_, says, requirement, scenario, answer, put, ("screen",))


def _numb(place: Place) -> Mapping[str, Any]:
    return {"screen": ScreenGate(place.ports["screen"], numb=place.clock)}


ON_SCREEN = (
    _put("screen-late", "The camera's pictures come a second and a half late, stamped when they came.",
         "BTN-01", PRESS, late=1_500 * MS),
    _put("screen-old-picture", "A grabber repeats its last picture for ever and says that all is well.",
         "QR-01", COLD, frozen_from=BOOTING),
    _put("screen-dark", "The backlight is nearly off.", "QR-01", COLD, look=dark(0.02)),
    _put("screen-covered", "Something lies over the middle of the screen.",
         "QR-01", COLD, look=covered(0.1, 0.1, 0.9, 0.9)),
    _put("screen-out-of-focus", "Someone has touched the lens.", "QR-01", COLD, look=coarse(40)),
    _put("screen-old-again", "A picture buffer is shown out of turn: the old picture flashes up after each change.",
         "DRV-06", GONE, again=400 * MS),
    _put("screen-frozen", "The camera's driver finds that no picture differs from the one before any more.",
         "QR-02", LOGIN, Verdict.BLOCKED, dead_from=AMID),
    Disturbance("screen-numb", "The robot finger does not reach the glass: nothing is ever touched.",
                "DRV-01", TOUR, Verdict.BLOCKED, _numb, ("screen",)),
)  # fmt: skip
