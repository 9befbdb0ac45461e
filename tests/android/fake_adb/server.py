"""The adb server's side of the host protocol (AOSP, packages/modules/adb/docs/dev/services.md, sync.md).

A request is four hex digits of length and that many bytes; the answer is OKAY or FAIL with a text. After a transport
was chosen the next request goes to the device: shell, exec, sync, framebuffer, tcp. What a device does is the
business of ``Android``; what can go wrong on the way (offline, unauthorized, dropped, garbage, silence) is done here.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

from fake_adb.android import Android
from fake_adb.wire import Gone, Wire

VERSION = 41
UNAUTHORIZED = (
    "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n"
    "Try 'adb kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your device."
)


class Refused(Exception):
    """Answered with FAIL and this text."""


class FakeAdbServer:
    """Listens on 127.0.0.1:``port``. ``garbage`` answers each of the next N requests with noise instead of OKAY;
    ``silent``: nothing is answered any more."""

    def __init__(self, *devices: Android, version: int = VERSION) -> None:
        self.devices = {d.serial: d for d in devices}
        self.version = version
        self.garbage = 0
        self.silent = False
        self.requests: list[str] = []
        self.forwards: dict[str, tuple[str, str, socket.socket]] = {}
        self._lock = threading.Lock()
        self._wires: dict[Wire, str] = {}
        self._trackers: list[Wire] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._start(self._accept)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        _shut(self._listening)
        for local in list(self.forwards):
            _shut(self.forwards.pop(local)[2])
        for device in self.devices.values():
            device.close()
        with self._lock:
            wires = list(self._wires)
        for wire in wires:
            wire.close()

    def set_state(self, serial: str, state: str) -> None:
        """device, offline, unauthorized, or absent; leaving "device" cuts everything that is open to it."""
        self.devices[serial].state = state
        if state != "device":
            self.devices[serial].hang_up()
            self.drop(serial)
        with self._lock:
            trackers = list(self._trackers)
        for wire in trackers:
            with contextlib.suppress(OSError):
                wire.block(self._list(False))

    def drop(self, serial: str) -> int:
        """Cut every connection to the device, in the middle of whatever it carries; returns how many."""
        with self._lock:
            cut = [wire for wire, of in self._wires.items() if of == serial]
        for wire in cut:
            wire.close()
        return len(cut)

    def _start(self, work: Callable[..., None], *args: object) -> None:
        threading.Thread(target=work, args=args, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        wire = Wire(connection)
        with self._lock:
            self._wires[wire] = ""
        try:
            self._converse(wire)
        except (Gone, OSError):
            pass
        finally:
            with self._lock:
                self._wires.pop(wire, None)
                if wire in self._trackers:
                    self._trackers.remove(wire)
            wire.close()

    def _converse(self, wire: Wire) -> None:
        device: Android | None = None
        while True:
            length = wire.exactly(4)
            request = wire.exactly(int(length, 16)).decode()
            self.requests.append(request)
            if self.silent:
                wire.exactly(1)
            if self.garbage > 0:
                self.garbage -= 1
                wire.send(b"\x00\xffWHAT?")
                return
            try:
                if device is not None and request.startswith("host:"):  # as adb itself asks for forwards
                    self._about(wire, device.serial, request.removeprefix("host:"))
                    return
                if device is not None:
                    self._service(wire, device, request)
                    return
                device = self._host(wire, request)
                if device is None:
                    return
                with self._lock:
                    self._wires[wire] = device.serial
            except Refused as why:
                wire.fail(str(why))
                return

    def _host(self, wire: Wire, request: str) -> Android | None:
        """Answer a request to the server itself; the device when it chose one and the conversation goes on."""
        if request.startswith("host-serial:"):
            serial, _, command = request.removeprefix("host-serial:").partition(":")
            more, _, rest = command.partition(":")
            if more.isdigit():  # a serial such as 192.168.0.5:5555
                serial, command = f"{serial}:{more}", rest
            return self._about(wire, serial, command)
        if request.startswith("host-transport-id:"):
            number, _, command = request.removeprefix("host-transport-id:").partition(":")
            return self._about(wire, self._by_number(number).serial, command)
        what, _, rest = request.removeprefix("host:").partition(":")
        if what == "version":
            wire.okay(f"{self.version:04x}")
        elif what in ("devices", "devices-l"):
            wire.okay(self._list(what == "devices-l"))
        elif what == "track-devices":
            wire.okay(self._list(False))
            with self._lock:
                self._trackers.append(wire)
            wire.exactly(1)
        elif what == "host-features":
            wire.okay("shell_v2,cmd,fixed_push_mkdir")
        elif what == "list-forward":
            wire.okay(self._forwards())
        elif what == "killforward-all":
            for local in list(self.forwards):
                _shut(self.forwards.pop(local)[2])
            wire.send(b"OKAY")
        elif what == "tport":
            kind, _, serial = rest.partition(":")
            device = self._ready(serial if kind == "serial" else self._only())
            wire.send(b"OKAY" + struct.pack("<Q", self._number(device)))
            return device
        elif what in ("transport", "transport-any", "transport-usb", "transport-local", "transport-id"):
            by_number = self._by_number(rest).serial if what == "transport-id" else ""
            device = self._ready(by_number or rest or self._only())
            wire.send(b"OKAY")
            return device
        elif what in ("get-state", "get-serialno", "get-devpath", "features", "forward", "killforward"):
            self._about(wire, self._only(), request.removeprefix("host:"))
        else:
            raise Refused("unknown host service")
        return None

    def _about(self, wire: Wire, serial: str, command: str) -> None:
        what, _, rest = command.partition(":")
        if what == "get-state":
            device = self._known(serial)
            if device.state != "device":
                raise Refused("device offline" if device.state == "offline" else UNAUTHORIZED)
            wire.okay("device")
        elif what == "get-serialno":
            wire.okay(self._known(serial).serial)
        elif what == "get-devpath":
            wire.okay("usb:1-1")
        elif what == "features":
            wire.okay(",".join(self._ready(serial).features))
        elif what == "forward":
            self._forward(wire, serial, rest)
        elif what == "list-forward":
            wire.okay(self._forwards())
        elif what == "killforward":
            if rest not in self.forwards:
                raise Refused(f"listener '{rest}' not found")
            _shut(self.forwards.pop(rest)[2])
            wire.send(b"OKAYOKAY")
        elif what.startswith("wait-for-"):
            self._ready(serial)
            wire.send(b"OKAYOKAY")
        else:
            raise Refused("unknown host service")

    def _service(self, wire: Wire, device: Android, request: str) -> None:
        kind, _, argument = request.partition(":")
        device.check_cut(wire)
        if kind == "shell":
            wire.send(b"OKAY")
            device.shell.run(argument, wire.send, wire.send, wire.gone)
        elif kind.startswith("shell,v2") and "shell_v2" in device.features:
            wire.send(b"OKAY")
            code = device.shell.run(argument, lambda d: wire.packet(1, d), lambda d: wire.packet(2, d), wire.gone)
            wire.packet(3, bytes([code & 255]))
        elif kind == "exec":
            wire.send(b"OKAY")
            device.shell.run(argument, wire.send, wire.send, wire.gone)
        elif kind == "sync":
            wire.send(b"OKAY")
            device.files.converse(wire)
        elif kind == "framebuffer":
            wire.send(b"OKAY")
            pixels = device.pixels()
            height, width = pixels.shape[:2]
            raw = device.rgba().tobytes()
            wire.send(struct.pack("<13I", 1, 32, len(raw), width, height, 0, 8, 16, 8, 8, 8, 24, 8) + raw)
        elif kind == "tcp" and int(argument) in device.ports:
            wire.send(b"OKAY")
            device.ports[int(argument)](wire)
        else:
            raise Refused("closed")

    def _forward(self, wire: Wire, serial: str, rest: str) -> None:
        device = self._ready(serial)
        words = rest.removeprefix("norebind:")
        local, _, remote = words.partition(";")
        if words != rest and local in self.forwards:
            raise Refused(f"cannot rebind existing socket '{local}'")
        if local in self.forwards:
            _shut(self.forwards.pop(local)[2])
        listening = socket.create_server(("127.0.0.1", int(local.removeprefix("tcp:"))))
        port = listening.getsockname()[1]
        self.forwards[f"tcp:{port}"] = (serial, remote, listening)
        self._start(self._carry, listening, device, int(remote.removeprefix("tcp:")))
        wire.send(b"OKAYOKAY")
        if local == "tcp:0":
            wire.block(str(port))

    def _carry(self, listening: socket.socket, device: Android, port: int) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            wire = Wire(connection)
            with self._lock:
                self._wires[wire] = device.serial
            if port in device.ports:
                self._start(self._to_port, wire, device, port)
            else:
                wire.close()

    def _to_port(self, wire: Wire, device: Android, port: int) -> None:
        with contextlib.suppress(Gone, OSError):
            device.ports[port](wire)
        with self._lock:
            self._wires.pop(wire, None)
        wire.close()

    def _list(self, long: bool) -> str:
        present = [d for d in self.devices.values() if d.state != "absent"]
        if long:
            return "".join(
                f"{d.serial:<22} {d.state} usb:1-1 product:fake model:Fake device:fake transport_id:{self._number(d)}\n"
                for d in present
            )
        return "".join(f"{d.serial}\t{d.state}\n" for d in present)

    def _forwards(self) -> str:
        return "".join(f"{serial} {local} {remote}\n" for local, (serial, remote, _) in self.forwards.items())

    def _number(self, device: Android) -> int:
        return list(self.devices.values()).index(device) + 1

    def _by_number(self, number: str) -> Android:
        devices = list(self.devices.values())
        if not number.isdigit() or not 1 <= int(number) <= len(devices):
            raise Refused(f"no device with transport id '{number}'")
        return devices[int(number) - 1]

    def _only(self) -> str:
        present = [d.serial for d in self.devices.values() if d.state != "absent"]
        if len(present) != 1:
            raise Refused("more than one device/emulator" if present else "no devices/emulators found")
        return present[0]

    def _known(self, serial: str) -> Android:
        device = self.devices.get(serial)
        if device is None or device.state == "absent":
            raise Refused(f"device '{serial}' not found")
        return device

    def _ready(self, serial: str) -> Android:
        device = self._known(serial)
        if device.state == "offline":
            raise Refused("device offline")
        if device.state == "unauthorized":
            raise Refused(UNAUTHORIZED)
        return device


def _shut(listening: socket.socket) -> None:
    with contextlib.suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()
