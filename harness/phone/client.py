"""What a unit speaks to the messaging service with: calls and pushes over its own network link.

Theory. The link delays and loses: a call that failed may have been carried out all the same; a push arrives once and
in order, when the link allows. So a unit repeats a call under the same message id, and the service tells a repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from harness.foundation.errors import HarnessError
from harness.phone.events import UnitEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.phone.memory import MemoryService

    Packet = NDArray[np.int16]

UNIT_CALLS = frozenset(
    {
        "register_unit", "new_code", "session", "send", "fetch", "mark_played", "close_session", "answer_call",
        "end_call",
    },
)
"""What a unit may ask of the service; arguments as in ``Backend``, without ``now``."""


class UnitNetwork(Protocol):
    """The unit's end of a network link, as ``harness.network.memory`` gives it."""

    def request(
        self, call: Callable[[], object], answer: Callable[[object], None], failed: Callable[[str], None], name: str
    ) -> None: ...

    def push(self, deliver: Callable[[], None], name: str) -> None: ...

    def datagram(self, deliver: Callable[[], None], name: str) -> None: ...


class UnitClient:
    """The unit's way to the service, over its network link."""

    def __init__(self, service: MemoryService, network: UnitNetwork, serial: str) -> None:
        self.serial = serial
        self.network = network
        self._service = service
        self._network = network
        self._talking: dict[str, Callable[[Packet], None]] = {}

    def call(
        self, method: str, *args: object, answer: Callable[[Any], None], failed: Callable[[str], None]
    ) -> None:
        """Ask ``method`` of UNIT_CALLS with the arguments of ``Backend`` (without ``now``).

        ``answer(result)`` or ``failed("down" | "timeout")`` is called, once, while time passes. A failed call may
        have been carried out. HarnessError for another method.
        """
        if method not in UNIT_CALLS:
            raise HarnessError(f"a unit cannot ask {method!r}; it can: {', '.join(sorted(UNIT_CALLS))}")
        self._network.request(lambda: self._service.call(method, *args), answer, failed, f"service {method}")

    def on_push(self, callback: Callable[[UnitEvent], None]) -> Callable[[], None]:
        """Call ``callback(event)`` for what the service tells this unit from now on. Returns the way to stop that;
        what was pushed before that and is still under way is not delivered any more."""
        listening = True

        def told(event: UnitEvent) -> None:
            self._network.push(lambda: callback(event) if listening else None, f"service {type(event).__name__}")

        end = self._service.backend.on_push(self.serial, told)

        def stop() -> None:
            nonlocal listening
            listening = False
            end()

        return stop

    def talk(self, token: str, call_id: str, heard: Callable[[Packet], None]) -> Callable[[Packet | None], None] | None:
        """Carry the voice of an answered call: ``heard(packet)`` for each that arrives here (int16 at
        ``voice_link.RATE``, 20 ms), until ``end_talk``. What is returned sends one; None instead of a packet is a mere
        sign of life. None is returned where this way to the service carries no voice."""
        self._talking = {call_id: heard}
        service = self._service

        def send(packet: Packet | None) -> None:
            def arrive() -> None:
                account = service.backend.account_of(token)
                if packet is None:
                    service.call("call_alive", token, call_id)
                elif account:
                    service.carry(account, packet)

            self._network.datagram(arrive, "voice")

        return send

    def end_talk(self) -> None:
        """Nothing is heard any more."""
        self._talking = {}

    def voice_arrives(self, call_id: str, packet: Packet) -> None:
        """The service sends a packet to this unit."""

        def arrive() -> None:
            heard = self._talking.get(call_id)
            if heard is not None:
                heard(packet)

        self._network.datagram(arrive, "voice")
