"""A tester on the diagnostic addresses: requests by ISO-TP (ISO 15765-2), answers as they come (ISO 14229-2).

Theory. A request and what came back are one ``Exchange``, with the instants as the bus shows them: asked when the last
frame of the request has been on it, answered with the first frame of the answer. "Response pending" (0x78) begins
another wait. Time is our clock's: nothing here waits by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.can.port import CanPort, Heard
from harness.diag.addresses import address
from harness.diag.isotp import Begun, Fault, Message, Sent, Settings
from harness.diag.link import Link
from harness.diag.names import NEGATIVE, PENDING_RESPONSE
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S

if TYPE_CHECKING:
    from harness.can.database import Database
    from harness.vehicle.vehicle import Vehicle

STEP: Ns = 5 * MS
ANSWERED_WITHIN: Ns = 2 * S


@dataclass(frozen=True)
class Exchange:
    """``answer`` is the final one, ``pending`` the instants of the "response pending" before it, ``faults`` what went
    wrong below (N_Result)."""

    request: bytes
    functional: bool
    asked: Stamp | None
    answer: bytes | None
    answered: Stamp | None
    pending: tuple[Stamp, ...] = ()
    faults: tuple[str, ...] = ()


class Tester:
    """``ask`` a request, get the answer's bytes or None. Addresses are 11 or 29 bit; frames are padded."""

    __test__ = False  # pytest takes classes of such a name for tests

    def __init__(
        self,
        clock: Clock,
        port: CanPort,
        request: int,
        response: int,
        padding: int = 0xAA,
        functional: int | None = None,
        database: Database | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._clock = clock
        to = address(request, database)
        self._link = Link(
            clock, port, to, address(response, database),
            settings or Settings(padding=padding, tx_dl=to.tx_dl), self._told,
            None if functional is None else address(functional, database),
        )  # fmt: skip
        self._own = port.listen(self._echo)
        self._keys = {to.key, *([] if functional is None else [address(functional, database).key])}
        self._deadline: Ns = 0
        self._within: Ns = 0
        self._begin()

    def ask(self, request: bytes, within: Ns = ANSWERED_WITHIN) -> bytes | None:
        """The answer to ``request``, waiting through "response pending" (0x78); None when there is none in time."""
        return self.exchange(request, within=within).answer

    def exchange(self, request: bytes, *, functional: bool = False, within: Ns = ANSWERED_WITHIN) -> Exchange:
        """Ask, and wait for the answer at most ``within``, after each "response pending" anew."""
        if not request:
            raise HarnessError("an empty diagnostic request")
        if self._link.busy:
            self._link.give_up()
        self._begin()
        (self._link.send_functional if functional else self._link.send)(request)
        self._deadline = self._clock.now() + within
        self._within = within
        while self._answer is None and self._clock.now() < self._deadline and not self._hopeless:
            self._clock.run_until(min(self._deadline, self._clock.now() + STEP))
        return Exchange(request, functional, self._asked, self._answer, self._answered, tuple(self._pending),
                        tuple(self._faults))  # fmt: skip

    def read(self, identifier: int) -> bytes | None:
        """ReadDataByIdentifier (ISO 14229-1, 0x22): the data, or None when the unit refuses or is silent."""
        answer = self.ask(bytes([0x22]) + identifier.to_bytes(2, "big"))
        return answer[3:] if answer and answer[0] == 0x62 else None

    def close(self) -> None:
        self._link.close()
        self._own()

    def _begin(self) -> None:
        self._asked: Stamp | None = None
        self._answer: bytes | None = None
        self._answered: Stamp | None = None
        self._first: Stamp | None = None
        self._pending: list[Stamp] = []
        self._faults: list[str] = []
        self._hopeless = False
        self._deadline = self._within = 0

    def _echo(self, heard: Heard) -> None:
        if heard.own and heard.kind == "data" and heard.frame is not None and heard.frame.key in self._keys \
                and heard.frame.data[0] >> 4 != 3 and self._answer is None:  # fmt: skip
            self._asked = Stamp(heard.t, heard.early, heard.late)

    def _told(self, what: Message | Begun | Sent | Fault, stamp: Stamp) -> None:
        if isinstance(what, Begun):
            self._first = stamp
            self._deadline = max(self._deadline, self._clock.now() + self._within)
        elif isinstance(what, Fault):
            self._faults.append(what.what)
            self._hopeless = self._hopeless or what.sending
        elif isinstance(what, Message) and self._answer is None:
            first, self._first = self._first or stamp, None
            if what.payload[:1] == bytes([NEGATIVE]) and what.payload[2:3] == bytes([PENDING_RESPONSE]):
                self._pending.append(first)
                self._deadline = self._clock.now() + self._within
                return
            self._answer, self._answered = what.payload, first


def open_tester(vehicle: Vehicle, clock: Clock, port: CanPort, settings: Settings | None = None) -> Tester:
    """A tester on a car's addresses, by the car's data."""
    d = vehicle.diagnostics
    return Tester(clock, port, d.request, d.response, d.padding, d.functional, vehicle.buses[d.bus].database, settings)
