"""What gateways before sound, screen, supply, console, people, network and lines do, on memory ports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.audio import memory as sound
from harness.audio.port import MICROPHONE, RATE
from harness.console import memory as console
from harness.console.port import Bytes
from harness.foundation.clock import VirtualClock
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.io import memory as lines
from harness.network import memory as network
from harness.network.port import Link
from harness.phone.port import Delivered, Scan, SessionEvent
from harness.rig.gateway.audio import (
    AudioGate,
    gapped,
    louder,
    noisy,
    silenced,
    stretched,
    without_its_beginning,
    without_its_end,
)
from harness.rig.gateway.console import ConsoleGate, garbled, gone
from harness.rig.gateway.io import IoGate
from harness.rig.gateway.network import NetworkGate
from harness.rig.gateway.phone import ServiceGate, doubled, later, nothing, without
from harness.rig.gateway.screen import ScreenGate, coarse, covered, dark
from harness.rig.gateway.supply import SupplyGate, read_beside, read_noisily
from harness.screen import memory as screen
from harness.supply import memory as supply
from harness.supply.port import Point

ZONE, OTHER = "amp.front_left", "amp.front_right"


# -- sound ---------------------------------------------------------------------------------------------------------
def played(gate_of: Any, samples: np.ndarray[Any, np.dtype[np.int16]], at: int = 100 * MS) -> tuple[VirtualClock, Any]:
    """The unit plays at ``at``; (clock, the bench's gate) a second later."""
    clock = VirtualClock()
    port, far = sound.pair(clock)
    far.play(ZONE, samples, at)
    clock.run_until(S)
    return clock, gate_of(port)


TONE = (10_000 * np.sin(np.arange(RATE // 10) / 7)).astype(np.int16)


def test_what_is_late_is_heard_later_in_whatever_pieces_one_asks() -> None:
    _, gate = played(lambda port: AudioGate(port, lines={ZONE}, late=200 * MS), TONE)
    whole = gate.heard(ZONE, 0, S).samples
    assert np.array_equal(whole[RATE * 3 // 10 : RATE * 4 // 10], TONE)
    assert not whole[: RATE * 3 // 10].any()
    pieces = [gate.heard(ZONE, t * 100 * MS, (t + 1) * 100 * MS) for t in range(10)]
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), whole)
    assert [piece.began.t for piece in pieces] == [t * 100 * MS for t in range(10)]


def test_holes_are_where_they_are_in_whatever_pieces_one_asks() -> None:
    _, gate = played(lambda port: AudioGate(port, on_heard=gapped(40 * MS, 10 * MS)), TONE)
    whole = gate.heard(ZONE, 0, S).samples
    assert not whole[RATE * 110 // 1000 : RATE * 120 // 1000].any()
    assert whole[RATE * 121 // 1000 : RATE * 149 // 1000].any()
    pieces = [gate.heard(ZONE, t * 50 * MS, (t + 1) * 50 * MS).samples for t in range(20)]
    assert np.array_equal(np.concatenate(pieces), whole)


def test_quieter_and_clipped() -> None:
    _, quiet = played(lambda port: AudioGate(port, on_heard=louder(-20)), TONE)
    assert int(np.abs(quiet.heard(ZONE, 0, S).samples).max()) == pytest.approx(1_000, abs=2)
    _, loud = played(lambda port: AudioGate(port, on_heard=louder(20)), TONE)
    assert int(loud.heard(ZONE, 0, S).samples.max()) == 32_767


def test_nothing_is_left_and_says_so() -> None:
    _, gate = played(lambda port: AudioGate(port, on_heard=silenced()), TONE)
    assert gate.heard(ZONE, 0, S).silent


def test_noise_lies_over_silence_too() -> None:
    _, gate = played(lambda port: AudioGate(port, on_heard=noisy(-30)), TONE)
    quiet = gate.heard(OTHER, 0, S)
    level = 20 * np.log10(np.sqrt(np.mean(quiet.samples.astype(float) ** 2)) / 32_768)
    assert level == pytest.approx(-30, abs=0.5)
    assert not quiet.silent


def test_two_lines_have_changed_places() -> None:
    _, gate = played(lambda port: AudioGate(port, lines={ZONE, OTHER}, crossed={ZONE: OTHER, OTHER: ZONE}), TONE)
    assert gate.heard(ZONE, 0, S).silent
    capture = gate.heard(OTHER, 100 * MS, 200 * MS)
    assert capture.line == OTHER
    assert np.array_equal(capture.samples, TONE)


@pytest.mark.parametrize(
    ("change", "first", "last"),
    [(without_its_beginning(20 * MS), 0, TONE[-1]), (without_its_end(20 * MS), TONE[1], 0)],
    ids=["beginning", "end"],
)
def test_speech_reaches_the_unit_cut_and_is_captured_whole(change: Any, first: int, last: int) -> None:
    clock = VirtualClock()
    port, far = sound.pair(clock)
    gate = AudioGate(port, lines={MICROPHONE}, on_played=change)
    gate.play(MICROPHONE, TONE, 100 * MS)
    clock.run_until(S)
    at_unit = far.heard(MICROPHONE, 100 * MS, 200 * MS).samples
    assert (at_unit[1], at_unit[-1]) == (first, last)
    assert np.array_equal(gate.heard(MICROPHONE, 100 * MS, 200 * MS).samples, TONE)
    assert gate.heard(MICROPHONE, 300 * MS, 400 * MS).silent


def test_a_slow_clock_stretches() -> None:
    rising = np.arange(20_000, dtype=np.int16)
    bent = stretched(1_000)(rising, 0)
    assert abs(int(bent[10_000]) - 9_990) <= 1


# -- screen --------------------------------------------------------------------------------------------------------
RED, BLUE = (np.full((80, 120, 3), colour, np.uint8) for colour in ([200, 0, 0], [0, 0, 200]))


def shown(**how: Any) -> tuple[VirtualClock, ScreenGate]:
    """Red from 100 ms, blue from 500 ms; it is 1 s."""
    clock = VirtualClock()
    port, far = screen.pair(clock)
    clock.at(100 * MS, lambda: far.show(RED), name="red")
    clock.at(500 * MS, lambda: far.show(BLUE), name="blue")
    clock.run_until(S)
    return clock, ScreenGate(port, **how)


def seen(gate: ScreenGate, start: int = 0, stop: int = S) -> list[tuple[int, str]]:
    return [(p.stamp.t // MS, "red" if p.pixels[0, 0, 0] else "blue") for p in gate.frames(start, stop)]


def test_pictures_come_late() -> None:
    _, gate = shown(late=200 * MS)
    assert seen(gate) == [(300, "red"), (700, "blue")]
    assert seen(gate, 650 * MS, 650 * MS) == [(300, "red")]
    assert seen(gate, 0, 100 * MS) == []


def test_the_last_picture_for_ever() -> None:
    _, gate = shown(frozen_from=300 * MS)
    assert seen(gate) == [(100, "red")]
    assert seen(gate, 900 * MS, S) == [(100, "red")]


def test_the_old_picture_flashes_up_after_a_change() -> None:
    _, gate = shown(again=100 * MS)
    assert seen(gate) == [(100, "red"), (500, "blue"), (600, "red"), (700, "blue")]
    assert seen(gate, 650 * MS, 650 * MS) == [(600, "red")]


def test_a_camera_found_frozen_promises_nothing() -> None:
    _, gate = shown(dead_from=300 * MS)
    assert gate.seen_to() == 300 * MS


def test_a_changed_picture_stays_one_array() -> None:
    _, gate = shown(look=dark(0.5))
    assert gate.frames(0, S)[0].pixels is gate.frames(0, S)[0].pixels
    assert gate.frames(0, S)[0].pixels[0, 0, 0] == 100


def test_covered_and_out_of_focus() -> None:
    chess = (np.indices((80, 120)).sum(0) % 2 * 255).astype(np.uint8)[..., None].repeat(3, 2)
    assert (covered(0.25, 0.25, 0.75, 0.75)(chess)[20:60, 30:90] == 96).all()
    blurred = coarse(10)(chess)
    assert (blurred[:10, :10] == blurred[0, 0]).all()


def test_a_finger_that_does_not_reach_the_glass() -> None:
    clock = VirtualClock()
    port, far = screen.pair(clock)
    felt: list[tuple[float, float]] = []
    far.on_touch(lambda x, y: felt.append((x, y)))
    assert ScreenGate(port, numb=clock).touch(0.5, 0.5) == Stamp.exact(0)
    clock.run_until(S)
    assert not felt


# -- supply and lines ----------------------------------------------------------------------------------------------
def supplied(**how: Any) -> tuple[VirtualClock, SupplyGate, Any]:
    clock = VirtualClock()
    port, far = supply.pair(clock)
    gate = SupplyGate(clock, port, **how)
    gate.set_voltage(13.5)
    gate.output(True)
    return clock, gate, far


def test_the_unit_gets_less_and_the_read_back_tells() -> None:
    _, gate, far = supplied(volts=lambda volts: volts - 1)
    assert (far.voltage(), gate.read().volts) == (12.5, 12.5)


def test_the_unit_gets_less_and_the_read_back_does_not_tell() -> None:
    _, gate, far = supplied(volts=lambda volts: volts - 1, read_back=read_beside(volts=1))
    assert (far.voltage(), gate.read().volts) == (12.5, 13.5)


def test_a_meter_that_scatters() -> None:
    _, gate, _ = supplied(read_back=read_noisily(1.5))
    read = [gate.read().volts for _ in range(50)]
    assert max(read) - min(read) > 1.5
    assert all(12 <= volts <= 15 for volts in read)


def test_a_relay_that_is_welded() -> None:
    _, gate, far = supplied(switches=False)
    gate.output(False)
    assert far.voltage() == 13.5


def test_a_profile_that_is_not_followed_and_one_that_comes_late() -> None:
    clock, gate, far = supplied(profiles=False)
    gate.profile([Point(0, 6.0)])
    assert far.voltage() == 13.5
    clock, gate, far = supplied(late=100 * MS)
    clock.run_until(200 * MS)
    assert gate.profile([Point(0, 6.0)]).t == 200 * MS
    assert far.voltage() == 13.5
    clock.run_until(300 * MS)
    assert far.voltage() == 6.0


def test_what_a_keeper_read_last_is_changed_too() -> None:
    class Kept:
        def latest(self) -> Any:
            return supply.pair(VirtualClock())[0].read()

    gate: Any = SupplyGate(VirtualClock(), Kept(), read_back=read_beside(amperes=0.5))  # type: ignore[arg-type]
    assert gate.latest().amperes == 0.5


@pytest.mark.parametrize(("how", "levels"), [
    ({"stuck": {"KL15": False}}, [False, False, False]),
    ({"stuck": {"KL15": True}}, [True, True, True]),
    ({"late": {"KL15": 100 * MS}}, [False, True, True]),
], ids=["dead", "sticks", "late"])  # fmt: skip
def test_a_line_that_does_not_follow(how: Any, levels: list[bool]) -> None:
    clock = VirtualClock()
    port, far = lines.pair(clock)
    gate = IoGate(clock, port, **how)
    assert gate.set("KL15", True).t == 0
    found = [far.state("KL15")]
    clock.run_until(100 * MS)
    found.append(far.state("KL15"))
    gate.set("KL15", False)
    found.append(far.state("KL15"))
    assert found == levels


# -- console, people, network --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("how", "arrives"), [
    ({}, b"boot ok"), ({"text": gone}, b""), ({"text": garbled}, bytes(b ^ 0xB5 for b in b"boot ok")),
    ({"dead_from": 5 * MS}, b""),
], ids=["as it is", "gone", "garbled", "dead"])  # fmt: skip
def test_what_the_unit_prints(how: Any, arrives: bytes) -> None:
    clock = VirtualClock()
    port, far = console.pair(clock)
    heard: list[Bytes] = []
    ConsoleGate(port, **how).listen(heard.append)
    clock.at(10 * MS, lambda: far.write(b"boot ok"), name="prints")
    clock.run_until(S)
    assert b"".join(chunk.data for chunk in heard) == arrives


class People:
    """A service with one account and one phone, that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.name = "driver"

    def phone(self, _account: str) -> People:
        return self

    def account(self, _name: str) -> People:
        return self

    def confirm(self) -> Scan:
        self.asked.append("confirm")
        return Scan("accepted", Stamp.exact(1))

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        self.asked.append(f"{kind} {text} to {to}")
        return Stamp.exact(1)

    def inbox(self) -> list[Delivered]:
        return [Delivered("m1", "contact", "text", Stamp.exact(10 * MS), "hello")]

    def sessions(self) -> list[SessionEvent]:
        return [SessionEvent("opened", "U", Stamp.exact(10 * MS)), SessionEvent("closed", "U", Stamp.exact(20 * MS))]


def test_what_an_account_is_told() -> None:
    clock, people = VirtualClock(), People()

    def told(**how: Any) -> Any:
        return ServiceGate(clock, people, **how).account("driver")

    assert told(inbox=nothing).inbox() == ()
    assert len(told(inbox=doubled).inbox()) == 2
    assert [e.what for e in told(sessions=without("closed")).sessions()] == ["opened"]
    assert [e.what for e in told(dead_from=15 * MS).sessions()] == ["opened"]
    clock.run_until(115 * MS)
    assert [(e.what, e.stamp.t) for e in told(sessions=later(100 * MS, clock.now)).sessions()] == [("opened", 110 * MS)]


def test_what_an_account_sends_is_lost_late_or_doubled() -> None:
    clock, people = VirtualClock(), People()
    ServiceGate(clock, people, sends=False).account("driver").send_text("contact", "a")
    ServiceGate(clock, people, late=50 * MS).account("driver").send_text("contact", "b")
    assert people.asked == []
    clock.run_until(50 * MS)
    ServiceGate(clock, people, twice=True).account("driver").send_text("contact", "c")
    assert people.asked == ["text b to contact", "text c to contact", "text c to contact"]


def test_a_phone_that_only_says_it_has_confirmed() -> None:
    people = People()
    gate = ServiceGate(VirtualClock(), people, decides=lambda what: "accepted" if what == "confirm" else None)
    assert gate.phone("driver").confirm().outcome == "accepted"
    assert people.asked == []


def test_a_link_is_other_than_it_was_set_from_the_beginning_on() -> None:
    port, far = network.pair(VirtualClock())
    gate = NetworkGate(port, lambda link: link._replace(delay=900 * MS))
    assert far.current().delay == 900 * MS
    gate.link(Link(up=False))
    assert far.current() == Link(up=False, delay=900 * MS)


def test_a_link_that_is_not_changed_is_left_alone() -> None:
    port, _ = network.pair(VirtualClock())
    NetworkGate(port, lambda link: link)
    assert port.log() == ()
