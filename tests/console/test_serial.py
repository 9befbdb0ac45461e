"""What the serial driver promises beyond the contract."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from harness.console.port import Bytes
from harness.console.serial import SerialConsole, usb_latency
from harness.foundation.clock import VirtualClock, WallClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, S


def until(clock: WallClock, true: Any, within: int = 3 * S) -> None:
    end = clock.now() + within
    while not true():
        assert clock.now() < end, "waited in vain"
        clock.run_until(clock.now() + 5 * MS)


def test_closing_loses_nothing_that_was_printed(unit: Any) -> None:
    clock = WallClock()
    port = SerialConsole(clock, unit.url)
    heard: list[Bytes] = []
    port.listen(heard.append)
    unit.write(b"x" * 3000)
    unit.write(b"the last words")
    port.close()
    assert b"".join(c.data for c in port.log()) == b"x" * 3000 + b"the last words"
    assert list(port.log()) == heard


def test_a_flood_arrives_whole_and_in_order(unit: Any) -> None:
    clock = WallClock()
    port = SerialConsole(clock, unit.url)
    text = b"".join(b"line %06d\r\n" % i for i in range(20_000))
    writer = threading.Thread(target=unit.write, args=(text,), daemon=True)
    writer.start()
    until(clock, lambda: sum(len(c.data) for c in port.log()) >= len(text))
    writer.join(1)
    port.close()
    assert b"".join(c.data for c in port.log()) == text


def test_pulling_the_plug_stops_the_watermark_and_every_use_says_what_to_do(unit: Any) -> None:
    clock = WallClock()
    port = SerialConsole(clock, unit.url)
    unit.write(b"before")
    until(clock, lambda: port.log())
    unit.unplug()
    until(clock, lambda: port.fault is not None)
    clock.run_until(clock.now() + 20 * MS)
    stopped = port.seen_to()
    clock.run_until(clock.now() + 50 * MS)
    assert port.seen_to() == stopped < clock.now() - 40 * MS
    assert b"".join(c.data for c in port.log()) == b"before"
    for use in (lambda: port.write(b"x"), lambda: port.listen(print)):
        with pytest.raises(RigFault, match="Plug the adapter in again"):
            use()
    port.close()


def test_the_bounds_of_a_stamp_hold_the_instant_of_printing(unit: Any) -> None:
    clock = WallClock()
    port = SerialConsole(clock, unit.url, latency=3 * MS)
    for _ in range(10):
        before = clock.now()
        unit.write(b".")
        after = clock.now()
        count = len(port.log()) + 1
        until(clock, lambda count=count: len(port.log()) >= count)
        stamp = port.log()[-1].stamp
        assert stamp.early <= after
        assert stamp.late >= before
        assert stamp.early <= stamp.t <= stamp.late
        assert stamp.late - stamp.early >= 3 * MS
    port.close()


def test_a_port_that_is_not_there_is_a_fault_of_the_rig_with_a_remedy() -> None:
    with pytest.raises(RigFault, match="list_ports"):
        SerialConsole(WallClock(), "/dev/ttyNOT-THERE")


def test_a_virtual_clock_is_refused(unit: Any) -> None:
    with pytest.raises(HarnessError, match="wall clock"):
        SerialConsole(VirtualClock(), unit.url)


def test_a_closed_console_takes_no_more(unit: Any) -> None:
    port = SerialConsole(WallClock(), unit.url)
    port.close()
    with pytest.raises(HarnessError, match="closed"):
        port.write(b"x")


def test_over_a_socket_both_ways_and_a_server_that_goes_is_a_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        clock = WallClock()
        port = SerialConsole(clock, f"socket://127.0.0.1:{server.getsockname()[1]}")
        far, _ = server.accept()
        far.settimeout(5)
        with far:
            far.sendall(b"hello" * 1000)
            until(clock, lambda: sum(len(c.data) for c in port.log()) == 5000)
            port.write(b"typed")
            assert far.recv(100) == b"typed"
        until(clock, lambda: port.fault is not None)
        with pytest.raises(RigFault):
            port.write(b"x")
        port.close()


def test_the_loop_brings_back_what_was_typed() -> None:
    clock = WallClock()
    port = SerialConsole(clock, "loop://")
    port.write(b"echo")
    until(clock, lambda: port.log())
    port.close()
    assert b"".join(c.data for c in port.log()) == b"echo"


def test_over_rfc2217_every_byte_goes_there_and_back() -> None:
    import serial
    import serial.rfc2217

    # The server's own line is a loop: what is typed comes back.
    device = serial.serial_for_url("loop://", timeout=0.05, write_timeout=1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            far, _ = server.accept()
            with far:
                far.settimeout(0.005)

                class Wire:
                    def write(self, data: bytes) -> None:
                        far.sendall(data)

                manager = serial.rfc2217.PortManager(device, Wire())
                while True:
                    try:
                        data = far.recv(1024)
                    except TimeoutError:
                        data = None
                    except OSError:
                        return
                    if data == b"":
                        return
                    if data:
                        device.write(b"".join(manager.filter(data)))
                    if device.in_waiting:
                        far.sendall(b"".join(manager.escape(device.read(device.in_waiting))))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        clock = WallClock()
        port = SerialConsole(clock, f"rfc2217://127.0.0.1:{server.getsockname()[1]}")
        port.write(bytes(range(256)))
        until(clock, lambda: sum(len(c.data) for c in port.log()) >= 256)
        port.close()
        thread.join(5)
    device.close()
    assert b"".join(c.data for c in port.log()) == bytes(range(256))


def test_the_latency_of_a_usb_adapter_is_what_the_system_says(tmp_path: Path) -> None:
    folder = tmp_path / "ttyUSB0" / "device"
    folder.mkdir(parents=True)
    (folder / "latency_timer").write_text("1\n")
    assert usb_latency("/dev/ttyUSB0", tmp_path) == 1 * MS
    assert usb_latency("/dev/ttyUSB1", tmp_path) == 16 * MS
    assert usb_latency("/dev/pts/3", tmp_path) == 0
