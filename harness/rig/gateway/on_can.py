"""What can be wrong with the buses between unit and bench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Verdict
from harness.rig.gateway.can import (
    CanGate,
    Change,
    Key,
    flipped,
    frozen,
    late,
    lost,
    repeated,
    swapped,
    with_errors,
)
from harness.rig.gateway.disturbance import Disturbance, Place

KEPT = "the rig's keeper sends the rest of the car by itself, so no gateway can stand there"
PRESS = "scenarios/buttons/test_press.py::test_press_wakes_messaging"
LOGIN = "scenarios/login/test_login.py::test_scan_and_confirm_log_in"
LEAVING = "scenarios/logout/test_leaving.py::test_leaving_logs_out"
OWN = "scenarios/network/test_own_messages.py::test_own_messages_keep_time_at_rest"
APP, SESSION, WHEEL = "head_unit.app", "head_unit.session", "wheel.messaging"

Put = Callable[[Place], Mapping[str, Any]]


def reports(role: str, make: Callable[[], Change]) -> Put:
    """What the unit says in a role's message reaches the bench otherwise."""

    def put(place: Place) -> dict[str, Any]:
        found = place.vehicle.role(role)
        port = f"can/{found.bus}"
        return {port: CanGate(place.clock, place.ports[port], keys={found.message.key}, from_unit=make())}

    return put


def sent_to_the_unit(role: str, make: Callable[[], Change]) -> Put:
    """What the rest of the car says in a role's message reaches the unit otherwise."""

    def put(place: Place) -> dict[str, Any]:
        found = place.vehicle.role(role)
        port = f"can/{found.bus}"
        return {port: CanGate(place.clock, place.ports[port], keys={found.message.key}, to_unit=make())}

    return put


def own_messages(make: Callable[[], Change]) -> Put:
    """Every message that the unit itself sends reaches the bench otherwise."""

    def put(place: Place) -> dict[str, Any]:
        vehicle, found = place.vehicle, {}
        for bus in vehicle.buses:
            keys: set[Key] = {
                message.key
                for message in vehicle.buses[bus].database.messages.values()
                if not set(vehicle.head_unit_nodes).isdisjoint(message.senders)
            }
            found[f"can/{bus}"] = CanGate(place.clock, place.ports[f"can/{bus}"], keys=keys, from_unit=make())
        return found

    return put


def every_bus(**how: Any) -> Put:
    return lambda place: {
        f"can/{bus}": CanGate(place.clock, place.ports[f"can/{bus}"], **how) for bus in place.vehicle.buses
    }


def answers(make: Callable[[], Change]) -> Put:
    """The unit's answers to a workshop tester reach it otherwise."""

    def put(place: Place) -> dict[str, Any]:
        asked = place.vehicle.diagnostics
        port = f"can/{asked.bus}"
        keys = {(asked.response, asked.response > 0x7FF)}
        return {port: CanGate(place.clock, place.ports[port], keys=keys, from_unit=make())}

    return put


def _fail(
    id_: str, says: str, requirement: str, scenario: str, put: Put, *needs: str, kept: bool = True
) -> Disturbance:
    return Disturbance(id_, says, requirement, scenario, Verdict.FAIL, put, needs, "" if kept else KEPT)


LATE: Ns = 1_200 * MS
AMID: Ns = 4 * S
"""Somewhere within a case, once the unit has started."""

