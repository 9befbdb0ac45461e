"""Transfers that a tester begins and does not end: the cable is pulled, or its program crashes.

Each side of ISO 15765-2 waits a second at most (N_Bs, N_Cr: table 21) and then has forgotten the transfer. What comes
later belongs to nothing, and a tester that asks anew meanwhile is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from harness.bench.guarded import Asking
from harness.bench.world import World
from harness.diag import uds as requests
from harness.diag.addresses import address
from harness.diag.client import Tester
from harness.diag.isotp_frames import CONTINUE, consecutive, first, flow_control, padded, single
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.judging.answers import Wanted
from harness.judging.refusals import QUIET

TOO_LATE: Ns = 2 * S
SOON: Ns = 200 * MS
WATCHED: Ns = 500 * MS
CLASSICAL = 8


class BrokenOff:
    """``asked`` must be a request that fits into one frame and has an answer that does not."""

    def __init__(self, world: World, asked: bytes) -> None:
        self._world = world
        data = world.vehicle.diagnostics
        self._bus, self._padding = data.bus, data.padding
        self._to = address(data.request, world.vehicle.buses[data.bus].database)
        self._asked = asked
        self.wanted: list[tuple[Stamp, Wanted]] = []

    def rest_of_a_request_too_late(self, request: bytes) -> None:
        """``request`` needs two frames; the second comes when the unit waits for it no more."""
        begun, room = first(len(request), request, CLASSICAL)
        self._says(begun, TOO_LATE)
        self._quiet("the rest of a request, too late", request, consecutive(1, request[room:]))

    def call_for_an_answer_too_late(self) -> None:
        """The flow control for the rest of an answer comes when the unit waits for it no more."""
        self._quiet("an answer nobody takes", self._asked, single(self._asked), TOO_LATE)
        self._says(flow_control(CONTINUE), WATCHED)

    def asked_anew(self, tester: Callable[[], AbstractContextManager[Tester]], request: bytes) -> None:
        """In the middle of an answer and in the middle of a request another tester asks anew."""
        begun, _ = first(len(request), request, CLASSICAL)
        for name, left in (("an answer", single(self._asked)), ("a request", begun)):
            self._says(left, SOON)
            with tester() as other:
                asking = Asking(other, self.wanted)
                asking.ask(f"asked anew in the middle of {name}", self._asked, 0)
                asking.ask("tester present afterwards", requests.still_here(), 0)

    def _quiet(self, name: str, request: bytes, data: bytes, pause: Ns = WATCHED) -> None:
        self.wanted.append((self._says(data, pause), Wanted(name, request, QUIET)))

    def _says(self, data: bytes, pause: Ns) -> Stamp:
        world = self._world
        world.ports.can[self._bus].send(self._to.frame(padded(data, self._padding, CLASSICAL)))
        world.wait(pause)
        sent = world.recorder.last_frame(self._bus, self._to.key, world.clock.now())
        if sent is None:
            raise HarnessError("a frame of the tester was not seen on the bus")
        return Stamp(sent.t, sent.early, sent.late)
