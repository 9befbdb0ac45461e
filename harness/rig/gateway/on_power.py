"""What can be wrong with supply and lines between bench and unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Verdict
from harness.rig.gateway.disturbance import Disturbance, Place
from harness.rig.gateway.io import IoGate
from harness.rig.gateway.supply import SupplyGate, read_beside, read_noisily

CRANKING = "scenarios/power/test_cranking.py::test_cranking_interrupts_nothing"
SLEEP = "scenarios/power/test_sleep.py::test_the_parked_unit_sleeps"
BEYOND = "scenarios/power/test_voltages.py::test_the_unit_recovers_fully[voltage_low]"
LEVELS = "scenarios/power/test_voltages.py::test_the_levels_are_where_they_should_be[voltage_high]"
COLD = "scenarios/power/test_boot.py::test_a_cold_start_brings_a_code"
RESTORES = "scenarios/power/test_boot.py::test_a_cold_start_restores_the_session"
SHORT = "scenarios/network/test_bus_off.py::test_the_unit_comes_back_after_a_short"
AMID: Ns = 4 * S


def _supply(id_: str, says: str, requirement: str, scenario: str, answer: Verdict, **how: Any) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"supply": SupplyGate(place.clock, place.ports["supply"], **how)}

    return Disturbance(id_, says, requirement, scenario, answer, put)


def _io(id_: str, says: str, requirement: str, scenario: str, answer: Verdict, **how: Any) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"io": IoGate(place.clock, place.ports["io"], **how)}

    return Disturbance(id_, says, requirement, scenario, answer, put)


ON_POWER = (
    _supply("supply-offset", "The supply gives a volt less than it is set to.",
            "PWR-02", BEYOND, Verdict.BLOCKED, volts=lambda volts: max(0.0, volts - 1.0)),
    _supply("supply-reads-wrong", "The read-back's calibration is off by more than a volt.",
            "PWR-01", CRANKING, Verdict.BLOCKED, read_back=read_beside(volts=1.2)),
    _supply("supply-noisy", "The read-back scatters by more than a volt.",
            "PWR-01", CRANKING, Verdict.BLOCKED, read_back=read_noisily(1.5)),
    _supply("supply-ignores-profile", "The supply has no sequencer: it acknowledges the profile and stays where it is.",
            "PWR-01", CRANKING, Verdict.BLOCKED, profiles=False),
    _supply("supply-late", "The supply obeys half a second after it was told.",
            "PWR-01", CRANKING, Verdict.BLOCKED, late=500 * MS),
    _supply("supply-stays-on", "The relay of KL30 is welded: switched off, the unit keeps its power.",
            "PWR-04", RESTORES, Verdict.BLOCKED, switches=False),
    _supply("supply-sags", "The cable to the unit drops 0.8 V that the supply's own sense lines do not see.",
            "PWR-02", LEVELS, Verdict.FAIL,
            volts=lambda volts: max(0.0, volts - 0.8), read_back=read_beside(volts=0.8)),
    _supply("supply-current-offset", "Something beside the unit draws current from KL30.",
            "PWR-03", SLEEP, Verdict.FAIL, read_back=read_beside(amperes=0.2)),
    _supply("supply-reader-dead", "The meter has stopped answering in the middle of a case.",
            "PWR-03", SLEEP, Verdict.BLOCKED, dead_from=AMID),
    _io("io-kl15-dead", "The relay of KL15 does not pick up, and nobody tells.",
        "PWR-04", COLD, Verdict.FAIL, stuck={"KL15": False, "ACC": False}),
    _io("io-kl15-late", "The relay of KL15 follows after many seconds.",
        "PWR-04", COLD, Verdict.FAIL, late={"KL15": 12 * S, "ACC": 12 * S}),
    _io("io-kl15-sticks", "The relay of KL15 stays closed when it is switched off.",
        "PWR-03", SLEEP, Verdict.FAIL, stuck={"KL15": True, "ACC": True}),
    _io("io-short-open", "The relay that shorts the buses does not close.",
        "NET-02", SHORT, Verdict.BLOCKED, stuck={"bus_short": False}),
)  # fmt: skip
