"""ISO-TP on a CAN port and our clock: what arrives is handed to the transport, what it wants done is done."""

from __future__ import annotations

from collections.abc import Callable

from harness.can.port import CanPort, Heard
from harness.diag.addresses import Address
from harness.diag.isotp import Action, Begun, Fault, Message, Send, Sent, Settings, Transport
from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp

Told = Callable[[Message | Begun | Sent | Fault, Stamp], None]


class Link:
    """One end on a bus. ``told`` hears of messages, first frames, ends and faults, each with the stamp of the frame
    that brought it. ``functional`` is where functional requests go."""

    def __init__(
        self,
        clock: Clock,
        port: CanPort,
        send_to: Address,
        hear_from: Address,
        settings: Settings,
        told: Told,
        functional: Address | None = None,
    ) -> None:
        self._clock = clock
        self._port = port
        self._to, self._from, self._functional = send_to, hear_from, functional
        self._told = told
        self._transport = Transport(settings)
        self._handle: Handle | None = None
        self._end = port.listen(self._hear)

    @property
    def busy(self) -> bool:
        return self._transport.busy

    def send(self, payload: bytes) -> None:
        """Begin to send a message. RigFault when the bus cannot send."""
        self._do(self._transport.send(payload, self._clock.now()), Stamp.exact(self._clock.now()), own=True)

    def send_functional(self, payload: bytes) -> None:
        """One single frame to everybody. HarnessError when it does not fit into one."""
        from harness.diag import isotp_frames as pci

        if self._functional is None or not 0 < len(payload) <= 7:
            raise HarnessError(f"a functional request is one frame to a functional address, not {len(payload)} bytes")
        data = pci.padded(pci.single(payload), self._transport.settings.padding, 8)
        self._emit(self._functional, data)

    def wait(self) -> None:
        """Ask the other end to wait with its consecutive frames."""
        self._do(self._transport.wait(self._clock.now()), Stamp.exact(self._clock.now()))

    def give_up(self) -> None:
        """Forget what is under way in either direction."""
        self._transport.reset()
        self._arm()

    def close(self) -> None:
        self._end()
        self._transport.reset()
        self._arm()

    def _hear(self, heard: Heard) -> None:
        frame = heard.frame
        if heard.kind != "data" or frame is None:
            return
        stamp = Stamp(heard.t, heard.early, heard.late)
        if heard.own and frame.key == self._to.key:
            self._do(self._transport.confirm(frame.data, self._clock.now()), stamp)
        elif not heard.own and frame.key == self._from.key:
            self._do(self._transport.take(frame.data, self._clock.now()), stamp)

    def _due(self) -> None:
        self._handle = None
        now = self._clock.now()
        self._do(self._transport.elapse(now), Stamp.exact(now))

    def _do(self, actions: list[Action], stamp: Stamp, own: bool = False) -> None:
        for action in actions:
            if not isinstance(action, Send):
                self._told(action, stamp)
                continue
            try:
                self._emit(self._to, action.data)
            except RigFault:
                if own:
                    self._transport.reset()
                    raise
                # in the middle of a message: its time-out tells
        self._arm()

    def _emit(self, where: Address, data: bytes) -> None:
        getattr(self._port, "look_soon", lambda: None)()
        self._port.send(where.frame(data))

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        due = self._transport.due
        if due is not None:
            self._handle = self._clock.at(max(due, self._clock.now()), self._due, name="isotp")
