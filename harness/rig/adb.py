"""An Android device behind an adb server: commands, raw bytes, files, streams. Screens, consoles and phones share it.

Theory. adbutils speaks the host protocol with the adb server; this is what a bench needs on top. A device that is off,
not allowed or gone is a RigFault that says what to do. Commands run over ``shell,v2`` where the device offers it, since
only there an exit code tells the end of an answer from a cable that was pulled; else the code is printed behind the
answer. Each call has a time limit. Nothing here starts an adb server: that belongs to whoever set the bench up.

``meanwhile`` runs work in a thread and lets time pass until it is done: an ``input tap`` takes half a second on a
phone, and the bus must not wait for it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import Any, TypeVar

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns

T = TypeVar("T")

DEFAULT_SERVER = "127.0.0.1:5037"
TIMEOUT_S = 10.0
LIBRARY_S = 30.0
ADBUTILS_S = 600.0
"""What adbutils takes where nobody gives a limit: on a bench, for ever."""
CONNECT_S = 2.0
LOOK_S = 0.02
"""So long one look at a silent stream takes at most; the width of a stamp."""
PASS_EVERY: Ns = 2 * MS
MOST = 1 << 18


class Stream:
    """What a command that does not end prints. ``read`` gives what has come, b"" for nothing yet; RigFault when the
    device has gone."""

    def __init__(self, connection: Any, told: Callable[[BaseException | str], RigFault]) -> None:
        self._connection = connection
        self._told = told
        connection.conn.settimeout(LOOK_S)

    def read(self) -> bytes:
        try:
            data: bytes = self._connection.conn.recv(MOST)
        except TimeoutError:
            return b""
        except Exception as why:
            raise self._told(why) from why
        if not data:
            raise self._told("the stream has ended")
        return data

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._connection.close()


class Device:
    """One device by its serial, as ``adb devices`` lists it. ``server`` is "host:port". Opens nothing by itself."""

    def __init__(
        self, clock: Clock, serial: str, server: str = DEFAULT_SERVER, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        if clock.kind != "wall":
            raise HarnessError(f"{serial}: an Android device needs a wall clock, this one is {clock.kind}")
        self.serial = serial
        self.server = server
        self._clock = clock
        self._timeout_s = timeout_s
        self._v2: bool | None = None
        self._devices: dict[float, Any] = {}

    def check(self) -> None:
        """RigFault unless the device is there and answers."""
        self.features()

    def features(self) -> frozenset[str]:
        """What the device's adbd offers, as it says itself."""
        return self._guarded(lambda device: frozenset(device.get_features().split(",")))

    def shell(self, command: str, timeout_s: float | None = None) -> str:
        """What ``command`` printed, on standard output alone where the device tells them apart. RigFault when it ends
        with another code than 0, or is silent for ``timeout_s``."""
        patience = timeout_s or self._timeout_s
        if self._v2 is None:
            self._v2 = "shell_v2" in self.features()
        v2 = self._v2
        result = self._guarded(lambda device: device.shell2(command, timeout=patience, v2=v2))
        if result.returncode:
            said = (result.stderr or result.output).strip() or "nothing"
            raise RigFault(f"Android {self.serial}: {command!r} ended with {result.returncode} and said: {said}")
        return str(result.stdout if v2 else result.output)

    def exec_out(self, command: str) -> bytes:
        """The raw bytes that ``command`` printed. Whether they are whole is for the caller to see: this service tells
        no exit code."""

        def run(device: Any) -> bytes:
            with device.open_transport(timeout=self._timeout_s) as connection:
                connection.send_command(f"exec:{command}")
                connection.check_okay()
                # adbutils' own reading copies all it has for every 4 KB: 1.2 s for a phone's screen
                parts = []
                while part := connection.conn.recv(MOST):
                    parts.append(part)
                return b"".join(parts)

        return self._guarded(run)

    def push(self, data: bytes, path: str) -> None:
        """Write a file on the device, and see that it is whole."""
        self._guarded(lambda device: device.sync.push(data, path, mode=0o644, check=True))

    def stream(self, command: str) -> Stream:
        """Start a command that goes on printing."""

        def run(device: Any) -> Any:
            connection = device.open_transport(timeout=self._timeout_s)
            try:
                connection.send_command(f"exec:{command}")
                connection.check_okay()
            except BaseException:
                connection.close()
                raise
            return connection

        return Stream(self._guarded(run), self._fault)

    def adbutils(self) -> Any:
        """The device as adbutils has it, for libraries that ask for that; silence ends after ``LIBRARY_S``. RigFault
        when no adb server answers."""
        return self._open(LIBRARY_S)

    def _open(self, limit_s: float) -> Any:
        try:
            adbutils = import_module("adbutils")
        except ImportError as why:
            raise RigFault(f"Android devices need adbutils: {why}. pip install 'headunit-hil[phone]'.") from why
        host, _, port = self.server.rpartition(":")
        try:
            # adbutils would start a server of its own where none answers
            socket.create_connection((host, int(port)), CONNECT_S).close()
        except (OSError, ValueError) as why:
            raise RigFault(
                f"no adb server answers at {self.server}: {why}. Start it ('adb start-server', package 'adb' or "
                f"Android's platform-tools), or correct 'server' in the rig file."
            ) from why
        if limit_s not in self._devices:
            try:
                client = _bounded(adbutils.AdbClient(host, int(port), socket_timeout=limit_s), limit_s)
            except Exception as why:
                raise self._fault(why) from why
            self._devices[limit_s] = client.device(self.serial)
        return self._devices[limit_s]

    def meanwhile(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread and let time pass until it is done; its result, or what it raised."""
        done: Future[T] = Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as why:  # noqa: BLE001 - raised again where it was asked for
                done.set_exception(why)

        threading.Thread(target=run, name=f"Android {self.serial}", daemon=True).start()
        while not done.done():
            self._clock.run_until(self._clock.now() + PASS_EVERY)
        return done.result()

    def _guarded(self, work: Callable[[Any], T]) -> T:
        device = self._open(self._timeout_s)
        try:
            return work(device)
        except (HarnessError, RigFault):
            raise
        except Exception as why:
            raise self._fault(why) from why

    def _fault(self, why: BaseException | str) -> RigFault:
        said = " ".join(str(why).split()) or type(why).__name__
        return RigFault(f"Android {self.serial} at {self.server}: {said}. {_remedy(said)}")


def _bounded(client: Any, limit_s: float) -> Any:
    """``client`` whose conversations end after ``limit_s`` of silence unless they ask for a limit of their own, and
    which asks for the server's version once: adbutils does so before each command, which doubles what a command takes,
    and the width of its stamp."""
    version, connect = client.server_version(), client.make_connection

    def bounded(timeout: float | None = None) -> Any:
        return connect(limit_s if timeout is None or timeout >= ADBUTILS_S else timeout)

    client.server_version = lambda: version
    client.make_connection = bounded
    return client


def _remedy(said: str) -> str:
    if "unauthorized" in said:
        return "Unlock the device and allow this computer's key (USB debugging), once and for always."
    if "not found" in said and "device" in said:
        return "'adb devices' lists what is there: check the cable, USB debugging, and the serial in the rig file."
    if "offline" in said:
        return "Plug it in again, or 'adb reconnect'; a device that sleeps over Wi-Fi goes offline."
    return "'adb devices' shows whether it is still there; plug it in again."