ON_CAN = (
    _fail("can-state-late", "A busy gateway brings the unit's reports more than a second late.",
          "BTN-01", PRESS, reports(APP, lambda: late(LATE)), APP),
    _fail("can-state-lost", "The gateway's routing table lacks the unit's status message: the bench never gets it.",
          "QR-02", LOGIN, reports(SESSION, lambda: lost()), SESSION),
    _fail("can-state-frozen", "A gateway goes on sending the last status it had, with nobody behind it.",
          "QR-02", LOGIN, reports(SESSION, lambda: frozen(20)), SESSION),
    _fail("can-own-lost", "An overloaded gateway drops every tenth frame of the unit.",
          "NET-01", OWN, own_messages(lambda: lost(10))),
    _fail("can-own-late", "A gateway lets every seventh frame of the unit wait in its queue.",
          "NET-01", OWN, own_messages(lambda: late(60 * MS, 7))),
    _fail("can-own-corrupt", "A memory fault in a gateway inverts bits of every fiftieth frame, and its CRC is right.",
          "NET-01", OWN, own_messages(lambda: flipped(2, 0x5A, 50))),
    _fail("can-own-repeated", "A gateway sends every twentieth frame of the unit twice.",
          "NET-01", OWN, own_messages(lambda: repeated(20))),
    _fail("can-own-swapped", "Two queues of a gateway overtake each other: frames of the unit come in the wrong order.",
          "NET-01", OWN, own_messages(lambda: swapped(10))),
    _fail("can-own-frozen", "A gateway's mailbox is never refilled: right beat, old contents, counter standing.",
          "NET-01", OWN, own_messages(lambda: frozen(100))),
    _fail("can-error-frames", "A bad connector between unit and bench: error frames beside the unit's own.",
          "NET-02", "scenarios/network/test_bus_off.py::test_alone_with_the_rig_it_causes_no_error_frames",
          own_messages(lambda: with_errors(5))),
    _fail("can-ghost-vote", "A gateway sends the unit's last network-management frames again, over a minute later.",
          "PWR-03", "scenarios/power/test_sleep.py::test_the_parked_unit_sleeps",
          reports("network.head_unit", lambda: repeated(1, 75 * S)), "network.head_unit"),
    _fail("can-answers-late", "The path back to the tester takes longer than an answer may.",
          "DIA-01", "scenarios/diagnostics/test_identity.py::test_the_unit_tells_what_it_is",
          answers(lambda: late(400 * MS)), "diagnostics"),
    _fail("can-answers-corrupt", "A byte of every answer is damaged on its way back to the tester.",
          "DIA-01", "scenarios/diagnostics/test_identity.py::test_the_unit_tells_what_it_is",
          answers(lambda: flipped(3, 0xFF)), "diagnostics"),
    _fail("can-wheel-lost", "The wheel's message does not pass the gateway to the unit.",
          "BTN-01", PRESS, sent_to_the_unit(WHEEL, lambda: lost()), WHEEL, kept=False),
    _fail("can-wheel-late", "The gateway brings the wheel's message to the unit more than a second late.",
          "BTN-01", PRESS, sent_to_the_unit(WHEEL, lambda: late(LATE)), WHEEL, kept=False),
    _fail("can-wheel-frozen", "The gateway keeps sending the unit the wheel's first frame.",
          "BTN-01", PRESS, sent_to_the_unit(WHEEL, lambda: frozen()), WHEEL, kept=False),
    _fail("can-wheel-corrupt", "Every frame of the wheel is damaged on its way to the unit.",
          "BTN-01", PRESS, sent_to_the_unit(WHEEL, lambda: flipped(0, 0xFF)), WHEEL, kept=False),
    _fail("can-wheel-swapped", "The wheel's frames reach the unit in pairs, the second one first.",
          "BTN-01", PRESS, sent_to_the_unit(WHEEL, lambda: swapped()), WHEEL, "button.counter", kept=False),
    _fail("can-seat-frozen", "The gateway keeps telling the unit that the driver sits there.",
          "OUT-01", LEAVING, sent_to_the_unit("seat.driver", lambda: frozen(1)), "seat.driver", kept=False),
    _fail("can-seat-late", "The seat's message reaches the unit five seconds late.",
          "OUT-01", LEAVING, sent_to_the_unit("seat.driver", lambda: late(5 * S)), "seat.driver", kept=False),
    _fail("can-gear-late", "The gateway tells the unit more than a second late that the selector has left P.",
          "DRV-06", "scenarios/distraction/test_while_driving.py::test_no_login_unless_parked",
          sent_to_the_unit("gear", lambda: late(LATE)), "gear", kept=False),
    Disturbance("can-echo-lost", "The interface does not confirm what the bench sends.",
                "BTN-01", PRESS, Verdict.BLOCKED, every_bus(echo=False)),
    Disturbance("can-reader-dead", "The thread that reads the buses has died in the middle of a case.",
                "BTN-01", PRESS, Verdict.BLOCKED, every_bus(dead_from=AMID)),
)  # fmt: skip
