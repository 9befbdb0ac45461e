"""The unit's end of ISO-TP: frames that intake hands over, timers of the unit, frames that leave like all others.

Without KL30 both transfers are forgotten; while the unit sleeps nothing arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.can.port import Heard
from harness.diag.addresses import address
from harness.diag.isotp import Action, Fault, Message, Send, Settings, Transport

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

Requested = Callable[[bytes, bool], None]


class IsoTpServer:
    """``requested(payload, functional)`` hears of each whole request."""

    def __init__(self, unit: HeadUnit, requested: Requested) -> None:
        self._unit = unit
        self._requested = requested
        data = unit.vehicle.diagnostics
        figures = unit.figures
        self._to = address(data.response, unit.vehicle.buses[data.bus].database)
        self._port = unit.ends.can[data.bus]
        self._transport = Transport(
            Settings(
                padding=data.padding,
                tx_dl=self._to.tx_dl,
                block_size=int(figures["isotp_block_size"]),
                stmin=int(figures["isotp_stmin"]),
                longest=int(figures["isotp_longest"]),
            )
        )
        for identifier in (data.request, data.functional):
            unit.intake.also(data.bus, address(identifier).key, self._taker(identifier == data.functional))
        self._port.listen(self._echo)

    def reply(self, payload: bytes) -> None:
        """Send an answer. One that is still under way is given up for it: its asker has asked again."""
        if self._transport.busy:
            self._unit.counted["isotp interrupted"] += 1
            self._transport.reset()
        self._do(self._transport.send(payload, self._unit.clock.now()))

    def die(self) -> None:
        self._transport.reset()

    def _taker(self, functional: bool) -> Callable[[Heard], None]:
        def take(heard: Heard) -> None:
            if heard.frame is not None:
                self._do(self._transport.take(heard.frame.data, self._unit.clock.now(), functional))

        return take

    def _echo(self, heard: Heard) -> None:
        frame = heard.frame
        if heard.own and frame is not None and frame.key == self._to.key:
            self._do(self._transport.confirm(frame.data, self._unit.clock.now()))

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            if isinstance(action, Send):
                self._emit(action.data)
            elif isinstance(action, Message):
                self._requested(action.payload, action.functional)
            elif isinstance(action, Fault):
                self._unit.counted[f"isotp {action.what}"] += 1
        due = self._transport.due
        if due is None:
            self._unit.stop("isotp")
        else:
            self._unit.quietly("isotp", due, self._elapse)

    def _elapse(self) -> None:
        self._do(self._transport.elapse(self._unit.clock.now()))

    def _emit(self, data: bytes) -> None:
        frame = self._unit.tapped("can_out", self._to.frame(data))
        if frame is not None:
            self._unit.telegrams.put(self._port, frame)
