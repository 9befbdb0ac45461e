"""Relay boards keep the io contract: those that answer on the bench's clock, the mute ones on true time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.contracts.io import IoContract, IoEnds
from harness.foundation.clock import Clock, VirtualClock, WallClock
from harness.foundation.units import MS
from harness.io.relay import PROTOCOLS, RelayBoard

CHANNELS = {"KL15": 1, "ACC": 2, "reverse": 3, "bus_short": 8}


class Unit:
    """The unit behind the board: it looks at its wires every few ms, while time passes."""

    def __init__(self, clock: Clock, board: Any) -> None:
        self._clock = clock
        self._board = board
        self._seen: deque[tuple[str, bool]] = deque()
        board.on_change(lambda line, on: self._seen.append((line, on)))
        self._told: list[Callable[[str, bool], None]] = []
        self._look()

    def state(self, line: str) -> bool:
        return bool(self._board.state(line))

    def on_change(self, callback: Callable[[str, bool], None]) -> None:
        self._told.append(callback)

    def _look(self) -> None:
        while self._seen:
            change = self._seen.popleft()
            for callback in self._told:
                callback(*change)
        self._clock.at(self._clock.now() + 5 * MS, self._look, name="unit")


@pytest.fixture(params=sorted(PROTOCOLS))
def ends(make_board: Any, request: pytest.FixtureRequest) -> Iterator[IoEnds]:
    protocol = PROTOCOLS[request.param]
    clock = WallClock() if protocol.ask is None else VirtualClock()
    board = make_board(request.param, CHANNELS)
    port = RelayBoard(clock, board.url, protocol, CHANNELS)
    yield IoEnds(clock, port, Unit(clock, board), port.settle)
    port.close()
    assert board.unknown == []


class TestRelayBoard(IoContract):
    pass
