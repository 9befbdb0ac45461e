"""A supply behind a TCP socket: understands the commands of two dialects, feels a load, and misbehaves when told to."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.foundation.clock import VirtualClock

NUMBER = r"([-+0-9.e]+)"


class ScpiInstrument:
    """What happens behind the socket. ``now`` gives the time by which its lists run, in ns."""

    def __init__(self, now: Callable[[], int] = lambda: 0) -> None:
        self.now = now
        self.name = "Example Works,Model 1,0,1.0"
        self.volts, self.amperes_limit, self.over_voltage = 0.0, 1.0, 60.0
        self.on = False
        self.load = 0.0
        self.tripped = False
        self.errors: list[str] = []
        self.heard: list[str] = []
        self.list_volts: list[float] = []
        self.list_dwells: list[float] = []
        self.list_mode = False
        self.list_start: int | None = None
        self.deaf = False
        """Takes settings, reads them back, and leaves the terminals as they are."""
        self.stuck = 0.0
        self.slow_s = 0.0
        self.garbage: str | None = None
        self.terminator = "\n"
        self.drop = False

    def voltage(self) -> float:
        if not self.on:
            return 0.0
        if self.deaf:
            return self.stuck
        if self.load > self.amperes_limit:
            return self._set() * self.amperes_limit / self.load
        return self._set()

    def draw(self, amperes: float) -> None:
        self.load = amperes

    def current(self) -> float:
        return min(self.load, self.amperes_limit) if self.on else 0.0

    def _set(self) -> float:
        if not self.list_mode or self.list_start is None:
            return self.volts
        left = (self.now() - self.list_start) / 1e9
        for volts, dwell in zip(self.list_volts, self.list_dwells, strict=True):
            left -= dwell
            if left < 0:
                return volts
        return self.list_volts[-1]

    def hear(self, command: str) -> str | None:
        """The answer to one command, or None where there is none."""
        self.heard.append(command)
        plain = re.sub(r"[ ,]*\(@1\)$", "", command).removeprefix("SOUR:")
        answers: dict[str, Callable[[], object]] = {
            "*IDN?": lambda: self.name,
            "SYST:ERR?": lambda: self.errors.pop(0) if self.errors else '+0,"No error"',
            "VOLT?": lambda: f"{self.volts:.4f}",
            "CURR?": lambda: f"{self.amperes_limit:.4f}",
            "VOLT:PROT?": lambda: f"{self.over_voltage:.3f}",
            "VOLT:PROT:TRIP?": lambda: int(self.tripped),
            "CURR:PROT:TRIP?": lambda: 0,
            "OUTP?": lambda: int(self.on),
            "MEAS:VOLT?": lambda: f"{self.voltage():.6E}",
            "MEAS:CURR?": lambda: f"{self.current():.6E}",
        }
        if plain in answers:
            return str(answers[plain]())
        if not self._obey(plain):
            self.errors.append(f'-113,"Undefined header; {command}"')
        return None

    def _obey(self, plain: str) -> bool:
        lists = [float(x) for x in re.findall(r"[-+0-9.e]+", plain.partition(" ")[2])]
        if match := re.fullmatch(rf"VOLT {NUMBER}", plain):
            if float(match[1]) > 30:
                self.errors.append('-222,"Data out of range"')
            else:
                self.volts = float(match[1])
        elif match := re.fullmatch(rf"CURR {NUMBER}", plain):
            self.amperes_limit = float(match[1])
        elif match := re.fullmatch(rf"VOLT:PROT {NUMBER}", plain):
            self.over_voltage = float(match[1])
        elif plain in ("OUTP ON", "OUTP OFF"):
            self.on = plain == "OUTP ON"
        elif plain.startswith("LIST:VOLT "):
            self.list_volts = lists
        elif plain.startswith("LIST:DWEL "):
            self.list_dwells = lists
        elif plain in ("VOLT:MODE LIST", "VOLT:MODE FIX"):
            self.list_mode, self.list_start = plain.endswith("LIST"), None
        elif plain == "*TRG":
            self.list_start = self.now()
        else:
            return plain in ("*CLS", "CURR:PROT:STAT ON", "INIT", "ABOR") or plain.startswith(("LIST:", "TRIG:SOUR "))
        return True


class Server:
    """Serves one instrument to whoever calls, until ``stop``."""

    def __init__(self, instrument: ScpiInstrument) -> None:
        self.instrument = instrument
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.resource = f"TCPIP::127.0.0.1::{self._socket.getsockname()[1]}::SOCKET"
        self._stop = threading.Event()
        self._serving: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in (self._thread, *self._serving):
            thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                caller, _ = self._socket.accept()
            except TimeoutError:
                continue
            serving = threading.Thread(target=self._serve, args=(caller,), daemon=True)
            self._serving.append(serving)
            serving.start()

    def _serve(self, caller: socket.socket) -> None:
        caller.settimeout(0.05)
        with caller:
            self._talk(caller)

    def _talk(self, caller: socket.socket) -> None:
        pending, it = b"", self.instrument
        while not self._stop.is_set():
            try:
                data = caller.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data or it.drop:
                return
            *commands, pending = (pending + data).split(b"\n")
            for command in commands:
                answer = it.hear(command.decode().strip())
                if answer is None:
                    continue
                if it.slow_s:
                    self._stop.wait(it.slow_s)
                if it.garbage is not None and not command.startswith(b"*IDN"):
                    answer = it.garbage
                try:
                    caller.sendall((answer + it.terminator).encode("latin-1"))
                except OSError:
                    return


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def instrument(clock: VirtualClock) -> ScpiInstrument:
    return ScpiInstrument(clock.now)


@pytest.fixture
def served(instrument: ScpiInstrument) -> Iterator[Any]:
    server = Server(instrument)
    yield server
    server.stop()
