"""What can be wrong with the sound between unit and bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.audio.port import MICROPHONE, SPEAKERS
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Verdict
from harness.rig.gateway.audio import (
    AudioGate,
    Sound,
    gapped,
    louder,
    noisy,
    silenced,
    stretched,
    without_its_beginning,
    without_its_end,
)
from harness.rig.gateway.disturbance import Disturbance, Place

LOOP = "on this rig the bench captures its own voice behind the interface, so no gateway can stand between"
PRESS = "scenarios/buttons/test_press.py::test_press_wakes_messaging"
SPOKEN = "scenarios/messages/test_sending.py::test_what_the_driver_says_arrives_whole[on_my_way.zh]"
CLOCKS = "scenarios/messages/test_quality.py::test_nothing_is_lost_between_the_clocks[long_story.en]"
PLAYED = "scenarios/messages/test_quality.py::test_playback_is_intelligible_and_whole[ten_minutes.zh]"
PURE = "scenarios/messages/test_quality.py::test_playback_adds_no_distortion"
IDENTITY = "scenarios/messages/test_receiving.py::test_playback_is_the_message_that_was_sent[ten_minutes.zh]"
ZONES = "scenarios/messages/test_loudspeakers.py::test_a_message_stays_with_the_driver[ten_minutes.zh]"


def _fail(id_: str, says: str, requirement: str, scenario: str, **how: Any) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"audio": AudioGate(place.ports["audio"], **how)}

    return Disturbance(id_, says, requirement, scenario, Verdict.FAIL, put)


def _spoken(id_: str, says: str, requirement: str, scenario: str, sound: Sound) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"audio": AudioGate(place.ports["audio"], lines={MICROPHONE}, on_played=sound)}

    return Disturbance(id_, says, requirement, scenario, Verdict.FAIL, put, (), LOOP)


def _crossed(place: Place) -> Mapping[str, Any]:
    """The driver's channel and another one have changed places."""
    own = place.vehicle.driver_zone
    other = next(line for line in SPEAKERS if line != own)
    return {"audio": AudioGate(place.ports["audio"], lines={own, other}, crossed={own: other, other: own})}


def _leaking(place: Place) -> Mapping[str, Any]:
    """All channels carry what the driver's does: a bridged output."""
    own = place.vehicle.driver_zone
    lines = set(SPEAKERS) - {own}
    return {"audio": AudioGate(place.ports["audio"], lines=lines, crossed=dict.fromkeys(lines, own))}


def _blocked(id_: str, says: str, requirement: str, scenario: str, **how: Any) -> Disturbance:
    def put(place: Place) -> Mapping[str, Any]:
        return {"audio": AudioGate(place.ports["audio"], **how)}

    return Disturbance(id_, says, requirement, scenario, Verdict.BLOCKED, put)


AMID: Ns = 4 * S

ON_SOUND = (
    _fail("sound-late", "An amplifier with signal processing brings everything 700 ms late.",
          "BTN-01", PRESS, lines=SPEAKERS, late=700 * MS),
    _fail("sound-dead", "The amplifier is off: the unit plays, and nothing is heard.",
          "MSG-06", IDENTITY, lines=SPEAKERS, on_heard=silenced()),
    _fail("sound-gapped", "A buffer between unit and loudspeaker runs empty several times a second.",
          "MSG-06", PLAYED, lines=SPEAKERS, on_heard=gapped(300 * MS, 80 * MS)),
    _fail("sound-clipped", "An input stage is overdriven: what is heard is cut off at its peaks.",
          "MSG-06", PURE, lines=SPEAKERS, on_heard=louder(24)),
    _fail("sound-noisy", "A ground loop: noise lies over all that is heard.",
          "MSG-06", PLAYED, lines=SPEAKERS, on_heard=noisy(-18)),
    Disturbance("sound-wrong-channel", "Two channels of the amplifier have changed places.",
                "MSG-07", ZONES, Verdict.FAIL, _crossed),
    Disturbance("sound-leaking", "Two outputs of the amplifier are bridged: everybody hears what is the driver's.",
                "MSG-07", ZONES, Verdict.FAIL, _leaking),
    _spoken("sound-mic-quieter", "The microphone's preamplifier has lost most of its gain.",
            "MSG-02", SPOKEN, louder(-24)),
    _spoken("sound-mic-clipped", "The microphone's preamplifier is overdriven.", "MSG-02", SPOKEN, louder(20)),
    _spoken("sound-mic-noisy", "Noise gets into the microphone's cable.", "MSG-02", SPOKEN, noisy(-32)),
    _spoken("sound-mic-gapped", "The microphone's digital link loses packets.",
            "MSG-02", SPOKEN, gapped(400 * MS, 90 * MS)),
    _spoken("sound-mic-opens-late", "A squelch opens only after the first 400 ms of speech.",
            "MSG-01", SPOKEN, without_its_beginning(400 * MS)),
    _spoken("sound-mic-ends-early", "A gate closes before the last 500 ms have been said.",
            "MSG-01", SPOKEN, without_its_end(500 * MS)),
    _spoken("sound-mic-slow-clock", "The microphone's converter runs on its own clock, 1500 ppm beside the unit's.",
            "MSG-02", CLOCKS, stretched(1_500)),
    _blocked("sound-mic-dead", "The bench's own capture of what it plays brings nothing.",
             "MSG-02", SPOKEN, lines={MICROPHONE}, on_heard=silenced()),
    _blocked("sound-reader-dead", "The sound card has stopped delivering in the middle of a case.",
             "BTN-01", PRESS, dead_from=AMID),
)  # fmt: skip
