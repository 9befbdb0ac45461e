"""Relay boards behind a pseudo terminal, as their manuals describe them."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from typing import Any

import pytest


class Board:
    """A board with eight relays and the lines that hang on them. ``kind``: lcus, numato, devantech."""

    def __init__(self, kind: str, channels: dict[str, int]) -> None:
        self.kind = kind
        self.channels = channels
        self.on: dict[int, bool] = {}
        self.mute = False
        self.stuck = False
        self.unknown: list[bytes] = []
        self._changed: list[Callable[[str, bool], None]] = []
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.url = os.ttyname(self._slave)
        self._stop_read, self._stop_write = os.pipe()
        self._pending = b""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def state(self, line: str) -> bool:
        return self.on.get(self.channels[line], False)

    def on_change(self, callback: Callable[[str, bool], None]) -> None:
        self._changed.append(callback)

    def unplug(self) -> None:
        if self._master < 0:
            return
        os.write(self._stop_write, b"x")
        self._thread.join(5)
        for descriptor in (self._master, self._slave, self._stop_read, self._stop_write):
            os.close(descriptor)
        self._master = -1

    def _run(self) -> None:
        take = {"lcus": self._lcus, "numato": self._numato, "devantech": self._devantech}[self.kind]
        while True:
            ready, _, _ = select.select([self._master, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            self._pending += os.read(self._master, 256)
            answer = take()
            if answer and not self.mute:
                os.write(self._master, answer)

    def _switch(self, channel: int, on: bool) -> None:
        if self.stuck or self.on.get(channel, False) == on:
            return
        self.on[channel] = on
        for line, wired in self.channels.items():
            if wired == channel:
                for callback in self._changed:
                    callback(line, on)

    def _lcus(self) -> bytes:
        while len(self._pending) >= 4:
            frame, self._pending = self._pending[:4], self._pending[4:]
            if frame[0] == 0xA0 and sum(frame[:3]) & 0xFF == frame[3] and frame[2] < 2:
                self._switch(frame[1], bool(frame[2]))
            else:
                self.unknown.append(frame)
        return b""

    def _numato(self) -> bytes:
        answer = b""
        while b"\r" in self._pending:
            line, _, self._pending = self._pending.partition(b"\r")
            answer += line + b"\n\r"
            match line.split():
                case [b"relay", b"on" | b"off" as verb, number]:
                    self._switch(int(number, 32), verb == b"on")
                case [b"relay", b"read", number]:
                    answer += (b"on" if self.on.get(int(number, 32)) else b"off") + b"\n\r"
                case _:
                    self.unknown.append(line)
            answer += b">"
        return answer

    def _devantech(self) -> bytes:
        said, self._pending = self._pending, b""
        answer = b""
        for byte in said:
            if byte == 0x5B:
                answer += bytes([sum(1 << (c - 1) for c, on in self.on.items() if on)])
            elif 101 <= byte <= 108 or 111 <= byte <= 118:
                self._switch(byte % 10, byte < 110)
            else:
                self.unknown.append(bytes([byte]))
        return answer


@pytest.fixture
def make_board() -> Iterator[Callable[..., Any]]:
    made: list[Board] = []

    def make(kind: str, channels: dict[str, int]) -> Board:
        made.append(Board(kind, channels))
        return made[-1]

    yield make
    for board in made:
        board.unplug()
