"""A tester on the diagnostic addresses: requests by ISO-TP (ISO 15765-2), answers as they come.

The transport's logic is can-isotp's, driven from our clock: it is stepped whenever a frame arrives or time has
passed, and requests fit one frame or are sent as fast as the unit's flow control allows.
"""

from __future__ import annotations

from collections import deque

from harness.can.port import CanPort, Frame, Heard
from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, Ns, S

PENDING = 0x78
NEGATIVE = 0x7F
STEP: Ns = 5 * MS


class Tester:
    """``ask`` a request, get the answer's bytes or None. Addresses are 11 or 29 bit; frames are padded."""

    __test__ = False  # pytest takes classes of such a name for tests

    def __init__(self, clock: Clock, port: CanPort, request: int, response: int, padding: int = 0xAA) -> None:
        import isotp

        self._clock = clock
        self._port = port
        self._response = response
        self._in: deque[isotp.CanMessage] = deque()
        extended = request > 0x7FF
        mode = isotp.AddressingMode.Normal_29bits if extended else isotp.AddressingMode.Normal_11bits
        self._extended = extended
        self._isotp = isotp
        self._logic = isotp.TransportLayerLogic(
            rxfn=lambda timeout: self._in.popleft() if self._in else None,
            txfn=self._send,
            address=isotp.Address(mode, txid=request, rxid=response),
            params={"tx_padding": padding, "stmin": 0, "blocksize": 0, "rx_flowcontrol_timeout": 60_000,
                    "rx_consecutive_frame_timeout": 60_000},
        )  # fmt: skip
        self._end = port.listen(self._hear)

    def ask(self, request: bytes, within: Ns = 2 * S) -> bytes | None:
        """The answer to ``request``, waiting through "response pending" (0x78); None when there is none in time."""
        if not request:
            raise HarnessError("an empty diagnostic request")
        while self._logic.available():
            self._logic.recv()
        self._logic.send(bytearray(request))
        deadline = self._clock.now() + within
        while True:
            self._logic.process()
            answer = self._logic.recv() if self._logic.available() else None
            if answer is not None:
                data = bytes(answer)
                if data[:1] == bytes([NEGATIVE]) and data[2:3] == bytes([PENDING]):
                    deadline = self._clock.now() + within
                    continue
                return data
            if self._clock.now() >= deadline:
                return None
            self._clock.run_until(min(deadline, self._clock.now() + STEP))

    def read(self, identifier: int) -> bytes | None:
        """ReadDataByIdentifier (ISO 14229-1, 0x22): the data, or None when the unit refuses or is silent."""
        answer = self.ask(bytes([0x22]) + identifier.to_bytes(2, "big"))
        return answer[3:] if answer and answer[0] == 0x62 else None

    def close(self) -> None:
        self._end()

    def _hear(self, heard: Heard) -> None:
        frame = heard.frame
        if heard.kind == "data" and frame is not None and frame.id == self._response and not heard.own:
            self._in.append(
                self._isotp.CanMessage(arbitration_id=frame.id, data=frame.data, extended_id=frame.extended)
            )
            self._logic.process()

    def _send(self, message: object) -> None:
        data = bytes(message.data)  # type: ignore[attr-defined]
        getattr(self._port, "look_soon", lambda: None)()
        self._port.send(Frame(message.arbitration_id, data, self._extended))  # type: ignore[attr-defined]
