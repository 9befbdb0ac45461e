"""The sound of a call in the unit: the microphone out in packets, what arrives to the driver's loudspeaker.

Theory. A packet of the microphone leaves when its last sample has been spoken and the unit has worked on it
(``talk_work``). What arrives waits ``talk_buffer`` so that the next packet may be a little late, and then packets join
without a seam; one that comes too late for its place starts a new row. The two figures are what the unit adds to the
delay of a call. Silence is not sent, a sign of life is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.audio.port import MICROPHONE
from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.headunit.unit import HeadUnit

PACKET: Ns = 20 * MS
ALIVE_EVERY: Ns = 1 * S


class Talk:
    """``on`` while a call is talked through; ``held`` while nothing of it is heard or said."""

    def __init__(self, unit: HeadUnit) -> None:
        self._unit = unit
        self._send: Callable[[Any], None] | None = None
        self._from: Ns
        self._next: Ns
        self._alive: Ns
        self._cuts: list[Callable[[], None]] = []
        self.on = False
        self.held = False

    def start(self, call: str, token: str) -> None:
        unit = self._unit
        self.stop()
        self.on, self.held = True, False
        self._from = self._alive = unit.clock.now()
        self._next = 0
        self._send = unit.service.talk(token, call, self._heard)
        if self._send is not None:
            self._again()

    def hold(self, held: bool) -> None:
        self.held = held
        if held:
            self._hush()

    def stop(self) -> None:
        if self.on:
            self.on = False
            self._hush()
            self._unit.stop("talk")
            self._unit.service.end_talk()

    def die(self) -> None:
        self.stop()

    def _hush(self) -> None:
        for cut in self._cuts:
            cut()
        self._cuts.clear()

    def _again(self) -> None:
        self._unit.quietly("talk", self._from + PACKET, self._packet)

    def _packet(self) -> None:
        """The microphone's last 20 ms."""
        unit, start = self._unit, self._from
        stop = self._from = start + PACKET
        audio, now = unit.ends.audio, unit.clock.now()
        packet: NDArray[np.int16] | None = None
        if not self.held and audio.active(MICROPHONE, start, stop):
            packet = audio.heard(MICROPHONE, start, stop).samples
            packet = unit.tapped("talk_out", packet)
        if packet is None and now - self._alive < ALIVE_EVERY:
            self._again()
            return
        if packet is None:
            self._alive = now
        send = self._send
        assert send is not None

        def leave() -> None:
            if self.on:
                send(packet)

        unit.clock.at(now + int(unit.figures["talk_work"]), leave, name="unit talk")
        self._again()

    def _heard(self, packet: NDArray[np.int16]) -> None:
        unit = self._unit
        if not self.on or self.held or not unit.alive:
            return
        kept = unit.tapped("talk_in", packet)
        if kept is None:
            return
        now, wait = unit.clock.now(), int(unit.figures["talk_buffer"])
        at = self._next if now <= self._next <= now + wait + PACKET else now + wait
        self._next = at + PACKET
        zones = (unit.vehicle.driver_zone,)
        self._cuts.extend(unit.ends.audio.play(line, kept, at, name="call") for line in zones)
        del self._cuts[:-16]
