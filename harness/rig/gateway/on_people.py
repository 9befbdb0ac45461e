"""What can be wrong with console, phones, accounts and the unit's network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Verdict
from harness.network.port import Link
from harness.rig.gateway.console import ConsoleGate, garbled, gone
from harness.rig.gateway.disturbance import Disturbance, Place
from harness.rig.gateway.network import NetworkGate
from harness.rig.gateway.phone import ServiceGate, doubled, later, nothing, without

SECRETS = "scenarios/login/test_network.py::test_no_secret_leaves_the_unit"
TRACES = "scenarios/logout/test_traces.py::test_nothing_of_the_user_is_left"
LOGIN = "scenarios/login/test_login.py::test_scan_and_confirm_log_in"
LEAVING = "scenarios/logout/test_leaving.py::test_leaving_logs_out"
SENT = "scenarios/messages/test_sending.py::test_a_message_is_sent_once"
RECEIVED = "scenarios/messages/test_receiving.py::test_a_message_prompts_and_waits"
NO_NETWORK = "scenarios/login/test_network.py::test_without_network_there_is_a_notice"
VOICE = "scenarios/calls/test_voice.py::test_a_call_carries_speech_both_ways"
RUNG = "scenarios/calls/test_call.py::test_a_call_is_announced"
COLD = "scenarios/login/test_code.py::test_cold_start_shows_a_code"
AMID: Ns = 4 * S


def _console(id_: str, says: str, requirement: str, scenario: str, answer: Verdict, **how: Any) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"console": ConsoleGate(place.ports["console"], **how)}

    return Disturbance(id_, says, requirement, scenario, answer, put)


def _phone(id_: str, says: str, requirement: str, scenario: str, answer: Verdict = Verdict.FAIL, **how: Any) -> (
    Disturbance
):
    def put(place: Place) -> Mapping[str, Any]:
        return {"phone": ServiceGate(place.clock, place.ports["phone"], **how)}

    return Disturbance(id_, says, requirement, scenario, answer, put)


def _told_late(what: str, by: Ns) -> Callable[[Place], Mapping[str, Any]]:
    def put(place: Place) -> Mapping[str, Any]:
        how: dict[str, Any] = {what: later(by, place.clock.now)}
        return {"phone": ServiceGate(place.clock, place.ports["phone"], **how)}

    return put


def _network(id_: str, says: str, requirement: str, scenario: str, changed: Callable[[Link], Link]) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"network": NetworkGate(place.ports["network"], changed)}

    return Disturbance(id_, says, requirement, scenario, Verdict.FAIL, put)


def _when(what: str, outcome: str) -> Callable[[str], str | None]:
    return lambda asked: outcome if asked == what else None


ON_PEOPLE = (
    _console("console-lost", "The console's wire is off: whatever the unit prints, nobody reads it.",
             "QR-10", SECRETS, Verdict.BLOCKED, text=gone),
    _console("console-garbled", "The console's baud rate is wrong: what comes is no text.",
             "OUT-05", TRACES, Verdict.BLOCKED, text=garbled),
    _console("console-reader-dead", "The console's reader has died in the middle of a case.",
             "OUT-05", TRACES, Verdict.BLOCKED, dead_from=AMID),
    _phone("phone-confirm-lost", "The phone says that it has confirmed, and the service never hears of it.",
           "QR-02", LOGIN, decides=_when("confirm", "accepted")),
    _phone("phone-session-lost", "The service never tells that the account's session has ended.",
           "OUT-01", LEAVING, sessions=without("closed")),
    Disturbance("phone-session-late", "The service tells eight seconds late that a session has ended.",
                "OUT-01", LEAVING, Verdict.FAIL, _told_late("sessions", 8 * S)),
    _phone("phone-inbox-lost", "Nothing that was sent arrives at the contact's phone.", "MSG-04", SENT, inbox=nothing),
    _phone("phone-inbox-doubled", "Everything arrives at the contact's phone twice.", "MSG-04", SENT, inbox=doubled),
    Disturbance("phone-inbox-late", "What was sent arrives at the contact's phone half a minute late.",
                "MSG-04", SENT, Verdict.FAIL, _told_late("inbox", 30 * S)),
    _phone("phone-sends-nothing", "What the contact sends never leaves the phone.", "MSG-05", RECEIVED, sends=False),
    _phone("phone-sends-late", "What the contact sends leaves the phone twenty seconds late.",
           "MSG-05", RECEIVED, late=20 * S),
    _phone("phone-reader-dead", "The phone has fallen off its cable in the middle of a case.",
           "OUT-01", LEAVING, Verdict.BLOCKED, dead_from=AMID),
    _network("network-slow", "The access point is hopelessly overloaded: nine hundred milliseconds each way.",
             "CALL-01", RUNG, lambda link: link._replace(delay=900 * MS)),
    _network("network-lossy", "At the edge of the radio cell one of eight packets is lost.",
             "CALL-03", VOICE, lambda link: link._replace(loss=0.125)),
    _network("network-dead", "The access point is off.", "QR-01", COLD, lambda link: link._replace(up=False)),
    _network("network-stays-up", "The unit finds another network when the bench takes this one away.",
             "QR-07", NO_NETWORK, lambda link: link._replace(up=True)),
)  # fmt: skip
